"""Teams with unit, leader, strength and the communities they answer for. 队伍导入

A team is found again by its name. Its leader must be known already, by name or name and mobile:
people come in with their own sheet. What is left empty stays as it is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qianjun.force.models import CoveredCommunity, Team, TeamMember
from qianjun.force.rules.moving import WAYS, may_move
from qianjun.force.sheets import (
    ABLE_COLUMNS,
    BETWEEN,
    POINT_COLUMNS,
    SAID,
    Ground,
    No,
    Spot,
    as_json,
    check_mobile,
    ground,
    put_back,
    refused,
    skills_of,
    spot_of,
)
from qianjun.journal.search import put_words
from qianjun.kernel import clock
from qianjun.kernel.geometry import cell
from qianjun.kernel.sheets import Column, RowOutcome, Table
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.imports.kinds import Found, Outcome, Snapshot
from qianjun.org.models import Person

SAID_HERE: Final = SAID | {
    "way_not_allowed": _("这类队伍不能用这种方式调动：企业、消防、民兵用请求，社会力量用邀请。"),
    "kind_stands": _("系统里这支队伍是另一种类型，不能改。"),
    "unknown_person": _("系统里没有这个人；请先导入人员，再导入队伍。"),
    "two_people": _("系统里有几个同名的人，请补上队长手机。"),
    "team_twice": _("与第 %(row)s 行是同一支队伍。"),
}
TABLE: Final = Table(
    name="teams",
    columns=(
        Column(
            field="name",
            zh=_("队伍名称"),
            titles=("队伍", "名称", "救援队名称", "队名"),
            required=True,
            max_chars=80,
        ),
        Column(
            field="kind",
            zh=_("队伍类型"),
            kind="choice",
            titles=("类型", "队伍类别", "类别"),
            choices={
                "社区响应队": "community",
                "社区": "community",
                "企业队": "enterprise",
                "企业": "enterprise",
                "专业队": "professional",
                "专业": "professional",
                "消防救援队": "fire",
                "消防": "fire",
                "民兵分队": "militia",
                "民兵": "militia",
                "社会应急力量": "social",
                "社会": "social",
            },
            required=True,
        ),
        Column(
            field="way",
            zh=_("调动方式"),
            kind="choice",
            titles=("方式",),
            choices={"命令": "order", "请求": "request", "邀请": "invitation"},
        ),
        Column(
            field="unit",
            zh=_("所属单位"),
            titles=("单位", "主管单位", "单位名称", "单位代码"),
            required=True,
            max_chars=100,
        ),
        Column(field="leader", zh=_("队长"), titles=("负责人", "队长姓名", "联系人"), max_chars=60),
        Column(
            field="leader_phone",
            zh=_("队长手机"),
            kind="phone",
            titles=("负责人电话", "队长电话", "联系电话"),
        ),
        Column(
            field="full_time",
            zh=_("专职人数"),
            kind="int",
            titles=("专职",),
            least=0,
            most=100_000,
        ),
        Column(
            field="part_time",
            zh=_("兼职人数"),
            kind="int",
            titles=("兼职", "人数", "队伍人数"),
            least=0,
            most=100_000,
        ),
        Column(field="duty_phone", zh=_("值班电话"), kind="phone", titles=("值守电话",)),
        Column(
            field="communities",
            zh=_("覆盖社区"),
            titles=("负责社区", "服务社区", "所在社区"),
            max_chars=600,
        ),
        *POINT_COLUMNS,
        *ABLE_COLUMNS,
    ),
    key=("name",),
)
SET: Final = (
    *("kind", "way", "unit_id", "lon", "lat", "cell", "schematic", "full_time", "part_time"),
    *("skills", "duty_phone", "insured_until"),
)
FIELDS: Final = (*(name.removesuffix("_id") for name in SET), "version")


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """What a row wants; None leaves what is. 所求"""

    name: str
    kind: str
    way: str
    unit: int
    leader: int | None
    spot: Spot | None
    codes: frozenset[str] | None
    full_time: int | None
    part_time: int | None
    duty_phone: str | None
    skills: int | None
    insured_until: date | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """Teams and leaders that a sheet speaks of. 已知"""

    ground: Ground
    teams: Mapping[str, Team]
    codes: Mapping[int, frozenset[str]]
    leaders: Mapping[int, int]
    people: Mapping[str, list[tuple[int, frozenset[str]]]]  # by name: key and numbers
    met: dict[str, int]


def _known(rows: Sequence[RowOutcome]) -> Known:
    names = [str(row.values["name"]) for row in rows]
    teams = {one.name: one for one in Team.objects.filter(name__in=names)}
    keys = [one.pk for one in teams.values()]
    return Known(
        ground=ground(),
        teams=teams,
        codes=_codes(keys),
        leaders=dict(_leading(keys).values_list("team_id", "person_id")),
        people=_people([str(row.values["leader"]) for row in rows if row.values["leader"]]),
        met={},
    )


def _leading(teams: Sequence[int]) -> Any:  # noqa: ANN401 - a query set of members
    return TeamMember.objects.filter(team__in=teams, role="leader", left_at=None)


def _codes(teams: Sequence[int]) -> dict[int, frozenset[str]]:
    found = defaultdict[int, set[str]](set)
    for team, code in CoveredCommunity.objects.filter(team__in=teams).values_list(
        "team_id", "code"
    ):
        found[team].add(code)
    return {team: frozenset(found[team]) for team in teams}


def _people(names: Sequence[str]) -> dict[str, list[tuple[int, frozenset[str]]]]:
    found = defaultdict[str, list[tuple[int, frozenset[str]]]](list)
    for one in Person.objects.filter(name__in=names).prefetch_related("addresses").order_by("pk"):
        found[one.name].append((one.pk, frozenset(way.value for way in one.addresses.all())))
    return found


# --- judging --------------------------------------------------------------------------------------


def _meant(row: RowOutcome, known: Known) -> Meant:
    values: dict[str, Any] = row.values
    kind = values["kind"]
    way = values["way"] or WAYS[kind][0]
    if not may_move(kind, way):
        raise No("way", "way_not_allowed")
    there = known.teams.get(values["name"])
    if there is not None and there.kind != kind:
        raise No("kind", "kind_stands")
    named = [word for word in BETWEEN.split(values["communities"] or "") if word]
    answering = [known.ground.community(word, "communities") for word in named]
    told = any(values[name] is not None for name in ("lon", "lat"))
    spot = None
    if there is None or told:
        spot = spot_of(values, community=answering[0] if answering else None)
    return Meant(
        name=values["name"],
        kind=kind,
        way=way,
        unit=known.ground.unit(values["unit"], "unit"),
        leader=_leader(values, known),
        spot=spot,
        codes=frozenset(one.code for one in answering) if named else None,
        full_time=values["full_time"],
        part_time=values["part_time"],
        duty_phone=values["duty_phone"],
        skills=skills_of(values["skills"]),
        insured_until=values["insured_until"],
    )


def _leader(values: Mapping[str, Any], known: Known) -> int | None:
    name, phone = values["leader"], values["leader_phone"]
    if not name:
        return None
    if phone:
        check_mobile(phone, "leader_phone")
    called = known.people.get(name, [])
    found = [key for key, numbers in called if not phone or phone in numbers]
    if len(found) != 1:
        raise No("leader", "two_people" if found else "unknown_person")
    return found[0]


def _judged(row: RowOutcome, known: Known) -> Found:
    try:
        meant = _meant(row, known)
        first = known.met.setdefault(meant.name, row.row_number)
        if first != row.row_number:
            raise No("name", "team_twice", row=first)
    except No as no:
        return refused(row.row_number, no, table=TABLE, said=SAID_HERE)
    team = known.teams.get(meant.name)
    if team is None:
        return Found(row_number=row.row_number, outcome="new", meant=meant)
    outcome: Outcome = "unchanged" if _is_so(meant, team, known) else "changed"
    return Found(row_number=row.row_number, outcome=outcome, about=team.pk, meant=meant)


def _is_so(meant: Meant, team: Team, known: Known) -> bool:
    """Whether the base says already what the row says."""
    filled = _filled(_copied(team), meant)
    same = all(getattr(filled, name) == getattr(team, name) for name in SET)
    leads = meant.leader in (None, known.leaders.get(team.pk))
    return same and leads and meant.codes in (None, known.codes[team.pk])


def _copied(team: Team) -> Team:
    return Team(pk=team.pk, name=team.name, **{name: getattr(team, name) for name in SET})


# --- writing --------------------------------------------------------------------------------------


def _filled(team: Team, meant: Meant) -> Team:
    team.name, team.sort_key = meant.name, sort_key(meant.name)
    team.kind, team.way, team.unit_id = meant.kind, meant.way, meant.unit
    if meant.spot is not None:
        team.lon, team.lat = meant.spot.lon, meant.spot.lat
        team.cell, team.schematic = cell(team.lon, team.lat), meant.spot.schematic
    for name in ("full_time", "part_time", "duty_phone", "skills", "insured_until"):
        value = getattr(meant, name)
        if value is not None:
            setattr(team, name, value)
    return put_words(team)


class Teams:
    """The kind. 队伍"""

    name, title, permission, about, table = "teams", _("队伍"), "import.force", "team", TABLE

    def judge(self, rows: Sequence[RowOutcome]) -> list[Found]:
        """Found again by name, or new; what the base refuses says why."""
        known = _known(rows)
        return [_judged(row, known) for row in rows]

    def write(self, rows: Sequence[Found], *, source: str) -> list[int]:
        """Teams, then their communities and leaders."""
        del source  # what a file is called says nothing of a team
        known = Team.objects.in_bulk([row.about for row in rows if row.about is not None])
        teams = [_filled(known.get(row.about or 0) or Team(), row.meant) for row in rows]
        for one in known.values():
            one.version += 1
        Team.objects.bulk_create([one for one in teams if one.pk is None])
        Team.objects.bulk_update(list(known.values()), FIELDS)
        told = [(one.pk, row.meant) for one, row in zip(teams, rows, strict=True)]
        _cover({pk: meant.codes for pk, meant in told if meant.codes is not None})
        _lead({pk: meant.leader for pk, meant in told if meant.leader is not None})
        return [one.pk for one in teams]

    def snapshots(self, idents: Sequence[int]) -> dict[int, Snapshot]:
        """Its columns, communities and members, and whether it has been used since."""
        found: dict[int, Snapshot] = {
            one.pk: {name: as_json(getattr(one, name)) for name in ("name", *SET)}
            | {"members": [], "codes": []}
            for one in Team.objects.filter(pk__in=idents)
        }
        for member in TeamMember.objects.filter(team__in=idents).order_by("pk"):
            found[member.team_id]["members"].append([member.pk, as_json(member.left_at)])
        for team, codes in _codes(list(found)).items():
            found[team]["codes"] = sorted(codes)
        rows = Team.objects.filter(pk__in=idents)
        for one in rows.prefetch_related("readiness", "equipment", "calls"):
            # a team that was called since is never taken out again
            used = [one.readiness.count(), one.equipment.count()]
            found[one.pk]["used"] = [*used, *([calls] if (calls := one.calls.count()) else [])]
        return found

    def remove(self, idents: Sequence[int]) -> None:
        """Communities and memberships go with them."""
        Team.objects.filter(pk__in=idents).delete()

    def restore(self, before: Mapping[int, Snapshot]) -> None:
        """Columns, communities and members as they were."""
        teams = Team.objects.in_bulk(list(before))
        for pk, team in teams.items():
            put_back(team, SET, before[pk])
            team.version += 1
        Team.objects.bulk_update(list(teams.values()), FIELDS)
        _cover({pk: frozenset(one["codes"]) for pk, one in before.items()})
        were = {pk: left for one in before.values() for pk, left in one["members"]}
        there = TeamMember.objects.filter(team__in=list(before))
        there.exclude(pk__in=list(were)).delete()
        for member in there:
            if as_json(member.left_at) != were[member.pk]:
                put_back(member, ("left_at",), {"left_at": were[member.pk]})
                member.save(update_fields=["left_at"])


def _cover(wanted: Mapping[int, frozenset[str]]) -> None:
    """Each team answers for these communities and for no other."""
    for one in CoveredCommunity.objects.filter(team__in=list(wanted)):
        if one.code not in wanted[one.team_id]:
            one.delete()
    CoveredCommunity.objects.bulk_create(
        [CoveredCommunity(team_id=pk, code=c) for pk, codes in wanted.items() for c in codes],
        ignore_conflicts=True,
    )


def _lead(wanted: Mapping[int, int]) -> None:
    """Each team is led by this person; whoever led it before leaves that post."""
    now = clock.now()
    for team, person in wanted.items():
        there = TeamMember.objects.filter(team=team, left_at=None)
        if there.filter(person=person, role="leader").exists():
            continue
        for one in there.filter(role="leader") | there.filter(person=person):
            one.left_at = max(now, one.joined_at)
            one.save(update_fields=["left_at"])
        TeamMember.objects.create(
            team_id=team, person_id=person, role="leader", employment="part_time", joined_at=now
        )


KIND = Teams()
