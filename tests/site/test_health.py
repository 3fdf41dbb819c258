"""Health is asked without a log-in and names what is not well."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qianjun.journal.loops import beat
from qianjun.kernel import clock
from qianjun.org.seeding import seed_units
from qianjun.place.seeding import seed_places
from tests.site.running import environment

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


def beside(home: Path, script: str, **more: str) -> Any:
    """What a script prints in a process of its own, whose database is not there."""
    there = {"DATABASE_URL": f"postgresql://nobody@/x?host={home}", "QIANJUN_DATA": str(home)}
    there |= {"DJANGO_SETTINGS_MODULE": "qianjun.site.settings"} | more
    (home / "static").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", f"import json, django\ndjango.setup()\n{script}"],
        capture_output=True,
        text=True,
        env=environment() | there,
        check=True,
    )
    return json.loads(done.stdout)


def test_without_a_database_everything_that_nobody_knows_is_null(tmp_path: Path) -> None:
    status, body = beside(
        tmp_path,
        "from django.test import Client\n"
        "r = Client().get('/healthz')\nprint(json.dumps([r.status_code, r.json()]))",
    )
    assert (status, body["status"]) == (503, "starting")
    assert body["checks"]["database"] == "down"
    assert body["checks"]["worker"] == "unknown"
    for name in ("sealed_behind_s", "oldest_due_timer_s", "outbox_waiting"):
        assert body[name] is None


FRONT = """
from django.test import Client, RequestFactory
from django.conf import settings
request = RequestFactory().get('/', HTTP_X_FORWARDED_PROTO='https')
health = Client().get('/healthz', HTTP_HOST='b.example.test')
cookies = [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE]
print(json.dumps([request.is_secure(), cookies, health.status_code]))
"""


def test_behind_a_proxy_that_ends_tls_the_request_is_secure_and_so_are_its_cookies(
    tmp_path: Path,
) -> None:
    assert beside(tmp_path, FRONT, QIANJUN_TLS="proxy") == [True, [True, True], 503]


def test_without_one_nobody_is_believed_that_he_came_by_tls(tmp_path: Path) -> None:
    assert beside(tmp_path, FRONT) == [False, [False, False], 503]


def test_a_name_that_is_not_ours_is_refused_when_ours_are_named(tmp_path: Path) -> None:
    hosts = "a.example.test, 127.0.0.1"
    script = (
        "from django.test import Client\nprint(json.dumps([Client().get('/accounts/login/',"
        " HTTP_HOST=h).status_code for h in ('a.example.test', 'b.example.test')]))"
    )
    ours, strange = beside(tmp_path, script, QIANJUN_HOSTS=hosts)
    assert ours != 400
    assert strange == 400
