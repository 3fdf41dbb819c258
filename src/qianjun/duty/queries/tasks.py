"""Tasks on the desk: not signed for, asking for help, late. 值班台上的任务"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from qianjun.incident.models import Incident, Task
from qianjun.incident.queries import open_incidents
from qianjun.incident.queries.tasks import HELP, OPEN, UNSIGNED, overdue, stage_of
from qianjun.kernel import clock
from qianjun.org.actor import Actor

TASKS_MOST: Final = 100


@dataclass(frozen=True, kw_only=True)
class Unsigned:
    """The tasks of an incident that nobody has signed for, the oldest first. 未签收"""

    incident: Incident
    tasks: tuple[Task, ...]

    @property
    def since(self) -> datetime:
        """When the first of them was given."""
        return self.tasks[0].opened_at

    @property
    def whom(self) -> list[str]:
        """Who has not signed, a unit before a person, each once."""
        said = (_who(one) for one in self.tasks)
        return list(dict.fromkeys(one for one in said if one))

    @property
    def reminders(self) -> int:
        """How often they have been reminded, at most."""
        return max(one.reminders for one in self.tasks)


@dataclass(frozen=True, kw_only=True)
class TaskClock:
    """By when a task is to be done, as its chip shows it. 任务时限"""

    started_at: datetime
    due_at: datetime
    met_at: None = None
    rule: str = ""


@dataclass(frozen=True, kw_only=True)
class Troubled:
    """A task whose people ask for help, or that is late. 求助或超时"""

    task: Task
    helps: bool

    @property
    def due(self) -> TaskClock | None:
        """Its chip; None without a time."""
        if self.task.due_at is None:
            return None
        return TaskClock(started_at=self.task.opened_at, due_at=self.task.due_at)


def _who(task: Task) -> str:
    if task.lead is not None:
        return task.lead.short_name
    return task.person.name if task.person is not None else ""


def tasks_that_wait(*, seen_by: Actor) -> list[Task]:
    """Open tasks that nobody has signed for, that ask for help or are late; one statement."""
    late = OPEN & Q(due_at__lt=clock.now())
    seen = open_incidents(seen_by=seen_by).order_by().values("pk")
    rows = Task.objects.filter(UNSIGNED | (OPEN & HELP) | late, incident__in=seen)
    whole = rows.select_related("incident", "lead", "person")
    return list(whole.order_by("opened_at", "pk")[:TASKS_MOST])


def unsigned_by_incident(tasks: Iterable[Task]) -> list[Unsigned]:
    """Those not signed for, together for each incident, who has waited longest first."""
    found: dict[int, list[Task]] = {}
    for one in tasks:
        given = one.lead_id or one.person_id or one.post
        if given and one.accepted_at is None and one.done_at is None:
            found.setdefault(one.incident_id, []).append(one)
    return [Unsigned(incident=of[0].incident, tasks=tuple(of)) for of in found.values()]


def troubled(tasks: Iterable[Task]) -> list[Troubled]:
    """Tasks whose people ask for help, then those that are late; the oldest first. 求助和超时"""
    every = [Troubled(task=one, helps=stage_of(one) == "help") for one in tasks]
    late = (one for one in every if not one.helps and overdue(one.task))
    return [*(one for one in every if one.helps), *late]
