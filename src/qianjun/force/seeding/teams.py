"""The demo's teams: 27 of communities, 22 of enterprises, 3 professional, a militia. 演示队伍"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from qianjun.force.models import (
    CoveredCommunity,
    Equipment,
    MemberSkill,
    Readiness,
    Team,
    TeamMember,
)
from qianjun.force.seeding.drawing import SEED, Home, drawn, homes, names, points_in, split
from qianjun.force.skills import mask_of
from qianjun.kernel import clock
from qianjun.kernel.geometry import cell, distance_m
from qianjun.kernel.text import sort_key
from qianjun.org.models import Address, Person, Unit
from qianjun.org.seeding import CHANNEL, CONSENT, seed_units

COMMUNITY_TEAMS, ENTERPRISE_TEAMS, PROFESSIONAL_TEAMS = 27, 22, 3
MILITIA_TEAMS: Final = 1  # in no published number: a sample, so that one can be asked for
COMMUNITIES_WITHOUT: Final = 10
ENTERPRISE_FULL_TIME, ENTERPRISE_PART_TIME = 60, 998
SECOND_TEAMS: Final = 3  # communities with two teams; as many are answered for by a neighbour
ENTERPRISE_UNIT: Final = "DEMO-QY-{:02d}"
LEADER_PHONE, DUTY_PHONE = "1002{:07d}", "1003{:07d}"
ENTERPRISES: Final = (
    *("演示涂料厂", "演示五金厂", "演示机械厂", "演示汽车零部件厂", "演示化工厂", "演示纺织厂"),
    *("演示食品厂", "演示制药厂", "演示木业公司", "演示水泥厂", "演示钢构公司", "演示燃气公司"),
    *("演示供水公司", "演示电力工程公司", "演示物流园", "演示冷链公司", "演示商业广场"),
    *("演示大酒店", "演示建筑公司", "演示公交公司", "演示印刷厂", "演示科技园"),
)
SKILLED: Final[dict[str, tuple[str, ...]]] = {
    "community": ("first_aid", "reception", "carrying", "disinfection"),
    "enterprise": ("fire_fighting", "first_aid", "machinery", "electrician", "chemicals"),
    "fire": ("fire_fighting", "water_rescue", "rope", "chemicals", "first_aid"),
    "geology": ("geology", "drone", "radio"),
    "flood": ("boat", "water_rescue", "machinery", "carrying"),
    "militia": ("carrying", "boat", "radio", "first_aid"),
}
THINGS: Final[dict[str, tuple[tuple[str, str, int], ...]]] = {
    "community": (("loudhailer", "手持扩音器", 2), ("aid_kit", "急救箱", 2)),
    "enterprise": (("extinguisher", "灭火器", 40), ("aid_kit", "急救箱", 4)),
    "fire": (("fire_engine", "消防车", 6), ("boat", "冲锋舟", 2), ("breathing", "空气呼吸器", 30)),
    "geology": (("drone", "无人机", 2), ("radio", "对讲机", 12)),
    "militia": (("boat", "冲锋舟", 2), ("radio", "对讲机", 8), ("sandbag", "沙袋", 500)),
    "flood": (("boat", "冲锋舟", 4), ("pump", "移动排涝泵", 3), ("sandbag", "沙袋", 2_000)),
}


@dataclass(kw_only=True)
class Draft:
    """A team before it is written. 拟建队伍"""

    name: str
    kind: str
    way: str
    unit: str
    home: Home
    full_time: int = 0
    part_time: int = 0
    of: str = ""
    covers: list[str] = field(default_factory=list)


def seed_teams() -> int:
    """Write the teams that are not there yet; how many. 装入演示队伍"""
    dice = np.random.default_rng(SEED)
    seed_units()
    known = homes()
    drafts = [*_of_communities(known, dice), *_of_enterprises(known, dice), *_of_others(known)]
    units = _enterprise_units(known) | {u.code: u for u in Unit.objects.all()}
    there = set(Team.objects.values_list("name", flat=True))
    made = [
        _team(draft, n, units[draft.unit], dice) for n, draft in enumerate(drafts)
    ]  # drawn for all, so that who is missing gets what he would have had
    new = [n for n, draft in enumerate(drafts) if draft.name not in there]
    Team.objects.bulk_create([made[n] for n in new])
    _people([(n, drafts[n], made[n]) for n in new], dice)
    _hang_on([(n, drafts[n], made[n]) for n in new])
    return len(new)


# --- which teams there are ------------------------------------------------------------------------


def _of_communities(known: list[Home], dice: np.random.Generator) -> list[Draft]:
    """27 teams that leave ten communities without: the villages and some at the rim."""
    towns = [home.code for home in known if home.kind == "community"]
    villages = [home.code for home in known if home.kind != "community"]
    without = {*villages, *drawn(towns, COMMUNITIES_WITHOUT - len(villages), dice)}
    covered = [home for home in known if home.code not in without]
    lent = set(drawn([home.code for home in covered], SECOND_TEAMS, dice))
    own = [home for home in covered if home.code not in lent]
    drafts = [_community(home, f"演示{home.name}响应队") for home in own]
    for code in sorted(lent):
        place = next(home for home in covered if home.code == code)
        near = min(drafts, key=lambda d: distance_m(d.home.lon, d.home.lat, place.lon, place.lat))
        near.covers.append(code)
    twice = drawn([home.code for home in own], COMMUNITY_TEAMS - len(own), dice)
    return drafts + [
        _community(home, f"演示{home.name}响应二队") for home in own if home.code in twice
    ]


def _community(home: Home, name: str) -> Draft:
    return Draft(
        name=name,
        kind="community",
        way="order",
        unit=home.code,
        home=home,
        of="community",
        covers=[home.code],
    )


def _of_enterprises(known: list[Home], dice: np.random.Generator) -> list[Draft]:
    full = split(ENTERPRISE_FULL_TIME, ENTERPRISE_TEAMS, least=1, dice=dice)
    part = split(ENTERPRISE_PART_TIME, ENTERPRISE_TEAMS, least=15, dice=dice)
    return [
        Draft(
            name=f"{ENTERPRISES[n]}应急救援队",
            kind="enterprise",
            way="request",
            unit=ENTERPRISE_UNIT.format(n + 1),
            home=_of_enterprise(known, n),
            full_time=full[n],
            part_time=part[n],
            of="enterprise",
        )
        for n in range(ENTERPRISE_TEAMS)
    ]


def _of_enterprise(known: list[Home], number: int) -> Home:
    """The plants lie east of the river; the list of codes ends there."""
    return known[-1 - (number * 5) % len(known)]


def _of_others(known: list[Home]) -> list[Draft]:
    """Fire brigade, geologists and militia are others' and are asked; the flood team is ours."""
    told = (
        ("演示消防救援大队", "fire", "request", "450202-XF", "fire", 36, known[0]),
        ("演示地质灾害应急队", "professional", "request", "450202-ZRZY", "geology", 12, known[9]),
        ("演示防汛抢险队", "professional", "order", "450202", "flood", 24, known[21]),
        ("演示民兵应急分队", "militia", "request", "450202-RWB", "militia", 30, known[14]),
    )
    return [
        Draft(name=name, kind=kind, way=way, unit=unit, of=of, full_time=count, home=home)
        for name, kind, way, unit, of, count, home in told
    ]


def _enterprise_units(known: list[Home]) -> dict[str, Unit]:
    """A unit for each enterprise, below the street in which it lies."""
    streets = {unit.code: unit for unit in Unit.objects.filter(level="street")}
    made = []
    for n, name in enumerate(ENTERPRISES):
        code, street = ENTERPRISE_UNIT.format(n + 1), streets[_of_enterprise(known, n).code[:9]]
        made.append(
            Unit(
                code=code,
                name=name,
                short_name=name,
                kind="enterprise",
                level="enterprise",
                parent=street,
                path=f"{street.path}/{code}",
                sort_key=sort_key(name),
            )
        )
    Unit.objects.bulk_create(made, ignore_conflicts=True)
    return {unit.code: unit for unit in Unit.objects.filter(level="enterprise")}


# --- one team -------------------------------------------------------------------------------------


def _team(draft: Draft, number: int, unit: Unit, dice: np.random.Generator) -> Team:
    lons, lats = points_in(draft.home, 1, dice)
    lon, lat = round(float(lons[0]), 6), round(float(lats[0]), 6)
    if draft.kind == "community":
        draft.part_time = int(dice.integers(8, 25))
    return Team(
        name=draft.name,
        kind=draft.kind,
        way=draft.way,
        unit=unit,
        lon=lon,
        lat=lat,
        cell=cell(lon, lat),
        schematic=True,
        full_time=draft.full_time,
        part_time=draft.part_time,
        skills=mask_of(SKILLED[draft.of]),
        duty_phone=DUTY_PHONE.format(number + 1),
        insured_until=(clock.in_beijing(clock.now()) + timedelta(days=90 + 7 * number)).date(),
        sort_key=sort_key(draft.name),
    )


Numbered = tuple[int, Draft, Team]


def _people(teams: list[Numbered], dice: np.random.Generator) -> None:
    """A leader and a deputy for each, with a number and a certificate."""
    every = COMMUNITY_TEAMS + ENTERPRISE_TEAMS + PROFESSIONAL_TEAMS + MILITIA_TEAMS
    called = names(2 * every, dice)
    now = clock.now()
    people = [
        Person(name=name, unit=team.unit, sort_key=sort_key(name))
        for n, _draft, team in teams
        for name in called[2 * n : 2 * n + 2]
    ]
    Person.objects.bulk_create(people)
    Address.objects.bulk_create(
        _address(person, LEADER_PHONE.format(2 * n + m + 1), now)
        for (n, m), person in zip(_places(teams), people, strict=True)
    )
    members = [
        TeamMember(
            team=teams[i // 2][2],
            person=person,
            role=("leader", "deputy")[i % 2],
            employment="full_time" if teams[i // 2][1].full_time and not i % 2 else "part_time",
            joined_at=now - timedelta(days=400),
        )
        for i, person in enumerate(people)
    ]
    TeamMember.objects.bulk_create(members)
    today = clock.in_beijing(now).date()
    MemberSkill.objects.bulk_create(
        MemberSkill(
            member=member,
            skill=SKILLED[teams[i // 2][1].of][i % 2],
            valid_until=today + timedelta(days=30 * (i % 24) - 60),
        )
        for i, member in enumerate(members)
    )


def _places(teams: list[Numbered]) -> Iterable[tuple[int, int]]:
    return [(n, m) for n, _draft, _team in teams for m in (0, 1)]


def _address(person: Person, phone: str, at: datetime) -> Address:
    return Address(
        person=person,
        channel=CHANNEL,
        value=phone,
        consent_at=at,
        consent_text=CONSENT,
        is_synthetic=True,
    )


def _hang_on(teams: list[Numbered]) -> None:
    """What they cover and bring, and whether they can come."""
    CoveredCommunity.objects.bulk_create(
        CoveredCommunity(team=team, code=code) for _n, draft, team in teams for code in draft.covers
    )
    Equipment.objects.bulk_create(
        Equipment(team=team, code=code, name=name, count=count, sort_key=sort_key(name))
        for _n, draft, team in teams
        for code, name, count in THINGS[draft.of]
    )
    states = ("standing_by", "ready", "standing_by", "standing_by", "resting")
    Readiness.objects.bulk_create(
        Readiness(
            team=team,
            state=states[n % len(states)] if draft.kind != "fire" else "ready",
            since=clock.now() - timedelta(minutes=13 * (n + 1)),
            by_kind="system",
            by_id="demo",
        )
        for n, draft, team in teams
    )
