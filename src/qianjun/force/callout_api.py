"""Routes of call-outs: propose, confirm, watch, stand down. 召集接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from qianjun.force import actions
from qianjun.force.models import CallOut
from qianjun.force.queries.callouts import (
    callout_json,
    callout_seen,
    callouts_of,
    lines_of,
    person_json,
)
from qianjun.force.rules.mandates import Auto
from qianjun.force.rules.wanting import LINE_MOST, PROBABILITY, WORDS_MOST, Wanted
from qianjun.incident.wire import Asked, Instant, Lat, Lon
from qianjun.kernel.text import clean
from qianjun.org.http import actor_of, answer_once, bearer, page_of

router = Router(auth=bearer, tags=["callouts"])
Json = dict[str, Any]
State = Literal["waiting", "reached", "read", "accepted", "declined", "en_route", "arrived", "left"]


class Skill(Asked):
    """So many with a skill."""

    skill: Annotated[str, Field(max_length=30)]
    count: int


class AskedAuto(Asked):
    """How far the house may confirm further waves by itself."""

    max_people: int
    until: Instant

    def as_rule(self) -> Auto:
        """The same as the verb takes it."""
        return Auto(max_people=self.max_people, until=self.until)


class NewCallOut(Asked):
    """How many people, where, by when, and what they must know."""

    need: int
    skills: Annotated[list[Skill], Field(max_length=10)] | None = None
    by: Instant
    lon: Lon
    lat: Lat
    place: Annotated[str, Field(max_length=LINE_MOST)] | None = None
    what: Annotated[str, Field(max_length=LINE_MOST)] | None = None
    risk: Annotated[str, Field(max_length=WORDS_MOST)] | None = None
    kit: Annotated[str, Field(max_length=WORDS_MOST)] | None = None
    probability: float | None = None
    radius_m: float | None = None
    confirm: bool = False
    auto: AskedAuto | None = None

    def wanted(self) -> Wanted:
        """The same as the verb takes it."""
        point = f"{self.lat:.5f}, {self.lon:.5f}"
        return Wanted(
            need=self.need,
            needed_by=self.by,
            lon=self.lon,
            lat=self.lat,
            place=_line(self.place) or point,
            what=_line(self.what),
            risk=_line(self.risk),
            kit=_line(self.kit),
            skills=tuple((one.skill, one.count) for one in self.skills or ()),
            probability=PROBABILITY if self.probability is None else self.probability,
            radius_m=self.radius_m,
        )


class Confirmed(Asked):
    """Which wave, as seen at which version."""

    wave: int
    version: int | None = None
    auto: AskedAuto | None = None

    def mandate(self) -> Auto | actions.AsAsked | None:
        """What is said of further waves; null forbids them, unsaid leaves what was asked for."""
        if "auto" not in self.model_fields_set:
            return "as_asked"
        return None if self.auto is None else self.auto.as_rule()


class Ended(Asked):
    """How the officer knows of those who have not said that they are back."""

    reason: Annotated[str, Field(max_length=500)] | None = None


class Nothing(BaseModel):
    """An empty body."""


def _line(told: str | None) -> str:
    return " ".join(clean(told or "").text.split())


@router.get("/incidents/{incident_id}/callouts")
def callouts(
    request: HttpRequest, incident_id: str, limit: int | None = None, after: str | None = None
) -> Json:
    """The call-outs of an incident, the newest first."""
    rows = callouts_of(seen_by=actor_of(request), incident_id=incident_id)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [callout_json(row) for row in chosen], "next": more}


@router.post("/incidents/{incident_id}/callouts")
def propose(request: HttpRequest, incident_id: str, told: NewCallOut) -> HttpResponse:
    """Propose a call-out; ``confirm`` sends its first wave at once."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        auto = None if told.auto is None else told.auto.as_rule()
        row = actions.propose_callout(
            by=by, incident_id=incident_id, wanted=told.wanted(), auto=auto
        )
        if told.confirm:
            row = actions.confirm_wave(by=by, callout_id=row.pk, rank=1)
        return 201, callout_json(row)

    return answer_once(request, run)


@router.get("/callouts/{callout_id}")
def callout(request: HttpRequest, callout_id: str) -> Json:
    """A call-out as it stands."""
    return callout_json(callout_seen(seen_by=actor_of(request), callout_id=callout_id))


@router.get("/callouts/{callout_id}/people")
def people(
    request: HttpRequest,
    callout_id: str,
    state: State | None = None,
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Who was called, by state."""
    row = callout_seen(seen_by=actor_of(request), callout_id=callout_id)
    shown = [line for line in lines_of(row) if state is None or line.state == state]
    chosen, more = page_of(shown, limit=limit, after=after)
    return {"items": [person_json(line) for line in chosen], "next": more}


@router.post("/callouts/{callout_id}/confirm")
def confirm(request: HttpRequest, callout_id: str, told: Confirmed) -> HttpResponse:
    """Send a proposed wave; again changes nothing."""

    def run() -> tuple[int, Json]:
        row = actions.confirm_wave(
            by=actor_of(request),
            callout_id=callout_id,
            rank=told.wave,
            version=told.version,
            auto=told.mandate(),
        )
        return 200, callout_json(row)

    return answer_once(request, run)


@router.post("/callouts/{callout_id}/waves")
def again(request: HttpRequest, callout_id: str, told: Nothing) -> HttpResponse:
    """Work out the next wave from the answers so far."""
    del told

    def run() -> tuple[int, Json]:
        row = actions.propose_wave(by=actor_of(request), callout_id=callout_id)
        return 201, callout_json(row)

    return answer_once(request, run)


@router.post("/callouts/{callout_id}/withdraw")
def withdraw(request: HttpRequest, callout_id: str, told: Nothing) -> HttpResponse:
    """The house confirms no further wave; again changes nothing."""
    del told

    def run() -> tuple[int, Json]:
        return 200, _now(actions.withdraw_mandate(by=actor_of(request), callout_id=callout_id))

    return answer_once(request, run)


@router.post("/callouts/{callout_id}/enough")
def enough(request: HttpRequest, callout_id: str, told: Nothing) -> HttpResponse:
    """Enough people come; the others are told."""
    del told

    def run() -> tuple[int, Json]:
        return 200, _now(actions.enough(by=actor_of(request), callout_id=callout_id))

    return answer_once(request, run)


@router.post("/callouts/{callout_id}/stand_down")
def stand_down(request: HttpRequest, callout_id: str, told: Nothing) -> HttpResponse:
    """Nobody is wanted any more; who is on his way is told."""
    del told

    def run() -> tuple[int, Json]:
        return 200, _now(actions.stand_down(by=actor_of(request), callout_id=callout_id))

    return answer_once(request, run)


@router.post("/callouts/{callout_id}/end")
def end(request: HttpRequest, callout_id: str, told: Ended) -> HttpResponse:
    """Everybody is back, or the officer says how he knows of the others."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        row = actions.end_callout(by=by, callout_id=callout_id, reason=told.reason or "")
        return 200, _now(row)

    return answer_once(request, run)


def _now(row: CallOut) -> Json:
    return callout_json(row)
