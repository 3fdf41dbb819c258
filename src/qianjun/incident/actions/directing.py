"""What an officer proposes, what a leader directs, what the sender is answered. 拟办、批示、回复"""

from datetime import datetime
from typing import Final

from django.db import transaction

from qianjun.incident.actions.instructions import expect_reply, held_instruction
from qianjun.incident.actions.noting import check_time
from qianjun.incident.instruction_events import (
    InstructionDirected,
    InstructionProposed,
    InstructionReplied,
    OpinionWithdrawn,
    ReplyWithdrawn,
)
from qianjun.incident.instruction_models import STANDS, Instruction, InstructionReply, Opinion
from qianjun.incident.queries.instructions import about
from qianjun.incident.rules import instructions as rules
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send_many
from qianjun.message.rules import URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.queries import on_post_or_role

HOUSE: Final = system(name="incident.instructions")
LEADER_POST: Final = "leader_in_charge"
LEADER_MOST: Final = 100
TAKEN_BY_MOST: Final = 60
DIGITS: Final = 18


@transaction.atomic(savepoint=False)
def propose_instruction(
    *, by: Actor, instruction_id: str | int, text: str, asks: bool = True
) -> tuple[Opinion, int]:
    """Say what should be done, and ask the leader on duty; how many were told. 拟办呈批

    Without ``asks`` the officer may hand it on himself.
    """
    require(by, "instruction.handle")
    said = words("text", text, most=rules.WORD_MOST)
    row = held_instruction(by, instruction_id)
    now = clock.now()
    opinion = Opinion.objects.create(
        instruction=row,
        kind=Opinion.Kind.PROPOSAL,
        text=said,
        asks=asks,
        happened_at=now,
        recorded_at=now,
        by_kind=by.kind,
        by_id=by.ident,
    )
    row.proposed_at, row.asked_at = now, now if asks else row.asked_at
    row.save(update_fields=["proposed_at", "asked_at"])
    event = InstructionProposed(instruction_id=row.pk, opinion_id=opinion.pk)
    emit(event, by=by, about=about(row), body=said)
    return opinion, _ask_leader(row, opinion) if asks else 0


def _ask_leader(row: Instruction, opinion: Opinion) -> int:
    """That something waits, not what it says: he reads it after log-in."""
    return send_many(
        by=HOUSE,
        people=[one.pk for one in on_post_or_role(LEADER_POST)],
        purpose="report",
        matter=f"directive:{opinion.pk}",
        text=f"【请批示】来文 {row.number}，请登录千钧“待批”查看并批示。",
        rank=URGENT,
    )


@transaction.atomic(savepoint=False)
def direct_instruction(*, by: Actor, instruction_id: str | int, text: str) -> Opinion:
    """A leader writes his directive with his own hand. 签批"""
    require(by, "instruction.direct")
    said = words("text", text, most=rules.WORD_MOST)
    row = held_instruction(by, instruction_id)
    return _directed(by, row, text=said, leader=by.name or by.ident, how="typed", at=None)


@transaction.atomic(savepoint=False)
def record_directive(
    *,
    by: Actor,
    instruction_id: str | int,
    text: str,
    leader: str,
    how: str,
    at: datetime | None = None,
) -> Opinion:
    """Write down what a leader has directed by voice, photo or paper, and when. 代记批示"""
    require(by, "instruction.handle")
    said = words("text", text, most=rules.WORD_MOST)
    who = words("leader", leader, most=LEADER_MOST)
    if how not in rules.RECORDED:
        raise refused_field("how", "unknown_value", _("批示方式只能是口头、照片或纸质。"))
    check_time("at", at)
    row = held_instruction(by, instruction_id)
    return _directed(by, row, text=said, leader=who, how=how, at=at)


def _directed(
    by: Actor, row: Instruction, *, text: str, leader: str, how: str, at: datetime | None
) -> Opinion:
    now = clock.now()
    opinion = Opinion.objects.create(
        instruction=row,
        kind=Opinion.Kind.DIRECTIVE,
        text=text,
        leader=leader,
        how=how,
        happened_at=at or now,
        recorded_at=now,
        by_kind=by.kind,
        by_id=by.ident,
    )
    row.directed_at, row.asked_at = opinion.happened_at, None
    row.save(update_fields=["directed_at", "asked_at"])
    event = InstructionDirected(instruction_id=row.pk, opinion_id=opinion.pk, how=how)
    emit(event, by=by, about=about(row), body=f"{leader}：{text}", happened_at=at)
    return opinion


@transaction.atomic(savepoint=False)
def withdraw_opinion(*, by: Actor, instruction_id: str | int, opinion: str) -> Opinion:
    """It was recorded by mistake: it stays, struck through. 撤回意见

    Whoever typed his directive withdraws it himself; the officer withdraws what officers recorded.
    """
    require(by, "instruction.handle")
    row = held_instruction(by, instruction_id)
    rows = row.opinions.select_for_update().filter(STANDS)
    found = rows.filter(pk=_key(opinion, field="opinion")).first()
    if found is None:
        raise refused_field("opinion", "unknown_opinion", _("没有这条意见，或已经撤回。"))
    if found.how == Opinion.How.TYPED and (found.by_kind, found.by_id) != (by.kind, by.ident):
        zh = _("领导本人签批的，只能由本人撤回。")
        raise Refused("not_his_own", zh, status=409)
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    _stand_again(row)
    event = OpinionWithdrawn(instruction_id=row.pk, opinion_id=found.pk)
    emit(event, by=by, about=about(row), body=found.text)
    return found


def _stand_again(row: Instruction) -> None:
    """The instants say what stands: who was asked and has not answered is asked still."""
    left = list(row.opinions.filter(STANDS).order_by("recorded_at", "pk"))
    proposals = [one for one in left if one.kind == Opinion.Kind.PROPOSAL]
    directives = [one for one in left if one.kind == Opinion.Kind.DIRECTIVE]
    row.proposed_at = proposals[-1].recorded_at if proposals else None
    row.directed_at = directives[-1].happened_at if directives else None
    since = directives[-1].recorded_at if directives else None
    asked = [one.recorded_at for one in proposals if one.asks]
    waits = [at for at in asked if since is None or at > since]
    row.asked_at = waits[-1] if waits else None
    row.save(update_fields=["proposed_at", "directed_at", "asked_at"])


@transaction.atomic(savepoint=False)
def reply_to_sender(
    *,
    by: Actor,
    instruction_id: str | int,
    way: str,
    text: str,
    taken_by: str = "",
    at: datetime | None = None,
) -> InstructionReply:
    """Note what the sender was answered, which way, and who took it; his clock stops. 回复来文"""
    require(by, "instruction.handle")
    if way not in rules.REPLY_WAYS:
        raise refused_field("way", "unknown_way", _("没有这种回复方式。"))
    said = words("text", text, most=rules.WORD_MOST)
    who = words("taken_by", taken_by, most=TAKEN_BY_MOST, least=0)
    if way == "phone" and not who:
        raise refused_field("taken_by", "too_short", _("请写对方谁接的。"))
    check_time("at", at)
    row = held_instruction(by, instruction_id)
    now = clock.now()
    reply = InstructionReply.objects.create(
        instruction=row,
        way=way,
        text=said,
        taken_by=who,
        replied_at=at or now,
        recorded_at=now,
        by_kind=by.kind,
        by_id=by.ident,
    )
    row.replied_at = row.replied_at or reply.replied_at
    row.save(update_fields=["replied_at"])
    meet_deadline(about=about(row), kind=rules.REPLY_DUE, at=reply.replied_at)
    event = InstructionReplied(instruction_id=row.pk, reply_id=reply.pk, way=way)
    body = " · ".join(part for part in (who, said) if part)
    emit(event, by=by, about=about(row), body=body, happened_at=at)
    return reply


@transaction.atomic(savepoint=False)
def withdraw_reply(*, by: Actor, instruction_id: str | int, reply: str) -> InstructionReply:
    """It was noted by mistake: the sender waits still. 撤回回复"""
    require(by, "instruction.handle")
    row = held_instruction(by, instruction_id)
    rows = row.replies.select_for_update().filter(STANDS)
    found = rows.filter(pk=_key(reply, field="reply")).first()
    if found is None:
        raise refused_field("reply", "unknown_reply", _("没有这次回复，或已经撤回。"))
    now = clock.now()
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    first = row.replies.filter(STANDS).order_by("replied_at").first()
    row.replied_at = first.replied_at if first else None
    row.save(update_fields=["replied_at"])
    expect_reply(row, since=now)
    event = ReplyWithdrawn(instruction_id=row.pk, reply_id=found.pk)
    emit(event, by=by, about=about(row), body=found.text)
    return found


def _key(ident: str, *, field: str) -> int:
    if ident.isascii() and ident.isdigit() and len(ident) <= DIGITS:
        return int(ident)
    raise refused_field(field, f"unknown_{field}", _("没有这一条。"))
