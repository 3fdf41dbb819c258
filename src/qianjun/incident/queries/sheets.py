"""The lines of one unit in one incident, and a task as its own page shows it. 任务单"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from qianjun.incident.models import Charge, Incident, Task
from qianjun.incident.queries.seen import incident_seen
from qianjun.incident.queries.tasks import (
    CHARGE,
    overdue,
    stage_of,
    standing_of,
    supporting_of,
    whole,
)
from qianjun.incident.rules.tasks import ACTS, STAGES, STEPS, Stage
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.models import Unit
from qianjun.org.queries import sees, unit_by_code
from qianjun.org.rules import masked_name

OVER: tuple[Stage, ...] = ("done", "dropped", "moved")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What one unit has to do in one incident, leading or supporting. 任务单"""

    incident: Incident
    unit: Unit
    leading: list[Task]
    supporting: list[Task]


def sheet_of(*, seen_by: Actor, incident_id: str | int, unit: str) -> Sheet:
    """A unit's own lines and no others; 404 when he may not know of the unit or it has none. 任务单

    Whoever reads the incident sees the sheet of every unit; anybody else those of his own tree.
    """
    require(seen_by, "task.sheet")
    whose = unit_by_code(unit) if "\0" not in unit else None
    if whose is None or not _may_see(seen_by, incident_id, whose):
        raise not_found()
    rows = whole(Task.objects.filter(incident=key_of(incident_id), dropped_at__isnull=True))
    own = rows.filter(Q(lead=whose) | Q(supporting=whose)).order_by("due_at", "pk").distinct()
    tasks = list(own)
    if not tasks:
        raise not_found()
    leading = [row for row in tasks if row.lead_id == whose.pk]
    return Sheet(
        incident=tasks[0].incident,
        unit=whose,
        leading=leading,
        supporting=[row for row in tasks if row.lead_id != whose.pk],
    )


def _may_see(by: Actor, incident_id: str | int, unit: Unit) -> bool:
    if by.scope.kind == "unit" and sees(by, unit.path):
        return True
    if not by.may("incident.read"):
        return False
    try:
        incident_seen(seen_by=by, incident_id=incident_id)
    except Refused:
        return False
    return True


def task_of_link(by: Actor) -> tuple[Task, Charge]:
    """The task and charge that a link is about; 404 for a link about anything else. 链接的任务"""
    kind, ident = by.scope.about
    found = Charge.objects.filter(pk=key_of(ident)).first() if kind == CHARGE else None
    if found is None:
        raise not_found()
    return whole(Task.objects.filter(pk=found.task_id)).get(), found


def stage_for(row: Task, charge: Charge) -> Stage:
    """How far it is for who has, or had, this charge."""
    return "moved" if standing_of(row, charge).moved else stage_of(row)


def allowed(stage: Stage) -> list[str]:
    """What can be done with a link at this stage. 可办操作"""
    if stage in OVER:
        return []
    signed = {"opened"} if stage == "unsigned" else {"opened", "accept"}
    return [act for act in ACTS if act not in signed]


def shown_to_link(by: Actor, row: Task, charge: Charge) -> dict[str, Any]:
    """A task as whoever has its link may see it: no reports, no figures, no other names. 任务页"""
    stage = stage_for(row, charge)
    own = [s for s in row.steps.all() if (s.by_kind, s.by_id) == (by.kind, by.ident)]
    return {
        "kind": "task",
        "state": stage,
        "state_zh": STAGES[stage],
        "title": row.title,
        "order": row.order or None,
        "number": row.incident.number,
        "place": row.incident.place_name or None,
        "lead": row.lead.short_name if row.lead else None,
        "supporting": [name for _code, name in supporting_of(row)],
        "given_at": charge.since,
        "due_at": row.due_at,
        "late": overdue(row) and stage not in OVER,
        "my": {"name_masked": masked_name(by.name) if by.name else None},
        "acts": allowed(stage),
        "outcome": row.outcome if stage == "done" else None,
        "steps": [
            {
                "kind": step.kind,
                "kind_zh": STEPS[step.kind],
                "text": step.text,
                "outcome": step.outcome,
                "happened_at": step.happened_at,
                "received_at": step.received_at,
            }
            for step in own
            if step.kind != "opened"
        ],
    }
