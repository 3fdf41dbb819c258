"""Health is asked without a log-in and names what is not well."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.journal.loops import beat
from qianjun.kernel import clock
from qianjun.org.seeding import seed_units
from qianjun.place.seeding import seed_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def well() -> None:
    """A house in which everything turns."""
    seed_units()
    seed_places()
    for name in ("worker", "ticker", "sealer"):
        beat(name)


def asked() -> tuple[int, dict[str, Any]]:
    """Status and body."""
    response = Client().get("/healthz")
    return response.status_code, response.json()


@pytest.mark.usefixtures("well")
def test_a_house_in_which_everything_turns_is_well() -> None:
    status, body = asked()
    assert (status, body["status"]) == (200, "ok")
    assert body.keys() == {
        *("status", "version", "realm", "now", "real", "speed", "checks"),
        *("sealed_behind_s", "oldest_due_timer_s", "outbox_waiting"),
    }
    names = {"database", "migrations", "worker", "ticker", "sealer", "disk", "data"}
    assert body["checks"].keys() == names
    assert body["now"] == "2026-06-01T14:05:00+08:00"


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("name", ["worker", "ticker", "sealer"])
def test_a_heart_that_is_silent_for_15_seconds_is_named(name: str, held_clock: clock.Held) -> None:
    held_clock.forward(timedelta(seconds=16))
    for other in {"worker", "ticker", "sealer"} - {name}:
        beat(other)
    status, body = asked()
    assert status == 503
    assert body["status"] in ("starting", "degraded")
    assert [k for k, v in body["checks"].items() if v == "silent"] == [name]


def test_an_empty_house_is_not_well() -> None:
    status, body = asked()
    assert status == 503
    assert body["checks"]["data"] == "not_loaded"
    assert body["checks"]["worker"] == "never_seen"


@pytest.mark.usefixtures("well")
def test_a_timer_that_is_late_is_seen(held_clock: clock.Held) -> None:
    from qianjun.journal.models import Timer

    Timer.objects.create(key="a", due_at=clock.now(), name="x", payload={})
    held_clock.forward(timedelta(seconds=5))
    assert asked()[1]["oldest_due_timer_s"] == 5.0
