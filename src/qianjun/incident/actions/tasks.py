"""Give somebody something to do, hand it on, and see that it ends. 任务"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qianjun.confirm.actions import end_all_about
from qianjun.incident.actions.charging import charge_of
from qianjun.incident.actions.closing import lift_hold, place_hold
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.actions.telling import HOUSE, tell_charge, tell_off
from qianjun.incident.actions.whom import person_told, unit_told
from qianjun.incident.events import TaskDone, TaskDropped, TaskOpened, TaskReassigned
from qianjun.incident.models import Charge, Hold, Incident, Task
from qianjun.incident.queries.tasks import about, about_charge, until_said
from qianjun.incident.rules.tasks import DEADLINE, RULE, bad_due
from qianjun.incident.undo_events import TaskReopened
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline, set_deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.models import Post, Unit
from qianjun.org.rules import masked_name

TITLE_MOST = 200
ORDER_MOST = 500
OUTCOME_MOST = 500
SUPPORTING_MOST = 30
# why nobody need sign any more
MOVED_ON, OVER = "任务已转交", "任务已了结"


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task as it is given: units by code, a person by id, a post by code. 待下达任务

    ``origin`` is what opened it, such as ``("activation", "7")``; empty when a person did by hand.
    ``first`` marks what the duty officer may start alone 先期处置.
    """

    title: str
    lead: str = ""
    supporting: tuple[str, ...] = ()
    person: str | int = ""
    post: str = ""
    due_at: datetime | None = None
    order: str = ""
    first: bool = False
    origin: tuple[str, str] = ("", "")


@transaction.atomic(savepoint=False)
def open_task(
    *,
    by: Actor,
    incident_id: str | int,
    title: str,
    lead: str = "",
    supporting: Iterable[str] = (),
    person: str | int = "",
    post: str = "",
    due_at: datetime | None = None,
    order: str = "",
) -> Task:
    """Give a task, to a unit by its code, a person by id, a post, or nobody yet. 下达任务

    It holds the incident, and whoever has it is sent the order with a link to sign. Refuses with
    422 what nobody could do: a time gone by, an unknown unit or person.
    """
    require(by, "incident.task")
    told = NewTask(
        title=title,
        lead=lead,
        supporting=tuple(supporting),
        person=person,
        post=post,
        due_at=due_at,
        order=order,
    )
    return give_tasks(by=by, incident_id=incident_id, tasks=[told])[0]


@transaction.atomic(savepoint=False)
def give_tasks(*, by: Actor, incident_id: str | int, tasks: Iterable[NewTask]) -> list[Task]:
    """Give many at once, all or none, as an activation does; in its transaction. 批量下达"""
    require(by, "incident.task")
    wanted = [(told, _fields(told)) for told in tasks]
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    return [_given(by, incident, told, fields) for told, fields in wanted]


def _fields(told: NewTask) -> dict[str, Any]:
    """What is told as columns; 422 for what will not do."""
    fault = bad_due(told.due_at, now=clock.now())
    title = words("title", told.title, most=TITLE_MOST)
    if fault is not None:
        raise Refused(fault.code, fault.zh, fields=(fault,))
    return {
        "title": title,
        "lead": unit_told(told.lead, field="lead"),
        "person": person_told(told.person),
        "post": _post(told.post),
        "due_at": told.due_at,
        "order": words("order", told.order, most=ORDER_MOST, least=0),
        "first": told.first,
        "origin_kind": told.origin[0],
        "origin_id": told.origin[1],
    }


def _given(by: Actor, incident: Incident, told: NewTask, fields: dict[str, Any]) -> Task:
    now = clock.now()
    lead = fields["lead"]
    units = _units(told.supporting, but=lead)
    row = Task.objects.create(
        incident=incident, opened_at=now, by_kind=by.kind, by_id=by.ident, **fields
    )
    row.supporting.set(units)
    charge = _charge(row, by=by)
    _expect(row)
    event = TaskOpened(incident_id=incident.pk, task_id=row.pk)
    emit(event, by=by, incident=incident.pk, about=about(row), body=_body(row, units))
    tell_charge(row, charge)
    return row


def _charge(row: Task, *, by: Actor, why: str = "") -> Charge:
    return Charge.objects.create(
        task=row,
        lead=row.lead,
        person=row.person,
        post=row.post,
        since=clock.now(),
        why=why,
        by_kind=by.kind,
        by_id=by.ident,
    )


def _expect(row: Task, *, since: datetime | None = None) -> None:
    """It holds the incident, and its time runs from when it was given or is open again."""
    place_hold(incident=row.incident_id, kind=Hold.Kind.TASKS, about=about(row))
    if row.due_at is not None:
        set_deadline(
            about=about(row),
            kind=DEADLINE,
            started_at=since or row.opened_at,
            due_at=row.due_at,
            rule=RULE,
            incident=row.incident_id,
        )


def _units(codes: Iterable[str], *, but: Unit | None) -> list[Unit]:
    """The supporting units, each once and never the lead."""
    found = [unit_told(code, field="supporting") for code in dict.fromkeys(codes) if code]
    if len(found) > SUPPORTING_MOST:
        raise refused_field("supporting", "too_many", _("配合单位太多。"))
    return [unit for unit in found if unit is not None and unit != but]


def _post(code: str) -> str:
    if code and ("\0" in code or not Post.objects.filter(code=code).exists()):
        raise refused_field("post", "unknown_post", _("没有这个岗位。"))
    return code


def _body(row: Task, units: Iterable[Unit] = ()) -> str:
    parts = [row.title, *_whom(row)]
    parts += [" ".join(unit.short_name for unit in units)]
    if row.due_at is not None:
        parts.append(until_said(row.due_at))
    return " · ".join(part for part in (*parts, row.order) if part)


def _whom(row: Task) -> list[str]:
    lead = [row.lead.short_name] if row.lead is not None else []
    post = Post.objects.filter(code=row.post).values_list("name", flat=True) if row.post else ()
    return [*lead, *post, *([masked_name(row.person.name)] if row.person is not None else [])]


@transaction.atomic(savepoint=False)
def reassign_task(
    *,
    by: Actor,
    incident_id: str | int,
    task_id: str | int,
    lead: str = "",
    person: str | int = "",
    post: str = "",
    why: str = "",
) -> Task:
    """Give a task to somebody else; who had it is told and stays on record. 转交

    409 when it has ended, 422 when nobody is named or the same has it already.
    """
    require(by, "incident.task")
    reason = words("why", why, most=OUTCOME_MOST, least=0)
    to = {"lead": unit_told(lead, field="lead"), "person": person_told(person), "post": _post(post)}
    if not any(to.values()):
        raise refused_field("lead", "nobody", _("请写转交给哪个单位、人员或岗位。"))
    incident, row = held_task(by, incident_id, task_id)
    if all(getattr(row, name) == whom for name, whom in to.items()):
        raise refused_field("lead", "the_same", _("这项任务现在就由他们办，没有变化。"))
    before = _end_charge(row)
    for name, value in {**to, **_afresh()}.items():
        setattr(row, name, value)
    row.save()
    charge = _charge(row, by=by, why=reason)
    body = " · ".join(part for part in (row.title, *_whom(row), reason) if part)
    event = TaskReassigned(incident_id=incident.pk, task_id=row.pk, charge_id=charge.pk)
    emit(event, by=by, incident=incident.pk, about=about(row), body=body)
    tell_charge(row, charge)
    tell_off(row, before, to=charge)
    return row


def _afresh() -> dict[str, Any]:
    """Nobody has signed what was just given to him."""
    instants = dict.fromkeys(("read_at", "accepted_at", "progress_at", "help_at", "reminded_at"))
    words_ = dict.fromkeys(("accepted_by_kind", "accepted_by_id", "accepted_how"), "")
    return {**instants, **words_, "reminders": 0}


def _end_charge(row: Task) -> Charge:
    charge = charge_of(row)
    charge.until = clock.now()
    charge.save(update_fields=["until"])
    end_all_about(by=HOUSE, about=about_charge(charge), why=MOVED_ON)
    return charge


@transaction.atomic(savepoint=False)
def finish_task(*, by: Actor, incident_id: str | int, task_id: str | int, result: str = "") -> Task:
    """A task is done, with what came of it; 409 when it has ended already. 办结"""
    require(by, "incident.task")
    outcome = words("result", result, most=OUTCOME_MOST, least=0)
    _incident, row = held_task(by, incident_id, task_id)
    end_as_done(by, row, outcome=outcome)
    return row


def end_as_done(by: Actor, row: Task, *, outcome: str, happened_at: datetime | None = None) -> None:
    """The same for a task that is held already, as those say who did it."""
    row.done_at = happened_at or clock.now()
    _end(row, by=by, outcome=outcome)
    event = TaskDone(incident_id=row.incident_id, task_id=row.pk)
    emit(
        event,
        by=by,
        incident=row.incident_id,
        about=about(row),
        body=_told(row),
        happened_at=happened_at,
    )


@transaction.atomic(savepoint=False)
def drop_task(*, by: Actor, incident_id: str | int, task_id: str | int, reason: str) -> Task:
    """A task need not be done, for this reason; 409 when it has ended already. 撤销"""
    require(by, "incident.task")
    outcome = words("reason", reason, most=OUTCOME_MOST)
    incident, row = held_task(by, incident_id, task_id)
    row.dropped_at = clock.now()
    _end(row, by=by, outcome=outcome)
    event = TaskDropped(incident_id=incident.pk, task_id=row.pk)
    emit(event, by=by, incident=incident.pk, about=about(row), body=_told(row))
    tell_off(row, charge_of(row))
    return row


@transaction.atomic(savepoint=False)
def reopen_task(*, by: Actor, incident_id: str | int, task_id: str | int, reason: str) -> Task:
    """A task that was said to be done is open again, for this reason. 恢复办理

    It holds the incident and its time runs as before. 409 when it is open or was dropped: of a
    dropped one people were told that it is off.
    """
    require(by, "incident.task")
    why = words("reason", reason, most=OUTCOME_MOST)
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    row = Task.objects.filter(pk=key_of(task_id), incident=incident).first()
    if row is None:
        raise not_found()
    if row.done_at is None:
        raise Refused("not_done", _("这项任务没有办结，不用恢复。"), status=409)
    row.done_at, row.outcome, row.ended_by_kind, row.ended_by_id = None, "", "", ""
    row.save(update_fields=["done_at", "outcome", "ended_by_kind", "ended_by_id"])
    _expect(row, since=clock.now())
    event = TaskReopened(incident_id=incident.pk, task_id=row.pk)
    emit(event, by=by, incident=incident.pk, about=about(row), body=f"{row.title} · {why}")
    return row


def held_task(by: Actor, incident_id: str | int, task_id: str | int) -> tuple[Incident, Task]:
    """The incident and its task that is still open, locked; 404, 409."""
    incident = held_incident(by, incident_id)
    row = Task.objects.filter(pk=key_of(task_id), incident=incident).first()
    if row is None:
        raise not_found()
    if row.done_at is not None or row.dropped_at is not None:
        raise Refused("task_ended", _("这项任务已经了结。"), status=409)
    return incident, row


def _end(row: Task, *, by: Actor, outcome: str) -> None:
    row.outcome = outcome
    row.ended_by_kind, row.ended_by_id = by.kind, by.ident
    row.save()
    end_all_about(by=HOUSE, about=about_charge(charge_of(row)), why=OVER)
    lift_hold(about=about(row))
    meet_deadline(about=about(row), kind=DEADLINE, at=row.done_at or clock.now())


def _told(row: Task) -> str:
    return " · ".join(part for part in (row.title, row.outcome) if part)
