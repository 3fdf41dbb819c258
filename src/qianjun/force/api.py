"""Routes of forces: teams, coverage, volunteers in numbers. 力量接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.force import actions, queries
from qianjun.force.callout_api import router as callouts
from qianjun.force.team_api import router as team_calls
from qianjun.incident.wire import Asked, Instant
from qianjun.org.http import actor_of, answer_once, bearer, page_of

router = Router(auth=bearer, tags=["forces"])
router.add_router("", callouts)
router.add_router("", team_calls)
Json = dict[str, Any]
Kind = Literal["community", "enterprise", "professional", "fire", "militia", "social"]


class Ready(Asked):
    """Whether a team can come, and with how many."""

    state: Literal["ready", "standing_by", "out", "resting"]
    headcount: Annotated[int, Field(ge=0, le=10_000)] | None = None


class Pause(Asked):
    """Until when somebody is not called."""

    until: Instant


class Resume(Asked):
    """Nothing to say."""


@router.get("/teams")
def teams(
    request: HttpRequest,
    kind: Kind | None = None,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Teams, the newest first."""
    rows = queries.teams(seen_by=actor_of(request), kind=kind or "", q=q)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [queries.team_json(row) for row in queries.rows_of(chosen)], "next": more}


@router.get("/teams/{team_id}")
def team(request: HttpRequest, team_id: str) -> Json:
    """One team with members and equipment."""
    found = queries.team_seen(team_id, seen_by=actor_of(request))
    return queries.whole_json(queries.whole(found))


@router.post("/teams/{team_id}/readiness")
def readiness(request: HttpRequest, team_id: str, told: Ready) -> HttpResponse:
    """Say whether a team can come."""

    def run() -> tuple[int, Json]:
        row = actions.set_readiness(
            by=actor_of(request), team_id=team_id, state=told.state, headcount=told.headcount
        )
        said = queries.readiness_json(row) or {}
        return 200, {"team": str(row.team_id), **said}

    return answer_once(request, run)


@router.get("/coverage")
def coverage(request: HttpRequest, limit: int | None = None, after: str | None = None) -> Json:
    """Every community with its teams, or the nearest one where there is none."""
    rows = [queries.covered_json(one) for one in queries.coverage(seen_by=actor_of(request))]
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": chosen, "next": more, "uncovered": sum(not one["teams"] for one in rows)}


@router.get("/volunteers/summary")
def summary(request: HttpRequest) -> Json:
    """How many volunteers there are and how many may be called."""
    return queries.summary_json(queries.summary(seen_by=actor_of(request)))


@router.post("/volunteers/{volunteer_id}/pause")
def pause(request: HttpRequest, volunteer_id: str, told: Pause) -> HttpResponse:
    """Call somebody no more until then."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        row = actions.pause_volunteer(by=by, volunteer_id=volunteer_id, until=told.until)
        return 200, queries.volunteer_json(queries.shown(row))

    return answer_once(request, run)


@router.post("/volunteers/{volunteer_id}/resume")
def resume(request: HttpRequest, volunteer_id: str, told: Resume) -> HttpResponse:  # noqa: ARG001
    """Let somebody be called again."""

    def run() -> tuple[int, Json]:
        row = actions.resume_volunteer(by=actor_of(request), volunteer_id=volunteer_id)
        return 200, queries.volunteer_json(queries.shown(row))

    return answer_once(request, run)
