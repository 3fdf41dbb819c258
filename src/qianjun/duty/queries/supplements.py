"""What changed after the end of an incident and is to be reported on its day. 待补报"""

from qianjun.duty.queries.look import ROWS_MOST, Look
from qianjun.duty.queries.reports import Owed
from qianjun.incident.models import Incident
from qianjun.incident.queries import incidents
from qianjun.journal.deadlines import deadlines_of
from qianjun.response.rules.families import ADDITION, SUPPLEMENT
from qianjun.response.upward_models import OPEN, UpwardReport


def supplements_owed(look: Look) -> tuple[Owed, ...]:
    """Drafts of closed incidents, the oldest first; the open ones stand with theirs. 待补报

    Two statements; one while there is none.
    """
    seen = incidents(seen_by=look.by).filter(state=Incident.State.CLOSED).order_by().values("pk")
    rows = list(
        UpwardReport.objects.filter(OPEN, kind__in=(SUPPLEMENT, ADDITION), incident__in=seen)
        .select_related("incident")
        .defer("lines", "text", "written")
        .order_by("drafted_at", "pk")[:ROWS_MOST]
    )
    dues = deadlines_of(*(("incident", str(row.incident_id)) for row in rows)) if rows else {}
    found = []
    for row in rows:
        its = dues["incident", str(row.incident_id)]
        open_ones = [one for one in its if one.kind == row.kind and one.met_at is None]
        found.append(Owed(incident=row.incident, due=next(iter(open_ones), None), row=row))
    return tuple(found)
