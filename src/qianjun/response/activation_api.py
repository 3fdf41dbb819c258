"""Routes of first measures and responses. 先期处置与响应接口"""

from dataclasses import replace
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident.queries import activation_seen
from qianjun.incident.wire import Asked as Body
from qianjun.incident.wire import Instant
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response import actions
from qianjun.response.actions.responding import Started
from qianjun.response.queries import responding as seen
from qianjun.response.queries.responding import Asked
from qianjun.response.queries.teaming import called_json
from qianjun.response.rules.measuring import first_measures_of

router = Router(auth=bearer, tags=["responses"])
Json = dict[str, Any]
Words = Annotated[str, Field(max_length=1_000)]
Name = Annotated[str, Field(max_length=100)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
LevelNumber = Annotated[int, Field(ge=1, le=4)]


class FirstMeasures(Body):
    """Look first, or do it."""

    preview: bool = False


class NewActivation(Body):
    """Which plan at which level, and the four elements of its notice."""

    plan: Code
    level: LevelNumber
    authority: Code | None = None
    matters: Words | None = None
    expected_until: Instant | None = None
    measures: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=40)
    ] = Field(default_factory=list)
    why: Words | None = None
    decided_by: Name | None = None
    preview: bool = False

    def asked(self) -> Asked:
        """The same as the house knows it."""
        return Asked(
            plan=self.plan,
            level=self.level,
            authority=self.authority or "",
            matters=self.matters or "",
            expected_until=self.expected_until,
            measures=tuple(self.measures),
            why=self.why or "",
            decided_by=self.decided_by or "",
        )


class NewOperation(NewActivation):
    """The same for a response without an incident."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    area: Annotated[str, Field(max_length=200)] | None = None
    warning: Annotated[str, Field(max_length=40)] | None = None

    def asked(self) -> Asked:
        """With the warning that it answers, in the words of whoever issued it."""
        return replace(super().asked(), warning=self.warning or "")


class Decision(Body):
    """Yes or no; who decided and when, if that was outside the house."""

    approve: bool
    note: Words | None = None
    decided_by: Name | None = None
    decided_at: Instant | None = None


class NewLevel(Body):
    """To which level, and why."""

    level: LevelNumber
    why: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    preview: bool = False


class Reason(Body):
    """Why it ends."""

    why: Annotated[str, Field(min_length=1, max_length=1_000)]


@router.post("/incidents/{incident_id}/first_measures")
def first_measures(request: HttpRequest, incident_id: str, told: FirstMeasures) -> HttpResponse:
    """What the duty officer starts alone."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.preview:
            return 200, seen.look_at_first(seen_by=by, incident_id=incident_id)
        incident, plan, given = actions.first_measures(by=by, incident_id=incident_id)
        measures = first_measures_of(plan, division=incident.division)
        return 201, seen.first_json(
            measures,
            tasks=given.tasks,
            messages=given.messages,
            people=given.people,
            teams=called_json(incident.pk),
        )

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/activation")
def activate(request: HttpRequest, incident_id: str, told: NewActivation) -> HttpResponse:
    """Start a plan at a level, or propose it to whoever decides."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.preview:
            row = seen.look_at_response(seen_by=by, incident_id=incident_id, asked=told.asked())
            return 200, seen.preview_json(row)
        started = actions.start_response(by=by, incident_id=incident_id, asked=told.asked())
        return 201, _started(started)

    return answer_once(request, run)


@router.post("/activations")
def operate(request: HttpRequest, told: NewOperation) -> HttpResponse:
    """Open a response without an incident, then the same."""

    def run() -> tuple[int, Json]:
        started = actions.start_operation(
            by=actor_of(request), asked=told.asked(), title=told.title, area=told.area or ""
        )
        return 201, _started(started)

    return answer_once(request, run)


@router.get("/activations/{activation_id}")
def activation(request: HttpRequest, activation_id: str) -> Json:
    """A response as it stands now."""
    row = activation_seen(seen_by=actor_of(request), activation_id=activation_id)
    return seen.activation_json(row)


@router.post("/activations/{activation_id}/decision")
def decision(request: HttpRequest, activation_id: str, told: Decision) -> HttpResponse:
    """Whoever the plan names says yes or no."""

    def run() -> tuple[int, Json]:
        started = actions.decide(
            by=actor_of(request),
            activation_id=activation_id,
            approve=told.approve,
            note=told.note or "",
            decided_by=told.decided_by or "",
            decided_at=told.decided_at,
        )
        return 200, _started(started)

    return answer_once(request, run)


@router.post("/activations/{activation_id}/level")
def level(request: HttpRequest, activation_id: str, told: NewLevel) -> HttpResponse:
    """Raise or lower a running response."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.preview:
            looked = seen.look_at_level(seen_by=by, activation_id=activation_id, level=told.level)
            row = activation_seen(seen_by=by, activation_id=activation_id)
            return 200, seen.difference_json(row, looked)
        started, moved = actions.change_level(
            by=by, activation_id=activation_id, level=told.level, why=told.why or ""
        )
        return 200, {**_started(started), **seen.difference_json(started.row, moved)}

    return answer_once(request, run)


@router.post("/activations/{activation_id}/end")
def end(request: HttpRequest, activation_id: str, told: Reason) -> HttpResponse:
    """End a running response, or take a proposal back."""

    def run() -> tuple[int, Json]:
        row, count = actions.end_response(
            by=actor_of(request), activation_id=activation_id, why=told.why
        )
        return 200, seen.activation_json(row, messages=count)

    return answer_once(request, run)


def _started(started: Started) -> Json:
    given = started.given
    return seen.activation_json(started.row, messages=given.messages, people=given.people)
