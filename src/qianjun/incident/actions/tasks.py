"""Give somebody something to do, and see that it ends. 任务"""

from datetime import datetime

from django.db import transaction

from qianjun.incident.actions.closing import lift_hold, place_hold
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.actions.noting import refused_field, words
from qianjun.incident.events import TaskDone, TaskDropped, TaskOpened
from qianjun.incident.models import Hold, Incident, Task
from qianjun.incident.queries.seen import key_of
from qianjun.incident.rules.tasks import DEADLINE, RULE, bad_due
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline, set_deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.models import Person, Unit
from qianjun.org.queries import unit_by_code
from qianjun.org.rules import masked_name

TITLE_MOST = 200
OUTCOME_MOST = 500


@transaction.atomic(savepoint=False)
def open_task(
    *,
    by: Actor,
    incident_id: str | int,
    title: str,
    lead: str = "",
    person: str | int = "",
    due_at: datetime | None = None,
) -> Task:
    """Give a task, to a unit by its code, a person by id, or nobody yet; it holds the incident.

    Refuses with 422 what nobody could do: a time gone by, an unknown unit or person. 下达任务
    """
    require(by, "incident.task")
    what = words("title", title, most=TITLE_MOST)
    now = clock.now()
    fault = bad_due(due_at, now=now)
    if fault is not None:
        raise Refused(fault.code, fault.zh, fields=(fault,))
    unit, somebody = _unit(lead), _person(person)
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    row = Task.objects.create(
        incident=incident,
        title=what,
        lead=unit,
        person=somebody,
        due_at=due_at,
        opened_at=now,
        by_kind=by.kind,
        by_id=by.ident,
    )
    _expect(row)
    event = TaskOpened(incident_id=incident.pk, task_id=row.pk)
    emit(event, by=by, incident=incident.pk, about=about(row), body=_body(row))
    return row


def about(row: Task) -> tuple[str, str]:
    """What holds and deadlines of a task are about."""
    return ("task", str(row.pk))


def _expect(row: Task) -> None:
    place_hold(incident=row.incident_id, kind=Hold.Kind.TASKS, about=about(row))
    if row.due_at is not None:
        set_deadline(
            about=about(row),
            kind=DEADLINE,
            started_at=row.opened_at,
            due_at=row.due_at,
            rule=RULE,
            incident=row.incident_id,
        )


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    found = unit_by_code(code) if "\0" not in code else None
    if found is None:
        raise refused_field("lead", "unknown_unit", _("没有这个单位。"))
    return found


def _person(ident: str | int) -> Person | None:
    if ident == "":
        return None
    try:
        return Person.objects.get(pk=key_of(ident))
    except (Person.DoesNotExist, Refused):
        raise refused_field("person", "unknown_person", _("没有这个人。")) from None


def _body(row: Task) -> str:
    parts = [row.title]
    if row.lead is not None:
        parts.append(row.lead.short_name)
    if row.person is not None:
        parts.append(masked_name(row.person.name))
    if row.due_at is not None:
        parts.append(_until(row.due_at))
    return " · ".join(parts)


def _until(due_at: datetime) -> str:
    local, today = clock.in_beijing(due_at), clock.in_beijing(clock.now()).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"


@transaction.atomic(savepoint=False)
def finish_task(*, by: Actor, incident_id: str | int, task_id: str | int, result: str = "") -> Task:
    """A task is done, with what came of it; 409 when it has ended already. 办结"""
    require(by, "incident.task")
    outcome = words("result", result, most=OUTCOME_MOST, least=0)
    incident, row = _held(by, incident_id, task_id)
    row.done_at = clock.now()
    _end(row, by=by, outcome=outcome)
    event = TaskDone(incident_id=incident.pk, task_id=row.pk)
    emit(event, by=by, incident=incident.pk, about=about(row), body=_told(row))
    return row


@transaction.atomic(savepoint=False)
def drop_task(*, by: Actor, incident_id: str | int, task_id: str | int, reason: str) -> Task:
    """A task need not be done, for this reason; 409 when it has ended already. 撤销"""
    require(by, "incident.task")
    outcome = words("reason", reason, most=OUTCOME_MOST)
    incident, row = _held(by, incident_id, task_id)
    row.dropped_at = clock.now()
    _end(row, by=by, outcome=outcome)
    event = TaskDropped(incident_id=incident.pk, task_id=row.pk)
    emit(event, by=by, incident=incident.pk, about=about(row), body=_told(row))
    return row


def _held(by: Actor, incident_id: str | int, task_id: str | int) -> tuple[Incident, Task]:
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
    lift_hold(about=about(row))
    meet_deadline(about=about(row), kind=DEADLINE, at=clock.now())


def _told(row: Task) -> str:
    return " · ".join(part for part in (row.title, row.outcome) if part)
