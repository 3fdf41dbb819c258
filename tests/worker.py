"""A worker for tests: runs what is due, then returns."""

import random
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from procrastinate.contrib.django import app

from qianjun.journal.bus import REACT
from qianjun.journal.heard import run_reaction


def run_jobs(*, may_fail: bool = False) -> None:
    """Run every job that is due, until none is left; a job that failed fails the test.

    In a thread of its own, for a browser test keeps an event loop in this one.
    """
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_work).result()
    if not may_fail:
        assert not failures(), failures()


def failures() -> list[tuple[str, dict[str, object], int]]:
    """Jobs that raised: task, arguments, attempts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args, attempts FROM procrastinate_jobs"
            " WHERE status = 'failed' OR attempts > 0"
        )
        return list(cursor.fetchall())


def run_jobs_shuffled_and_doubled(seed: int) -> int:
    """Run every waiting reaction twice, in an order drawn from the seed; return how many ran.

    What they cause runs the same way, round after round; other tasks run as always.
    """
    dice = random.Random(seed)
    ran = 0
    while batch := _take_reactions():
        doubled = [*batch, *batch]
        dice.shuffle(doubled)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(_react_to, doubled).result()
        ran += len(doubled)
        if not _waiting():
            run_jobs()
    run_jobs()
    return ran


def _work() -> None:
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
    finally:
        connection.close()


def _take_reactions() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s"
            " RETURNING id, (args->>'entry_id')::bigint, args->>'reaction'",
            [REACT],
        )
        return [(entry, reaction) for _, entry, reaction in sorted(cursor.fetchall())]


def _waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo'"
            " AND task_name = %s)",
            [REACT],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _react_to(heard: list[tuple[int, str]]) -> None:
    try:
        for entry_id, reaction in heard:
            run_reaction(entry_id=entry_id, reaction=reaction)
    finally:
        connection.close()
