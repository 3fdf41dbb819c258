"""Routes of closing: what is left to settle, lessons, and the day of erasing. 结案接口"""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident.wire import Asked
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, bearer, page_of
from qianjun.response import actions
from qianjun.response.queries.closing import closing_json, closing_of, lesson_json, lessons
from qianjun.response.queries.punctuality import day_of

router = Router(auth=bearer, tags=["closing"])
Json = dict[str, Any]


class NewLesson(Asked):
    """What is to be done better, by whom, until when."""

    text: Annotated[str, Field(min_length=1, max_length=1_000)]
    due_on: Annotated[str, Field(min_length=1, max_length=10)]
    unit: Annotated[str, Field(max_length=30)] | None = None
    person: Annotated[str, Field(max_length=20)] | None = None


class Done(Asked):
    """How it was done, or what was erased."""

    how: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/incidents/{incident_id}/closing")
def closing(request: HttpRequest, incident_id: str) -> Json:
    """What is left before it is closed, what is due after, its lessons."""
    return closing_json(closing_of(seen_by=actor_of(request), incident_id=incident_id))


@router.post("/incidents/{incident_id}/closing/purged")
def purged(request: HttpRequest, incident_id: str, told: Done) -> HttpResponse:
    """Say that its personal data is erased, and what was."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        actions.note_purged(by=by, incident_id=incident_id, what=told.how)
        return 200, closing_json(closing_of(seen_by=by, incident_id=incident_id))

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/lessons")
def add(request: HttpRequest, incident_id: str, told: NewLesson) -> HttpResponse:
    """Put down a lesson."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        require(by, "lesson.write")
        row = actions.add_lesson(
            by=by,
            incident_id=incident_id,
            text=told.text,
            due_on=day_of("due_on", told.due_on) or date.min,
            unit=told.unit or "",
            person=told.person or "",
        )
        return 201, lesson_json(row)

    return answer_once(request, run)


@router.get("/lessons")
def listed(request: HttpRequest) -> Json:
    """The lessons of all incidents: ``state`` is open, late or done."""
    by = actor_of(request)
    require(by, "incident.read")
    found = list(lessons(seen_by=by, state=request.GET.get("state", "")))
    items, after = page_of(found, after=request.GET.get("after"))
    return {"items": [lesson_json(one) for one in items], "next": after}


@router.post("/lessons/{lesson_id}/done")
def done(request: HttpRequest, lesson_id: str, told: Done) -> HttpResponse:
    """It has been done, and how."""

    def run() -> tuple[int, Json]:
        row = actions.finish_lesson(by=actor_of(request), lesson_id=lesson_id, how=told.how)
        return 200, lesson_json(row)

    return answer_once(request, run)


@router.post("/lessons/{lesson_id}/withdraw")
def withdraw(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """It was put down by mistake."""

    def run() -> tuple[int, Json]:
        row = actions.withdraw_lesson(by=actor_of(request), lesson_id=lesson_id)
        return 200, lesson_json(row)

    return answer_once(request, run)
