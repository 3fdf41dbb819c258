"""Every plan of the library is whole; a file is tested by being there."""

from decimal import Decimal

import pytest

from qianjun.incident.categories import event_types
from qianjun.incident.queries import is_category
from qianjun.incident.rules.figures import FIGURES as FIGURES_OF_INCIDENTS
from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.org.roles import ROLES
from qianjun.org.shipped import shipped_units
from qianjun.plan import queries
from qianjun.plan.rules import Plan, Trigger
from qianjun.plan.rules.checking import NOTICES
from qianjun.plan.rules.judging import plan_reach
from qianjun.plan.rules.shape import FIGURES, LOCAL

NAMES = queries.names()
UNITS = {row["code"] for row in shipped_units()}
SENTENCE_MOST = 60  # a question is asked in one breath
HAZARDS = (
    *("chemical", "cold", "collapse", "crowd", "earthquake"),
    *("epidemic", "fire", "flood", "road_ice", "work_accident"),
)


def triggers_of(plan: Plan) -> list[Trigger]:
    return [trigger for level in plan.levels for trigger in level.triggers]


def test_there_is_a_plan_for_every_hazard_of_the_house() -> None:
    assert {f"{hazard}.toml" for hazard in HAZARDS} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_is_read_without_a_fault_and_called_as_its_file(name: str) -> None:
    assert f"{queries.plan_in(name).code}.toml" == name


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_says_of_every_level_when_and_who_decides(name: str) -> None:
    plan = queries.plan_in(name)
    assert sorted(level.n for level in plan.levels) == list(range(1, len(plan.levels) + 1))
    for level in plan.levels:
        assert level.word == LEVEL_WORDS[level.n]
        assert level.authority.role in ROLES
        assert not level.authority.body or level.authority.body in queries.bodies()
        assert level.triggers


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_names_units_that_there_are(name: str) -> None:
    plan = queries.plan_in(name)
    named = {task.lead for task in plan.tasks} | {post.unit for post in plan.posts}
    named |= {unit for task in plan.tasks for unit in task.supporting}
    assert named <= UNITS | set(LOCAL)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_means_event_types_that_there_are(name: str) -> None:
    plan = queries.plan_in(name)
    named = {*plan.categories, *plan.but, *(c for card in plan.cards for c in card.categories)}
    named |= {code for trigger in triggers_of(plan) for code in trigger.categories}
    named |= {trigger.warning.hazard for trigger in triggers_of(plan) if trigger.warning}
    assert not [code for code in named if not is_category(code)]


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_has_measures_for_the_first_minutes_and_for_every_level(name: str) -> None:
    plan = queries.plan_in(name)
    assert [task for task in plan.tasks if task.first]
    for level in plan.levels:
        assert [task for task in plan.tasks if task.from_level >= level.n]


@pytest.mark.parametrize("name", NAMES)
def test_a_graver_level_asks_for_more_of_the_same_figure(name: str) -> None:
    plan = queries.plan_in(name)
    least: dict[str, list[Decimal]] = {}
    for level in sorted(plan.levels, key=lambda level: -level.n):
        for trigger in level.triggers:
            for kind, n in trigger.figures.items():
                least.setdefault(kind, []).append(Decimal(n))
            if trigger.water_level:
                least.setdefault("water", []).append(trigger.water_level.at_least_m)
    for kind, steps in least.items():
        assert steps == sorted(set(steps)), kind


@pytest.mark.parametrize("name", NAMES)
def test_a_card_asks_in_short_sentences_and_says_what_to_read_out(name: str) -> None:
    for card in queries.plan_in(name).cards:
        assert 5 <= len(card.questions) <= 8
        assert card.safety.zh.endswith("。")
        assert all(len(question.text.zh) <= SENTENCE_MOST for question in card.questions)
        assert all(question.text.zh.endswith("？") for question in card.questions)


@pytest.mark.parametrize("name", NAMES)
def test_volunteers_are_invited_and_nobody_else_is(name: str) -> None:
    for force in queries.plan_in(name).forces:
        assert (force.kind == "volunteers") == (force.way == "invitation"), force.title.zh


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_tells_the_public_what_to_do(name: str) -> None:
    own = [one for one in queries.plan_in(name).texts if one.code not in (*NOTICES, "level")]
    assert len(own) >= 2


def test_no_two_plans_mean_a_kind_equally_well() -> None:
    plans = queries.plans()
    for category in event_types():
        exact = [plan_reach(plan, category) for plan in plans]
        best = max(exact)
        assert not best or exact.count(best) == 1, category


def test_a_card_is_known_by_its_code_in_the_whole_library() -> None:
    codes = [card.code for plan in queries.plans() for card in plan.cards]
    assert len(set(codes)) == len(codes)


def test_a_trigger_counts_what_an_incident_counts() -> None:
    assert set(FIGURES) == set(FIGURES_OF_INCIDENTS)


def test_every_file_of_the_library_is_in_use() -> None:
    assert [f"{plan.code}.toml" for plan in queries.plans()] == NAMES
