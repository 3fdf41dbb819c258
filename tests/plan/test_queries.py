"""What the rest of the house is told: in the reader's language, without a statement."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from qianjun.kernel import clock
from qianjun.plan import queries
from tests.plan.files import GOOD

FACTORY = "一车间起火，明火，已派3站，疑有危化，请通知环保和供水。"


def test_the_factory_fire_is_proposed_at_level_three_with_clause_and_authority() -> None:
    found = queries.proposal(category="12G00", figures={}, words=FACTORY)
    assert found
    assert (found.plan, found.level, found.level_word) == ("fire", 3, "三级")
    assert found.why == ("4.2 条（示例）：危化品火灾且有扩散可能",)
    assert found.authority
    assert found.authority.title == "区政府分管副区长"
    assert (found.authority.role, found.authority.how) == ("bureau_leader", "recorded")
    assert found.authority.body_name == "城中区人民政府"


def test_the_same_in_english() -> None:
    with translation.override("en"):
        found = queries.proposal(category="12G00", figures={"dead": 1}, words="")
        card = queries.card_for("12G00")
    assert found
    assert found.title == "Chengzhong District Fire Plan"
    assert "A death" in found.why[0]
    assert card
    assert card.questions[0].text == "Have you called 119?"


def test_a_kind_without_a_plan_is_proposed_nothing() -> None:
    assert queries.proposal(category="14A00", figures={"dead": 9}, words=FACTORY) is None
    assert queries.card_for("14A00") is None
    assert queries.plans_for("") == ()


def test_a_plan_is_found_by_its_code() -> None:
    found = queries.plan_by_code("flood")
    assert found
    assert found.title.zh == "城中区防汛应急预案"
    assert queries.plan_by_code("../fire") is None


def test_the_card_of_a_fire_hands_over_to_119_first() -> None:
    card = queries.card_for("12G03", words="涂料厂起火")
    assert card
    assert card.hand_over == "119"
    assert card.hand_over_line.startswith("先转 119")
    assert "上风" in card.safety


def test_a_plan_past_its_review_says_so(held_clock: clock.Held) -> None:
    found = queries.proposal(category="12G00", figures={}, words="")
    assert found
    assert not found.overdue
    until = datetime(2029, 1, 1, tzinfo=UTC)
    held_clock.forward(until - clock.now() + timedelta(hours=1))
    late = queries.proposal(category="12G00", figures={}, words="")
    assert late
    assert late.overdue


def test_what_programs_are_told_is_json() -> None:
    found = queries.proposal(category="11A00", figures={"evacuated": 40}, words="")
    card = queries.card_for("11A00")
    assert found
    assert card
    told = json.loads(json.dumps(found.as_json()))
    assert (told["plan"], told["level"], told["sample"]) == ("flood", 4, True)
    assert told["authority"]["how"] == "signed"
    assert json.loads(json.dumps(card.as_json()))["hand_over"]["desk"] == "119"
    calm = queries.proposal(category="12G00", figures={}, words="")
    assert calm
    assert calm.as_json()["level"] is None
    assert calm.as_json()["authority"] is None


@pytest.fixture
def another_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in place of the library."""
    monkeypatch.setattr(queries, "LIBRARY", tmp_path)
    queries.plans.cache_clear()
    queries.plans_for.cache_clear()
    yield tmp_path
    queries.plans.cache_clear()
    queries.plans_for.cache_clear()


def test_a_bad_file_is_said_in_the_log_and_the_others_stay_in_use(
    another_library: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = GOOD.replace('"@street"', '"450202"').replace('["450202"]', "[]")
    (another_library / "cold.toml").write_text(good, encoding="utf-8")
    (another_library / "heat.toml").write_text(good, encoding="utf-8")
    (another_library / "notes.txt").write_text("no plan", encoding="utf-8")
    assert [plan.code for plan in queries.plans()] == ["cold"]
    assert "heat.toml:1 code" in caplog.text


@pytest.mark.django_db
def test_a_proposal_costs_no_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        queries.proposal(category="12G00", figures={"dead": 1}, words=FACTORY)
        queries.card_for("11A00", words="车库")
