"""Routes of two incidents that are one: merge, unmerge. 并案接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident.actions import merge_incident, unmerge_incident
from qianjun.incident.queries import incident_card
from qianjun.incident.wire import Asked
from qianjun.org.http import actor_of, answer_once, bearer

router = Router(auth=bearer, tags=["merging"])
Json = dict[str, Any]


class Merged(Asked):
    """Which other incident is the same, and why."""

    incident: Annotated[str, Field(min_length=1, max_length=20)]
    why: Annotated[str, Field(min_length=1, max_length=500)]


class Unmerged(Asked):
    """Why it is another one after all."""

    why: Annotated[str, Field(min_length=1, max_length=500)]


@router.post("/incidents/{incident_id}/merge")
def merge(request: HttpRequest, incident_id: str, told: Merged) -> HttpResponse:
    """The other incident is the same as this one, which leads."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        lead, other = merge_incident(
            by=by, incident_id=incident_id, other=told.incident, why=told.why
        )
        return 200, {
            "lead": incident_card(seen_by=by, incident_id=lead.pk),
            "merged": incident_card(seen_by=by, incident_id=other.pk),
        }

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/unmerge")
def unmerge(request: HttpRequest, incident_id: str, told: Unmerged) -> HttpResponse:
    """What was merged into another is open again."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        row = unmerge_incident(by=by, incident_id=incident_id, why=told.why)
        return 200, incident_card(seen_by=by, incident_id=row.pk)

    return answer_once(request, run)
