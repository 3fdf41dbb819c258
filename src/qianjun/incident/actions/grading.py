"""A person says how grave the incident is. 定级"""

from django.db import transaction

from qianjun.incident.actions.held import held_incident, must_be_current
from qianjun.incident.events import GradeConfirmed
from qianjun.incident.models import Grading, Incident
from qianjun.incident.queries.cards import grade_of
from qianjun.incident.queries.figures import latest_figures
from qianjun.incident.rules.grading import GRADES
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

WHY_MOST = 500


@transaction.atomic(savepoint=False)
def confirm_grade(
    *, by: Actor, incident_id: str | int, grade: int, version: int, why: str = ""
) -> Incident:
    """Set the grade, beside what the figures suggest; a further row, nothing is replaced. 定级

    A stale version is refused with 409 and the incident as it is now.
    """
    require(by, "incident.grade")
    if grade not in GRADES:
        raise refused_field("grade", "unknown_value", _("事件分级须为 1 至 4，1 最重。"))
    reason = words("why", why, most=WHY_MOST, least=0)
    row = held_incident(by, incident_id)
    must_be_current(row, version)
    suggested = grade_of(row, latest_figures([row.pk])[row.pk]).grade
    Grading.objects.create(
        incident=row,
        value=grade,
        suggested=suggested,
        why=reason,
        at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )
    row.grade = grade
    row.version += 1
    row.save(update_fields=["grade", "version"])
    event = GradeConfirmed(incident_id=row.pk, grade=grade, suggested=suggested)
    emit(event, by=by, incident=row.pk, body=reason)
    return row
