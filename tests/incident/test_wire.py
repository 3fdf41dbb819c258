"""Times as they come over HTTP: RFC 3339 with an offset, or a sentence that says what is wrong."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from qianjun.incident.wire import Asked, Instant


class At(Asked):
    """A body with a time."""

    at: Instant


@given(
    st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(9998, 12, 30)),  # noqa: DTZ001
    st.integers(-23 * 60, 23 * 60),
)
def test_an_instant_is_read_back_whatever_its_offset(naive: datetime, minutes: int) -> None:
    told = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    read = At(at=told.isoformat()).at  # type: ignore[arg-type]
    assert read == told
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ("2026-06-01T14:05:00", "timezone_aware"),
        ("2026-06-01T14:05", "timezone_aware"),
        ("2026-06-01", "datetime_parsing"),
        ("14:05", "datetime_parsing"),
        ("", "datetime_parsing"),
        ("now", "datetime_parsing"),
        ("2026-W23-1T14:05+08:00", "datetime_parsing"),
        ("1780293900", "datetime_parsing"),
        ("2026-02-30T14:05:00+08:00", "datetime_object_invalid"),
        ("2026-06-01T25:05:00+08:00", "datetime_object_invalid"),
        ("0001-01-01T00:00:00+14:00", "datetime_object_invalid"),
        ("9999-12-31T23:59:59-12:00", "datetime_object_invalid"),
        ("0000-01-01T00:00:00Z", "datetime_object_invalid"),
        (1780293900, "datetime_type"),
        (True, "datetime_type"),
        (None, "datetime_type"),
        ([], "datetime_type"),
    ],
)
def test_what_is_no_instant_is_told_why(told: object, fault: str) -> None:
    with pytest.raises(ValidationError) as caught:
        At.model_validate({"at": told})
    assert [error["type"] for error in caught.value.errors()] == [fault]


@pytest.mark.parametrize(
    "told",
    [
        "2026-06-01T14:05:00+08:00",
        "2026-06-01T06:05:00Z",
        "2026-06-01t06:05:00z",
        "2026-06-01 14:05+08:00",
        "2026-06-01T14:05:00 08:00",  # an address lost its plus sign
        "2026-06-01T14:05:00.000000+0800",
    ],
)
def test_common_ways_of_writing_one_instant_are_the_same(told: str) -> None:
    assert At(at=told).at == datetime(2026, 6, 1, 6, 5, tzinfo=UTC)  # type: ignore[arg-type]
