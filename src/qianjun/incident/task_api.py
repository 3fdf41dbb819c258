"""Routes of tasks: list, give, end. 任务接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident import actions, queries
from qianjun.incident.wire import Asked, Instant
from qianjun.org.http import actor_of, answer_once, bearer, page_of

router = Router(auth=bearer, tags=["tasks"])
Json = dict[str, Any]


class NewTask(Asked):
    """What is to be done, by whom, until when."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    lead: Annotated[str, Field(max_length=30)] | None = None
    person: Annotated[str, Field(max_length=20)] | None = None
    due_at: Instant | None = None


class Done(Asked):
    """What came of it."""

    result: Annotated[str, Field(max_length=500)] | None = None


class Dropped(Asked):
    """Why it need not be done."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/incidents/{incident_id}/tasks")
def tasks(
    request: HttpRequest, incident_id: str, limit: int | None = None, after: str | None = None
) -> Json:
    """The tasks of an incident, the newest first."""
    rows = queries.tasks_of(seen_by=actor_of(request), incident_id=incident_id)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [queries.task_json(row) for row in chosen], "next": more}


@router.post("/incidents/{incident_id}/tasks")
def give(request: HttpRequest, incident_id: str, told: NewTask) -> HttpResponse:
    """Give a task."""

    def run() -> tuple[int, Json]:
        row = actions.open_task(
            by=actor_of(request),
            incident_id=incident_id,
            title=told.title,
            lead=told.lead or "",
            person=told.person or "",
            due_at=told.due_at,
        )
        return 201, queries.task_json(row)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/tasks/{task_id}/done")
def done(request: HttpRequest, incident_id: str, task_id: str, told: Done) -> HttpResponse:
    """A task is done."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        row = actions.finish_task(
            by=by, incident_id=incident_id, task_id=task_id, result=told.result or ""
        )
        return 200, queries.task_json(row)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/tasks/{task_id}/drop")
def drop(request: HttpRequest, incident_id: str, task_id: str, told: Dropped) -> HttpResponse:
    """A task need not be done."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        row = actions.drop_task(by=by, incident_id=incident_id, task_id=task_id, reason=told.reason)
        return 200, queries.task_json(row)

    return answer_once(request, run)
