"""What a telephone says of the time is believed as far as it can be."""

from datetime import UTC, datetime, timedelta

import pytest

from qianjun.kernel.claimed import Hands, believed

NOW = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
HANDS = Hands(now=NOW, real=NOW)
LONG_AGO = NOW - 30 * DAY


@pytest.mark.parametrize("wrong", [timedelta(0), 2 * DAY, -2 * DAY, 400 * DAY])
def test_an_act_of_an_hour_ago_was_an_hour_ago_however_wrong_the_clock(wrong: timedelta) -> None:
    when = believed(claimed=NOW - HOUR + wrong, sent=NOW + wrong, hands=HANDS, not_before=LONG_AGO)
    assert when.at == NOW - HOUR
    assert when.claimed == NOW - HOUR + wrong
    assert when.clock_off == (wrong != timedelta(0))


def test_nothing_said_is_now() -> None:
    when = believed(claimed=None, sent=None, hands=HANDS, not_before=LONG_AGO)
    assert (when.at, when.claimed, when.clock_off) == (NOW, None, False)


@pytest.mark.parametrize(
    ("claimed", "at"), [(NOW + 2 * DAY, NOW), (NOW - 3 * DAY, NOW - HOUR), (LONG_AGO, NOW - HOUR)]
)
def test_a_time_out_of_bounds_is_moved_into_them_and_marked(
    claimed: datetime, at: datetime
) -> None:
    when = believed(claimed=claimed, sent=None, hands=HANDS, not_before=NOW - HOUR)
    assert (when.at, when.clock_off) == (at, True)


def test_in_a_fast_drill_a_minute_of_the_phone_is_many_of_the_house() -> None:
    hands = Hands(now=NOW + DAY, real=NOW, speed=10)
    when = believed(claimed=NOW - MINUTE, sent=NOW, hands=hands, not_before=LONG_AGO)
    assert (when.at, when.clock_off) == (NOW + DAY - 10 * MINUTE, False)


FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize("claimed", [FIRST, LAST])
def test_the_ends_of_time_break_nothing(claimed: datetime) -> None:
    for sent in (None, NOW, FIRST, LAST):
        when = believed(claimed=claimed, sent=sent, hands=HANDS, not_before=NOW - HOUR)
        assert NOW - HOUR <= when.at <= NOW
