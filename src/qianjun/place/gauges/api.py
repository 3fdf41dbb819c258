"""Routes of gauges and readings for programs. 水情接口"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.org.http import actor_of, answer_once, bearer, page_of
from qianjun.org.wire import Asked, Instant
from qianjun.place.gauges import actions, queries

router = Router(auth=bearer, tags=["gauges"])
Json = dict[str, Any]
Code = Annotated[str, Field(min_length=1, max_length=32)]


class NewReading(Asked):
    """What a gauge showed, or is forecast to show; without ``at`` it is now."""

    gauge: Code
    value: Annotated[str, Field(max_length=40)] = ""
    words: Annotated[str, Field(max_length=500)] = ""
    kind: Literal["observed", "forecast"] = "observed"
    at: Instant | None = None
    issued_at: Instant | None = None
    source: Annotated[str, Field(max_length=80)] = ""
    sure: bool = False


class NewReadings(Asked):
    """Readings that come together: all are taken, or none."""

    readings: Annotated[list[NewReading], Field(min_length=1, max_length=actions.ROWS_MOST)]


class Correction(Asked):
    """What should have been written, and why."""

    value: Annotated[str, Field(max_length=40)] = ""
    words: Annotated[str, Field(max_length=500)] = ""
    why: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/gauges")
def gauges(request: HttpRequest) -> Json:
    """Every gauge with its newest reading, its trend and what is forecast."""
    shown = queries.shown_gauges(seen_by=actor_of(request))
    return {"items": [queries.gauge_json(one) for one in shown]}


@router.get("/readings")
def readings(
    request: HttpRequest,
    gauge: Annotated[str, Query(max_length=32)] = "",
    since: Annotated[datetime | None, Query()] = None,
) -> Json:
    """Readings, the newest first, those that were corrected too."""
    aware = since if since is None or since.tzinfo else None
    rows, more = page_of(queries.readings(seen_by=actor_of(request), gauge=gauge, since=aware))
    return {"items": [queries.reading_json(row) for row in rows], "next": more}


@router.post("/readings")
def take(request: HttpRequest, told: NewReadings) -> HttpResponse:
    """Take readings in; what is known already is not written twice."""

    def run() -> tuple[int, Json]:
        every = [actions.Told(**one.model_dump()) for one in told.readings]
        taken = actions.take_readings(by=actor_of(request), told=every)
        rows = [queries.reading_json(row) for row in taken.rows]
        return (201 if taken.made else 200), {"items": rows, "made": taken.made}

    return answer_once(request, run)


@router.post("/readings/{reading_id}/correct")
def correct(request: HttpRequest, reading_id: str, told: Correction) -> HttpResponse:
    """Another value stands for a wrong one."""

    def run() -> tuple[int, Json]:
        row = actions.correct_reading(
            by=actor_of(request),
            reading_id=reading_id,
            value=told.value,
            text=told.words,
            why=told.why,
        )
        return 201, queries.reading_json(row)

    return answer_once(request, run)
