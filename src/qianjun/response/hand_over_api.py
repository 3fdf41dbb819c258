"""Routes of handing over first: what a desk must know before us. 先转警接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident.wire import Asked
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response import actions
from qianjun.response.queries.handing import firsts_of

router = Router(auth=bearer, tags=["hand-overs"])
Json = dict[str, Any]


class Handed(Asked):
    """Which desk, and what is so now."""

    desk: Literal["110", "119", "120", "122"]
    act: Literal["told", "confirmed", "withdrawn"]
    taken_by: Annotated[str, Field(max_length=60)] | None = None


@router.get("/incidents/{incident_id}/hand_overs")
def hand_overs(request: HttpRequest, incident_id: str) -> Json:
    """Which desks must know, and whether they do."""
    return _listed(request, incident_id)


@router.post("/incidents/{incident_id}/hand_overs")
def hand_over(request: HttpRequest, incident_id: str, told: Handed) -> HttpResponse:
    """Mark a desk as told or as having confirmed, or take that back."""

    def run() -> tuple[int, Json]:
        actions.hand_over(
            by=actor_of(request),
            incident_id=incident_id,
            desk=told.desk,
            act=told.act,
            taken_by=told.taken_by or "",
        )
        return 200, _listed(request, incident_id)

    return answer_once(request, run)


def _listed(request: HttpRequest, incident_id: str) -> Json:
    found = firsts_of(seen_by=actor_of(request), incident_id=incident_id)
    return {"items": [one.as_json() for one in found], "next": None}
