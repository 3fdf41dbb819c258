"""Who may be called, who covers whom, how a team may be moved: without a database."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from qianjun.force import skills
from qianjun.force.rules.calling import (
    REASONS,
    Limits,
    Standing,
    adult_on,
    consented,
    counted,
    excluded,
    surely_adult_on,
)
from qianjun.force.rules.covering import Community, nearest, uncovered
from qianjun.force.rules.moving import WAYS, may_move

NOW = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)
LIMITS = Limits(hours_a_year=200, calls_a_year=12)
GOOD = Standing(
    consented=True,
    adult=True,
    insured=True,
    paused=False,
    busy=False,
    minutes_this_year=0,
    calls_this_year=0,
)
BAD = {
    "no_consent": replace(GOOD, consented=False),
    "minor": replace(GOOD, adult=False),
    "uninsured": replace(GOOD, insured=False),
    "paused": replace(GOOD, paused=True),
    "busy": replace(GOOD, busy=True),
    "hours": replace(GOOD, minutes_this_year=12_000),
    "capped": replace(GOOD, calls_this_year=12),
}


def test_an_insured_adult_who_agreed_may_be_called() -> None:
    assert excluded(GOOD, LIMITS) is None
    last = replace(GOOD, minutes_this_year=11_999, calls_this_year=11)
    assert excluded(last, LIMITS) is None


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_keeps_somebody_from_being_called(reason: str) -> None:
    assert excluded(BAD[reason], LIMITS) == reason


def test_everybody_left_out_is_counted_once_under_the_first_reason() -> None:
    worst = replace(BAD["no_consent"], adult=False, insured=False)
    people = [GOOD, worst, *BAD.values()]
    assert counted(people, LIMITS) == {**dict.fromkeys(REASONS, 1), "no_consent": 2}
    assert counted([GOOD], LIMITS) == dict.fromkeys(REASONS, 0)


def test_a_list_from_above_serves_until_it_expires() -> None:
    for hours, serves in ((1, True), (0, False), (-1, False)):
        ends = NOW + timedelta(hours=hours)
        assert consented(consent_at=NOW, expires_at=ends, at=NOW) is serves
    assert consented(consent_at=NOW, expires_at=None, at=NOW)
    assert not consented(consent_at=None, expires_at=None, at=NOW)


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        (date(2008, 6, 1), date(2026, 6, 1)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2004, 2, 29), date(2022, 3, 1)),
    ],
)
def test_somebody_comes_of_age_on_his_eighteenth_birthday(born: date, of_age: date) -> None:
    assert adult_on(born) == of_age


def test_of_a_year_alone_only_what_is_sure_counts() -> None:
    assert surely_adult_on(2008) == date(2027, 1, 1)


@dataclass(frozen=True)
class Spot:
    lon: float
    lat: float


def test_a_community_without_a_team_is_shown_with_the_nearest_one() -> None:
    there = [
        Community(code=f"45020200100{n}", name=f"{n}", street="", lon=109.4 + n / 100, lat=24.3)
        for n in (1, 2, 3)
    ]
    gap = uncovered(there, {"450202001001", "450202001003"})
    assert [one.code for one in gap] == ["450202001002"]
    teams = [Spot(109.41, 24.3), Spot(109.425, 24.3), Spot(109.5, 24.3)]
    found = nearest(gap[0], teams)
    assert found is not None
    assert found[0] is teams[1]
    assert 500 < found[1] < 515
    assert nearest(gap[0], []) is None


def test_no_team_of_somebody_else_is_ordered() -> None:
    assert may_move("community", "order")
    assert not may_move("unknown", "order")
    for kind in ("enterprise", "fire", "militia"):
        assert WAYS[kind] == ("request",)
    assert WAYS["social"] == ("invitation",)


def test_skills_have_a_bit_each_and_both_languages() -> None:
    known = skills.skills()
    assert len({one.bit for one in known}) == len(known) == len({one.code for one in known})
    assert all(0 <= one.bit < 63 and one.zh and one.en for one in known)
    mask = skills.mask_of(["nurse", "boat"])
    assert skills.codes_of(mask) == ["nurse", "boat"]
    assert skills.code_named("护理") == skills.code_named(" Nursing ") == "nurse"
    assert skills.code_named("魔术") is None
    with pytest.raises(KeyError):
        skills.mask_of(["magic"])
