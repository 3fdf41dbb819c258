"""Routes of what the press asks. 媒体问询接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident.queries import incident_seen
from qianjun.incident.wire import Asked, Instant
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response import actions
from qianjun.response.queries.enquiring import enquiries_of, enquiry_json, sayable

router = Router(auth=bearer, tags=["media_enquiries"])
Json = dict[str, Any]


class Enquiry(Asked):
    """Who of which medium asks what, and until when; a person instead of the department."""

    asked_by: Annotated[str, Field(min_length=1, max_length=60)]
    medium: Annotated[str, Field(min_length=1, max_length=60)]
    question: Annotated[str, Field(min_length=1, max_length=1_000)]
    until: Instant | None = None
    person: Annotated[str, Field(max_length=20)] | None = None


class Answer(Asked):
    """What the press was told."""

    answer: Annotated[str, Field(min_length=1, max_length=2_000)]


@router.get("/incidents/{incident_id}/media_enquiries")
def enquiries(request: HttpRequest, incident_id: str) -> Json:
    """What was asked about an incident, and the public lines that may be said."""
    by = actor_of(request)
    found = [enquiry_json(one) for one in enquiries_of(seen_by=by, incident_id=incident_id)]
    incident = incident_seen(seen_by=by, incident_id=incident_id)
    return {"items": found, "sayable": sayable(seen_by=by, incident=incident), "next": None}


@router.post("/incidents/{incident_id}/media_enquiries")
def take(request: HttpRequest, incident_id: str, told: Enquiry) -> HttpResponse:
    """The press asks; a task goes to whoever answers."""

    def run() -> tuple[int, Json]:
        row = actions.take_enquiry(
            by=actor_of(request),
            incident_id=incident_id,
            asked_by=told.asked_by,
            medium=told.medium,
            question=told.question,
            until=told.until,
            person=told.person or "",
        )
        return 201, enquiry_json(row)

    return answer_once(request, run)


@router.post("/media_enquiries/{enquiry_id}/answer")
def answer(request: HttpRequest, enquiry_id: str, told: Answer) -> HttpResponse:
    """What the press was told."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        return 200, enquiry_json(
            actions.answer_enquiry(by=by, enquiry_id=enquiry_id, answer=told.answer)
        )

    return answer_once(request, run)
