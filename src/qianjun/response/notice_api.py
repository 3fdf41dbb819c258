"""Routes of accident notices: who must be told by law, and whether they were. 事故通报接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident.wire import Asked, Instant
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response import actions
from qianjun.response.queries.noticing import notices_of

router = Router(auth=bearer, tags=["notices"])
Json = dict[str, Any]
ALL = "all"


class Notified(Asked):
    """Which unit, or all that a message can reach, and what is so now."""

    unit: Annotated[str, Field(min_length=1, max_length=30)]
    act: Literal["told", "received", "withdrawn"] = "told"
    way: Literal["message", "phone"] | None = None
    taken_by: Annotated[str, Field(max_length=60)] | None = None
    at: Instant | None = None


@router.get("/incidents/{incident_id}/notices")
def notices(request: HttpRequest, incident_id: str) -> Json:
    """Who must be told, and whether they have been."""
    return _listed(request, incident_id)


@router.post("/incidents/{incident_id}/notices")
def give(request: HttpRequest, incident_id: str, told: Notified) -> HttpResponse:
    """Tell a unit or all of them, note a receipt, or take that back."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.unit == ALL:
            actions.notify_all(by=by, incident_id=incident_id)
        else:
            actions.notify(
                by=by,
                incident_id=incident_id,
                unit=told.unit,
                act=told.act,
                way=told.way or "",
                taken_by=told.taken_by or "",
                at=told.at,
            )
        return 200, _listed(request, incident_id)

    return answer_once(request, run)


def _listed(request: HttpRequest, incident_id: str) -> Json:
    found = notices_of(seen_by=actor_of(request), incident_id=incident_id)
    return {
        "rule": found.rule.code,
        "asked": found.is_asked,
        "due_at": found.due_at.isoformat() if found.is_asked else None,
        "items": [one.as_json() for one in found.lines],
        "next": None,
    }
