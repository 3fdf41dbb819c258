"""What those say who have a referral: they come by a link, answer the message, or ring. 转办反馈

What is received first decides; an act keeps its own time, and no word is lost.
"""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from django.db import transaction

from qianjun.incident.actions.escalating import call_about_referral, settle_referral_call
from qianjun.incident.actions.instructions import held_instruction, locked_instruction
from qianjun.incident.actions.noting import check_time
from qianjun.incident.actions.referring import held_referral
from qianjun.incident.instruction_events import (
    InstructionOverdue,
    ReferralAccepted,
    ReferralAnswered,
    ReferralOverdue,
    ReferralProgressed,
)
from qianjun.incident.instruction_models import OPEN, UNANSWERED, Instruction, Referral
from qianjun.incident.instruction_models import ReferralStep as Step
from qianjun.incident.queries.instructions import (
    LINK,
    REFERRAL,
    about,
    about_referral,
    referral_standing,
    whose,
)
from qianjun.incident.rules import instructions as rules
from qianjun.incident.rules.instructions import Fed
from qianjun.incident.rules.tasks import Doing, Judged, later
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline
from qianjun.kernel import clock
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.answering import answered_by_link
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.links import actor_for_link, link_path, living_links

NOW: Final = Doing()
AT_DESK: Final[tuple[Fed, ...]] = ("accepted", "progress", "answered")


@dataclass(frozen=True, kw_only=True)
class FedBack:
    """How the referral stands after an act, and what the act has done. 反馈结果"""

    referral: Referral
    step: Step
    judged: Judged


@transaction.atomic(savepoint=False)
def feed_back(
    *, by: Actor, instruction_id: str | int, referral: str, act: str, doing: Doing = NOW
) -> FedBack:
    """The desk notes what somebody said by telephone. 代记反馈"""
    require(by, "instruction.handle")
    kind = next((one for one in AT_DESK if one == act), None)
    if kind is None:
        raise refused_field("act", "unknown_act", _("只能是签收、进展或反馈。"))
    check_time("happened_at", doing.happened_at)
    least = 0 if kind == "accepted" else 1
    text = words("text", doing.text, most=rules.WORD_MOST, least=least)
    row = held_instruction(by, instruction_id)
    found = held_referral(row, referral)
    return _act(by, row, found, kind, doing, text=text, how=Referral.Signed.DESK)


@transaction.atomic(savepoint=False)
def feed_back_by_link(*, by: Actor, kind: Fed, doing: Doing) -> FedBack:
    """Somebody with the link of a referral acts; never refused for being late. 凭链接反馈"""
    key, ident = by.scope.about
    if by.kind != "link" or key != REFERRAL:
        raise not_found()
    row, found = _locked(key_of(ident))
    # of whoever says that it is done, it is asked what was done
    least = 1 if kind in ("answered", "progress") else 0
    text = words("text", doing.text, most=rules.WORD_MOST, least=least)
    return _act(by, row, found, kind, doing, text=text, how=Referral.Signed.LINK)


@transaction.atomic(savepoint=False)
def sign_referral_by_reply(*, by: Actor, referral: int, person: int) -> FedBack | None:
    """Whoever was sent it has answered that he has it. 回复签收转办"""
    require(by, "instruction.handle")
    if not Referral.objects.filter(pk=referral).exists():
        return None
    row, found = _locked(referral)
    who = Actor(kind="person", ident=str(person), cause=by.cause)
    return _act(who, row, found, "accepted", NOW, text="", how=Referral.Signed.REPLY)


@transaction.atomic(savepoint=False)
def follow_referral(*, by: Actor, referral: int, person: int) -> FedBack | None:
    """A simulated person opens the link of his referral and signs there. 模拟人员签收转办"""
    require(by, "instruction.handle")
    link = living_links(LINK, (REFERRAL, str(referral))).get(person)
    if link is None:
        return None
    who = actor_for_link(LINK, link_path(link).rsplit("/", 1)[1])
    feed_back_by_link(by=who, kind="opened", doing=NOW)
    return feed_back_by_link(by=who, kind="accepted", doing=NOW)


@transaction.atomic(savepoint=False)
def tell_instruction_overdue(*, by: Actor, kind: str, ident: int) -> bool:
    """Say once that an answer is overdue, ours or somebody's; False when there is one. 来文超时"""
    require(by, "instruction.handle")
    if kind == rules.REPLY_DUE:
        row = Instruction.objects.filter(OPEN, pk=ident, replied_at=None).first()
        if row is None:
            return False
        emit(InstructionOverdue(instruction_id=row.pk), by=by, about=about(row), body=row.title)
        return True
    rows = Referral.objects.filter(UNANSWERED, pk=ident, instruction__closed_at=None)
    found = rows.select_related("instruction", "unit", "person").first()
    if found is None:
        return False
    event = ReferralOverdue(instruction_id=found.instruction_id, referral_id=found.pk)
    emit(event, by=by, about=about(found.instruction_id), body=whose(found))
    call_about_referral(found)
    return True


def _locked(referral: int) -> tuple[Instruction, Referral]:
    """The referral, held with its instruction as every verb of it holds it."""
    owner = Referral.objects.filter(pk=referral).values_list("instruction", flat=True).first()
    row = locked_instruction(owner or 0, closed=True)
    return row, Referral.objects.select_related("unit", "person").get(pk=referral)


def _act(
    by: Actor, row: Instruction, referral: Referral, kind: Fed, doing: Doing, *, text: str, how: str
) -> FedBack:
    act_id = doing.act_id or uuid4()
    known = Step.objects.filter(referral=referral, act_id=act_id).first()
    if known is not None:
        again = Judged(outcome="repeated", says=rules.REPEATED)
        return FedBack(referral=referral, step=known, judged=again)
    now = clock.now()
    happened_at = min(doing.happened_at or now, now)
    seen = referral_standing(referral, closed=row.closed_at is not None)
    judged = rules.judge_fed(kind, seen)
    step = Step.objects.create(
        referral=referral,
        kind=kind,
        act_id=act_id,
        outcome=judged.outcome,
        text=text,
        happened_at=happened_at,
        received_at=now,
        claimed_at=doing.claimed_at,
        clock_off=doing.clock_off,
        device=doing.device,
        by_kind=by.kind,
        by_id=by.ident,
    )
    first = referral.answered_at is None
    if judged.counts:
        _put(referral, step, how=how)
    if kind != "opened" and by.kind == "link" and by.person is not None:
        matter = rules.matter_of_referral(referral.pk)
        answered_by_link(purpose="order", matter=matter, person=by.person)
    if kind != "opened" and (judged.counts or (text and judged.outcome == "too_late")):
        _say(by, row, referral, step, ended=first and judged.counts)
    return FedBack(referral=referral, step=step, judged=judged)


def _put(referral: Referral, step: Step, *, how: str) -> None:
    """Let the act change how the referral stands; an older one never undoes a newer."""
    at = step.happened_at
    if step.kind == Step.Kind.OPENED:
        referral.read_at = referral.read_at or at
    elif referral.accepted_at is None:
        referral.accepted_at, referral.accepted_how = at, how
    if step.kind == Step.Kind.PROGRESS:
        referral.progress_at = later(referral.progress_at, at)
    if step.kind == Step.Kind.ANSWERED and referral.answered_at is None:
        referral.answered_at = at
        meet_deadline(about=about_referral(referral), kind=rules.REFERRAL_DUE, at=at)
        settle_referral_call(referral)
    referral.save()


def _say(by: Actor, row: Instruction, referral: Referral, step: Step, *, ended: bool) -> None:
    told = {"instruction_id": row.pk, "referral_id": referral.pk, "step_id": step.pk}
    event: ReferralAccepted | ReferralAnswered | ReferralProgressed
    if step.kind == Step.Kind.ACCEPTED:
        event = ReferralAccepted(**told)
    elif step.kind == Step.Kind.ANSWERED and ended:
        event = ReferralAnswered(**told)
    else:
        event = ReferralProgressed(**told)
    body = " · ".join(part for part in (whose(referral), step.text) if part)
    emit(event, by=by, about=about(row), body=body, happened_at=step.happened_at)
