"""Which community has a team, and which one is next to those that have none. 覆盖查询"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from qianjun.force.models import CoveredCommunity, Team
from qianjun.force.queries.communities import communities
from qianjun.force.queries.teams import teams_seen
from qianjun.force.rules.covering import Community, nearest, uncovered
from qianjun.org.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Covered:
    """A community and who answers for it, or who is nearest. 一个社区"""

    community: Community
    teams: tuple[Team, ...]
    cover: Team | None
    distance_m: float | None


def coverage(*, seen_by: Actor) -> list[Covered]:
    """Every community by code; where no team answers, the nearest community team. 覆盖情况"""
    known = {team.pk: team for team in teams_seen(seen_by).order_by("sort_key", "pk")}
    own = [team for team in known.values() if team.kind == Team.Kind.COMMUNITY]
    answering = defaultdict[str, list[Team]](list)
    for code, team in CoveredCommunity.objects.filter(team__in=list(known)).values_list(
        "code", "team_id"
    ):
        answering[code].append(known[team])
    every = _seen(communities(), seen_by)
    gap = {one.code: nearest(one, own) for one in uncovered(every, answering)}
    return [
        Covered(
            community=one,
            teams=tuple(answering.get(one.code, ())),
            cover=found[0] if (found := gap.get(one.code)) else None,
            distance_m=round(found[1]) if found else None,
        )
        for one in every
    ]


def _seen(every: list[Community], by: Actor) -> list[Community]:
    """A street sees its own communities; their units bear the codes of the divisions."""
    if by.scope.kind != "unit":
        return every
    last = by.scope.unit_path.rsplit("/", 1)[-1]
    return [one for one in every if one.code.startswith(last)]


def covered_json(one: Covered) -> dict[str, Any]:
    """A community for programs. 覆盖"""
    return {
        "code": one.community.code,
        "name": one.community.name,
        "street": one.community.street,
        "teams": [{"id": str(team.pk), "name": team.name} for team in one.teams],
        "cover": {"id": str(one.cover.pk), "name": one.cover.name} if one.cover else None,
        "cover_distance_m": one.distance_m,
    }
