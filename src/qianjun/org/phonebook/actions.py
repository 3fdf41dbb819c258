"""Enter offices and numbers, change and stop them, say that one is right, show one. 号码动作"""

from typing import Final

from django.db import transaction

from qianjun.journal.bus import Event, emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actions import reveal_phone
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.events import (
    NumberAdded,
    NumberChanged,
    NumberStopped,
    OfficeDropped,
    OfficeSet,
)
from qianjun.org.models import Address, Person, Unit
from qianjun.org.phonebook import rules
from qianjun.org.phonebook.queries import KINDS, Line, line_seen
from qianjun.org.queries import sees
from qianjun.org.reads import record_read
from qianjun.org.rules import masked_name
from qianjun.org.telephone_models import NumberCheck, Office, PhoneNumber

TITLE_MOST: Final = 40
RANK_MOST: Final = 99
WHY_MOST: Final = 200
RIGHT, CHANGE, STOP = "right", "change", "stop"
ACTS: Final = (RIGHT, CHANGE, STOP)
BAD_NUMBER: Final = _("这不是电话号码：手机写 11 位，其他写区号-号码，分机写“转”和数字。")


# --- offices ------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def set_office(
    *,
    by: Actor,
    unit: str,
    title: str,
    person: int | None = None,
    deputy: int | None = None,
    rank: int = 0,
    office: int | None = None,
    version: int = 0,
) -> Office:
    """An office of a unit, who has it and who answers in his place; a known one is changed. 设职务

    409 ``stale`` when somebody has changed it meanwhile; as it was is no change.
    """
    require(by, "person.contact")
    where = _unit(by, unit)
    said = words("title", title, most=TITLE_MOST)
    if not 0 <= rank <= RANK_MOST:
        raise refused_field("rank", "bad_rank", _("次序须为 0 至 99，0 最先。"))
    who, instead = _somebody(by, "person", person), _somebody(by, "deputy", deputy)
    if who is not None and who == instead:
        raise refused_field("deputy", "same_person", _("代理人须是另一个人。"))
    row = _office(where, office, version) if office is not None else Office(unit=where, version=0)
    wanted = (said, who.pk if who else None, instead.pk if instead else None, rank)
    if row.pk and (row.title, row.person_id, row.deputy_id, row.rank) == wanted:
        return row
    row.title, row.person, row.deputy, row.rank = said, who, instead, rank
    row.version += 1
    row.save()
    event = OfficeSet(
        office_id=row.pk,
        unit_id=where.pk,
        person_id=row.person_id,
        deputy_id=row.deputy_id,
        number=row.version,
    )
    _tell(by, event, where, f"{said}：{masked_name(who.name) if who else '–'}")
    return row


@transaction.atomic(savepoint=False)
def drop_office(*, by: Actor, unit: str, office: int) -> bool:
    """The unit has this office no more; its numbers stay with the unit. Whether it had. 撤职务"""
    require(by, "person.contact")
    where = _unit(by, unit)
    row = Office.objects.select_for_update().filter(unit=where, pk=office).first()
    if row is None:
        return False
    event, said = OfficeDropped(office_id=row.pk, unit_id=where.pk), row.title
    row.delete()
    _tell(by, event, where, said)
    return True


def _office(unit: Unit, office: int, version: int) -> Office:
    row = Office.objects.select_for_update().filter(unit=unit, pk=office).first()
    if row is None:
        raise not_found()
    if row.version != version:
        zh = _("别人刚改过这个职务，请看现在的内容再决定。")
        current = {"version": row.version, "title": row.title, "rank": row.rank}
        raise Refused("stale", zh, status=409, extra={"current": current})
    return row


def _somebody(by: Actor, field: str, ident: int | None) -> Person | None:
    if ident is None:
        return None
    found = Person.objects.select_related("unit").filter(pk=ident).first()
    if found is None or not sees(by, found.unit.path):
        raise refused_field(field, "unknown_person", _("请选您管辖范围内的人员。"))
    return found


# --- numbers ------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def add_number(
    *, by: Actor, unit: str, kind: str, value: str, office: int | None = None
) -> PhoneNumber:
    """A telephone of a unit or of one of its offices; it counts as looked at today. 加号码

    The same number again is the one that is there.
    """
    require(by, "person.contact")
    where = _unit(by, unit)
    if kind not in KINDS:
        raise refused_field("kind", "unknown_kind", _("请选号码的种类。"))
    said = _number(value, kind=kind)
    at = Office.objects.filter(unit=where, pk=office).first() if office is not None else None
    if office is not None and at is None:
        raise refused_field("office", "unknown_office", _("这个单位没有这个职务。"))
    known = PhoneNumber.objects.filter(
        unit=where, kind=kind, value=said, stopped_at__isnull=True
    ).first()
    if known is not None:
        return known
    row = PhoneNumber.objects.create(unit=where, office=at, kind=kind, value=said)
    _note(by, ("number", row.pk), NumberCheck.Outcome.RIGHT)
    event = NumberAdded(number_id=row.pk, unit_id=where.pk, number_kind=kind)
    _tell(by, event, where, _masked(said, kind=kind))
    return row


@transaction.atomic(savepoint=False)
def check_number(
    *, by: Actor, what: str, ident: int, act: str, value: str = "", agreed: bool = False
) -> Line | None:
    """Somebody has asked: it is right, it is another one now, or nobody is there any more. 核对号码

    Of a person's address a change keeps the consent only when he has ``agreed`` to be written to
    on the new one; a stop takes it back. None when it was stopped.
    """
    require(by, "person.contact")
    if act not in ACTS:
        raise refused_field("act", "unknown_act", _("请选：仍正确、改、停用。"))
    line = line_seen(what, ident, seen_by=by)
    if act == RIGHT:
        _note(by, line.key, NumberCheck.Outcome.RIGHT)
        return line_seen(what, ident, seen_by=by)
    if act == CHANGE:
        _change(by, line, _number(value, kind=line.kind), agreed=agreed)
        return line_seen(what, ident, seen_by=by)
    _stop(by, line)
    return None


def _change(by: Actor, line: Line, value: str, *, agreed: bool) -> None:
    if value == line.value:
        _note(by, line.key, NumberCheck.Outcome.RIGHT)
        return
    if line.what == "number":
        _change_number(line, value)
    else:
        _change_address(line, value, agreed=agreed)
    _note(by, line.key, NumberCheck.Outcome.CHANGED)
    event = NumberChanged(about_kind=line.what, about_id=line.ident, unit_id=line.unit.pk)
    before, after = (rules.shown(one, personal=line.personal) for one in (line.value, value))
    _tell(by, event, line.unit, f"{_whose(line)} {before} → {after}")


def _change_number(line: Line, value: str) -> None:
    row = PhoneNumber.objects.select_for_update().get(pk=line.ident)
    twin = PhoneNumber.objects.filter(
        unit=row.unit_id, kind=row.kind, value=value, stopped_at__isnull=True
    )
    if twin.exists():
        raise Refused("number_there", _("这个单位已经有这个号码；请把旧的停用。"), status=409)
    row.value, row.version = value, row.version + 1
    row.save(update_fields=["value", "version"])


def _change_address(line: Line, value: str, *, agreed: bool) -> None:
    row = Address.objects.select_for_update().get(pk=line.ident)
    twin = Address.objects.filter(person=row.person_id, channel=row.channel, value=value)
    if twin.exists():
        raise Refused("number_there", _("他已经有这个号码；请把旧的停用。"), status=409)
    row.value = value
    if agreed and row.consent_at is not None:
        row.consent_at = clock.now()
    else:
        row.consent_at, row.consent_text = None, ""
    row.save(update_fields=["value", "consent_at", "consent_text"])


def _stop(by: Actor, line: Line) -> None:
    if line.what == "number":
        rows = PhoneNumber.objects.filter(pk=line.ident)
        rows.update(stopped_at=clock.now(), version=line.version + 1)
    else:  # nothing more is sent there; the row stays, for messages were sent to it
        Address.objects.filter(pk=line.ident).update(consent_at=None, consent_text="")
    _note(by, line.key, NumberCheck.Outcome.STOPPED)
    event = NumberStopped(about_kind=line.what, about_id=line.ident, unit_id=line.unit.pk)
    _tell(by, event, line.unit, f"{_whose(line)} {line.shown}")


@transaction.atomic(savepoint=False)
def reveal_number(*, by: Actor, what: str, ident: int, why: str) -> Line:
    """The whole number, to be dialled; who saw it and why is kept. 显示号码"""
    require(by, "person.reveal")
    line = line_seen(what, ident, seen_by=by)
    if line.what == "address":
        reveal_phone(by=by, address=line.ident, why=why)
    else:
        reason = words("why", why, most=WHY_MOST)
        about = ("phone_number", str(line.ident))
        record_read(by=by, what="phone.reveal", about=about, why=reason)
    return line


# --- writing ------------------------------------------------------------------------------------


def _unit(by: Actor, code: str) -> Unit:
    row = Unit.objects.select_for_update().filter(code=code).first()
    if row is None or not sees(by, row.path):
        raise not_found()
    return row


def _number(said: str, *, kind: str) -> str:
    plain = words("value", said, most=rules.NUMBER_MOST)
    found = rules.written(plain, kind=kind)
    if found is None:
        raise refused_field("value", "bad_number", BAD_NUMBER)
    return found


def _masked(value: str, *, kind: str) -> str:
    return rules.shown(value, personal=kind in rules.PERSONAL)


def _whose(line: Line) -> str:
    return masked_name(line.person.name) if line.person else KINDS[line.kind]


def _note(by: Actor, key: tuple[str, int], outcome: str) -> None:
    NumberCheck.objects.create(
        about_kind=key[0],
        about_id=key[1],
        outcome=outcome,
        at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )


def _tell(by: Actor, event: Event, unit: Unit, what: str) -> None:
    emit(event, by=by, about=("unit", str(unit.pk)), body=f"{unit.short_name}：{what}")
