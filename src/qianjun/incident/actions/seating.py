"""Who sits where in a command post: put in, replaced, taken out. 指挥职务

Parts of the verbs of the command post; ``actor`` is who writes it down.
"""

from collections.abc import Mapping
from datetime import datetime

from qianjun.incident.actions.whom import person_told, unit_told
from qianjun.incident.command_models import NOW, CommandPost, CommandSeat
from qianjun.incident.rules.commanding import (
    DEPUTIES_MOST,
    DEPUTY,
    NAME_MOST,
    SEATS,
    TITLE_MOST,
    Whom,
)
from qianjun.kernel import clock
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import KEY_DIGITS, Actor
from qianjun.org.queries import sees


def seated(
    row: CommandPost, seat: str, told: Whom, *, actor: Actor, at: datetime, why: str = ""
) -> CommandSeat:
    """Somebody has a seat from an instant on; 422 for an unknown seat, and for nobody. 就位"""
    if seat not in SEATS:
        raise refused_field("seat", "unknown_seat", _("没有这个指挥职务；现场总指挥用“交接”。"))
    return CommandSeat.objects.create(
        post=row,
        seat=seat,
        since=at,
        why=why,
        by_kind=actor.kind,
        by_id=actor.ident,
        **_columns(seat, told, actor=actor),
    )


def _columns(seat: str, told: Whom, *, actor: Actor) -> Mapping[str, object]:
    """Who it is; 422 for nobody, and for a unit where somebody by name is wanted."""
    person = person_told(told.person)
    # by his id nobody learns the name of somebody outside his own tree
    if person is not None and not sees(actor, person.unit.path):
        raise refused_field("person", "unknown_person", _("没有这个人。"))
    unit = unit_told(told.unit, field="unit")
    name = words("name", told.name, most=NAME_MOST, least=0) or (person.name if person else "")
    title = words("title", told.title, most=TITLE_MOST, least=0)
    if not name and (unit is None or not SEATS[seat].is_group):
        raise refused_field("name", "nobody", _("请写是谁：这个职务要有一个人的姓名。"))
    return {"person": person, "unit": unit, "name": name, "title": title}


def replaced(
    row: CommandPost,
    before: CommandSeat,
    told: Whom,
    *,
    actor: Actor,
    why: str,
    at: datetime | None = None,
) -> CommandSeat:
    """Somebody else has the seat; 422 ``the_same``, and ``before_the_last`` for too early. 交接"""
    columns = _columns(before.seat, told, actor=actor)
    if all(getattr(before, name) == value for name, value in columns.items()):
        raise refused_field("name", "the_same", _("现在就由他担任，没有变化。"))
    if at is not None and at < before.since:
        raise refused_field("at", "before_the_last", _("时间不能早于上一次交接。"))
    when = max(at or clock.now(), before.since)
    unseat(before, at=when)
    return seated(row, before.seat, told, actor=actor, at=when, why=why)


def unseat(one: CommandSeat, *, at: datetime) -> None:
    """He has the seat no longer; never before he had it. 撤下"""
    one.until = max(at, one.since)
    one.save(update_fields=["until"])


def must_be_free(row: CommandPost, seat: str) -> None:
    """Refuse a second of what there is one of, and more deputies than anybody remembers."""
    taken = CommandSeat.objects.filter(NOW, post=row, seat=seat).count()
    if taken >= (DEPUTIES_MOST if seat == DEPUTY else 1):
        raise refused_field("seat", "seat_taken", _("这个职务已经有人。"))


def in_seat(row: CommandPost, seat: str, *, instead_of: str = "") -> CommandSeat | None:
    """Who has it now; of deputies the row that is named, None for a further one."""
    rows = CommandSeat.objects.filter(NOW, post=row, seat=seat)
    if seat != DEPUTY:
        return rows.first()
    if not instead_of:
        return None
    is_key = instead_of.isascii() and instead_of.isdigit() and len(instead_of) <= KEY_DIGITS
    found = rows.filter(pk=instead_of).first() if is_key else None
    if found is None:
        raise refused_field("instead_of", "unknown_seat", _("没有这位在任的副总指挥。"))
    return found


def named(one: CommandSeat) -> str:
    """Unit, name and title in one line."""
    unit = one.unit.short_name if one.unit else ""
    return joined(unit, one.name, one.title, between=" ")


def joined(*parts: str, between: str = " · ") -> str:
    """What is there, in one line."""
    return between.join(part for part in parts if part)
