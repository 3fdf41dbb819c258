"""Hand an instruction on to units and persons, with a deadline each; remind, withdraw. 转办"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from qianjun.incident.actions.escalating import settle_referral_call
from qianjun.incident.actions.instructions import expect_answer, held_instruction
from qianjun.incident.actions.whom import person_told, unit_told
from qianjun.incident.instruction_events import (
    InstructionReferred,
    ReferralReminded,
    ReferralWithdrawn,
)
from qianjun.incident.instruction_models import STANDS, UNANSWERED, Instruction, Referral
from qianjun.incident.queries.instructions import LINK, about, about_referral, whose
from qianjun.incident.queries.tasks import until_said
from qianjun.incident.rules import instructions as rules
from qianjun.incident.rules.tasks import REMIND_AGAIN, bad_due
from qianjun.journal.bus import emit, is_history
from qianjun.journal.deadlines import meet_deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send, send_many
from qianjun.message.rules import STAND_DOWN, URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.contacts import first_reachable
from qianjun.org.links import link_path, living_links, make_link
from qianjun.org.models import Person, Unit

HOUSE: Final = system(name="incident.referrals")
DIGITS: Final = 18


@transaction.atomic(savepoint=False)
def refer_instruction(
    *,
    by: Actor,
    instruction_id: str | int,
    order: str,
    units: Iterable[str] = (),
    people: Iterable[str] = (),
    due_at: datetime | None = None,
) -> list[Referral]:
    """Give it to each of these units and persons: a row, a link and a deadline for each. 转办

    All or none. A unit whom no message reaches stands with nobody told. 409 ``has_it_already``.
    """
    require(by, "instruction.handle")
    fault = bad_due(due_at, now=clock.now())
    if fault is not None:
        raise Refused(fault.code, fault.zh, fields=(fault,))
    said = words("order", order, most=rules.WORD_MOST)
    whom = _whom(units, people)
    row = held_instruction(by, instruction_id)
    _not_twice(row, whom)
    return [_referred(by, row, unit, person, order=said, due_at=due_at) for unit, person in whom]


def _whom(units: Iterable[str], people: Iterable[str]) -> list[tuple[Unit | None, Person | None]]:
    found: list[tuple[Unit | None, Person | None]] = [
        (unit_told(code, field="units"), None) for code in dict.fromkeys(units) if code
    ]
    found += [(None, person_told(ident)) for ident in dict.fromkeys(people) if ident]
    if not found:
        raise refused_field("units", "nobody", _("请选转办给哪个单位或哪个人。"))
    if len(found) > rules.TOLD_MOST:
        raise refused_field("units", "too_many", _("一次转办的单位太多，请分几次。"))
    return found


def _not_twice(row: Instruction, whom: list[tuple[Unit | None, Person | None]]) -> None:
    open_ones = list(row.referrals.filter(UNANSWERED))
    having = {(one.unit_id, one.person_id) for one in open_ones}
    again = [
        unit.short_name if unit else ""
        for unit, person in whom
        if (unit.pk if unit else None, person.pk if person else None) in having
    ]
    if again:
        zh = _("其中有单位或人员手上已有这件、还没有反馈；请催办，或先撤回再转。")
        raise Refused("has_it_already", zh, status=409)


def _referred(
    by: Actor,
    row: Instruction,
    unit: Unit | None,
    person: Person | None,
    *,
    order: str,
    due_at: datetime | None,
) -> Referral:
    now = clock.now()
    referral = Referral.objects.create(
        instruction=row,
        unit=unit,
        person=person,
        order=order,
        given_at=now,
        due_at=due_at,
        by_kind=by.kind,
        by_id=by.ident,
    )
    expect_answer(referral, since=now)
    event = InstructionReferred(instruction_id=row.pk, referral_id=referral.pk)
    until = until_said(due_at) if due_at else ""
    body = " · ".join(part for part in (whose(referral), until, order) if part)
    emit(event, by=by, about=about(row), body=body)
    referral.told = _tell(row, referral, reminder=0)
    referral.save(update_fields=["told"])
    return referral


def recipient(referral: Referral) -> Person | None:
    """Who is written to: the person, else the first of the unit's contacts with an address."""
    if referral.person is not None:
        return referral.person if referral.person.addresses.exists() else None
    return first_reachable(referral.unit.code) if referral.unit else None


def _tell(row: Instruction, referral: Referral, *, reminder: int) -> int:
    """The link of his own to whoever has it; how many messages. What it says is read there."""
    person = None if is_history() else recipient(referral)
    if person is None:
        return 0
    known = living_links(LINK, about_referral(referral)).get(person.pk)
    path = (
        link_path(known)
        if known
        else make_link(purpose=LINK, about=about_referral(referral), person=person.pk)
    )
    until = f"，{until_said(referral.due_at)}前反馈" if referral.due_at else ""
    sent = send(
        by=HOUSE,
        person=person.pk,
        purpose="order",
        matter=rules.matter_of_referral(referral.pk),
        text=f"【转办】来文 {row.number}{until}。请打开链接查看并签收，或回复“收到”。",
        rank=URGENT,
        links=(path,),
        expects_answer=True,
        reminder=reminder,
    )
    return int(sent is not None)


@transaction.atomic(savepoint=False)
def remind_referrals(
    *, by: Actor, instruction_id: str | int, referral: str = ""
) -> tuple[list[Referral], int]:
    """Remind whoever has not answered, or the one named: rows and messages. 催办

    What was reminded of within the last minute waits; 409 when nothing is left to remind of.
    """
    require(by, "instruction.handle")
    row = held_instruction(by, instruction_id)
    rows = row.referrals.select_for_update(of=("self",)).filter(UNANSWERED)
    if referral:
        rows = rows.filter(pk=referral_key(referral))
    before = clock.now() - REMIND_AGAIN
    ready = [
        one
        for one in rows.select_related("unit", "person").order_by("pk")
        if one.reminded_at is None or one.reminded_at <= before
    ]
    told = [(one, count) for one in ready if (count := _remind(by, row, one))]
    if not told:
        zh = _("没有可以催办的：都已反馈、没有联系人，或一分钟内刚催过。")
        raise Refused("nothing_to_remind", zh, status=409)
    return [one for one, _count in told], sum(count for _one, count in told)


def _remind(by: Actor, row: Instruction, referral: Referral) -> int:
    number = referral.reminders + 1
    count = _tell(row, referral, reminder=number)
    if count:
        referral.reminders, referral.reminded_at = number, clock.now()
        referral.told = max(referral.told, count)
        referral.save(update_fields=["reminders", "reminded_at", "told"])
        event = ReferralReminded(instruction_id=row.pk, referral_id=referral.pk, reminder=number)
        emit(event, by=by, about=about(row), body=whose(referral))
    return count


@transaction.atomic(savepoint=False)
def withdraw_referral(*, by: Actor, instruction_id: str | int, referral: str, why: str) -> Referral:
    """He need not do it, for this reason; whoever was told hears so. 撤回转办"""
    require(by, "instruction.handle")
    reason = words("why", why, most=rules.WHY_MOST)
    row = held_instruction(by, instruction_id)
    found = held_referral(row, referral)
    now = clock.now()
    found.withdrawn_at, found.withdrawn_why = now, reason
    found.save(update_fields=["withdrawn_at", "withdrawn_why"])
    meet_deadline(about=about_referral(found), kind=rules.REFERRAL_DUE, at=now)
    settle_referral_call(found)
    event = ReferralWithdrawn(instruction_id=row.pk, referral_id=found.pk)
    emit(event, by=by, about=about(row), body=f"{whose(found)} · {reason}")
    told = list(living_links(LINK, about_referral(found)))
    send_many(
        by=HOUSE,
        people=told,
        purpose="stand_down",
        matter=rules.matter_of_referral(found.pk),
        text=f"【撤回转办】来文 {row.number} 不用再办。",
        rank=STAND_DOWN,
    )
    return found


def held_referral(row: Instruction, referral: str) -> Referral:
    """A referral of it that stands, locked; 409 ``unknown_referral``."""
    rows = row.referrals.select_for_update(of=("self",)).select_related("unit", "person")
    found = rows.filter(STANDS, pk=referral_key(referral)).first()
    if found is None:
        raise _unknown()
    return found


def referral_key(referral: str) -> int:
    """Its key; 409 ``unknown_referral`` for what is none."""
    if referral.isascii() and referral.isdigit() and len(referral) <= DIGITS:
        return int(referral)
    raise _unknown()


def _unknown() -> Refused:
    return Refused("unknown_referral", _("没有这件转办，或已经撤回。"), status=409)
