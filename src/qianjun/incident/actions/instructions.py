"""Take an order from above in, put it right, close it, open it again. 来文登记与办结"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from qianjun.incident.actions.noting import check_time
from qianjun.incident.actions.whom import unit_told
from qianjun.incident.instruction_events import (
    InstructionClosed,
    InstructionCorrected,
    InstructionLinked,
    InstructionReopened,
    InstructionTaken,
)
from qianjun.incident.instruction_models import UNANSWERED, Instruction, PhoneRecord, Referral
from qianjun.incident.models import Incident
from qianjun.incident.queries.instructions import (
    about,
    about_referral,
    instruction_seen,
    register_unit,
    standing,
)
from qianjun.incident.queries.seen import incident_seen
from qianjun.incident.rules import instructions as rules
from qianjun.incident.rules.facts import title_of
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline, set_deadline
from qianjun.journal.models import Entry
from qianjun.journal.numbers import next_written, register_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.links import end_links
from qianjun.org.models import Unit

STALE: Final = _("这件来文刚被别人改过，请看过最新内容再改。")
CLOSED: Final = _("这件来文已办结；请先重新办理，再做这件事。")
TITLES: Final[dict[str, str]] = {
    "way": _("来文方式"),
    "urgency": _("紧急程度"),
    "sender": _("来文单位"),
    "sender_person": _("对方联系人"),
    "sender_phone": _("对方电话"),
    "their_number": _("来文字号"),
    "received_at": _("收到时间"),
    "mark": _("标记"),
    "title": _("标题"),
    "text": _("内容"),
    "reply_by": _("要求回复时限"),
    "incident": _("关联事件"),
}


@dataclass(frozen=True, kw_only=True)
class NewInstruction:
    """An order from above as it is told: a unit by code, an incident by id. 待登记来文

    Without ``received_at`` it came in now; without ``title`` its words begin with one.
    """

    way: str
    sender: str
    text: str = ""
    title: str = ""
    sender_unit: str = ""
    sender_person: str = ""
    sender_phone: str = ""
    their_number: str = ""
    urgency: str = "ordinary"
    mark: str = "internal"
    received_at: datetime | None = None
    reply_by: datetime | None = None
    incident: str | int = ""


@transaction.atomic(savepoint=False)
def take_in_instruction(
    *, by: Actor, told: NewInstruction, phone_record: PhoneRecord | None = None
) -> Instruction:
    """Take an order from above in under the next number of the register. 登记来文

    An older ``received_at`` shows as 补录. 422 names the field that will not do.
    """
    require(by, "instruction.handle")
    now = clock.now()
    columns = {**_columns(by, told), "received_at": told.received_at or now}
    unit, path = register_unit(by)
    row = Instruction(
        unit=unit, unit_path=path, recorded_at=now, by_kind=by.kind, by_id=by.ident, **columns
    )
    (row.number,) = next_written(register_of(rules.REGISTER, unit=unit, at=now))
    row.save()
    event = InstructionTaken(instruction_id=row.pk, way=row.way)
    title = row.title if told.title.strip() else ""  # else it is how the words begin
    body = " · ".join(part for part in (row.number, row.sender, title, row.text) if part)
    emit(event, by=by, about=about(row), body=body, happened_at=told.received_at)
    expect_reply(row, since=now)
    if row.incident is not None:
        _link(by, row, row.incident)
    if phone_record is not None:
        phone_record.instruction = row
        phone_record.save(update_fields=["instruction"])
    return row


def _columns(by: Actor, told: NewInstruction) -> dict[str, Any]:
    """What is told as columns; 422 for what will not do."""
    check_time("received_at", told.received_at)
    now = clock.now()
    received_at = told.received_at or now
    if fault := rules.bad_reply_by(told.reply_by, received_at=received_at, now=now):
        raise Refused(fault.code, fault.zh, fields=(fault,))
    text = words("text", told.text, most=rules.TEXT_MOST, least=0)
    title = words("title", told.title, most=rules.TITLE_MOST, least=0)
    if not (text or title):
        raise refused_field("text", "too_short", _("请写标题或内容，至少一项。"))
    unit, incident = _unit_and_incident(by, told)
    sender = told.sender if told.sender.strip() or unit is None else unit.name
    return {
        "way": _known("way", told.way, rules.WAYS),
        "urgency": _known("urgency", told.urgency, rules.URGENCIES),
        "mark": _known("mark", told.mark, rules.HANDLING),
        "sender": words("sender", sender, most=rules.SENDER_MOST),
        "sender_unit": unit,
        "sender_person": _line("sender_person", told.sender_person, rules.LINE_MOST),
        "sender_phone": _line("sender_phone", told.sender_phone, rules.PHONE_MOST),
        "their_number": _line("their_number", told.their_number, rules.LINE_MOST),
        "received_at": received_at,
        "title": title or title_of(place="", kind="", text=text),
        "text": text,
        "reply_by": told.reply_by,
        "incident": incident,
    }


def _unit_and_incident(by: Actor, told: NewInstruction) -> tuple[Unit | None, Incident | None]:
    unit = unit_told(told.sender_unit, field="sender_unit")
    if told.incident == "":
        return unit, None
    try:
        return unit, incident_seen(seen_by=by, incident_id=told.incident)
    except Refused as refused:
        zh = _("没有这个事件，或您无权查看。")
        raise refused_field("incident", "unknown_incident", zh) from refused


def _known(field: str, code: str, choices: dict[str, str]) -> str:
    if code not in choices:
        raise refused_field(field, "unknown_value", _("不在允许的取值之内。"))
    return code


def _line(field: str, text: str, most: int) -> str:
    return words(field, text, most=most, least=0)


def expect_reply(row: Instruction, *, since: datetime) -> None:
    """The sender's own deadline runs; is none wanted any more, it is done with. 回复时限"""
    if row.reply_by is None or row.replied_at is not None:
        meet_deadline(about=about(row), kind=rules.REPLY_DUE, at=clock.now())
        return
    set_deadline(
        about=about(row),
        kind=rules.REPLY_DUE,
        started_at=since,
        due_at=row.reply_by,
        rule=rules.REPLY_RULE,
    )


def _link(by: Actor, row: Instruction, incident: Incident) -> None:
    event = InstructionLinked(instruction_id=row.pk, incident_id=incident.pk)
    body = row.number if row.mark == "internal" else f"{row.number} · {row.title}"
    emit(event, by=by, incident=incident.pk, about=about(row), body=body)


def held_instruction(by: Actor, instruction_id: str | int, *, closed: bool = False) -> Instruction:
    """The instruction that he sees, locked, open unless ``closed``; 404, 409. 锁定来文"""
    key = instruction_seen(seen_by=by, instruction_id=instruction_id).pk
    return locked_instruction(key, closed=closed)


def locked_instruction(key: int, *, closed: bool = False) -> Instruction:
    """The same for the house and for links, which see it already."""
    row = Instruction.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise not_found()
    if row.closed_at is not None and not closed:
        raise Refused("instruction_closed", CLOSED, status=409)
    return row


@transaction.atomic(savepoint=False)
def correct_instruction(
    *, by: Actor, instruction_id: str | int, version: int, told: NewInstruction, why: str
) -> Instruction:
    """Put right what was taken in; the journal keeps old and new. 更正登记

    409 ``stale`` when somebody else was first, 422 ``nothing_changed``.
    """
    require(by, "instruction.handle")
    reason = words("why", why, most=rules.WHY_MOST)
    row = held_instruction(by, instruction_id)
    if row.version != version:
        raise Refused("stale", STALE, status=409, extra={"version": row.version})
    before, incident = _said(row), row.incident_id
    for name, value in _columns(by, told).items():
        setattr(row, name, value)
    titles = {name: gettext(zh) for name, zh in TITLES.items()}
    changed = rules.changed_words(before, _said(row), titles)
    if not changed:
        raise refused_field("why", "nothing_changed", _("没有改动任何内容。"))
    row.version += 1
    row.save()
    _say_corrected(by, row, "\n".join([*changed, reason]))
    expect_reply(row, since=row.recorded_at)
    if row.incident is not None and row.incident_id != incident:
        _link(by, row, row.incident)
    return row


def _said(row: Instruction) -> dict[str, str]:
    """What stands in the row, as a correction compares and tells it."""
    told = {one.name for one in fields(NewInstruction)} & set(TITLES)
    plain = {name: str(getattr(row, name)) for name in told - {"incident"}}
    times = {
        name: f"{clock.in_beijing(at):%Y-%m-%d %H:%M}" if (at := getattr(row, name)) else ""
        for name in ("received_at", "reply_by")
    }
    kinds = {
        "way": gettext(rules.WAYS.get(row.way, row.way)),
        "urgency": gettext(rules.URGENCIES.get(row.urgency, row.urgency)),
        "mark": gettext(rules.HANDLING.get(row.mark, row.mark)),
    }
    return {**plain, **times, **kinds, "incident": row.incident.number if row.incident else ""}


def _say_corrected(by: Actor, row: Instruction, body: str) -> None:
    names = (InstructionTaken.name, InstructionCorrected.name)
    kind, ident = about(row)
    own = Entry.objects.filter(about_kind=kind, about_id=ident, name__in=names)
    last = own.order_by("-pk").values_list("pk", flat=True).first()
    event = InstructionCorrected(instruction_id=row.pk)
    emit(event, by=by, about=about(row), body=body, corrects=last)


@transaction.atomic(savepoint=False)
def close_instruction(
    *, by: Actor, instruction_id: str | int, outcome: str = "", why: str = ""
) -> Instruction:
    """Nothing is left to do about it; what came of it is kept. 办结来文

    409 with ``open`` naming what nobody has finished, unless ``why`` says why it is closed so.
    """
    require(by, "instruction.handle")
    said = words("outcome", outcome, most=rules.WORD_MOST, least=0)
    reason = words("why", why, most=rules.WHY_MOST, least=0)
    row = held_instruction(by, instruction_id)
    seen = standing(row)
    left = rules.still_open(seen)
    if left and not reason:
        counts = {"count": seen.unanswered} if left[0] == "referrals_open" else {}
        raise Refused(
            left[0], rules.OPEN[left[0]], status=409, words=counts, extra={"open": list(left)}
        )
    now = clock.now()
    row.closed_at, row.outcome, row.closed_why = now, said, reason if left else ""
    row.closed_kind, row.closed_id, row.asked_at = by.kind, by.ident, None
    row.save()
    _end_waiting(row, now)
    body = " · ".join(part for part in (said, row.closed_why) if part)
    emit(InstructionClosed(instruction_id=row.pk), by=by, about=about(row), body=body)
    return row


def _end_waiting(row: Instruction, now: datetime) -> None:
    """Clocks stop, links say that it is over."""
    meet_deadline(about=about(row), kind=rules.REPLY_DUE, at=now)
    for referral in row.referrals.filter(withdrawn_at__isnull=True):
        meet_deadline(about=about_referral(referral), kind=rules.REFERRAL_DUE, at=now)
        end_links(about_referral(referral))


@transaction.atomic(savepoint=False)
def reopen_instruction(*, by: Actor, instruction_id: str | int, why: str) -> Instruction:
    """Handle it again, for this reason; what was unanswered is due as before. 重新办理"""
    require(by, "instruction.handle")
    reason = words("why", why, most=rules.WHY_MOST)
    row = held_instruction(by, instruction_id, closed=True)
    if row.closed_at is None:
        raise Refused("instruction_open", _("这件来文还在办理，不用重新打开。"), status=409)
    row.closed_at, row.closed_kind, row.closed_id = None, "", ""
    row.outcome, row.closed_why = "", ""
    row.save()
    emit(InstructionReopened(instruction_id=row.pk), by=by, about=about(row), body=reason)
    now = clock.now()
    expect_reply(row, since=now)
    for referral in row.referrals.filter(UNANSWERED, due_at__isnull=False):
        expect_answer(referral, since=now)
    return row


def expect_answer(referral: Referral, *, since: datetime) -> None:
    """Whoever has it is to answer by its time. 反馈时限"""
    if referral.due_at is None:
        return
    set_deadline(
        about=about_referral(referral),
        kind=rules.REFERRAL_DUE,
        started_at=since,
        due_at=referral.due_at,
        rule=rules.REFERRAL_RULE,
    )
