"""The loops do their work by themselves and outlive a lost database."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from qianjun.journal.actions import move_clock
from qianjun.journal.loops import beat, beat_age_s, run_clock, run_loop, run_sealer, run_ticker
from qianjun.journal.models import Entry, Heartbeat, Seal, Timer
from qianjun.journal.timers import set_timer
from qianjun.journal.verify import verify
from qianjun.kernel import clock
from tests.journal.threads import cut, running, wait_until
from tests.journal.words import ADMIN, Rang, rings, say
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own_hands() -> Iterator[None]:
    """The clock of this process is put back after the test."""
    with clock.held(clock.real()):
        clock._hands.held = None
        yield


def ring_in(wait: timedelta, key: str = "bell") -> None:
    set_timer(key=key, due_at=clock.now() + wait, event=Rang(times=1))


def test_the_ticker_rings_and_says_that_it_is_alive() -> None:
    ring_in(timedelta(0), "waiting already")
    with running(run_ticker):
        wait_until(lambda: Entry.objects.count() == 1)
        ring_in(timedelta(0), "set later")
        wait_until(lambda: Entry.objects.count() == 2)
        wait_until(lambda: beat_age_s("ticker") is not None)
    run_jobs()
    assert rings() == 2


def test_two_tickers_ring_a_timer_once() -> None:
    with running(run_ticker), running(run_ticker):
        for n in range(20):
            ring_in(timedelta(0), f"bell{n}")
        wait_until(lambda: not Timer.objects.filter(done_at__isnull=True).exists())
    assert Entry.objects.count() == 20


def test_the_ticker_outlives_its_connection() -> None:
    with running(run_ticker):
        wait_until(lambda: beat_age_s("ticker") is not None)
        cut("ticker")
        ring_in(timedelta(0))
        wait_until(lambda: Entry.objects.count() == 1)


def test_the_ticker_brings_back_the_job_of_a_dead_worker() -> None:
    say(Rang(times=3))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    with running(run_ticker):
        wait_until(lambda: jobs_waiting() == 1)
    run_jobs(may_fail=True)
    assert rings() == 3


def jobs_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def test_the_sealer_seals_and_outlives_its_connection() -> None:
    with running(run_sealer):
        say(Rang(times=1))
        wait_until(lambda: Seal.objects.count() == 1)
        cut("sealer")
        say(Rang(times=2))
        wait_until(lambda: Seal.objects.count() == 2)
        assert beat_age_s("sealer") is not None
    assert verify().ok


def test_two_sealers_make_one_chain() -> None:
    with running(run_sealer), running(run_sealer):
        for n in range(20):
            say(Rang(times=n))
        wait_until(lambda: Seal.objects.count() == 20)
    assert verify().ok


@pytest.mark.running_clock
@pytest.mark.usefixtures("own_hands")
@pytest.mark.parametrize("loop", [run_ticker, run_clock])
def test_a_loop_follows_the_clock_and_rings_what_became_due(
    loop: Callable[[threading.Event], None],
) -> None:
    ring_in(timedelta(hours=1))
    with running(loop):
        move_clock(by=ADMIN, advance_s=3600)
        clock.anchor_to(None)
        wait_until(lambda: clock.speed() == 1 and clock._hands.anchor is not None)
        if loop is run_ticker:
            wait_until(lambda: Entry.objects.filter(name="tests.rang").exists())


def test_a_fault_in_a_step_does_not_end_the_loop(caplog: pytest.LogCaptureFixture) -> None:
    steps: list[int] = []

    def step() -> bool:
        steps.append(1)
        if len(steps) == 1:
            raise ZeroDivisionError
        return False

    def loop(stop: threading.Event) -> None:
        run_loop("shaky", step, chores=[], hears=(), stop=stop)

    with running(loop):
        wait_until(lambda: len(steps) > 1)
    assert "shaky failed" in caplog.text


@pytest.mark.django_db
def test_a_heart_beats_in_real_time(held_clock: clock.Held) -> None:
    assert beat_age_s("pump") is None
    beat("pump")
    held_clock.forward(timedelta(seconds=5))
    assert beat_age_s("pump") == 5
    beat("pump")
    assert beat_age_s("pump") == 0
    assert Heartbeat.objects.count() == 1
