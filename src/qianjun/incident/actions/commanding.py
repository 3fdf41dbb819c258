"""Set a command post up, hand over who commands, stand it down. 指挥部

Every verb but the first asks which version of the post it judged by, so that of two officers
nobody undoes what the other has just done without knowing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from qianjun.incident.actions.closing import lift_hold, place_hold
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.actions.noting import check_time
from qianjun.incident.actions.seating import (
    in_seat,
    joined,
    must_be_free,
    named,
    replaced,
    seated,
    unseat,
)
from qianjun.incident.command_events import (
    CommandPostSetUp,
    CommandPostStoodDown,
    CommandTransferred,
    SceneHandedOver,
    SeatFilled,
    SeatVacated,
)
from qianjun.incident.command_models import NOW, CommandPost, CommandSeat, CommandTransfer
from qianjun.incident.models import Hold, Incident
from qianjun.incident.queries.commanding import (
    about,
    command_json,
    last_change,
    seat_said,
    standing_post,
    whole,
)
from qianjun.incident.rules.commanding import (
    CITY,
    COMMANDS,
    DECIDER_MOST,
    GROUPS,
    ON_SCENE,
    PLACE_MOST,
    SEATS,
    WHY_MOST,
    Matter,
    Whom,
)
from qianjun.journal.bus import Event, emit, is_history
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send
from qianjun.message.rules import URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.models import Unit

HOUSE = system(name="incident.command")
APPOINTED = _("%(title)s（%(number)s）：请您担任%(seat)s，地点%(place)s。")


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """A command post as it is to be set up. 拟成立的指挥部

    ``others`` are further seats by code: chief, deputies, groups; a group that is not named starts
    with the unit that usually leads it, when that unit is known.
    """

    place: str
    decided_by: str
    commander: Whom
    others: Sequence[tuple[str, Whom]] = ()
    at: datetime | None = None


@transaction.atomic(savepoint=False)
def set_up_command_post(*, by: Actor, incident_id: str | int, wanted: NewPost) -> CommandPost:
    """Set a command post up with its commander on scene; it holds the incident. 成立指挥部

    409 ``already_standing``, ``incident_closed``; 422 for what cannot be.
    """
    require(by, "command.lead")
    place = words("place", wanted.place, most=PLACE_MOST)
    decider = words("decided_by", wanted.decided_by, most=DECIDER_MOST)
    check_time("at", wanted.at)
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    if standing_post(incident.pk) is not None:
        raise Refused("already_standing", _("这个事件的指挥部已经成立。"), status=409)
    row = CommandPost.objects.create(
        incident=incident,
        place=place,
        decided_by=decider,
        set_up_at=wanted.at or clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )
    commander = seated(row, ON_SCENE, wanted.commander, actor=by, at=row.set_up_at)
    for seat, whom in _others(wanted):
        must_be_free(row, seat)
        seated(row, seat, whom, actor=by, at=row.set_up_at)
    place_hold(incident=incident.pk, kind=Hold.Kind.COMMAND_POST, about=about(row))
    event = CommandPostSetUp(incident_id=incident.pk, post_id=row.pk)
    body = joined(place, decider, f"{seat_said(ON_SCENE)} {named(commander)}")
    _say(event, row, by=by, body=body, at=wanted.at)
    _appoint(commander, incident)
    return row


def _others(wanted: NewPost) -> Iterable[tuple[str, Whom]]:
    told = list(wanted.others)
    if any(seat == ON_SCENE for seat, _whom in told):
        raise refused_field("seat", "commander_twice", _("现场总指挥只有一人，不能再列。"))
    yield from told
    led = {seat for seat, _whom in told}
    known = _known([SEATS[code].lead for code in GROUPS])
    for code in GROUPS:
        if code not in led and SEATS[code].lead in known:
            yield code, Whom(unit=SEATS[code].lead)


def _known(codes: list[str]) -> set[str]:
    return set(Unit.objects.filter(code__in=codes).values_list("code", flat=True))


@transaction.atomic(savepoint=False)
def hand_over_scene(
    *,
    by: Actor,
    incident_id: str | int,
    version: int,
    to: Whom,
    why: str,
    at: datetime | None = None,
) -> CommandPost:
    """Somebody else commands on scene from an instant on; who did stays on record. 现场总指挥交接

    409 ``stale``, ``no_command_post``; 422 ``before_the_last`` for an instant before he began.
    """
    require(by, "command.fill")
    reason = words("why", why, most=WHY_MOST)
    check_time("at", at)
    incident, row = _held(by, incident_id, version)
    before = CommandSeat.objects.get(NOW, post=row, seat=ON_SCENE)
    after = replaced(row, before, to, actor=by, why=reason, at=at)
    _changed(row)
    event = SceneHandedOver(incident_id=incident.pk, post_id=row.pk, seat=ON_SCENE)
    body = joined(f"{named(before)} → {named(after)}", reason)
    _say(event, row, by=by, body=body, at=at)
    _appoint(after, incident)
    return row


@transaction.atomic(savepoint=False)
def fill_seat(
    *,
    by: Actor,
    incident_id: str | int,
    version: int,
    seat: str,
    whom: Whom,
    why: str = "",
    instead_of: str = "",
) -> CommandPost:
    """Give a seat or a group to somebody, or with nobody named leave it empty. 指挥职务就位

    Of deputies there may be several: ``instead_of`` is the row that one replaces. The commander on
    scene is handed over by his own verb.
    """
    require(by, "command.fill")
    reason = words("why", why, most=WHY_MOST, least=0)
    if seat not in SEATS or seat == ON_SCENE:
        zh = _("没有这个指挥职务；现场总指挥用“交接”。")
        raise refused_field("seat", "unknown_seat", zh)
    incident, row = _held(by, incident_id, version)
    before = in_seat(row, seat, instead_of=instead_of)
    if whom.is_nobody():
        _vacate(row, before, by=by, why=reason)
        return row
    if before is None:
        must_be_free(row, seat)
        after = seated(row, seat, whom, actor=by, at=clock.now(), why=reason)
    else:
        after = replaced(row, before, whom, actor=by, why=reason)
    _changed(row)
    event = SeatFilled(incident_id=incident.pk, post_id=row.pk, seat=seat)
    _say(event, row, by=by, body=joined(named(after), reason))
    _appoint(after, incident)
    return row


def _vacate(row: CommandPost, before: CommandSeat | None, *, by: Actor, why: str) -> None:
    if before is None:
        raise refused_field("name", "nobody", _("请写由谁担任：单位、人员或姓名。"))
    unseat(before, at=clock.now())
    _changed(row)
    event = SeatVacated(incident_id=row.incident_id, post_id=row.pk, seat=before.seat)
    _say(event, row, by=by, body=joined(named(before), why))


@transaction.atomic(savepoint=False)
def transfer_command(
    *,
    by: Actor,
    incident_id: str | int,
    version: int,
    to: str,
    taken_by: str,
    matters: Iterable[Matter],
    why: str = "",
    at: datetime | None = None,
) -> CommandTransfer:
    """Command goes to the city, or comes back, with the list of what is open. 指挥权移交

    409 ``commands_already`` when it is there, ``stale``, ``no_command_post``.
    """
    require(by, "command.lead")
    taker = words("taken_by", taken_by, most=DECIDER_MOST)
    reason = words("why", why, most=WHY_MOST, least=0)
    check_time("at", at)
    if to not in COMMANDS:
        raise refused_field("to", "unknown_value", _("指挥权只能移交市指挥部或本区指挥部。"))
    incident, row = _held(by, incident_id, version)
    if row.commands == to:
        raise Refused("commands_already", _("指挥权已经在那里，没有移交。"), status=409)
    _not_before(row, at)
    handed = [one.as_json() for one in matters]
    columns = {"to": to, "taken_by": taker, "why": reason, "handed": handed}
    noted = {"by_kind": by.kind, "by_id": by.ident}
    done = CommandTransfer.objects.create(post=row, at=at or clock.now(), **columns, **noted)
    row.commands = to
    _changed(row)
    told = {"incident_id": incident.pk, "post_id": row.pk, "transfer_id": done.pk}
    event = CommandTransferred(**told, to=to, matters=len(handed))
    _say(event, row, by=by, body=joined(taker, reason), at=at)
    return done


def _not_before(row: CommandPost, at: datetime | None) -> None:
    """Refuse a transfer before the post stood, or before the last transfer."""
    last = CommandTransfer.objects.filter(post=row).order_by("-pk").first()
    if at is not None and at < (last.at if last else row.set_up_at):
        raise refused_field("at", "before_the_last", _("时间不能早于上一次交接。"))


@transaction.atomic(savepoint=False)
def stand_down_command_post(
    *, by: Actor, incident_id: str | int, version: int, why: str
) -> CommandPost:
    """The command post is no more; refused with 409 ``city_commands`` while the city commands. 撤销

    Its seats end with it, and it holds the incident no longer.
    """
    require(by, "command.lead")
    reason = words("why", why, most=WHY_MOST)
    incident, row = _held(by, incident_id, version)
    if row.commands == CITY:
        zh = _("现在由市指挥部指挥：收回指挥权后才能撤销。")
        raise Refused("city_commands", zh, status=409)
    begun = CommandSeat.objects.filter(NOW, post=row).values_list("since", flat=True)
    row.stood_down_at = max(clock.now(), row.set_up_at, *begun)
    row.end_why = reason
    _changed(row)
    CommandSeat.objects.filter(NOW, post=row).update(until=row.stood_down_at)
    lift_hold(about=about(row))
    event = CommandPostStoodDown(incident_id=incident.pk, post_id=row.pk)
    _say(event, row, by=by, body=reason)
    return row


# --- what the verbs have in common ----------------------------------------------------------------


def _held(by: Actor, incident_id: str | int, version: int) -> tuple[Incident, CommandPost]:
    """The incident and its standing post, both locked, and as the actor has seen it."""
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    row = standing_post(incident.pk)
    if row is None:
        raise Refused("no_command_post", _("这个事件现在没有指挥部。"), status=409)
    if row.version != version:
        current = command_json(whole(row), changed=last_change(row))
        zh = _("指挥部刚被别人改过，请看过最新内容再改。")
        raise Refused("stale", zh, status=409, extra={"current": current})
    return incident, row


def _changed(row: CommandPost) -> None:
    row.version += 1
    row.save()


def _say(
    event: Event, row: CommandPost, *, by: Actor, body: str, at: datetime | None = None
) -> None:
    where = {"incident": row.incident_id, "about": about(row), "topics": ("desk",)}
    emit(event, by=by, body=body, happened_at=at, **where)  # type: ignore[arg-type]


def _appoint(one: CommandSeat, incident: Incident) -> None:
    """Tell a person of the house what he has been given; who is only a name is telephoned."""
    if one.person_id is None or is_history():
        return
    text = gettext(APPOINTED) % {
        "title": incident.title,
        "number": incident.number,
        "seat": seat_said(one.seat),
        "place": one.post.place,
    }
    send(
        by=HOUSE,
        person=one.person_id,
        purpose="order",
        matter=f"command:{one.pk}",
        text=text,
        rank=URGENT,
        incident=incident.pk,
    )
