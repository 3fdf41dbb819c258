"""Routes of absences and of who comes after a post. 外出接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.org.away import actions, queries
from qianjun.org.http import actor_of, answer_once, bearer, page_of
from qianjun.org.wire import Asked, Instant

router = Router(auth=bearer, tags=["absences"])
Json = dict[str, Any]
Ident = Annotated[str, Field(min_length=1, max_length=9, pattern="^[0-9]+$")]


class Away(Asked):
    """Who is away, from when to when, where, and who stands in."""

    person: Ident
    since: Instant
    until: Instant
    where: Literal["district", "city", "outside"]
    place: Annotated[str, Field(max_length=60)] = ""
    stand_in: Ident | None = None


class Deputies(Asked):
    """Who is called after the post stays silent, in this order."""

    people: Annotated[list[Ident], Field(max_length=5)]


@router.get("/absences")
def absences(request: HttpRequest, limit: int | None = None, after: str | None = None) -> Json:
    """Who is away, and who will be."""
    rows = queries.absences(seen_by=actor_of(request))
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [queries.absence_json(one) for one in chosen], "next": more}


@router.post("/absences")
def report(request: HttpRequest, told: Away) -> HttpResponse:
    """Somebody will be away."""

    def run() -> tuple[int, Json]:
        row = actions.report_absence(
            by=actor_of(request),
            person=int(told.person),
            since=told.since,
            until=told.until,
            where=told.where,
            place=told.place,
            stand_in=int(told.stand_in) if told.stand_in is not None else None,
        )
        return 201, queries.absence_json(row)

    return answer_once(request, run)


@router.post("/absences/{absence_id}/end")
def end(request: HttpRequest, absence_id: str) -> HttpResponse:
    """He is back, or does not go."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        actions.end_absence(by=by, absence=absence_id)
        return 200, queries.absence_json(queries.absence_seen(absence_id, seen_by=by))

    return answer_once(request, run)


@router.post("/posts/{post}/deputies")
def deputies(request: HttpRequest, post: str, told: Deputies) -> HttpResponse:
    """Who comes after a post."""

    def run() -> tuple[int, Json]:
        people = [int(one) for one in told.people]
        named = actions.set_post_deputies(by=actor_of(request), post=post, people=people)
        return 200, {"people": [str(one) for one in named]}

    return answer_once(request, run)
