"""Write down a call that is no incident, put it right, pass it on. 电话记录"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from qianjun.incident.actions.instructions import NewInstruction, take_in_instruction
from qianjun.incident.actions.noting import check_time
from qianjun.incident.instruction_events import (
    PhoneRecordCorrected,
    PhoneRecorded,
    PhoneRecordTurned,
)
from qianjun.incident.instruction_models import Instruction, PhoneRecord
from qianjun.incident.queries.instructions import instruction_seen, register_unit
from qianjun.incident.queries.phone_records import about_call, phone_record_seen, phone_records
from qianjun.incident.queries.seen import report_seen
from qianjun.incident.rules import instructions as rules
from qianjun.journal.bus import emit
from qianjun.journal.models import Entry
from qianjun.journal.numbers import next_written, register_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.reads import record_read

STALE: Final = _("这张电话记录刚被别人改过，请看过最新内容再改。")
TITLES: Final[dict[str, str]] = {
    "direction": _("来去电"),
    "matter": _("事由"),
    "at": _("通话时间"),
    "who": _("对方"),
    "phone": _("对方号码"),
    "text": _("内容"),
    "done_text": _("处理情况"),
    "mark": _("标记"),
}


@dataclass(frozen=True, kw_only=True)
class NewPhoneRecord:
    """A call as it is told; of a wrong number or one that hung up nothing need be said. 待记电话"""

    direction: str = "in"
    matter: str = "other"
    who: str = ""
    phone: str = ""
    text: str = ""
    done_text: str = ""
    mark: str = "internal"
    at: datetime | None = None


@transaction.atomic(savepoint=False)
def take_phone_record(*, by: Actor, told: NewPhoneRecord) -> PhoneRecord:
    """Write a call down under the next number of the register. 记电话

    An older ``at`` shows as 补录. 422 ``too_short`` when nothing was said that ought to have been.
    """
    require(by, "phone_record.take")
    columns = _columns(told)
    unit, path = register_unit(by)
    now = clock.now()
    row = PhoneRecord(
        unit=unit, unit_path=path, recorded_at=now, by_kind=by.kind, by_id=by.ident, **columns
    )
    (row.number,) = next_written(register_of(rules.CALLS, unit=unit, at=now))
    row.save()
    body = " · ".join(part for part in (row.number, row.who, row.text, row.done_text) if part)
    emit(
        PhoneRecorded(record_id=row.pk),
        by=by,
        about=about_call(row),
        body=body,
        happened_at=told.at,
    )
    return row


def _columns(told: NewPhoneRecord) -> dict[str, Any]:
    known = (
        ("direction", told.direction, rules.DIRECTIONS),
        ("matter", told.matter, rules.MATTERS),
        ("mark", told.mark, rules.HANDLING),
    )
    for field, code, choices in known:
        if code not in choices:
            raise refused_field(field, "unknown_value", _("不在允许的取值之内。"))
    check_time("at", told.at)
    half = told.matter in rules.HALVES
    return {
        "direction": told.direction,
        "matter": told.matter,
        "mark": told.mark,
        "at": told.at or clock.now(),
        "who": words("who", told.who, most=rules.SENDER_MOST, least=0),
        "phone": words("phone", told.phone, most=rules.PHONE_MOST, least=0),
        "text": words("text", told.text, most=rules.TEXT_MOST, least=0 if half else 1),
        "done_text": words("done_text", told.done_text, most=rules.WORD_MOST, least=0),
    }


def held_phone_record(by: Actor, record_id: str | int) -> PhoneRecord:
    """The record that he sees, locked; 404. 锁定电话记录"""
    key = phone_record_seen(seen_by=by, record_id=record_id).pk
    return PhoneRecord.objects.select_for_update().get(pk=key)


@transaction.atomic(savepoint=False)
def correct_phone_record(
    *, by: Actor, record_id: str | int, version: int, told: NewPhoneRecord, why: str
) -> PhoneRecord:
    """Put the record of a call right; the journal keeps old and new. 更正电话记录"""
    require(by, "phone_record.take")
    reason = words("why", why, most=rules.WHY_MOST)
    row = held_phone_record(by, record_id)
    if row.version != version:
        raise Refused("stale", STALE, status=409, extra={"version": row.version})
    before = _said(row)
    for name, value in _columns(told).items():
        setattr(row, name, value)
    titles = {name: gettext(zh) for name, zh in TITLES.items()}
    changed = rules.changed_words(before, _said(row), titles)
    if not changed:
        raise refused_field("why", "nothing_changed", _("没有改动任何内容。"))
    row.version += 1
    row.save()
    names = (PhoneRecorded.name, PhoneRecordCorrected.name)
    kind, ident = about_call(row)
    own = Entry.objects.filter(about_kind=kind, about_id=ident, name__in=names)
    emit(
        PhoneRecordCorrected(record_id=row.pk),
        by=by,
        about=about_call(row),
        body="\n".join([*changed, reason]),
        corrects=own.order_by("-pk").values_list("pk", flat=True).first(),
    )
    return row


def _said(row: PhoneRecord) -> dict[str, str]:
    return {
        "direction": gettext(rules.DIRECTIONS.get(row.direction, row.direction)),
        "matter": gettext(rules.MATTERS.get(row.matter, row.matter)),
        "at": f"{clock.in_beijing(row.at):%Y-%m-%d %H:%M}",
        "who": row.who,
        "phone": row.phone,
        "text": row.text,
        "done_text": row.done_text,
        "mark": gettext(rules.HANDLING.get(row.mark, row.mark)),
    }


@transaction.atomic(savepoint=False)
def turn_into_instruction(*, by: Actor, record_id: str | int, told: NewInstruction) -> Instruction:
    """The call is an order from above: it stands in that register too. 转为来文

    409 ``turned_already``.
    """
    require(by, "instruction.handle")
    row = _unturned(by, record_id)
    made = take_in_instruction(by=by, told=told, phone_record=row)
    event = PhoneRecordTurned(record_id=row.pk, instruction_id=made.pk)
    emit(event, by=by, about=about_call(row), body=made.number)
    return made


@transaction.atomic(savepoint=False)
def turn_into_report(
    *, by: Actor, record_id: str | int, report_id: str | int
) -> PhoneRecord | None:
    """The call was taken in as this report; in the transaction that took it in. 转为接报

    None when it is not there for him or was turned before: no report is refused for that.
    """
    require(by, "report.take")
    ident = str(record_id)
    if not (by.may("phone_record.read") and ident.isascii() and ident.isdigit()):
        return None
    rows = phone_records(seen_by=by).filter(instruction=None, report=None)
    found = rows.filter(pk=int(ident[:18])).first()
    if found is None:
        return None
    row = PhoneRecord.objects.select_for_update().get(pk=found.pk)
    row.report = report_seen(seen_by=by, report_id=report_id)
    row.save(update_fields=["report"])
    event = PhoneRecordTurned(record_id=row.pk, report_id=row.report.pk)
    emit(event, by=by, about=about_call(row), body=row.report.number)
    return row


def _unturned(by: Actor, record_id: str | int) -> PhoneRecord:
    row = held_phone_record(by, record_id)
    if row.instruction_id is not None or row.report_id is not None:
        zh = _("这张电话记录已经转过：看它转成的来文或接报。")
        raise Refused("turned_already", zh, status=409)
    return row


@transaction.atomic(savepoint=False)
def reveal_number(*, by: Actor, kind: str, ident: str | int, why: str) -> str:
    """The number of a caller or a sender; who saw it and why is kept. 显示号码"""
    require(by, "person.reveal")
    reason = words("why", why, most=rules.WHY_MOST)
    if kind == "phone_record":
        call = phone_record_seen(seen_by=by, record_id=ident)
        phone, about = call.phone, about_call(call)
    else:
        row = instruction_seen(seen_by=by, instruction_id=ident)
        phone, about = row.sender_phone, ("instruction", str(row.pk))
    record_read(by=by, what=f"{kind}.phone", about=about, why=reason)
    return phone
