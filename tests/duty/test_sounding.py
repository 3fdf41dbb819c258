"""A sound means that somebody must act; few at night, at most ten in ten minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from qianjun.duty.rules.sounding import CAUSES, heard, is_close, is_night

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in Beijing
EVERY = [(cause, cause) for cause in CAUSES]


@pytest.mark.parametrize(
    ("hour", "night"), [(21, False), (22, True), (23, True), (0, True), (5, True), (6, False)]
)
def test_the_night_is_from_ten_to_six_in_beijing(hour: int, night: bool) -> None:
    at = datetime(2026, 6, 1, hour, 0, tzinfo=UTC) - timedelta(hours=8)
    assert is_night(at) is night


def test_at_night_only_failed_calls_danger_and_clocks_are_heard() -> None:
    by_day = [one.key for one in heard(EVERY, at=NOON)]
    at_night = [one.key for one in heard(EVERY, at=NOON + timedelta(hours=11))]
    assert sorted(by_day) == sorted(CAUSES)
    assert at_night == ["call_failed", "danger", "clock"]


def test_the_gravest_comes_first_and_an_unknown_cause_is_never_heard() -> None:
    told = [("a", "letter"), ("b", "call_failed"), ("c", "gossip")]
    assert [one.key for one in heard(told, at=NOON)] == ["b", "a"]


def test_a_clock_is_heard_in_its_last_five_minutes_and_when_late() -> None:
    left = (timedelta(minutes=6), timedelta(minutes=5), timedelta(minutes=-1))
    assert [is_close(NOON + one, at=NOON) for one in left] == [False, True, True]
