"""All in one: database, web and worker under one supervisor. 一体运行

The supervisor imports neither Django nor the web server: it stays small and starts at once.
"""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from qianjun.site import database, folder
from qianjun.site.attach import NotReady
from qianjun.site.children import Child, stop_all
from qianjun.site.orphans import die_with_parent
from qianjun.site.output import say

LOOK_S = 0.2
GONE_PORT_S = 6.0  # a web process whose supervisor was killed needs this long to let go
READY_S = 60.0
PROGRAM = (sys.executable, "-m", "qianjun.site")
GRANIAN = (
    *(sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--http", "1"),
    *("--log-level", "warning", "--loop", "asyncio"),
    # open streams count against it: at the default 1,024 screens silence the server
    *("--backlog", "4096", "--backpressure", "4096"),
    # else a stop waits for ever while a screen is connected
    *("--workers-kill-timeout", "3"),
)


def run_serve(chosen: argparse.Namespace) -> int:
    """Run everything of a folder that was set up. 运行"""
    if folder.realm_of(chosen.folder) is None:
        raise NotReady(
            f"数据目录 {chosen.folder} 还没有建立；请先运行 qianjun init 或 qianjun demo。"
        )
    return serve(chosen.folder, host=chosen.host, port=chosen.port, prepare=("prepare",))


def run_web(chosen: argparse.Namespace) -> int:
    """Become the web server. 网页进程"""
    os.execv(sys.executable, [*GRANIAN, *_address(chosen.host, chosen.port)])  # noqa: S606


def _address(host: str, port: int) -> tuple[str, ...]:
    return ("--host", host, "--port", str(port), "qianjun.site.asgi:application")


def serve(
    path: Path,
    *,
    host: str,
    port: int,
    prepare: tuple[str, ...],
    when_ready: Callable[[], None] = lambda: None,
) -> int:
    """Prepare, then run until a signal; 0 after a clean stop. 监督"""
    stopping = _stop_on_signals()
    was_killed = folder.holder_of(path) is not None
    with folder.hold(path, kind="serve", port=port):
        _refuse_taken_port(host, port, patience_s=GONE_PORT_S if was_killed else 0.0)
        with _database(path, stopping) as look_at_database:
            if code := _prepare(path, prepare, stopping):
                return code
            children = [
                Child("web", *GRANIAN, *_address(host, port)),
                Child("worker", *PROGRAM, "work", "--data", str(path)),
            ]
            try:
                _watch(children, look_at_database, stopping, _Ready(host, port, when_ready))
            finally:
                say("正在停止……")
                stop_all(children)
    say("已停止。")
    return 0


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sig, lambda *_: stopping.set())
    return stopping


def _refuse_taken_port(host: str, port: int, *, patience_s: float) -> None:
    """Granian binds with SO_REUSEPORT and would silently share a taken port; this asks plainly."""
    until = time.monotonic() + patience_s
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # without it the minute after a stop counts as taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as fault:
                if time.monotonic() > until:
                    raise NotReady(
                        f"地址 {host}:{port} 用不了（{fault.strerror}）；请用 --port 换一个端口。"
                    ) from None
            else:
                return
        time.sleep(LOOK_S)


@contextlib.contextmanager
def _database(path: Path, stopping: threading.Event) -> Iterator[Callable[[], None]]:
    """The embedded database while we run; nothing when DATABASE_URL names another."""
    if os.environ.get("DATABASE_URL"):
        yield lambda: None
        return
    database.start(path / "db")

    def look() -> None:
        if not database.listening(path / "db") and not stopping.is_set():
            say("db     | 数据库不见了，正在重新启动")
            with contextlib.suppress(database.Unstartable):
                database.start(path / "db")

    try:
        yield look
    finally:
        database.stop(path / "db")


def _prepare(path: Path, words: tuple[str, ...], stopping: threading.Event) -> int:
    """Migrate and load in a process of its own, so that the supervisor stays small."""
    step = subprocess.Popen(
        [*PROGRAM, *words, "--data", str(path)],
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    while step.poll() is None:
        if stopping.wait(LOOK_S / 4):
            step.terminate()
            step.wait()
    return step.returncode


class _Ready:
    """Calls once, when the web server takes connections. 就绪"""

    def __init__(self, host: str, port: int, call: Callable[[], None]) -> None:
        self.address = (host if host != "0.0.0.0" else "127.0.0.1", port)  # noqa: S104
        self.call: Callable[[], None] | None = call

    def look(self) -> None:
        if self.call is None:
            return
        with contextlib.suppress(OSError), socket.create_connection(self.address, timeout=1):
            call, self.call = self.call, None
            call()


def _watch(
    children: list[Child],
    look_at_database: Callable[[], None],
    stopping: threading.Event,
    ready: _Ready,
) -> None:
    while not stopping.wait(LOOK_S):
        look_at_database()
        for child in children:
            child.look()
        ready.look()
