"""Two incidents that prove to be one after both were reported: one leads. 并案与拆分"""

from typing import Final

from django.db import transaction

from qianjun.incident.actions.held import locked, must_be_open
from qianjun.incident.actions.moving import close_merged
from qianjun.incident.events import IncidentReopened
from qianjun.incident.merging_events import IncidentsMerged, IncidentUnmerged
from qianjun.incident.models import Incident
from qianjun.incident.queries.cards import holds_of
from qianjun.incident.queries.seen import incident_seen
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

WHY_MOST: Final = 500
FINAL_REPORT: Final = "final_report"  # the lead's stands for both
# what is due of the other is due of the lead from then on
DUE: Final = ("written_report", "phone_report", "follow_up", "accident_notice")


@transaction.atomic(savepoint=False)
def merge_incident(
    *, by: Actor, incident_id: str | int, other: str | int, why: str
) -> tuple[Incident, Incident]:
    """``other`` is the same as this one, which leads; both numbers, reports and figures stay. 并案

    Reports are not moved and figures not added: those of the lead count. 409 ``held`` while the
    other has something to settle but its final report, ``incident_closed``, ``has_merged`` when
    others were merged into it; 422 ``same_incident``.
    """
    require(by, "report.sort")
    said = words("why", why, most=WHY_MOST)
    lead = incident_seen(seen_by=by, incident_id=incident_id)
    second = incident_seen(seen_by=by, incident_id=other)
    if lead.pk == second.pk:
        raise refused_field("incident", "same_incident", _("不能并入它自己。"))
    lead, second = locked(lead.pk, second.pk)
    must_be_open(lead)
    must_be_open(second)
    _must_be_free(second)
    now = clock.now()
    for kind in DUE:
        meet_deadline(about=("incident", str(second.pk)), kind=kind, at=now)
    close_merged(by, second, into=lead)
    event = IncidentsMerged(incident_id=lead.pk, merged_id=second.pk)
    about = ("incident", str(second.pk))
    emit(event, by=by, incident=lead.pk, about=about, body=f"{second.number} · {said}")
    return lead, second


def _must_be_free(second: Incident) -> None:
    if second.merged.exists():
        zh = _("它自己已并入了别的事件；请让它牵头，或先拆分。")
        raise Refused("has_merged", zh, status=409)
    holds = [one for one in holds_of(second.pk) if one["kind"] != FINAL_REPORT]
    if holds:
        zh = _("被并入的事件还有未了结的事；请让它牵头，或先办完再并。")
        raise Refused("held", zh, status=409, extra={"holds": holds})


@transaction.atomic(savepoint=False)
def unmerge_incident(*, by: Actor, incident_id: str | int, why: str) -> Incident:
    """It was another one after all: it is open again, by its own number. 拆分

    409 ``not_merged`` when it was not merged, or its reports have been moved.
    """
    require(by, "report.sort")
    said = words("why", why, most=WHY_MOST)
    row = incident_seen(seen_by=by, incident_id=incident_id)
    if row.merged_into_id is None or not row.reports.exists():
        raise Refused("not_merged", _("这个事件没有并案，不用拆分。"), status=409)
    lead, row = locked(row.merged_into_id, row.pk)
    row.merged_into, row.state, row.closed_at = None, Incident.State.OPEN, None
    row.version += 1
    row.save(update_fields=["merged_into", "state", "closed_at", "version"])
    emit(IncidentReopened(incident_id=row.pk), by=by, incident=row.pk, body=said)
    event = IncidentUnmerged(incident_id=lead.pk, merged_id=row.pk)
    about = ("incident", str(row.pk))
    emit(event, by=by, incident=lead.pk, about=about, body=f"{row.number} · {said}")
    return row
