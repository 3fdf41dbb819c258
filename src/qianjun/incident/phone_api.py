"""Routes of calls that are no incidents. 电话记录接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.incident import actions
from qianjun.incident.actions import NewPhoneRecord
from qianjun.incident.queries.phone_records import (
    phone_record_json,
    phone_record_seen,
    phone_records,
)
from qianjun.incident.rules import instructions as rules
from qianjun.incident.wire import Asked, Instant
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, as_file, bearer, page_of

router = Router(auth=bearer, tags=["phone_records"])
Json = dict[str, Any]
Code = Annotated[str, Field(max_length=20)]


class Call(Asked):
    """A call as it is told; without ``at`` it was now."""

    direction: Code = "in"
    matter: Code = "other"
    who: Annotated[str, Field(max_length=rules.SENDER_MOST)] | None = None
    phone: Annotated[str, Field(max_length=rules.PHONE_MOST)] | None = None
    text: Annotated[str, Field(max_length=rules.TEXT_MOST)] | None = None
    done_text: Annotated[str, Field(max_length=rules.WORD_MOST)] | None = None
    mark: Code = "internal"
    at: Instant | None = None

    def told(self) -> NewPhoneRecord:
        """As the verbs take it."""
        return NewPhoneRecord(
            direction=self.direction,
            matter=self.matter,
            who=self.who or "",
            phone=self.phone or "",
            text=self.text or "",
            done_text=self.done_text or "",
            mark=self.mark,
            at=self.at,
        )


class Corrected(Call):
    """All of it as it should read, and why."""

    version: Annotated[int, Field(ge=0, le=2**31)]
    why: Annotated[str, Field(min_length=1, max_length=rules.WHY_MOST)]


@router.get("/phone_records")
def listed(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    matter: Annotated[str, Query(max_length=20)] = "",
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Calls by what they were about and by words, the newest first."""
    matter = matter if matter in rules.MATTERS else ""
    rows = phone_records(seen_by=actor_of(request), matter=matter, q=q)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [phone_record_json(row) for row in chosen], "next": more}


@router.post("/phone_records")
def take(request: HttpRequest, told: Call) -> HttpResponse:
    """Write a call down."""

    def run() -> tuple[int, Json]:
        row = actions.take_phone_record(by=actor_of(request), told=told.told())
        return 201, phone_record_json(row)

    return answer_once(request, run)


@router.get("/phone_records/{record_id}")
def one(request: HttpRequest, record_id: str) -> Json:
    """One call."""
    return phone_record_json(phone_record_seen(seen_by=actor_of(request), record_id=record_id))


@router.post("/phone_records/{record_id}/corrections")
def correct(request: HttpRequest, record_id: str, told: Corrected) -> HttpResponse:
    """Put the record of a call right."""

    def run() -> tuple[int, Json]:
        row = actions.correct_phone_record(
            by=actor_of(request),
            record_id=record_id,
            version=told.version,
            told=told.told(),
            why=told.why,
        )
        return 200, phone_record_json(row)

    return answer_once(request, run)


@router.post("/phone_records/{record_id}/word")
def word(request: HttpRequest, record_id: str) -> HttpResponse:
    """The record of a call in Word; taking it out is written down."""
    by = actor_of(request)
    require(by, "phone_record.read")
    called, content = actions.take_call_out(by=by, record_id=record_id)
    return as_file(called, content, media_type=MEDIA_TYPE)
