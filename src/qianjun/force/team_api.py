"""Routes of called teams: who is near, propose, confirm, note, stand down. 调队接口"""

from typing import Annotated, Any, Literal
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from ninja import Router
from pydantic import UUID4, BaseModel, Field

from qianjun.force import actions
from qianjun.force.actions.team_acts import TeamDid
from qianjun.force.queries.nearby import near_json, nearest_teams
from qianjun.force.queries.team_calls import team_call_json, team_call_seen, team_calls
from qianjun.force.rules.answering import HEADCOUNT_MOST, LATE_MOST_MIN, Verdict
from qianjun.force.rules.team_calls import REASON_MOST, USUAL, Errand, TeamAsk, sentence
from qianjun.force.rules.wanting import LINE_MOST, WORDS_MOST
from qianjun.incident.wire import Asked, Instant, Lat, Lon
from qianjun.kernel import clock
from qianjun.kernel.text import clean
from qianjun.org.http import actor_of, answer_once, bearer, page_of

router = Router(auth=bearer, tags=["teams"])
Json = dict[str, Any]
Way = Literal["order", "request", "invitation"]
Kind = Literal["community", "enterprise", "professional", "fire", "militia", "social"]
Act = Literal["accept", "decline", "late", "en_route", "arrived", "break", "left", "home"]
Line = Annotated[str, Field(max_length=LINE_MOST)]
Heads = Annotated[int, Field(ge=1, le=HEADCOUNT_MOST)]


class OneTeam(Asked):
    """Which team, in which way, how many of it."""

    team: Annotated[str, Field(max_length=20)]
    way: Way
    headcount: Heads = USUAL


class NewTeams(Asked):
    """Which teams, for what, where, by when, and what they must know."""

    teams: Annotated[list[OneTeam], Field(max_length=60)]
    by: Instant
    lon: Lon
    lat: Lat
    place: Line | None = None
    what: Line | None = None
    risk: Annotated[str, Field(max_length=WORDS_MOST)] | None = None
    confirm: bool = False
    despite_busy: bool = False

    def errand(self) -> Errand:
        """The same as the verb takes it."""
        return Errand(
            needed_by=self.by,
            lon=self.lon,
            lat=self.lat,
            place=_line(self.place) or f"{self.lat:.5f}, {self.lon:.5f}",
            what=_line(self.what),
            risk=_line(self.risk),
        )

    def asks(self) -> list[TeamAsk]:
        """The teams as the verb takes them; what is no key is no team."""
        return [
            TeamAsk(team=_key(one.team), way=one.way, headcount=one.headcount) for one in self.teams
        ]


class Confirmed(Asked):
    """As seen at which version; how many; although it is out for another incident."""

    version: int | None = None
    headcount: Heads | None = None
    despite_busy: bool = False


class Noted(Asked):
    """What the team has told the desk."""

    act: Act
    act_id: Annotated[UUID4, Field(strict=False)] | None = None
    happened_at: Instant | None = None
    headcount: Heads | None = None
    reason: Annotated[str, Field(max_length=REASON_MOST)] | None = None
    eta_min: Annotated[float, Field(ge=0, le=LATE_MOST_MIN)] | None = None


class Version(Asked):
    """As seen at which version."""

    version: int | None = None


class Nothing(BaseModel):
    """An empty body."""


def _line(told: str | None) -> str:
    return " ".join(clean(told or "").text.split())


def _key(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 18 else 0


@router.get("/incidents/{incident_id}/teams")
def teams(
    request: HttpRequest, incident_id: str, limit: int | None = None, after: str | None = None
) -> Json:
    """The teams of an incident, the newest first."""
    rows = team_calls(seen_by=actor_of(request), incident_id=incident_id)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [team_call_json(row) for row in chosen], "next": more}


@router.get("/incidents/{incident_id}/teams/nearest")
def nearest(
    request: HttpRequest,
    incident_id: str,
    way: Way | None = None,
    kind: Kind | None = None,
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Which teams could be called, who answers for the community first, then by distance."""
    by = actor_of(request)
    found = nearest_teams(seen_by=by, incident_id=incident_id, way=way or "", kind=kind or "")
    chosen, more = page_of(found, limit=limit, after=after)
    return {"items": [near_json(one) for one in chosen], "next": more}


@router.post("/incidents/{incident_id}/teams")
def propose(request: HttpRequest, incident_id: str, told: NewTeams) -> HttpResponse:
    """Propose teams; ``confirm`` calls them at once."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        asks, errand = told.asks(), told.errand()
        rows = actions.propose_teams(by=by, incident_id=incident_id, asks=asks, errand=errand)
        if told.confirm:
            rows = [
                actions.confirm_team(by=by, call_id=row.pk, despite_busy=told.despite_busy)
                for row in rows
            ]
        return 201, {"items": [team_call_json(row) for row in rows]}

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/teams/stand_down")
def all_down(request: HttpRequest, incident_id: str, told: Nothing) -> HttpResponse:
    """No team is wanted any more; which were told."""
    del told

    def run() -> tuple[int, Json]:
        rows = actions.stand_down_teams(by=actor_of(request), incident_id=incident_id)
        return 200, {"items": [team_call_json(row) for row in rows]}

    return answer_once(request, run)


@router.get("/team_calls/{call_id}")
def team_call(request: HttpRequest, call_id: str) -> Json:
    """A called team as it stands."""
    return team_call_json(team_call_seen(seen_by=actor_of(request), call_id=call_id))


@router.post("/team_calls/{call_id}/confirm")
def confirm(request: HttpRequest, call_id: str, told: Confirmed) -> HttpResponse:
    """Call a proposed team; again changes nothing."""

    def run() -> tuple[int, Json]:
        row = actions.confirm_team(
            by=actor_of(request),
            call_id=call_id,
            version=told.version,
            headcount=told.headcount,
            despite_busy=told.despite_busy,
        )
        return 200, team_call_json(row)

    return answer_once(request, run)


@router.post("/team_calls/{call_id}/acts")
def acts(request: HttpRequest, call_id: str, told: Noted) -> HttpResponse:
    """The desk notes what the team has told it."""

    def run() -> tuple[int, Json]:
        did = TeamDid(
            act=told.act,
            act_id=told.act_id or uuid4(),
            happened_at=told.happened_at or clock.now(),
            eta_min=told.eta_min,
            headcount=told.headcount,
            reason=told.reason or "",
        )
        row, verdict = actions.act_for_team(by=actor_of(request), call_id=call_id, did=did)
        return 200, team_call_json(row) | outcome_json(verdict, told.act)

    return answer_once(request, run)


def outcome_json(verdict: Verdict, act: str) -> Json:
    """What came of an act, and the sentence for whoever did it. 结果"""
    said = sentence(verdict, act)
    with translation.override("zh-hans"):
        zh = gettext(said) if said else ""
    return {"outcome": verdict.outcome, "message_zh": zh}


@router.post("/team_calls/{call_id}/stand_down")
def stand_down(request: HttpRequest, call_id: str, told: Version) -> HttpResponse:
    """The team need not come; one that was only proposed is not called."""

    def run() -> tuple[int, Json]:
        row = actions.stand_down_team(by=actor_of(request), call_id=call_id, version=told.version)
        return 200, team_call_json(row)

    return answer_once(request, run)
