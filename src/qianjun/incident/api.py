"""Routes of incidents: list, card, timeline, notes, figures, settling, closing. 事件接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.incident import actions, queries
from qianjun.incident.models import Figure
from qianjun.incident.rules.figures import MOST
from qianjun.incident.task_api import router as tasks
from qianjun.incident.wire import Asked, CrsName, Instant, Lat, Lon
from qianjun.org.actor import Actor
from qianjun.org.http import actor_of, answer_once, bearer, page_of

router = Router(auth=bearer, tags=["incidents"])
router.add_router("", tasks)

Kind = Literal["dead", "missing", "serious", "injured", "evacuated", "loss_yuan"]
Words = Annotated[str, Field(min_length=1, max_length=5_000)]
Json = dict[str, Any]


class NewFigure(Asked):
    """A number, as of when, from whom."""

    kind: Kind
    value: Annotated[int, Field(ge=0, le=max(MOST.values()))]
    at: Instant | None = None
    source: Annotated[str, Field(min_length=1, max_length=60)]
    explanation: Annotated[str, Field(max_length=500)] | None = None


class NewGrade(Asked):
    """A grade, 1 the gravest, judged by the incident at this version."""

    grade: Annotated[int, Field(ge=1, le=4)]
    why: Annotated[str, Field(max_length=500)] | None = None
    version: int


class NewNote(Asked):
    """A line for the timeline; with ``corrects`` in the place of that one, whose kind it keeps."""

    text: Words
    kind: Literal["fact", "order", "feedback"] = "fact"
    happened_at: Instant | None = None
    corrects: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    why: Annotated[str, Field(max_length=200)] | None = None


class Reason(Asked):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class NewPlace(Asked):
    """A place that a person settles."""

    lon: Lon
    lat: Lat
    crs: CrsName = "wgs84"
    name: Annotated[str, Field(max_length=200)] = ""
    code: Annotated[str, Field(max_length=40)] = ""
    radius_m: Annotated[float, Field(gt=0, le=50_000)] = 50.0


class Settled(Asked):
    """What a person settles; what is left out stays."""

    version: int
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    category: Annotated[str, Field(max_length=10)] | None = None
    occurred_at: Instant | None = None
    place: NewPlace | None = None


@router.get("/incidents")
def incidents(
    request: HttpRequest,
    state: Literal["open", "closed"] | None = None,
    kind: Literal["incident", "operation"] | None = None,
    since: Instant | None = None,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Incidents, the newest first."""
    by = actor_of(request)
    rows = queries.incidents(seen_by=by, state=state, kind=kind, since=since, q=q)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": queries.cards(chosen), "next": more}


@router.get("/incidents/{incident_id}")
def incident(request: HttpRequest, incident_id: str) -> Json:
    """One incident."""
    return queries.incident_card(seen_by=actor_of(request), incident_id=incident_id)


@router.patch("/incidents/{incident_id}")
def settle(request: HttpRequest, incident_id: str, facts: Settled) -> HttpResponse:
    """Settle title, category, time or place."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        actions.settle_facts(
            by=by, incident_id=incident_id, version=facts.version, facts=_given(facts)
        )
        return 200, queries.incident_card(seen_by=by, incident_id=incident_id)

    return answer_once(request, run)


def _given(facts: Settled) -> Json:
    told = {name: getattr(facts, name) for name in facts.model_fields_set - {"version"}}
    if facts.place is not None:
        told["place"] = actions.Place(**facts.place.model_dump())
    return told


@router.get("/incidents/{incident_id}/timeline")
def timeline(
    request: HttpRequest,
    incident_id: str,
    after: str | None = None,
    kind: Literal["fact", "order", "feedback", "system"] | None = None,
    as_of: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Json:
    """What happened, in the order it happened."""
    items, more = queries.timeline(
        seen_by=actor_of(request),
        incident_id=incident_id,
        after=after,
        kind=kind,
        as_of=as_of,
        limit=limit,
    )
    return {"items": items, "next": more}


@router.post("/incidents/{incident_id}/figures")
def figure(request: HttpRequest, incident_id: str, told: NewFigure) -> HttpResponse:
    """Add a number."""

    def run() -> tuple[int, Json]:
        row = actions.add_figure(
            by=actor_of(request),
            incident_id=incident_id,
            kind=told.kind,
            value=told.value,
            at=told.at,
            source=told.source,
            explanation=told.explanation or "",
        )
        return 201, _figure(row)

    return answer_once(request, run)


def _figure(row: Figure) -> Json:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "value": row.value,
        "at": row.at.isoformat(),
        "source": row.source,
        "explanation": row.explanation or None,
    }


@router.post("/incidents/{incident_id}/notes")
def note(request: HttpRequest, incident_id: str, told: NewNote) -> HttpResponse:
    """Put a line on the timeline."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.corrects is not None:
            return _corrected(by, incident_id, told.corrects, told)
        entry = actions.add_note(
            by=by,
            incident_id=incident_id,
            text=told.text,
            kind=told.kind,
            happened_at=told.happened_at,
        )
        return 201, {"id": str(entry), "kind": told.kind, "corrects": None}

    return answer_once(request, run)


def _corrected(by: Actor, incident_id: str, corrects: str, told: NewNote) -> tuple[int, Json]:
    entry, kind = actions.correct_entry(
        by=by,
        incident_id=incident_id,
        entry_id=corrects,
        text=told.text,
        why=told.why or "",
        happened_at=told.happened_at,
    )
    return 201, {"id": str(entry), "kind": kind, "corrects": corrects}


@router.post("/incidents/{incident_id}/grade")
def grade(request: HttpRequest, incident_id: str, told: NewGrade) -> HttpResponse:
    """Confirm the grade."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        actions.confirm_grade(
            by=by,
            incident_id=incident_id,
            grade=told.grade,
            version=told.version,
            why=told.why or "",
        )
        return 200, queries.incident_card(seen_by=by, incident_id=incident_id)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/close")
def close(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Close the incident."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        actions.close_incident(by=by, incident_id=incident_id)
        return 200, queries.incident_card(seen_by=by, incident_id=incident_id)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/reopen")
def reopen(request: HttpRequest, incident_id: str, told: Reason) -> HttpResponse:
    """Open the incident again."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        actions.reopen_incident(by=by, incident_id=incident_id, reason=told.reason)
        return 200, queries.incident_card(seen_by=by, incident_id=incident_id)

    return answer_once(request, run)
