"""Which teams to call to an incident: for the community, near, and able to come. 就近队伍"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.force.models import TeamCall
from qianjun.force.queries.team_calls import OPEN, busy_with
from qianjun.force.queries.teams import Row, rows_of, teams_seen
from qianjun.force.rules.moving import WAYS
from qianjun.force.rules.team_calls import USUAL
from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_seen
from qianjun.kernel.geometry import distance_m
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor

Json = dict[str, Any]
AWAY: Final = ("out", "resting")
NO_READINESS = _("没有报过备勤")
CAN_COME = _("可出动 %(n)s 人")


@dataclass(frozen=True, kw_only=True)
class Near:
    """A team as somebody chooses it for an incident; ``why`` are reasons in words. 就近一队

    ``busy`` is the number of another incident for which it is out, ``called`` that it is called
    to this one already, ``declined`` that it said no to it.
    """

    row: Row
    distance_m: float | None
    covers: bool
    busy: str
    called: bool
    declined: bool
    ways: tuple[str, ...]
    why: tuple[str, ...] = field(default_factory=tuple)

    @property
    def away(self) -> bool:
        """Whether it cannot come as far as anybody knows: out, resting, busy or called."""
        return self.called or self.declined or bool(self.busy) or self.row.code in AWAY

    @property
    def can_come(self) -> int:
        """How many to ask for: as many as it said, else a usual number of those declared."""
        said = self.row.readiness
        if said is not None and said.headcount:
            return said.headcount
        return min(self.row.headcount or USUAL, USUAL)


def nearest_teams(
    *, seen_by: Actor, incident_id: str | int, way: str = "", kind: str = ""
) -> list[Near]:
    """Teams of the actor's tree for an incident; seven statements. 就近队伍

    The team that answers for the community stands first, then by distance; who is out, resting or
    called already comes last. ``way`` and ``kind`` keep those that are moved so, and of that kind.
    """
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    kinds = [one for one, ways in WAYS.items() if not way or way in ways]
    teams = teams_seen(seen_by).filter(kind__in=kinds)
    rows = rows_of(teams.filter(kind=kind) if kind else teams)
    keys = [one.team.pk for one in rows]
    busy = busy_with(keys, beside=incident.pk)
    here = TeamCall.objects.filter(OPEN, incident=incident)
    own = {one.team_id: one for one in here}
    found = [
        _near(row, incident, busy=busy.get(row.team.pk), own=own.get(row.team.pk)) for row in rows
    ]
    return sorted(found, key=_order)


def _order(one: Near) -> tuple[bool, bool, float, str]:
    far = float("inf") if one.distance_m is None else one.distance_m
    return one.away, not one.covers, far, one.row.team.sort_key


def _near(row: Row, incident: Incident, *, busy: TeamCall | None, own: TeamCall | None) -> Near:
    far = None
    if incident.lon is not None and incident.lat is not None:
        far = distance_m(incident.lon, incident.lat, row.team.lon, row.team.lat)
    covers = bool(incident.division) and incident.division in row.covered
    number = busy.incident.number if busy else ""
    declined = own is not None and own.declined_at is not None
    return Near(
        row=row,
        distance_m=far,
        covers=covers,
        busy=number,
        called=own is not None and not declined,
        declined=declined,
        ways=WAYS.get(row.team.kind, ()),
        why=_why(row, covers=covers, busy=number, own=own),
    )


def _why(row: Row, *, covers: bool, busy: str, own: TeamCall | None) -> tuple[str, ...]:
    """Why it stands where it does, apart from the distance. 理由"""
    said = row.readiness
    refused = own is not None and own.declined_at is not None
    reasons = [
        gettext("负责事发社区") if covers else "",
        gettext("这件事已经调它") if own and not refused else "",
        gettext("不能来") if refused else "",
        gettext("正在 %(number)s 出动") % {"number": busy} if busy else "",
        row.state or gettext(NO_READINESS),
        gettext(CAN_COME) % {"n": said.headcount}
        if _comes(row) and said and said.headcount
        else "",
    ]
    return tuple(one for one in reasons if one)


def _comes(row: Row) -> bool:
    return row.code not in AWAY


def chosen_teams(near: Collection[Near], *, kind: str, count: int) -> list[Near]:
    """The first teams of a kind that can come, as many as wanted. 就近选队"""
    able = [one for one in near if one.row.team.kind == kind and not one.away]
    return able[: max(count, 0)]


def near_json(one: Near) -> Json:
    """A team to be chosen, for programs. 就近一队"""
    team = one.row.team
    return {
        "team": str(team.pk),
        "name": team.name,
        "kind": team.kind,
        "way": team.way,
        "ways": list(one.ways),
        "distance_m": None if one.distance_m is None else round(one.distance_m),
        "covers": one.covers,
        "readiness": one.row.code or None,
        "headcount": one.can_come,
        "busy_with": one.busy or None,
        "called": one.called,
        "declined": one.declined,
        "why": list(one.why),
    }
