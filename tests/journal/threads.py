"""Other people at the same time: threads with connections of their own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE_S = 20


def elsewhere(act: Callable[[], T]) -> T:
    """Do it in another thread and close its connection."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing, act).result(PATIENCE_S)


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Do all of these at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        gate.wait(PATIENCE_S)
        return closing(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        futures = [pool.submit(run, act) for act in acts]
        return [future.result(PATIENCE_S) for future in futures]


def closing(act: Callable[[], T]) -> T:
    """Do it, then close this thread's connection."""
    try:
        return act()
    finally:
        connection.close()


def in_a_loop(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in a thread, for a browser test may keep a loop in this one."""

    async def bounded() -> T:
        async with asyncio.timeout(PATIENCE_S):
            return await story()

    return elsewhere(lambda: asyncio.run(bounded()))


@contextmanager
def running(loop: Callable[[threading.Event], None]) -> Iterator[Future[None]]:
    """Let one of the house's loops run in a thread for the length of the block."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(loop, stop)
        try:
            yield future
        finally:
            stop.set()
            future.result(PATIENCE_S)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for it to become true; fail when it does not within the patience of a test."""
    gone = threading.Event()
    for _ in range(PATIENCE_S * 20):
        if true():
            return
        gone.wait(0.05)
    raise AssertionError("it did not happen")


def cut(name: str) -> None:
    """Take away the database connection of a loop, as a restart of the database does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [f"qianjun {name}"],
        )
        row = cursor.fetchone()
    assert row is not None
    assert row[0] > 0
