"""The clock over HTTP by contract 10: moved once per key, and nothing of it where time is real."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from qianjun.journal.models import ClockRow
from qianjun.org.roles import ROLES
from tests.cast import client_for

pytestmark = [pytest.mark.django_db, pytest.mark.running_clock]
CLOCK = "/api/v1/clock"
JSON = "application/json"
HOUR = timedelta(hours=1)


def ahead(told: dict[str, Any]) -> timedelta:
    """How far domain time is before real time."""
    return datetime.fromisoformat(told["now"]) - datetime.fromisoformat(told["real"])


def test_a_step_sent_twice_under_one_key_is_one_step() -> None:
    client, step = client_for("duty_officer"), {"advance_s": 3600}
    key = {"Idempotency-Key": "one-hour-ahead"}
    first = client.post(CLOCK, step, content_type=JSON, headers=key)
    again = client.post(CLOCK, step, content_type=JSON, headers=key)
    assert (again.content, again["Idempotent-Replay"]) == (first.content, "true")
    assert ahead(first.json()) >= HOUR
    row = ClockRow.objects.get()
    assert row.domain - row.real < 2 * HOUR


def test_the_answer_shows_the_clock_as_it_was_set() -> None:
    told = client_for("system_admin").post(CLOCK, {"speed": 5}, content_type=JSON).json()
    assert told["speed"] == 5
    assert told.keys() == {"now", "real", "speed"}


def test_where_time_is_real_there_is_no_such_clock(settings: Any) -> None:
    client = client_for("duty_officer")
    assert client.get(CLOCK).status_code == 200
    settings.REALM = "live"
    assert client.get(CLOCK).status_code == 404
    assert client.post(CLOCK, {"speed": 2}, content_type=JSON).status_code == 404


def test_the_clock_is_for_whoever_plays_the_world() -> None:
    for role in ROLES:
        allowed = role in ("duty_officer", "system_admin")
        client = client_for(role)
        assert client.get(CLOCK).status_code == (200 if allowed else 403), role
        moved = client.post(CLOCK, {"advance_s": 1}, content_type=JSON)
        assert moved.status_code == (200 if allowed else 403), role
