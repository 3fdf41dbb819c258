"""The loops that keep the journal going: ticker and sealer. 循环

Each runs in a thread of its own with a connection of its own, is woken by NOTIFY and looks at the
latest after half a second, survives a restart of the database, and says that it is alive.
"""

import logging
import threading
import time
from collections.abc import Callable

import psycopg
from django.db import Error, connection

from qianjun.journal.erasing import note_missing
from qianjun.journal.hands import follow_clock
from qianjun.journal.jobs import rescue_stalled, tidy
from qianjun.journal.models import Heartbeat
from qianjun.journal.sealing import CHUNK, Sealer
from qianjun.journal.timers import tick
from qianjun.kernel import clock

log = logging.getLogger(__name__)
WAIT_S = 0.5
GATHER_S = 0.02
BATCH = 100
Chore = tuple[float, Callable[[], object]]


def run_ticker(stop: threading.Event) -> None:
    """Say what is due, follow the clock, bring back stalled jobs, until told to stop. 定时循环"""
    chores: list[Chore] = [
        (1, follow_clock),
        (1, lambda: beat("ticker")),
        (2, rescue_stalled),
        (3600, tidy),
        (3600, note_missing),
    ]
    run_loop("ticker", lambda: tick(BATCH) == BATCH, chores=chores, hears=TICKER_HEARS, stop=stop)


def run_sealer(stop: threading.Event) -> None:
    """Seal what has become final, until told to stop; it is in no hurry. 封存循环"""
    sealer = Sealer()
    chores: list[Chore] = [(1, lambda: beat("sealer"))]
    run_loop("sealer", lambda: sealer.seal_chunk() == CHUNK, chores=chores, hears=(), stop=stop)


def run_clock(stop: threading.Event) -> None:
    """Follow the clock, in a process that runs none of the other loops. 时钟循环"""
    run_loop("clock", lambda: False, chores=[(1, follow_clock)], hears=("clock",), stop=stop)


TICKER_HEARS = ("timers", "clock")


def run_loop(
    name: str,
    step: Callable[[], bool],
    *,
    chores: list[Chore],
    hears: tuple[str, ...],
    stop: threading.Event,
) -> None:
    """Do the step again and again, at once while it says that more is waiting.

    ``chores`` are done every so many seconds, and at once when woken by one of ``hears``.
    """
    while not stop.is_set():
        try:
            _listen(name, hears)
            _go_round(step, chores, stop)
        except (Error, psycopg.Error) as error:
            log.warning("%s lost the database, again in %s s: %s", name, WAIT_S, error)
        except Exception:  # a fault in one step must not end the loop that everything waits for
            log.exception("%s failed, again in %s s", name, WAIT_S)
        connection.close()
        stop.wait(WAIT_S)


def _go_round(step: Callable[[], bool], chores: list[Chore], stop: threading.Event) -> None:
    next_at = [0.0] * len(chores)
    while not stop.is_set():
        for place, (every_s, chore) in enumerate(chores):
            if time.monotonic() >= next_at[place]:
                chore()
                next_at[place] = time.monotonic() + every_s
        if not step() and "clock" in _wait():
            follow_clock()


def _listen(name: str, channels: tuple[str, ...]) -> None:
    connection.ensure_connection()
    _raw().execute(f"SET application_name = 'qianjun {name}'")
    for channel in channels:
        _raw().execute(f"LISTEN {channel}")


def _wait() -> set[str]:
    """Which channels woke it within half a second.

    What follows within a blink is gathered: in a storm one turn serves many instead of each one.
    """
    woken = {note.channel for note in _raw().notifies(timeout=WAIT_S, stop_after=1)}
    if woken:
        time.sleep(GATHER_S)
        woken |= {note.channel for note in _raw().notifies(timeout=0)}
    return woken


def _raw() -> psycopg.Connection[tuple[object, ...]]:
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def beat(name: str) -> None:
    """Say that this loop is alive, in real time. 心跳"""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=clock.real())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def beat_age_s(name: str) -> float | None:
    """How long ago this loop was last alive, in real seconds; None when it never was."""
    row = Heartbeat.objects.filter(pk=name).first()
    return None if row is None else (clock.real() - row.at).total_seconds()
