"""What a told report may hold: every fault named by its field."""

from datetime import timedelta
from typing import Any

import pytest

from qianjun.response.rules.checking import faults
from tests.conftest import HELD_AT
from tests.incident.fires import told


def found(**changed: Any) -> set[tuple[str, str]]:
    """Field and code of every fault."""
    return {(one.field, one.code) for one in faults(told(**changed), now=HELD_AT)}


def test_a_good_report_has_no_fault() -> None:
    assert not found(occurred_at=HELD_AT, figures={"dead": 0}, source="119")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"text": "  \n"}, ("text", "too_short")),
        ({"text": "火" * 5_001}, ("text", "too_long")),
        ({"title": "火" * 201}, ("title", "too_long")),
        ({"where": "路" * 201}, ("where", "too_long")),
        ({"caller_name": "王" * 61}, ("caller.name", "too_long")),
        ({"caller_phone": "1" * 41}, ("caller.phone", "too_long")),
        ({"channel": "pigeon"}, ("channel", "unknown_value")),
        ({"source": "999"}, ("source", "unknown_value")),
        ({"crs": "mars"}, ("crs", "unknown_value")),
        ({"lat": None}, ("lat", "missing")),
        ({"lon": None}, ("lon", "missing")),
        ({"lon": 181.0}, ("lon", "out_of_bounds")),
        ({"lat": -90.1}, ("lat", "out_of_bounds")),
        ({"lon": float("nan")}, ("lon", "out_of_bounds")),
        ({"figures": {"dead": -1}}, ("figures.dead", "out_of_bounds")),
        ({"figures": {"dead": 10**9}}, ("figures.dead", "out_of_bounds")),
        ({"figures": {"cats": 1}}, ("figures.cats", "unknown_value")),
        ({"occurred_at": HELD_AT + timedelta(minutes=6)}, ("occurred_at", "in_the_future")),
        ({"occurred_at": HELD_AT - timedelta(days=400)}, ("occurred_at", "too_long_ago")),
    ],
)
def test_a_fault_names_its_field(changed: dict[str, Any], fault: tuple[str, str]) -> None:
    assert found(**changed) == {fault}


def test_all_faults_are_told_at_once() -> None:
    assert len(found(text="", channel="x", lon=None, figures={"dead": -1})) == 4


def test_both_coordinates_may_be_left_out() -> None:
    assert not found(lon=None, lat=None)
