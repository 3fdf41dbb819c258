"""What is still to be asked, what a time may be, what a title is made of."""

import csv
import os
from datetime import timedelta
from pathlib import Path

import pytest

from qianjun.incident.categories import event_types
from qianjun.incident.rules.facts import QUESTIONS, bad_time, questions, title_of
from tests.conftest import HELD_AT

KNOWN = {
    "place_answer": "found",
    "category": "12G00",
    "hurt_is_known": True,
    "unexplained": False,
    "time_is_known": True,
    "can_call_back": True,
}


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, ()),
        ({"place_answer": "none"}, ("where",)),
        ({"place_answer": "unsure"}, ("place_unsure",)),
        ({"place_answer": "elsewhere"}, ("elsewhere",)),
        ({"category": ""}, ("what",)),
        ({"hurt_is_known": False}, ("casualties",)),
        ({"unexplained": True}, ("figure_unexplained",)),
        ({"time_is_known": False}, ("time",)),
        ({"can_call_back": False}, ("caller",)),
    ],
)
def test_each_missing_fact_is_one_question(
    changed: dict[str, str | bool], asked: tuple[str, ...]
) -> None:
    assert questions(**(KNOWN | changed)) == asked  # type: ignore[arg-type]
    assert set(asked) <= QUESTIONS.keys()


def test_questions_come_in_the_order_in_which_people_speak() -> None:
    nothing = questions(
        place_answer="none",
        category="",
        hurt_is_known=False,
        unexplained=True,
        time_is_known=False,
        can_call_back=False,
    )
    assert nothing == ("where", "what", "casualties", "figure_unexplained", "time", "caller")


@pytest.mark.parametrize(
    ("away", "code"),
    [
        (timedelta(0), None),
        (timedelta(minutes=5), None),
        (timedelta(minutes=5, seconds=1), "in_the_future"),
        (timedelta(days=-366), None),
        (timedelta(days=-367), "too_long_ago"),
    ],
)
def test_a_time_lies_between_a_year_ago_and_five_minutes_ahead(
    away: timedelta, code: str | None
) -> None:
    fault = bad_time("at", HELD_AT + away, now=HELD_AT)
    assert (fault.code if fault else None) == code


@pytest.mark.parametrize(
    ("place", "kind", "text", "title"),
    [
        ("静兰街道", "火灾", "着火了，快来", "静兰街道火灾"),
        ("", "火灾", "着火了", "火灾"),
        ("静兰街道", "", "有人喊。不知道什么事", "有人喊"),
        ("静兰街道", "", "", "静兰街道"),
        ("", "", "一" * 40, "一" * 29 + "…"),
    ],
)
def test_a_title_is_place_and_kind_else_the_first_words(
    place: str, kind: str, text: str, title: str
) -> None:
    assert title_of(place=place, kind=kind, text=text) == title


def test_the_codes_of_event_types_are_those_of_the_source() -> None:
    shared = Path(os.environ.get("QIANJUN_SHARED", Path(__file__).parents[3] / "shared"))
    source = shared / "standards" / "codes" / "event_type_codes.csv"
    if not source.exists():
        pytest.skip("the tables nobody here wrote are not beside the project")
    with source.open(encoding="utf-8") as lines:
        wanted = {row["code"]: row["name_zh"] for row in csv.DictReader(lines)}
    assert event_types() == wanted
