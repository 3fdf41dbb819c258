"""Routes of tasks: list, give, sign, tell, remind, hand on, end. 任务接口"""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident import actions, queries
from qianjun.incident.queries.tasks import calls_of
from qianjun.incident.rules.tasks import Doing
from qianjun.incident.wire import Asked, Instant
from qianjun.org.http import actor_of, answer_once, bearer, page_of

router = Router(auth=bearer, tags=["tasks"])
Json = dict[str, Any]
Code = Annotated[str, Field(max_length=40)]
ACT_ID = r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


class NewTask(Asked):
    """What is to be done, by whom, until when."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    lead: Annotated[str, Field(max_length=30)] | None = None
    person: Annotated[str, Field(max_length=20)] | None = None
    post: Code | None = None
    supporting: list[Code] = Field(default_factory=list, max_length=30)
    order: Annotated[str, Field(max_length=500)] | None = None
    due_at: Instant | None = None


class Told(Asked):
    """What somebody said of a task, when; ``act_id`` makes a second sending harmless."""

    text: Annotated[str, Field(max_length=500)] | None = None
    happened_at: Instant | None = None
    act_id: Annotated[str, Field(pattern=ACT_ID)] | None = None

    def doing(self) -> Doing:
        """As the verbs take it."""
        act_id = UUID(self.act_id) if self.act_id else None
        return Doing(act_id=act_id, happened_at=self.happened_at, text=self.text or "")


class Reassigned(Asked):
    """Who has it from now on, and why."""

    lead: Code | None = None
    person: Annotated[str, Field(max_length=20)] | None = None
    post: Code | None = None
    why: Annotated[str, Field(max_length=500)] | None = None


class Reminding(Asked):
    """One task only, or all that nobody has signed."""

    task: Annotated[str, Field(max_length=20)] | None = None


class Done(Asked):
    """What came of it."""

    result: Annotated[str, Field(max_length=500)] | None = None


class Dropped(Asked):
    """Why it need not be done."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/incidents/{incident_id}/tasks")
def tasks(
    request: HttpRequest,
    incident_id: str,
    limit: int | None = None,
    after: str | None = None,
    unsigned: bool = False,
) -> Json:
    """The tasks of an incident, the newest first; with ``unsigned`` those nobody has signed."""
    by = actor_of(request)
    rows = queries.tasks_of(seen_by=by, incident_id=incident_id)
    if unsigned:
        wanted = queries.unsigned_tasks(seen_by=by).order_by().values("pk")
        rows = rows.filter(pk__in=wanted)
    chosen, more = page_of(rows, limit=limit, after=after)
    calls = calls_of(chosen)
    return {"items": [queries.task_json(row, calls=calls) for row in chosen], "next": more}


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
            post=told.post or "",
            supporting=told.supporting,
            order=told.order or "",
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


@router.post("/incidents/{incident_id}/tasks/remind")
def remind(request: HttpRequest, incident_id: str, told: Reminding) -> HttpResponse:
    """Remind everybody who has not signed."""

    def run() -> tuple[int, Json]:
        rows, count = actions.remind_unsigned(
            by=actor_of(request), incident_id=incident_id, task_id=told.task
        )
        return 200, {"tasks": [str(row.pk) for row in rows], "messages": count}

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/tasks/{task_id}/reassign")
def reassign(
    request: HttpRequest, incident_id: str, task_id: str, told: Reassigned
) -> HttpResponse:
    """Give a task to somebody else."""

    def run() -> tuple[int, Json]:
        row = actions.reassign_task(
            by=actor_of(request),
            incident_id=incident_id,
            task_id=task_id,
            lead=told.lead or "",
            person=told.person or "",
            post=told.post or "",
            why=told.why or "",
        )
        return 200, queries.task_json(row)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/tasks/{task_id}/accept")
def accept(request: HttpRequest, incident_id: str, task_id: str, told: Told) -> HttpResponse:
    """Note that a task was signed for."""
    return _noted(request, actions.accept_task, incident_id, task_id, told)


@router.post("/incidents/{incident_id}/tasks/{task_id}/progress")
def progress(request: HttpRequest, incident_id: str, task_id: str, told: Told) -> HttpResponse:
    """Note how a task goes."""
    return _noted(request, actions.report_progress, incident_id, task_id, told)


@router.post("/incidents/{incident_id}/tasks/{task_id}/help")
def help_asked(request: HttpRequest, incident_id: str, task_id: str, told: Told) -> HttpResponse:
    """Note that somebody needs help with a task."""
    return _noted(request, actions.ask_help, incident_id, task_id, told)


def _noted(
    request: HttpRequest,
    verb: Callable[..., actions.Acted],
    incident_id: str,
    task_id: str,
    told: Told,
) -> HttpResponse:
    def run() -> tuple[int, Json]:
        done = verb(
            by=actor_of(request), incident_id=incident_id, task_id=task_id, doing=told.doing()
        )
        return 200, {**queries.task_json(done.task), "outcome_of_act": done.judged.outcome}

    return answer_once(request, run)
