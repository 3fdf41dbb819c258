"""How called teams stand: rows, lines of a page, numbers, as programs read. 查调队"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from qianjun.force.models import TeamAct, TeamCall
from qianjun.force.queries.teams import BUSY, KINDS, WAYS
from qianjun.force.rules.team_calls import ACTS, STATES, is_over, next_acts, stands
from qianjun.incident.queries.seen import incident_seen, incidents_seen
from qianjun.incident.rules.people import People
from qianjun.kernel.once import asked_once
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require

Json = dict[str, Any]
OPEN: Final = Q(ended_at__isnull=True)
WANTED: Final = OPEN & Q(declined_at__isnull=True, stood_down_at__isnull=True)
TEAMS = _("队伍")
# the instants that a line shows, in the order in which they come
TIMES: Final = (
    *("asked", "read", "accepted", "declined", "en_route"),
    *("arrived", "left", "home", "stood_down"),
)
TIME_WORDS: Final[dict[str, str]] = {
    **{name: STATES[name] for name in TIMES if name in STATES},
    "asked": _("发出"),
    "accepted": _("签收"),
    "declined": _("不能来"),
    "en_route": _("出发"),
    "home": _("归队"),
    "stood_down": _("解除"),
}


@dataclass(frozen=True, kw_only=True)
class TeamLine:
    """A called team as pages show it. 一行"""

    row: TeamCall

    @property
    def state(self) -> str:
        """How far it is: a word of ``rules.team_calls.STATES``."""
        return stands(self.row)

    @property
    def word(self) -> str:
        """The same as people read it."""
        return gettext(STATES[self.state])

    @property
    def way(self) -> str:
        """The word for how it is moved."""
        return gettext(WAYS[self.row.way])

    @property
    def kind(self) -> str:
        """The word for what kind of team it is."""
        return gettext(KINDS[self.row.team.kind])

    @property
    def people(self) -> int:
        """How many it brings, as far as it has said."""
        return self.row.headcount or self.row.wanted

    @property
    def gap(self) -> int:
        """How many it brings fewer than wanted. 缺口"""
        said = self.row.headcount
        return max(self.row.wanted - said, 0) if said is not None else 0

    @property
    def times(self) -> list[tuple[str, datetime]]:
        """What happened when, one after the other."""
        known = [(name, getattr(self.row, f"{name}_at")) for name in TIMES]
        told = [(gettext(TIME_WORDS[name]), at) for name, at in known if at is not None]
        return sorted(told, key=lambda one: one[1])

    @property
    def is_over(self) -> bool:
        """Whether nothing is expected of it any more."""
        return self.row.ended_at is not None or is_over(self.row)

    @property
    def may(self) -> list[tuple[str, str]]:
        """What the desk may note for it, as act and word."""
        if self.row.ended_at is not None:
            return []
        names = [name for name in next_acts(self.row) if name not in ("late", "break")]
        return [(name, gettext(ACTS[name])) for name in names]


@asked_once
def calls_of(incidents: tuple[int, ...]) -> dict[int, list[TeamCall]]:
    """Every called or proposed team of these incidents; one statement for all of them. 队伍"""
    found: dict[int, list[TeamCall]] = {key: [] for key in incidents}
    rows = TeamCall.objects.filter(incident__in=incidents).select_related("team")
    for row in rows.order_by("incident_id", "pk"):
        found[row.incident_id].append(row)
    return found


def lines_of(incident: int) -> list[TeamLine]:
    """The teams of an incident, those that are over last. 队伍行"""
    lines = [TeamLine(row=row) for row in calls_of((incident,))[incident]]
    return sorted(lines, key=lambda one: (one.is_over, one.row.pk))


def people_of_teams(incidents: Collection[int]) -> dict[int, list[People]]:
    """Whom called teams bring to these, a line for each place; one statement. 队伍人数

    A proposal is no need yet. A team that cannot come, was stood down or has left is wanted no
    more; whoever of it is still there is counted until he has left.
    """
    found: dict[int, list[People]] = {}
    for incident, rows in calls_of(tuple(incidents)).items():
        places: dict[str, list[TeamCall]] = {}
        for row in rows:
            if row.asked_at is not None and row.ended_at is None:
                places.setdefault(row.place, []).append(row)
        lines = [_people(place, called) for place, called in places.items()]
        if known := [one for one in lines if one.need or one.coming or one.on_scene]:
            found[incident] = known
    return found


def _people(place: str, rows: Iterable[TeamCall]) -> People:
    need = coming = there = 0
    for row in rows:
        state, heads = stands(row), row.headcount or row.wanted
        need += row.wanted if not row.stood_down_at and state not in ("declined", "left") else 0
        there += heads if state == "arrived" else 0
        coming += heads if state in ("accepted", "en_route") and not row.stood_down_at else 0
    return People(need=need, coming=coming, on_scene=there, of=TEAMS, at=place)


def team_calls(*, seen_by: Actor, incident_id: str | int) -> QuerySet[TeamCall]:
    """The teams of an incident. 事件的队伍"""
    require(seen_by, "callout.read")
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    return TeamCall.objects.filter(incident=incident).select_related("team")


def team_call_seen(*, seen_by: Actor, call_id: str | int) -> TeamCall:
    """The called team with this id; 404 when there is none, or none that he may know of."""
    require(seen_by, "callout.read")
    rows = TeamCall.objects.filter(pk=key_of(call_id), incident__in=incidents_seen(seen_by))
    row = rows.select_related("team", "incident").first()
    if row is None:
        raise not_found()
    return row


def busy_with(teams: Collection[int], *, beside: int) -> dict[int, TeamCall]:
    """Of these teams those that are out for another incident, each with that. 在别处的队伍"""
    rows = TeamCall.objects.filter(BUSY, team__in=teams).exclude(incident=beside)
    return {row.team_id: row for row in rows.select_related("incident", "team").order_by("pk")}


def noted_by_desk(calls: Collection[int]) -> dict[int, set[str]]:
    """For each of these what the desk has noted in place of the team. 代记"""
    found: dict[int, set[str]] = {}
    rows = TeamAct.objects.filter(call__in=calls, by_desk=True, outcome="taken")
    for call, act in rows.values_list("call_id", "act"):
        found.setdefault(call, set()).add(act)
    return found


def team_call_json(row: TeamCall) -> Json:
    """A called team for programs. 调队"""
    instants = ("proposed", *TIMES, "ended")
    return {
        "id": str(row.pk),
        "incident": str(row.incident_id),
        "team": str(row.team_id),
        "team_name": row.team.name,
        "kind": row.team.kind,
        "way": row.way,
        "state": stands(row),
        "what": row.what,
        "place": row.place,
        "lon": row.lon,
        "lat": row.lat,
        "risk": row.risk,
        "by": row.needed_by.isoformat(),
        "wanted": row.wanted,
        "headcount": row.headcount,
        "told": row.told,
        "reason": row.reason or None,
        "eta_at": _iso(row.eta_at),
        **{f"{name}_at": _iso(getattr(row, f"{name}_at")) for name in instants},
        "version": row.version,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
