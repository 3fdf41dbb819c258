"""What those do who have a task: sign, say how it goes, ask for help, say that it is done. 办理任务

They come by a link, answer the message, or ring and the desk notes it for them. What is received
first decides; an act keeps its own time, and one that comes too late is kept and changes nothing.
"""

from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from django.db import transaction

from qianjun.confirm.actions import settle_about
from qianjun.confirm.rules import How
from qianjun.incident.actions.charging import charge_of
from qianjun.incident.actions.held import locked
from qianjun.incident.actions.noting import check_time
from qianjun.incident.actions.tasks import OUTCOME_MOST, end_as_done, held_task
from qianjun.incident.actions.telling import HOUSE
from qianjun.incident.events import (
    TaskAccepted,
    TaskHelpAsked,
    TaskOverdue,
    TaskProgressed,
)
from qianjun.incident.models import Charge, Task, TaskStep
from qianjun.incident.queries.tasks import CHARGE, LINK, about, about_charge, standing_of
from qianjun.incident.rules import tasks as rules
from qianjun.incident.rules.tasks import Doing, Judged, Kind
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.fields import words
from qianjun.message.answering import answered_by_link
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.links import actor_for_link, link_path, living_links
from qianjun.org.queries import name_of

EVENTS: Final = {
    "accepted": TaskAccepted,
    "progress": TaskProgressed,
    "help": TaskHelpAsked,
}
AT_THE_DESK = Doing()
ANSWERED: Final[dict[str, How]] = {
    Task.Signed.LINK: "link",
    Task.Signed.REPLY: "reply",
    Task.Signed.DESK: "by_desk",
}


@dataclass(frozen=True, kw_only=True)
class Acted:
    """How the task stands after an act, and what the act has done. 办理结果"""

    task: Task
    step: TaskStep
    judged: Judged


@transaction.atomic(savepoint=False)
def act_by_link(*, by: Actor, kind: Kind, doing: Doing) -> Acted:
    """Somebody with the link of a charge acts; never refused for being late. 凭链接办理"""
    charge = _charge_of_link(by)
    row = _locked(charge.task_id)
    charge.refresh_from_db()
    text = words("text", doing.text, most=OUTCOME_MOST, least=0)
    return _act(by, row, charge, kind, doing, text=text, how=Task.Signed.LINK)


@transaction.atomic(savepoint=False)
def sign_by_reply(*, by: Actor, charge: int, person: int) -> Acted | None:
    """Whoever was sent the order has answered that he has it. 回复签收"""
    require(by, "incident.task")
    found = Charge.objects.filter(pk=charge).first()
    if found is None:
        return None
    row = _locked(found.task_id)
    found.refresh_from_db()
    who = Actor(kind="person", ident=str(person), cause=by.cause)
    return _act(who, row, found, "accepted", Doing(), text="", how=Task.Signed.REPLY)


@transaction.atomic(savepoint=False)
def sign_by_call(*, by: Actor, charge: int, person: int) -> Acted | None:
    """The desk has noted that somebody answered the call about his order: he has it. 叫应签收"""
    require(by, "incident.task")
    found = Charge.objects.filter(pk=charge).first()
    if found is None:
        return None
    row = _locked(found.task_id)
    found.refresh_from_db()
    if row.accepted_at is not None or not standing_of(row, found).waits:
        return None
    who = Actor(kind="person", ident=str(person), cause=by.cause)
    return _act(who, row, found, "accepted", Doing(), text="", how=Task.Signed.DESK)


@transaction.atomic(savepoint=False)
def follow_link(*, by: Actor, charge: int, person: int) -> Acted | None:
    """A simulated person opens the link of his order and signs there. 模拟人员签收"""
    require(by, "incident.task")
    link = living_links(LINK, (CHARGE, str(charge))).get(person)
    if link is None:
        return None
    who = actor_for_link(LINK, link_path(link).rsplit("/", 1)[1])
    act_by_link(by=who, kind="opened", doing=Doing())
    return act_by_link(by=who, kind="accepted", doing=Doing())


@transaction.atomic(savepoint=False)
def accept_task(
    *, by: Actor, incident_id: str | int, task_id: str | int, doing: Doing = AT_THE_DESK
) -> Acted:
    """The desk notes that a task was signed for, by telephone say; 409 when it is over. 代记签收"""
    require(by, "incident.task")
    return _at_the_desk(by, incident_id, task_id, "accepted", doing)


@transaction.atomic(savepoint=False)
def report_progress(
    *, by: Actor, incident_id: str | int, task_id: str | int, doing: Doing
) -> Acted:
    """The desk notes how a task goes. 代记进展"""
    require(by, "incident.task")
    return _at_the_desk(by, incident_id, task_id, "progress", doing)


@transaction.atomic(savepoint=False)
def ask_help(*, by: Actor, incident_id: str | int, task_id: str | int, doing: Doing) -> Acted:
    """The desk notes that somebody needs help with a task. 代记求助"""
    require(by, "incident.task")
    return _at_the_desk(by, incident_id, task_id, "help", doing)


@transaction.atomic(savepoint=False)
def tell_overdue(*, by: Actor, task_id: int) -> bool:
    """Say once that a task's time went by, with its title; False when it has ended. 超时"""
    require(by, "incident.task")
    row = Task.objects.filter(pk=task_id, done_at=None, dropped_at=None).first()
    if row is None:
        return False
    event = TaskOverdue(incident_id=row.incident_id, task_id=row.pk)
    emit(event, by=by, incident=row.incident_id, about=about(row), body=row.title)
    return True


def _at_the_desk(
    by: Actor, incident_id: str | int, task_id: str | int, kind: Kind, doing: Doing
) -> Acted:
    check_time("happened_at", doing.happened_at)
    least = 0 if kind == "accepted" else 1
    text = words("text", doing.text, most=OUTCOME_MOST, least=least)
    _incident, row = held_task(by, incident_id, task_id)
    return _act(by, row, charge_of(row), kind, doing, text=text, how=Task.Signed.DESK)


def _charge_of_link(by: Actor) -> Charge:
    kind, ident = by.scope.about
    if by.kind != "link" or kind != CHARGE:
        raise not_found()
    found = Charge.objects.filter(pk=key_of(ident)).first()
    if found is None:
        raise not_found()
    return found


def _locked(task: int) -> Task:
    """The task, held with its incident as every verb of tasks holds it."""
    locked(Task.objects.values_list("incident", flat=True).get(pk=task))
    return Task.objects.get(pk=task)


def _act(
    by: Actor, row: Task, charge: Charge, kind: Kind, doing: Doing, *, text: str, how: str
) -> Acted:
    act_id = doing.act_id or uuid4()
    known = TaskStep.objects.filter(task=row, act_id=act_id).first()
    if known is not None:
        return Acted(task=row, step=known, judged=Judged(outcome="repeated", says=rules.REPEATED))
    now = clock.now()
    happened_at = min(doing.happened_at or now, now)
    judged = rules.judge(kind, standing_of(row, charge), happened_at=happened_at)
    step = TaskStep.objects.create(
        task=row,
        charge=charge,
        kind=kind,
        act_id=act_id,
        outcome=judged.outcome,
        text=text,
        happened_at=happened_at,
        received_at=now,
        claimed_at=doing.claimed_at,
        clock_off=doing.clock_off,
        device=doing.device,
        other_device=_another(by, charge, doing.device),
        by_kind=by.kind,
        by_id=by.ident,
    )
    if judged.counts:
        _put(by, row, step, how=how)
    if kind != "opened" and by.kind == "link" and by.person is not None:
        answered_by_link(
            purpose="order", matter=rules.matter_of_charge(charge.pk), person=by.person
        )
    if judged.counts or (text and judged.outcome == "too_late"):
        _say(by, row, step, ended=judged.counts)
    return Acted(task=row, step=step, judged=judged)


def _another(by: Actor, charge: Charge, device: str) -> bool:
    """Whether this person acted from another telephone before; one without a name is the same."""
    own = TaskStep.objects.filter(charge=charge, by_kind=by.kind, by_id=by.ident)
    first = own.exclude(device="").order_by("pk").values_list("device", flat=True).first()
    return bool(device and first and first != device)


def _put(by: Actor, row: Task, step: TaskStep, *, how: str) -> None:
    """Let the act change how the task stands; an older one never undoes a newer."""
    at = step.happened_at
    if step.kind == "opened":
        row.read_at = row.read_at or at
    elif row.accepted_at is None:
        row.accepted_at, row.accepted_how = at, how
        row.accepted_by_kind, row.accepted_by_id = by.kind, by.ident
        _answer_call(by, step, how=how)
    if step.kind == "progress":
        row.progress_at = rules.later(row.progress_at, at)
    if step.kind == "help":
        row.help_at = rules.later(row.help_at, at)
    row.save()


def _answer_call(by: Actor, step: TaskStep, *, how: str) -> None:
    """Who signs has answered the call; whoever else might sign is called no more."""
    # the desk signs for somebody: it does not say for whom
    person = None if how == Task.Signed.DESK else by.person or key_of(by.ident)
    settle_about(
        by=replace(HOUSE, cause=by.cause),
        about=about_charge(step.charge),
        person=person,
        how=ANSWERED[how],
        happened_at=step.happened_at,
    )


def _say(by: Actor, row: Task, step: TaskStep, *, ended: bool) -> None:
    if step.kind == "done" and ended:
        end_as_done(by, row, outcome=step.text, happened_at=step.happened_at)
        return
    event = EVENTS.get(step.kind, TaskProgressed)
    if step.kind == "opened":
        return
    said = event(incident_id=row.incident_id, task_id=row.pk, step_id=step.pk)
    body = " · ".join(part for part in (row.title, name_of(by.kind, by.ident), step.text) if part)
    emit(
        said,
        by=by,
        incident=row.incident_id,
        about=about(row),
        body=body,
        happened_at=step.happened_at,
    )
