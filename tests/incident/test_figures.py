"""When a number asks for its reason, and what grade the numbers speak for: tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.incident.rules.figures import FIGURES, MOST, asks_why, out_of_bounds
from qianjun.incident.rules.grading import has_table, suggest_grade


@pytest.mark.parametrize(
    ("kind", "last", "value", "asks"),
    [
        ("injured", None, 500, False),  # the first value of a series
        ("injured", 5, 5, False),
        ("injured", 5, 4, True),  # any decrease
        ("injured", 0, 3, False),  # by three at most
        ("injured", 0, 4, True),
        ("injured", 10, 15, False),  # by half at most
        ("injured", 10, 16, True),
        ("evacuated", 100, 150, False),
        ("evacuated", 100, 151, True),
        ("missing", 2, 0, True),
        ("dead", None, 1, False),
        ("dead", 0, 1, True),  # any change after the first
        ("dead", 1, 0, True),
        ("dead", 1, 1, False),
        ("loss_yuan", 1_000_000, 1_400_000, False),
    ],
)
def test_a_jump_asks_for_its_reason(kind: str, last: int | None, value: int, asks: bool) -> None:
    assert asks_why(kind=kind, last=last, value=value) is asks


@given(kind=st.sampled_from(sorted(FIGURES)), last=st.integers(0, 10**6), less=st.integers(1, 10))
def test_every_decrease_asks_for_its_reason(kind: str, last: int, less: int) -> None:
    assert asks_why(kind=kind, last=last, value=last - less)


@pytest.mark.parametrize("kind", sorted(FIGURES))
def test_every_number_has_bounds(kind: str) -> None:
    assert out_of_bounds(kind, -1)
    assert not out_of_bounds(kind, 0)
    assert not out_of_bounds(kind, MOST[kind])
    assert out_of_bounds(kind, MOST[kind] + 1)


@pytest.mark.parametrize(
    ("figures", "grade"),
    [
        ({}, 4),
        ({"dead": 0, "serious": 0, "loss_yuan": 0}, 4),
        ({"dead": 2}, 4),
        ({"dead": 3}, 3),
        ({"dead": 9}, 3),
        ({"dead": 10}, 2),
        ({"dead": 29}, 2),
        ({"dead": 30}, 1),
        ({"serious": 9}, 4),
        ({"serious": 10}, 3),
        ({"serious": 50}, 2),
        ({"serious": 100}, 1),
        ({"loss_yuan": 9_999_999}, 4),
        ({"loss_yuan": 10_000_000}, 3),
        ({"loss_yuan": 50_000_000}, 2),
        ({"loss_yuan": 100_000_000}, 1),
        ({"dead": 1, "serious": 50, "loss_yuan": 10_000_000}, 2),  # the gravest counts
        ({"missing": 40, "injured": 200, "evacuated": 5_000}, 4),  # these move no grade
    ],
)
def test_the_gravest_of_deaths_serious_injuries_and_loss_makes_the_grade(
    figures: dict[str, int], grade: int
) -> None:
    assert suggest_grade(category="12G00", figures=figures).grade == grade


@pytest.mark.parametrize("category", ["12A01", "12D00", "12G03", "12H02", "12Y00", "11G01"])
def test_accidents_and_fires_have_a_table(category: str) -> None:
    assert has_table(category)
    assert suggest_grade(category=category, figures={"dead": 3}).grade == 3


@pytest.mark.parametrize("category", ["11A01", "11C02", "13A00", "14A00", "10000", ""])
def test_other_kinds_have_none_and_say_why(category: str) -> None:
    suggested = suggest_grade(category=category, figures={"dead": 30})
    assert suggested.grade is None
    assert suggested.why.zh
