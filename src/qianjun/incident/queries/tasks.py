"""What is to be done in incidents, and what has been. 任务查询"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from qianjun.incident.models import Task
from qianjun.incident.queries.seen import incident_seen
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.rules import masked_name

OPEN = Q(done_at__isnull=True, dropped_at__isnull=True)
NOTHING = {"open": 0, "overdue": 0, "done": 0}


def task_counts(incidents: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many tasks of each of these are open, overdue among them, and done; one statement."""
    wanted = list(incidents)
    if not wanted:
        return {}
    rows: Any = (
        Task.objects.filter(incident__in=wanted)
        .values("incident")
        .annotate(
            open=Count("pk", filter=OPEN),
            overdue=Count("pk", filter=OPEN & Q(due_at__lt=clock.now())),
            done=Count("pk", filter=Q(done_at__isnull=False)),
        )
    )
    return {row.pop("incident"): row for row in rows}


def tasks_of(*, seen_by: Actor, incident_id: str | int) -> QuerySet[Task]:
    """The tasks of an incident: open ones by their time, then the others, last ended first. 任务"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = Task.objects.filter(incident=incident).select_related("lead", "person")
    open_first = (F("done_at").desc(nulls_first=True), F("dropped_at").desc(nulls_first=True))
    return rows.order_by(*open_first, F("due_at").asc(nulls_last=True), "pk")


def state_of(row: Task) -> str:
    """Open, done or dropped."""
    if row.done_at is not None:
        return "done"
    return "dropped" if row.dropped_at is not None else "open"


def task_json(row: Task) -> dict[str, Any]:
    """A task for programs: names masked, ``late`` when its time went by before its end. 任务"""
    ended = row.done_at or row.dropped_at
    return {
        "id": str(row.pk),
        "title": row.title,
        "lead": row.lead.code if row.lead else None,
        "lead_name": row.lead.short_name if row.lead else None,
        "person": str(row.person_id) if row.person_id else None,
        "person_masked": masked_name(row.person.name) if row.person else None,
        "state": state_of(row),
        "due_at": _iso(row.due_at),
        "late": row.due_at is not None and (ended or clock.now()) > row.due_at,
        "opened_at": _iso(row.opened_at),
        "done_at": _iso(row.done_at),
        "dropped_at": _iso(row.dropped_at),
        "outcome": row.outcome or None,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
