"""Which teams a plan's lines mean here, and how they stand: nothing is written. 预案队伍"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from qianjun.confirm.queries import Seen
from qianjun.force.models import TeamCall
from qianjun.force.queries.nearby import Near, chosen_teams, near_json, nearest_teams
from qianjun.force.queries.team_calls import WANTED, TeamLine, lines_of, team_call_json
from qianjun.force.rules.team_calls import ABOUT
from qianjun.incident.models import Incident
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.plan.rules.shape import Force

Json = dict[str, Any]
About = tuple[str, str]
SILENCES: Final[dict[str, str]] = {
    "nobody": _("没有登记队长，请打值班电话"),
    "deputy": _("队长没有应答，已改叫副队长"),
    "failed": _("队长、副队长都没有应答，请打电话或派人"),
}
# the lines of a plan for which teams are proposed; the fire brigade is sent by 119, whom the desk
# tells first, and is asked here only when somebody chooses it
KINDS: Final = {
    "community_team": "community",
    "enterprise_team": "enterprise",
    "professional_team": "professional",
    "militia": "militia",
}
# of the militia so many people are asked for, of the others so many teams
MEANT: Final = {*((kind, "team") for kind in KINDS), ("militia", "person")}


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A team that a line of a plan means here, and the line. 拟调队伍"""

    near: Near
    force: Force

    @property
    def wanted(self) -> int:
        """How many are asked of it: as many as the line says when it counts people."""
        return self.force.count if self.force.counted == "person" else self.near.can_come


def teams_meant(*, seen_by: Actor, incident: Incident, forces: Iterable[Force]) -> list[Meant]:
    """For each line the nearest teams that can come, less those wanted already. 拟调队伍

    None while nobody knows where it is.
    """
    lines = [one for one in forces if (one.kind, one.counted) in MEANT]
    if not lines or incident.lon is None or incident.lat is None:
        return []
    near = nearest_teams(seen_by=seen_by, incident_id=incident.pk)
    rows = TeamCall.objects.filter(WANTED, incident=incident)
    wanted = Counter(rows.values_list("team__kind", flat=True))
    found: list[Meant] = []
    for line in lines:
        kind = KINDS[line.kind]
        count = line.count if line.counted == "team" else 1
        rest = count - wanted[kind]
        able = [one for one in near if line.way in one.ways]
        taken = {one.near.row.team.pk for one in found}
        free = [one for one in able if one.row.team.pk not in taken]
        found += [Meant(near=one, force=line) for one in chosen_teams(free, kind=kind, count=rest)]
        wanted[kind] = max(wanted[kind] - count, 0)
    return found


def meant_json(one: Meant) -> Json:
    """A team that would be proposed: the shape of a called one, ids null. 预览"""
    seen = near_json(one.near)
    return {
        "id": None,
        "team": seen["team"],
        "team_name": seen["name"],
        "kind": seen["kind"],
        "way": one.force.way,
        "wanted": one.wanted,
        "state": "proposed",
        "why": seen["why"],
    }


def called_json(incident: int) -> list[Json]:
    """Every team of an incident, for the answers of contract 7. 队伍"""
    rows = TeamCall.objects.filter(incident=incident).select_related("team").order_by("pk")
    return [team_call_json(row) for row in rows]


def team_lines(incident: int) -> list[TeamLine]:
    """The teams of an incident as the room lists them: a withdrawn proposal is none. 队伍行"""
    return [one for one in lines_of(incident) if one.row.asked_at or one.state == "proposed"]


def about_teams(lines: Iterable[TeamLine]) -> list[About]:
    """What the calls to their leaders are about. 叫应所指"""
    return [(ABOUT, str(one.row.pk)) for one in lines if one.row.asked_at]


def teams_shown(lines: Iterable[TeamLine], calls: Mapping[About, list[Seen]]) -> dict[str, Any]:
    """The part 队伍 of the room: each line with how the calling goes, and what is missing. 队伍"""
    every = list(lines)
    asked = [one for one in every if one.row.asked_at and not one.row.stood_down_at]
    return {
        "team_lines": [(one, _silence(one, calls)) for one in every],
        "teams_declined": sum(one.state == "declined" for one in asked),
        "teams_missing": sum(one.gap for one in asked if not one.is_over),
    }


def _silence(line: TeamLine, calls: Mapping[About, list[Seen]]) -> str:
    """What somebody must know of a team that has not answered, as a catalogue word. 无人应答"""
    if line.state not in ("waiting", "read"):
        return ""
    if not line.row.told:
        return SILENCES["nobody"]
    call = next(iter(calls.get((ABOUT, str(line.row.pk)), ())), None)
    if call is None:
        return ""
    passed_over = "deputy" if call.row.state == "open" and call.row.step > 0 else ""
    return SILENCES.get("failed" if call.row.state == "failed" else passed_over, "")
