"""Which plan, which level, which questions: from values alone."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from qianjun.plan.rules import Plan, Situation, Standing, card_of, fitting, reach, suggest
from tests.plan.files import GOOD, read, shipped

FIRE, FLOOD = shipped("fire"), shipped("flood")
BOTH = (FLOOD, FIRE)


def level_of(category: str, **known: Any) -> int | None:
    suggested = suggest(BOTH, Situation(category=category, **known))
    assert suggested is not None
    return suggested.level.n if suggested.level else None


@pytest.mark.parametrize(
    ("code", "category", "exactly"),
    [
        ("12G00", "12G00", 3),
        ("12G00", "12G03", 3),
        ("12G03", "12G03", 5),
        ("12G03", "12G00", 0),
        ("12000", "12G03", 2),
        ("12000", "11A00", 0),
        ("12G00", "", 0),
    ],
)
def test_a_code_means_what_is_below_it(code: str, category: str, exactly: int) -> None:
    assert reach(code, category) == exactly


@pytest.mark.parametrize(
    ("category", "plan"),
    [
        ("12G00", "fire"),
        ("12G04", "fire"),
        ("12D03", "fire"),
        ("12D02", None),
        ("11A00", "flood"),
        ("11A02", "flood"),
        ("11B03", "flood"),
        ("11B05", None),
        ("11A52", None),  # drought stands below water, and is no flood
        ("13A00", None),
        ("", None),
    ],
)
def test_the_plan_is_that_of_the_kind(category: str, plan: str | None) -> None:
    assert [one.code for one in fitting(BOTH, category)] == ([plan] if plan else [])


def test_the_more_exact_plan_comes_first() -> None:
    cold = read(GOOD)
    broad = replace(cold, code="weather", categories=("11B00",))
    assert [one.code for one in fitting((broad, cold), "11B05")] == ["cold", "weather"]
    assert [one.code for one in fitting((broad, cold), "11B06")] == ["weather"]


def test_of_two_plans_alike_the_one_that_reaches_a_level_is_proposed() -> None:
    calm = read(GOOD)
    grave = replace(calm, code="zero")
    eager = replace(calm.levels[0].triggers[0], figures={"injured": 1})
    grave = replace(grave, levels=(replace(calm.levels[0], triggers=(eager,)),))
    suggested = suggest((calm, grave), Situation(category="11B05", figures={"injured": 1}))
    assert suggested
    assert suggested.plan.code == "zero"


@pytest.mark.parametrize(
    ("figures", "level"),
    [
        ({}, None),
        ({"injured": 2}, None),
        ({"injured": 3}, 4),
        ({"missing": 2}, 4),
        ({"missing": 3}, 3),
        ({"dead": 0}, None),
        ({"dead": 1}, 3),
        ({"dead": 3, "injured": 40}, 2),
        ({"serious": 50}, 1),
    ],
)
def test_figures_reach_a_level(figures: dict[str, int], level: int | None) -> None:
    assert level_of("12G00", figures=figures) == level


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("民房冒烟", None),
        ("一车间起火，疑有危化", 3),
        ("仓库起火", 4),
        ("仓库起火，没有危化品", 4),
        ("起火，无人员被困", None),
        ("不是仓库，是民房", None),
        ("没有甲苯，有液氨", 3),
    ],
)
def test_words_reach_a_level_unless_they_are_denied(words: str, level: int | None) -> None:
    assert level_of("12G00", words=words) == level


@pytest.mark.parametrize(
    ("known", "level"),
    [
        ({"water_levels_m": {"liuzhou": Decimal("82.49")}}, None),
        ({"water_levels_m": {"liuzhou": Decimal("82.5")}}, 4),
        ({"water_levels_m": {"liuzhou": Decimal("86.30")}}, 3),
        ({"water_levels_m": {"elsewhere": Decimal("99")}}, None),
        ({"warnings": (Standing(hazard="11B03", colour="orange"),)}, 4),
        ({"warnings": (Standing(hazard="11B03", colour="red"),)}, 3),
        ({"warnings": (Standing(hazard="11B05", colour="red"),)}, None),
        ({"warnings": (Standing(hazard="11B03", colour="blue"),)}, None),
        ({"instructed_by": frozenset({"city"})}, 4),
        ({"instructed_by": frozenset({"region", "city"})}, 2),
    ],
)
def test_water_warnings_and_orders_from_above_reach_a_level(
    known: dict[str, Any], level: int | None
) -> None:
    assert level_of("11A01", **known) == level


def test_everything_that_a_trigger_asks_for_must_hold() -> None:
    cold = read(GOOD)
    both = replace(cold.levels[0].triggers[0], figures={"dead": 1}, words=("冻死",))
    plan = replace(cold, levels=(replace(cold.levels[0], triggers=(both,)),))

    def reaches(**known: Any) -> bool:
        suggested = suggest((plan,), Situation(category="11B05", **known))
        return bool(suggested and suggested.level)

    assert reaches(figures={"dead": 1}, words="有人冻死")
    assert not reaches(figures={"dead": 1}, words="有人病亡")
    assert not reaches(figures={"injured": 1}, words="有人冻死")


def test_a_proposal_gives_at_most_three_reasons_of_the_gravest_level() -> None:
    figures = {"dead": 1, "serious": 3, "missing": 3, "injured": 9}
    known = Situation(category="12D03", figures=figures, words="甲苯")
    suggested = suggest(BOTH, known)
    assert suggested
    assert len(suggested.why) == 3
    assert {clause.number for clause in suggested.why} == {"4.2"}


def test_a_plan_without_a_level_says_why_it_fits() -> None:
    suggested = suggest(BOTH, Situation(category="12G03"))
    assert suggested
    assert suggested.level is None
    assert suggested.why == (FIRE.scope,)


@pytest.mark.parametrize(
    ("category", "words", "card"),
    [
        ("12G00", "民房起火", "fire"),
        ("12G01", "涂料厂起火", "chemical_fire"),
        ("12G01", "厂房起火，没有化学品", "fire"),
        ("11A02", "路上积水", "flood"),
        ("11A02", "地下车库进水，车里有人", "underground_flood"),
        ("13A00", "涂料", None),
        ("", "起火", None),
    ],
)
def test_the_card_is_that_of_the_kind_and_of_the_words(
    category: str, words: str, card: str | None
) -> None:
    found = card_of(BOTH, category=category, words=words)
    assert (found.code if found else None) == card


def test_the_order_of_the_files_decides_nothing() -> None:
    for plans in (BOTH, BOTH[::-1]):
        found = suggest(plans, Situation(category="11A00", words="地下车库"))
        assert found
        assert found.plan is FLOOD


def test_any_number_of_levels_will_do() -> None:
    one: Plan = read(GOOD)
    suggested = suggest((one,), Situation(category="11B05", figures={"dead": 2}))
    assert suggested
    assert suggested.level is one.levels[0]
