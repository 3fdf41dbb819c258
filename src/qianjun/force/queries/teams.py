"""Teams as far as the asker may see: lists, one team, whether it can come. 队伍查询"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext

from qianjun.force import skills
from qianjun.force.models import (
    CoveredCommunity,
    Equipment,
    MemberSkill,
    Readiness,
    Team,
    TeamCall,
    TeamMember,
)
from qianjun.force.queries.communities import names_of_communities
from qianjun.journal.search import matching
from qianjun.kernel import clock
from qianjun.kernel.text import masked_phone
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.queries import within
from qianjun.org.rules import masked_name

Json = dict[str, Any]
KINDS: Final[dict[str, str]] = {
    "community": _("社区响应队"),
    "enterprise": _("企业队"),
    "professional": _("专业队"),
    "fire": _("消防救援队"),
    "militia": _("民兵分队"),
    "social": _("社会应急力量"),
}
WAYS: Final[dict[str, str]] = {
    "order": _("命令"),
    "request": _("请求"),
    "invitation": _("邀请"),
}
STATES: Final[dict[str, str]] = {
    "ready": _("可出动"),
    "standing_by": _("备勤中"),
    "out": _("出动中"),
    "resting": _("休整"),
}
ROLES: Final[dict[str, str]] = {
    "leader": _("队长"),
    "deputy": _("副队长"),
    "member": _("队员"),
}
EMPLOYMENTS: Final[dict[str, str]] = {"full_time": _("专职"), "part_time": _("兼职")}
# a team that is out, or called and expected
BUSY: Final = Q(ended_at__isnull=True, asked_at__isnull=False, declined_at__isnull=True)
RANK: Final = {role: n for n, role in enumerate(ROLES)}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A team with what stands about it now. 队伍一行

    ``out`` is the call for which it is out, whatever it has said of itself before.
    """

    team: Team
    leader: str | None
    readiness: Readiness | None
    out: TeamCall | None
    covered: tuple[str, ...]  # codes
    covers: tuple[str, ...]  # their names

    @property
    def headcount(self) -> int:
        """As declared, full-time and part-time together."""
        return self.team.full_time + self.team.part_time

    @property
    def kind(self) -> str:
        """The word for its kind."""
        return gettext(KINDS[self.team.kind])

    @property
    def way(self) -> str:
        """The word for how it is moved."""
        return gettext(WAYS[self.team.way])

    @property
    def state(self) -> str:
        """The word for whether it can come, nothing when it never said."""
        return gettext(STATES[self.code]) if self.code else ""

    @property
    def code(self) -> str:
        """Whether it can come: out from its call until it is home, else as it said last."""
        if self.out is not None:
            return "out"
        return self.readiness.state if self.readiness else ""

    @property
    def since(self) -> datetime | None:
        """Since when that is so."""
        if self.out is not None:
            return self.out.asked_at
        return self.readiness.since if self.readiness else None


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a member is trained for; ``over`` when the certificate has run out. 证书"""

    title: str
    code: str
    valid_until: date | None
    over: bool


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody in a team as he is shown. 队员"""

    row: TeamMember
    name: str
    role: str
    employment: str
    phones: tuple[tuple[int, str], ...]  # address and masked number
    trained: tuple[Certificate, ...]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Everything about one team. 一支队伍"""

    row: Row
    members: tuple[Member, ...]
    equipment: tuple[Equipment, ...]
    said: tuple[Readiness, ...]  # the latest first

    @property
    def skills(self) -> list[skills.Skill]:
        """The declared ones."""
        return skills.held_in(self.row.team.skills)


def teams_seen(by: Actor) -> QuerySet[Team]:
    """Every team in the actor's tree of units. 可见队伍"""
    require(by, "force.read")
    return within(Team.objects.select_related("unit"), by.scope, "unit__path")


def teams(*, seen_by: Actor, kind: str = "", q: str = "") -> QuerySet[Team]:
    """Of one kind or all, by name or initials. 队伍"""
    rows = teams_seen(seen_by)
    if kind:
        rows = rows.filter(kind=kind)
    return matching(rows, q).order_by("kind", "sort_key", "pk")


def team_seen(ident: str | int, *, seen_by: Actor) -> Team:
    """One of them; 404 for any other. 一支队伍"""
    found = teams_seen(seen_by).filter(pk=key_of(ident)).first()
    if found is None:
        raise not_found()
    return found


def rows_of(found: Iterable[Team]) -> list[Row]:
    """With leader, readiness, communities, and whether they are out; five statements. 队伍行"""
    chosen = list(found)
    keys = [team.pk for team in chosen]
    led = dict(_leaders(keys))
    said = {one.team_id: one for one in _latest(keys)}
    calls = TeamCall.objects.filter(BUSY, team__in=keys).order_by("-asked_at", "-pk")
    out = {one.team_id: one for one in calls}
    covered, called = defaultdict[int, list[str]](list), names_of_communities()
    for one in CoveredCommunity.objects.filter(team__in=keys).order_by("code"):
        covered[one.team_id].append(one.code)
    return [
        Row(
            team=team,
            leader=led.get(team.pk),
            readiness=said.get(team.pk),
            out=out.get(team.pk),
            covered=tuple(covered[team.pk]),
            covers=tuple(called.get(code, code) for code in covered[team.pk]),
        )
        for team in chosen
    ]


def _leaders(keys: list[int]) -> Iterable[tuple[int, str]]:
    rows = TeamMember.objects.filter(team__in=keys, role="leader", left_at=None)
    for team, name in rows.values_list("team_id", "person__name"):
        yield team, masked_name(name)


def _latest(keys: list[int]) -> QuerySet[Readiness]:
    rows = Readiness.objects.filter(team__in=keys)
    return rows.order_by("team_id", "-since", "-pk").distinct("team_id")


def whole(team: Team) -> Whole:
    """Members, things and what it said of itself. 队伍全貌"""
    (row,) = rows_of([team])
    members = team.members.filter(left_at=None).select_related("person")
    certified = Prefetch("trained", MemberSkill.objects.order_by("pk"))
    known = sorted(
        members.prefetch_related(certified, "person__addresses"),
        key=lambda one: (RANK[one.role], one.person.sort_key, one.pk),
    )
    return Whole(
        row=row,
        members=tuple(_member(one) for one in known),
        equipment=tuple(team.equipment.order_by("sort_key", "pk")),
        said=tuple(team.readiness.order_by("-since", "-pk")[:10]),
    )


def _member(one: TeamMember) -> Member:
    ways = sorted(one.person.addresses.all(), key=lambda way: (way.rank, way.pk))
    return Member(
        row=one,
        name=masked_name(one.person.name),
        role=gettext(ROLES[one.role]),
        employment=gettext(EMPLOYMENTS[one.employment]),
        phones=tuple((way.pk, masked_phone(way.value)) for way in ways if way.channel == "sms"),
        trained=tuple(_certificate(skill) for skill in one.trained.all()),
    )


def _certificate(one: MemberSkill) -> Certificate:
    known = skills.by_code().get(one.skill)
    today = clock.in_beijing(clock.now()).date()
    return Certificate(
        title=known.title if known else one.skill,
        code=one.skill,
        valid_until=one.valid_until,
        over=one.valid_until is not None and one.valid_until < today,
    )


# --- for programs ---------------------------------------------------------------------------------


def team_json(row: Row) -> Json:
    """A team for programs: names and telephones masked. 队伍"""
    team = row.team
    return {
        "id": str(team.pk),
        "name": team.name,
        "kind": team.kind,
        "way": team.way,
        "unit": team.unit.code,
        "unit_name": team.unit.short_name,
        "leader_masked": row.leader,
        "lon": team.lon,
        "lat": team.lat,
        "schematic": team.schematic,
        "full_time": team.full_time,
        "part_time": team.part_time,
        "readiness": _readiness(row),
        "skills": skills.codes_of(team.skills),
        "insured_until": _iso(team.insured_until),
        "communities": list(row.covered),
        "duty_phone_masked": masked_phone(team.duty_phone) if team.duty_phone else None,
        "version": team.version,
    }


def whole_json(found: Whole) -> Json:
    """The same with members and things. 队伍全貌"""
    return team_json(found.row) | {
        "members": [
            {
                "id": str(one.row.pk),
                "name_masked": one.name,
                "role": one.row.role,
                "employment": one.row.employment,
                "skills": [
                    {"code": held.code, "valid_until": _iso(held.valid_until)}
                    for held in one.trained
                ],
            }
            for one in found.members
        ],
        "equipment": [
            {"code": one.code, "name": one.name, "count": one.count} for one in found.equipment
        ],
    }


def readiness_of(team: str | int) -> Readiness | None:
    """What a team said of itself last. 现在的备勤状态"""
    rows = Readiness.objects.filter(team=key_of(team))
    return rows.order_by("-since", "-pk").first()


def _readiness(row: Row) -> Json | None:
    """Whether it can come now: a team that is out says how many it brings. 备勤状态"""
    if row.out is None:
        return readiness_json(row.readiness)
    heads = row.out.headcount or row.out.wanted
    return {"state": row.code, "since": _iso(row.since), "headcount": heads}


def readiness_json(one: Readiness | None) -> Json | None:
    """What a team said last, null when it never did. 备勤状态"""
    if one is None:
        return None
    return {"state": one.state, "since": one.since.isoformat(), "headcount": one.headcount}


def _iso(at: date | datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
