"""Routes of the duty room for programs: roster, log. 值班接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.duty.bulletins.api import router as bulletins
from qianjun.duty.handing.api import router as handing
from qianjun.duty.log import actions as logging
from qianjun.duty.log import queries as logs
from qianjun.duty.rules.log import GROUPS, SPANS
from qianjun.duty.shifts import actions as shifts
from qianjun.duty.shifts import queries as rosters
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.org.wire import Asked, Instant

router = Router(auth=bearer, tags=["duty"])
router.add_router("", handing)
router.add_router("", bulletins)
Json = dict[str, Any]
Key = Annotated[int, Field(ge=1, lt=2**63)]
Word = Annotated[str, Query(max_length=10)]


class NewShift(Asked):
    """Who has which post from when to when, and how often that comes again."""

    post: Annotated[str, Field(min_length=1, max_length=40)]
    person: Key
    since: Instant
    until: Instant
    every_days: Annotated[int, Field(ge=1, le=31)] = 1
    times: Annotated[int, Field(ge=1, le=31)] = 1


class ChangedShift(Asked):
    """What a shift is to be, and which version was seen."""

    person: Key
    since: Instant
    until: Instant
    version: Annotated[int, Field(ge=1, le=2**31)]


class ShiftAct(Asked):
    """Take off the roster, or put back."""

    act: Literal["remove", "restore"]


class Note(Asked):
    """A line of the log."""

    text: Annotated[str, Field(min_length=1, max_length=5_000)]
    happened_at: Instant | None = None


class Correction(Asked):
    """What stands for a wrong line."""

    text: Annotated[str, Field(min_length=1, max_length=5_000)]
    why: Annotated[str, Field(max_length=200)] | None = None


@router.get("/shifts")
def roster(request: HttpRequest, month: Word = "") -> Json:
    """The roster of a month, and the hours of the next 7 days that nobody covers."""
    found = rosters.roster(seen_by=actor_of(request), month=month)
    return {
        "month": found.month,
        "items": [rosters.shift_json(row) for row in found.shifts],
        "gaps": [rosters.gap_json(code, gap) for code, gap in found.gaps],
    }


@router.post("/shifts")
def enter(request: HttpRequest, told: NewShift) -> HttpResponse:
    """Put somebody on the roster."""

    def run() -> tuple[int, Json]:
        rows = shifts.enter_shift(by=actor_of(request), **told.model_dump())
        return 201, {"items": [rosters.shift_json(row) for row in rows]}

    return answer_once(request, run)


@router.post("/shifts/{shift_id}")
def change(request: HttpRequest, shift_id: str, told: ChangedShift) -> HttpResponse:
    """Another person or another time; 409 when somebody has changed it since."""

    def run() -> tuple[int, Json]:
        row = shifts.change_shift(by=actor_of(request), shift_id=shift_id, **told.model_dump())
        return 200, rosters.shift_json(row)

    return answer_once(request, run)


@router.post("/shifts/{shift_id}/acts")
def act(request: HttpRequest, shift_id: str, told: ShiftAct) -> HttpResponse:
    """Take somebody off the roster, or put him back."""

    def run() -> tuple[int, Json]:
        verb = shifts.remove_shift if told.act == "remove" else shifts.restore_shift
        return 200, rosters.shift_json(verb(by=actor_of(request), shift_id=shift_id))

    return answer_once(request, run)


@router.get("/duty_log")
def log(
    request: HttpRequest,
    day: Word = "",
    span: Annotated[str, Query(max_length=10)] = "",
    group: Annotated[str, Query(max_length=10)] = "",
    page: Annotated[int, Query(ge=0, lt=logs.PAGES_MOST)] = 1,
) -> Json:
    """A page of the log of a day, in order; ``page`` 0 is the last one."""
    by = actor_of(request)
    require(by, "duty_log.read")
    found = logs.log(seen_by=by, asked=logs.asked_for(day=day, span=span, group=group), page=page)
    return {
        "day": found.asked.day.isoformat(),
        "since": found.asked.since.isoformat(),
        "until": found.asked.until.isoformat(),
        "count": found.count,
        "page": found.page,
        "pages": found.pages,
        "groups": list(GROUPS),
        "spans": list(SPANS),
        "items": [logs.line_json(one) for one in found.lines],
    }


@router.post("/duty_log/notes")
def note(request: HttpRequest, told: Note) -> HttpResponse:
    """Write a line of the log; an older time makes it a late entry."""

    def run() -> tuple[int, Json]:
        entry = logging.note_down(
            by=actor_of(request), text=told.text, happened_at=told.happened_at
        )
        return 201, {"id": str(entry)}

    return answer_once(request, run)


@router.post("/duty_log/notes/{entry_id}/correct")
def correct(request: HttpRequest, entry_id: str, told: Correction) -> HttpResponse:
    """A new line stands for a wrong one."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        entry = logging.correct_note(by=by, entry_id=entry_id, text=told.text, why=told.why or "")
        return 201, {"id": str(entry), "corrects": entry_id}

    return answer_once(request, run)
