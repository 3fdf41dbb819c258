"""Who had been called, had said yes, was there at an instant. 当时的召集"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from qianjun.force.models import CallOut
from qianjun.force.team_call_models import TeamCall


@dataclass(frozen=True, kw_only=True)
class CallOutThen:
    """A call-out at that time: people asked, who had said yes or no, was coming, was there. 召集"""

    row: CallOut
    state: str
    asked: int
    accepted: int
    declined: int
    en_route: int
    on_scene: int
    left: int

    def counts(self) -> dict[str, int]:
        """The same by name."""
        names = ("asked", "accepted", "declined", "en_route", "on_scene", "left")
        return {name: getattr(self, name) for name in names}


def callouts_at(incident: int, at: datetime) -> list[CallOutThen]:
    """Every call-out that had been proposed, one statement; counted by when it happened. 召集"""
    by = {name: Q(**{f"people__{name}_at__lte": at}) for name in _INSTANTS}
    gone = by["left"] | by["home"]
    rows = CallOut.objects.filter(incident=incident, proposed_at__lte=at).annotate(
        asked=Count("people", filter=by["sent"]),
        accepted=Count("people", filter=by["accepted"]),
        declined=Count("people", filter=by["declined"]),
        en_route=Count("people", filter=by["en_route"] & ~by["arrived"] & ~gone),
        on_scene=Count("people", filter=by["arrived"] & ~gone),
        left=Count("people", filter=gone),
    )
    return [_then(row, at) for row in rows.order_by("pk")]


_INSTANTS = ("sent", "accepted", "declined", "en_route", "arrived", "left", "home")
_STATES = ("confirmed", "enough", "stood_down", "ended")
_SAID = {"confirmed": "running"}


def _then(row: CallOut, at: datetime) -> CallOutThen:
    begun = [name for name in _STATES if (on := getattr(row, f"{name}_at")) and on <= at]
    state = _SAID.get(begun[-1], begun[-1]) if begun else "proposed"
    names = ("asked", "accepted", "declined", "en_route", "on_scene", "left")
    return CallOutThen(row=row, state=state, **{name: vars(row)[name] for name in names})


@dataclass(frozen=True, kw_only=True)
class TeamThen:
    """A called team with its state at that time. 当时的队伍"""

    row: TeamCall
    state: str


# a state and the instant at which it begins, in the order in which a call runs
_TEAM_STATES = (
    *(("waiting", "asked_at"), ("read", "read_at"), ("accepted", "accepted_at")),
    *(("declined", "declined_at"), ("en_route", "en_route_at"), ("arrived", "arrived_at")),
    *(("left", "left_at"), ("home", "home_at")),
)


def teams_at(incident: int, at: datetime) -> list[TeamThen]:
    """Every team that had been proposed or called and not been let go again. 队伍"""
    rows = TeamCall.objects.filter(incident=incident, proposed_at__lte=at)
    rows = rows.exclude(asked_at__isnull=True, ended_at__lte=at).select_related("team")
    return [TeamThen(row=row, state=_team_state(row, at)) for row in rows.order_by("pk")]


def _team_state(row: TeamCall, at: datetime) -> str:
    begun = [name for name, field in _TEAM_STATES if (on := getattr(row, field)) and on <= at]
    state = begun[-1] if begun else "proposed"
    turned_back = row.stood_down_at is not None and row.stood_down_at <= at
    return "stood_down" if turned_back and state not in ("arrived", "left", "home") else state
