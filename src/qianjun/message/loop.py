"""Turn by turn until told to stop, woken by the database, whatever happens to it. 循环"""

import logging
from collections.abc import Callable
from threading import Event

import psycopg
from django.db import Error, connection

from qianjun.kernel import clock

LATEST_WAKE_S = 0.5
BEAT_S = 1.0
_BEAT = (
    "INSERT INTO journal_heartbeat (name, at) VALUES (%s, %s)"
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
)
logger = logging.getLogger("qianjun.message")


def keep_turning(stop: Event, *, name: str, topic: str, turn: Callable[[], int]) -> None:
    """Take turns while there is work, else wait for NOTIFY ``topic`` or half a second.

    A turn that fails is taken again: its work stands in the database.
    """
    ear = _Ear(topic)
    heart = _Heart(name)
    try:
        while not stop.is_set():
            try:
                heart.beat()
                while turn() and not stop.is_set():
                    heart.beat()
                ear.wait()
            except Exception as fault:  # the loop outlives whatever one turn runs into
                _report(name, fault)
                connection.close()
                stop.wait(LATEST_WAKE_S)
    finally:
        ear.close()
        connection.close()


def _report(name: str, fault: Exception) -> None:
    if isinstance(fault, Error | psycopg.Error):
        logger.warning("%s: the database is away: %s", name, type(fault).__name__)
    else:
        logger.error("%s: %s", name, fault, exc_info=fault)


class _Ear:
    """A connection of its own that hears one topic; made anew when the database was away."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.line: psycopg.Connection | None = None

    def wait(self) -> None:
        if self.line is None or self.line.closed:
            # what was said before LISTEN is found by the next turn, so this returns at once
            self.line = self._connect()
            return
        for _notice in self.line.notifies(timeout=LATEST_WAKE_S, stop_after=1):
            pass

    def _connect(self) -> psycopg.Connection:
        left_out = ("cursor_factory", "context", "pool", "prepare_threshold")
        given = connection.get_connection_params().items()
        line = psycopg.connect(**{k: v for k, v in given if k not in left_out}, autocommit=True)
        line.execute(f"LISTEN {self.topic}")
        return line

    def close(self) -> None:
        if self.line is not None:
            self.line.close()


class _Heart:
    """Says at most once a second that the loop is alive."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.last: float | None = None

    def beat(self) -> None:
        at = clock.real()
        if self.last is None or abs(at.timestamp() - self.last) >= BEAT_S:
            with connection.cursor() as cursor:
                cursor.execute(_BEAT, [self.name, at])
            self.last = at.timestamp()
