"""The processing slip of an instruction and the record of a call in Word. 来文处理笺、电话记录单"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from qianjun.incident.instruction_models import Instruction, Opinion, PhoneRecord, Referral
from qianjun.incident.queries.instructions import (
    about,
    instruction_seen,
    opinions_of,
    referrals_of,
    replies_of,
    whose,
)
from qianjun.incident.queries.phone_records import about_call, phone_record_seen
from qianjun.incident.rules import instructions as rules
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.paper import Cell, Head, Paper, Row, Stamp, Table, write
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.actor import Actor, require
from qianjun.org.leaving import record_leaving
from qianjun.org.models import Unit
from qianjun.org.queries import name_of

SHARES: Final = (2, 4, 2, 4)
LIVE: Final = "live"
INTERNAL: Final = "内部"
SLIP: Final = "来文处理笺"
CALL: Final = "电话记录单"
HAND_MM: Final = 30
NONE: Final = "–"


@transaction.atomic(savepoint=False)
def take_instruction_out(*, by: Actor, instruction_id: str | int) -> tuple[str, bytes]:
    """File name and content of the processing slip; noted as taken out. 导出来文处理笺"""
    require(by, "instruction.read")
    row = instruction_seen(seen_by=by, instruction_id=instruction_id)
    record_leaving(by=by, what=f"{row.number} {row.title}", kind="export", about=about(row))
    with translation.override("zh-hans"):
        return f"{SLIP}{row.number}.docx", write(slip_of(row, printed_by=by.name))


@transaction.atomic(savepoint=False)
def take_call_out(*, by: Actor, record_id: str | int) -> tuple[str, bytes]:
    """File name and content of the record of a call; noted as taken out. 导出电话记录单"""
    require(by, "phone_record.read")
    row = phone_record_seen(seen_by=by, record_id=record_id)
    record_leaving(by=by, what=row.number, kind="export", about=about_call(row))
    with translation.override("zh-hans"):
        return f"{CALL}{row.number}.docx", write(call_paper(row, printed_by=by.name))


# --- the slip -----------------------------------------------------------------------------------


def slip_of(row: Instruction, *, printed_by: str) -> Paper:
    """What came, what was proposed and directed, who has it, what was answered. 来文处理笺"""
    unit = _unit_name(row.unit)
    at = _last_change(*about(row)) or row.recorded_at
    urgent = rules.URGENCIES[row.urgency] if row.urgency != Instruction.Urgency.ORDINARY else ""
    return Paper(
        title=SLIP,
        made_at=at,
        made_by=unit,
        head=Head(number=row.number, mark=_mark(row.mark), urgency=gettext(urgent)),
        body=(Table(shares=SHARES, rows=(*_came(row), *_handled(row)), points=12),),
        stamp=Stamp(by=printed_by or unit, at=at, number=row.number),
        drill=settings.REALM != LIVE,
    )


def _came(row: Instruction) -> tuple[Row, ...]:
    contact = " ".join(part for part in (row.sender_person, masked_phone(row.sender_phone)) if part)
    return (
        _pair("来文单位", row.sender, "来文字号", row.their_number or NONE),
        _pair("收到时间", _when(row.received_at), "方式", gettext(rules.WAYS[row.way])),
        _pair("联系人", contact or NONE, "要求回复", _when(row.reply_by)),
        _wide("标题", row.title),
        _wide("内容", mask_phones_in(row.text) or NONE, least_mm=HAND_MM),
    )


def _handled(row: Instruction) -> tuple[Row, ...]:
    opinions = [one for one in opinions_of(row) if one.withdrawn_at is None]
    proposals = [_opinion(one) for one in opinions if one.kind == Opinion.Kind.PROPOSAL]
    directives = [_opinion(one) for one in opinions if one.kind == Opinion.Kind.DIRECTIVE]
    referrals = [_referral(one) for one in referrals_of(row) if one.withdrawn_at is None]
    replies = [
        f"{_when(one.replied_at)} {gettext(rules.REPLY_WAYS[one.way])} "
        f"{one.taken_by} {one.text}".strip()
        for one in replies_of(row)
        if one.withdrawn_at is None
    ]
    ended = " ".join(
        part
        for part in (_when(row.closed_at) if row.closed_at else "", row.outcome, row.closed_why)
        if part
    )
    return (
        _wide("拟办意见", "\n".join(proposals), least_mm=HAND_MM),
        _wide("领导批示", "\n".join(directives), least_mm=HAND_MM),
        _wide("转办与反馈", "\n".join(referrals), least_mm=HAND_MM),
        _wide("回复来文单位", "\n".join(replies)),
        _wide("办理结果", ended),
    )


def _opinion(one: Opinion) -> str:
    who = one.leader or name_of(one.by_kind, one.by_id)
    how = f"（{gettext(rules.HOW[one.how])}）" if one.how else ""
    return f"{one.text}　{who}{how} {_when(one.happened_at)}"


def _referral(one: Referral) -> str:
    until = f"，{_when(one.due_at)}前反馈" if one.due_at else ""
    said = [f"{whose(one)}：{one.order}{until}"]
    said += [
        f"　{_when(step.happened_at)} {gettext(rules.FED[step.kind])} {step.text}".rstrip()
        for step in one.steps.all()
        if step.kind != "opened"
    ]
    return "\n".join(said)


# --- the call -----------------------------------------------------------------------------------


def call_paper(row: PhoneRecord, *, printed_by: str) -> Paper:
    """Who called about what, what was done, what it was turned into. 电话记录单"""
    unit = _unit_name(row.unit)
    at = _last_change(*about_call(row)) or row.recorded_at
    turned = row.instruction.number if row.instruction else ""
    turned = turned or (row.report.number if row.report else "")
    rows = (
        _pair("时间", _when(row.at), "来去电", gettext(rules.DIRECTIONS[row.direction])),
        _pair("对方", row.who or "不详", "对方号码", masked_phone(row.phone) or "未显示"),
        _pair("事由", gettext(rules.MATTERS[row.matter]), "转办", turned or NONE),
        _wide("内容", mask_phones_in(row.text) or NONE, least_mm=2 * HAND_MM),
        _wide("处理情况", mask_phones_in(row.done_text), least_mm=HAND_MM),
        _wide("领导批示", "", least_mm=HAND_MM),
        _pair("记录人", name_of(row.by_kind, row.by_id), "记录时间", _when(row.recorded_at)),
    )
    return Paper(
        title=CALL,
        made_at=at,
        made_by=unit,
        head=Head(number=row.number, mark=_mark(row.mark)),
        body=(Table(shares=SHARES, rows=rows, points=12),),
        stamp=Stamp(by=printed_by or unit, at=at, number=row.number),
        drill=settings.REALM != LIVE,
    )


# --- parts --------------------------------------------------------------------------------------


def _pair(one: str, said: str, other: str, told: str) -> Row:
    return Row(cells=(Cell(text=one, label=True), said, Cell(text=other, label=True), told))


def _wide(word: str, said: str, *, least_mm: float = 0) -> Row:
    return Row(cells=(Cell(text=word, label=True), Cell(text=said, across=3)), least_mm=least_mm)


def _when(at: datetime | None) -> str:
    return f"{clock.in_beijing(at):%Y-%m-%d %H:%M}" if at else NONE


def _mark(mark: str) -> str:
    return INTERNAL if mark == "internal" else ""


def _unit_name(code: str) -> str:
    return Unit.objects.filter(code=code).values_list("name", flat=True).first() or code


def _last_change(kind: str, ident: str) -> datetime | None:
    rows = Entry.objects.filter(about_kind=kind, about_id=ident)
    return rows.order_by("-pk").values_list("at", flat=True).first()
