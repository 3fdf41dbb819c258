"""The background: jobs, timers, seals and messages, each on its own threads. 后台进程

What is urgent (reactions, rank 0) shares no thread with what is bulk. A loop that falls, for
instance because the database is away, is started again; the work stands in the database.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from qianjun.site.logs import install

if TYPE_CHECKING:
    from procrastinate import App

URGENT, BULK, HEAVY = "urgent", "bulk", "heavy"
URGENT_JOBS, BULK_JOBS, HEAVY_JOBS = 4, 2, 1
BEAT_S = 2.0
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0)
GIVES_WAY = 10  # a machine with too much to do acknowledges reports first
AUTOGROUP = Path("/proc/self/autogroup")
GRACE_S = 6.0  # less than what the supervisor waits
Run = Callable[[Event], None]
logger = logging.getLogger("qianjun.work")


def run_work(_chosen: argparse.Namespace) -> int:
    """Work until a signal. 运行后台"""
    import django

    django.setup(set_prefix=False)
    install()
    give_way()
    stop = Event()
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sig, lambda *_: stop.set())
    loops = [Loop(name=name, run=run, stop=stop) for name, run in _loops().items()]
    for loop in loops:
        loop.start()
    _beat_while_well(loops, stop)
    for loop in loops:
        loop.thread.join(GRACE_S + 1)
    return 0


def give_way(group: Path = AUTOGROUP) -> None:
    """Let web and database go first when there is too much to do. 让出处理器

    Linux weighs sessions before it weighs their processes, and the background is a session of its
    own: its niceness counts for nothing until its group has one too.
    """
    os.nice(GIVES_WAY)
    with contextlib.suppress(OSError):  # another system, or one that has no groups
        if group.exists():
            group.write_text(str(GIVES_WAY))


def _loops() -> dict[str, Run]:
    """Everything that turns in this process, by name."""
    from django.conf import settings

    from qianjun.drill.runner import run_show
    from qianjun.duty.bulletins.keeping import run_bulletins
    from qianjun.journal.loops import run_sealer, run_ticker
    from qianjun.media.tidying import run_tidier
    from qianjun.message.carrier import run_carrier
    from qianjun.message.people import run_people
    from qianjun.message.pump import run_pump
    from qianjun.org.sweeping import run_sweeper

    bulk = (_queues() | {BULK}) - {URGENT, HEAVY}
    loops: dict[str, Run] = {
        "jobs-urgent": partial(run_jobs, queues={URGENT}, concurrency=URGENT_JOBS),
        "jobs-bulk": partial(run_jobs, queues=bulk, concurrency=BULK_JOBS),
        "jobs-heavy": partial(run_jobs, queues={HEAVY}, concurrency=HEAVY_JOBS),
        "ticker": run_ticker,
        "sealer": run_sealer,
        "pump-urgent": partial(run_pump, urgent=True),
        "pump-bulk": partial(run_pump, urgent=False),
        "sweeper": run_sweeper,
        "bulletins": run_bulletins,
        "tidier": run_tidier,
    }
    if settings.REALM == "demo":
        loops["show"] = run_show
    if settings.REALM != "live":
        loops["carrier"] = run_carrier
        loops["people"] = run_people
    return loops


@dataclass(kw_only=True)
class Loop:
    """One thread that runs a loop again whenever it falls. 循环线程"""

    name: str
    run: Run
    stop: Event
    falls: int = 0
    well: bool = False

    def start(self) -> None:
        """Start the thread; a stuck one does not keep the process alive."""
        self.thread = threading.Thread(target=self._keep, name=self.name, daemon=True)
        self.thread.start()

    def _keep(self) -> None:
        from django.db import connections

        while not self.stop.is_set():
            try:
                self.well = True
                self.run(self.stop)
            except Exception as fault:  # whatever it was, the loop must turn again
                logger.error("%s: %s", self.name, fault, exc_info=not _is_away(fault))
            finally:
                self.well = False
                connections.close_all()
            if not self.stop.is_set():
                self.stop.wait(BACK_OFF_S[min(self.falls, len(BACK_OFF_S) - 1)])
                self.falls += 1


def _is_away(fault: Exception) -> bool:
    """Whether it is only that the database does not answer: no trace is needed for that."""
    from django.db import Error
    from procrastinate.exceptions import ConnectorException

    return isinstance(fault, Error | ConnectorException | OSError)


def _beat_while_well(loops: list[Loop], stop: Event) -> None:
    """Say that this process lives as long as all of its loops turn."""
    from django.db import Error, connection

    from qianjun.journal.loops import beat

    while not stop.wait(BEAT_S):
        if all(loop.well for loop in loops):
            try:
                beat("worker")
            except Error as fault:
                logger.warning("worker: %s", fault)
                connection.close()
        for loop in loops:
            loop.falls = 0 if loop.well else loop.falls


# --- jobs ----------------------------------------------------------------------------------------


def _queues() -> set[str]:
    """Every queue that some task names."""
    from procrastinate.contrib.django import app

    return {task.queue for task in app.tasks.values()}


def run_jobs(stop: Event, *, queues: set[str], concurrency: int) -> None:
    """Run the jobs of these queues in an event loop of its own until told to stop. 作业循环"""
    with asyncio.Runner() as runner, ThreadPoolExecutor(concurrency) as threads:
        runner.get_loop().set_default_executor(threads)
        runner.run(_jobs(stop, queues=queues, concurrency=concurrency))


async def _jobs(stop: Event, *, queues: set[str], concurrency: int) -> None:
    app = worker_app()
    async with app.open_async():
        worker = asyncio.ensure_future(
            app.run_worker_async(
                queues=sorted(queues),
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_S,
            )
        )
        while not stop.is_set() and not worker.done():
            await asyncio.wait({worker}, timeout=0.2)
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


def worker_app() -> "App":
    """The same tasks over connections of the worker's own.

    Not ``replace_connector``: that would send what a reaction defers past the transaction of the
    reaction, and two workers could not share the process.
    """
    from django.conf import settings
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import DjangoApp, app
    from procrastinate.contrib.django.utils import connector_params

    made = DjangoApp(
        connector=PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4),
        worker_defaults=cast("Any", settings.PROCRASTINATE_WORKER_DEFAULTS),
    )
    made.tasks = app.tasks
    made.periodic_registry = app.periodic_registry
    return made
