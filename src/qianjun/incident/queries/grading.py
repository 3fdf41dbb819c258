"""How the grade came to be what it is. 分级过程"""

from qianjun.incident.models import Figure, Grading
from qianjun.incident.queries.figures import figure_series
from qianjun.incident.queries.seen import incident_seen
from qianjun.incident.rules.grading import Said, Step, suggested_steps
from qianjun.org.actor import Actor


def grade_history(
    *, seen_by: Actor, incident_id: str | int
) -> tuple[tuple[Step, ...], tuple[Grading, ...]]:
    """What the figures spoke for, step by step, and what people confirmed, the first first. 分级

    The steps are judged by the kind that the incident has now.
    """
    row = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = figure_series(seen_by=seen_by, incident_id=incident_id)
    said = [_said(one) for one in rows if one.stands]
    steps = suggested_steps(category=row.category, since=row.received_at, said=said)
    return steps, tuple(Grading.objects.filter(incident=row).order_by("pk"))


def _said(row: Figure) -> Said:
    return Said(
        kind=row.kind,
        value=row.value,
        at=row.at,
        recorded_at=row.recorded_at,
        withdrawn_at=row.withdrawn_at,
    )
