"""Routes of the command post: set up, who commands, groups, hand-over, stand down. 指挥部接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident import actions as incident_actions
from qianjun.incident.actions import NewPost
from qianjun.incident.queries import command_json, command_of, last_change
from qianjun.incident.rules.commanding import CHIEF, DEPUTY, Whom
from qianjun.incident.wire import Asked, Instant
from qianjun.org.actor import Actor, require
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response import actions
from qianjun.response.queries.commanding import open_matters

router = Router(auth=bearer, tags=["command"])
Json = dict[str, Any]
Name = Annotated[str, Field(max_length=60)]
Code = Annotated[str, Field(max_length=30)]
Words = Annotated[str, Field(max_length=500)]
Version = Annotated[int, Field(ge=0, le=2**31)]


class Somebody(Asked):
    """A person of the house by id, or somebody by name; for a group a unit is enough."""

    person: Annotated[str, Field(max_length=20)] | None = None
    name: Name | None = None
    title: Name | None = None
    unit: Code | None = None

    def whom(self) -> Whom:
        """The same as the house knows him."""
        return Whom(
            person=self.person or "",
            name=self.name or "",
            title=self.title or "",
            unit=self.unit or "",
        )


class Group(Somebody):
    """Who leads a group."""

    seat: Annotated[str, Field(min_length=1, max_length=20)]


class NewCommandPost(Asked):
    """Where, by whose decision, and who commands."""

    place: Annotated[str, Field(min_length=1, max_length=200)]
    decided_by: Annotated[str, Field(min_length=1, max_length=100)]
    at: Instant | None = None
    commander: Somebody
    chief: Somebody | None = None
    deputies: Annotated[list[Somebody], Field(max_length=9)] = Field(default_factory=list)
    groups: Annotated[list[Group], Field(max_length=12)] = Field(default_factory=list)

    def wanted(self) -> NewPost:
        """The same as the house knows it."""
        chief = [(CHIEF, self.chief.whom())] if self.chief else []
        deputies = [(DEPUTY, one.whom()) for one in self.deputies]
        groups = [(one.seat, one.whom()) for one in self.groups]
        return NewPost(
            place=self.place,
            decided_by=self.decided_by,
            at=self.at,
            commander=self.commander.whom(),
            others=(*chief, *deputies, *groups),
        )


class NewCommander(Somebody):
    """Who commands on scene from now on, and why."""

    version: Version
    why: Annotated[str, Field(min_length=1, max_length=500)]
    at: Instant | None = None


class NewHolder(Group):
    """Who has a seat from now on; nobody leaves it empty."""

    version: Version
    why: Words | None = None
    instead_of: Annotated[str, Field(max_length=20)] | None = None


class Transfer(Asked):
    """To whom command goes, who takes it; or only what would go along."""

    version: Version
    to: Literal["city", "district"]
    taken_by: Annotated[str, Field(min_length=1, max_length=100)]
    why: Words | None = None
    at: Instant | None = None
    preview: bool = False


class Ending(Asked):
    """Why it is stood down."""

    version: Version
    why: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/incidents/{incident_id}/command_post")
def command_post(request: HttpRequest, incident_id: str) -> Json:
    """The command post that stands, else the last one."""
    return _stands(actor_of(request), incident_id)


@router.post("/incidents/{incident_id}/command_post")
def set_up(request: HttpRequest, incident_id: str, told: NewCommandPost) -> HttpResponse:
    """Set a command post up."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        incident_actions.set_up_command_post(by=by, incident_id=incident_id, wanted=told.wanted())
        return 201, _stands(by, incident_id)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/command_post/commander")
def commander(request: HttpRequest, incident_id: str, told: NewCommander) -> HttpResponse:
    """Hand command on scene over to somebody else."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        incident_actions.hand_over_scene(
            by=by,
            incident_id=incident_id,
            version=told.version,
            to=told.whom(),
            why=told.why,
            at=told.at,
        )
        return 200, _stands(by, incident_id)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/command_post/seats")
def seats(request: HttpRequest, incident_id: str, told: NewHolder) -> HttpResponse:
    """Give a seat or a group to somebody, or leave it empty."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        incident_actions.fill_seat(
            by=by,
            incident_id=incident_id,
            version=told.version,
            seat=told.seat,
            whom=told.whom(),
            why=told.why or "",
            instead_of=told.instead_of or "",
        )
        return 200, _stands(by, incident_id)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/command_post/transfer")
def transfer(request: HttpRequest, incident_id: str, told: Transfer) -> HttpResponse:
    """Hand command to the city or take it back, with the list of what is open."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.preview:
            require(by, "command.lead")
            matters = open_matters(seen_by=by, incident_id=incident_id)
            return 200, {
                **_stands(by, incident_id),
                "hand_over_list": [one.as_json() for one in matters],
            }
        done = actions.hand_over_command(
            by=by,
            incident_id=incident_id,
            version=told.version,
            to=told.to,
            taken_by=told.taken_by,
            why=told.why or "",
            at=told.at,
        )
        return 200, {**_stands(by, incident_id), "hand_over_list": list(done.handed)}

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/command_post/stand_down")
def stand_down(request: HttpRequest, incident_id: str, told: Ending) -> HttpResponse:
    """Stand the command post down."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        incident_actions.stand_down_command_post(
            by=by, incident_id=incident_id, version=told.version, why=told.why
        )
        return 200, _stands(by, incident_id)

    return answer_once(request, run)


def _stands(by: Actor, incident_id: str) -> Json:
    told = command_of(seen_by=by, incident_id=incident_id)
    return command_json(told, changed=last_change(told.row) if told.row else None)
