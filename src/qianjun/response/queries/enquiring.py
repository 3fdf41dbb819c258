"""What the press asks about an incident, and what may be said. 媒体问询查询"""

from typing import Any, Final

from django.db.models import QuerySet

from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_seen, timeline
from qianjun.incident.queries.seen import incidents_seen
from qianjun.journal.marking import marks_of
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.response.closing_models import MediaEnquiry

Json = dict[str, Any]
PUBLIC: Final = "public"
LINES: Final = 200


def enquiries_of(*, seen_by: Actor, incident_id: str | int) -> QuerySet[MediaEnquiry]:
    """What was asked about an incident, the latest first; 404 when he does not see it. 媒体问询"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = MediaEnquiry.objects.filter(incident=incident).order_by("-pk")
    return rows.select_related("task__lead", "task__person")


def enquiry_seen(*, seen_by: Actor, enquiry_id: str | int) -> MediaEnquiry:
    """One of an incident that he sees; else 404."""
    if not seen_by.may("incident.read"):
        raise not_found()
    rows = MediaEnquiry.objects.filter(incident__in=incidents_seen(seen_by).order_by())
    found = rows.select_related("incident").filter(pk=key_of(enquiry_id)).first()
    if found is None:
        raise not_found()
    return found


def sayable(*, seen_by: Actor, incident: Incident) -> list[str]:
    """What may be said: the lines of the timeline that somebody has marked 公开, no others. 口径"""
    lines, _more = timeline(
        seen_by=seen_by, incident_id=incident.pk, limit=LINES, newest_first=True
    )
    marks = marks_of([("entry", line["id"]) for line in lines])
    return [
        line["text_zh"]
        for line in lines
        if marks["entry", line["id"]] == PUBLIC and not line["erased"]
    ]


def enquiry_json(row: MediaEnquiry) -> Json:
    """As the interface answers it. 媒体问询"""
    return {
        "id": str(row.pk),
        "incident": str(row.incident_id),
        "task": str(row.task_id),
        "asked_by": row.asked_by,
        "medium": row.medium,
        "question": row.question,
        "asked_at": row.asked_at.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "answer": row.answer or None,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
    }
