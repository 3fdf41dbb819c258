"""The processes of a supervisor: each is started again when it ends. 子进程"""

import contextlib
import functools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence

from qianjun.site.logs import passed_on
from qianjun.site.orphans import die_with_parent
from qianjun.site.output import say, say_line

BACK_OFF_S = (0.5, 1.0, 2.0, 5.0)
WELL_AFTER_S = 60.0  # a child that ran this long starts again without delay
STOP_S = 8.0


class Child:
    """One process in a session of its own, so that Ctrl+C reaches only the supervisor. 子进程"""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self.command = command
        self.running: subprocess.Popen[str] | None = None
        self.deaths = 0
        self.started_at = self.again_at = 0.0

    def look(self) -> None:
        """Start it when it does not run; later each time when it keeps ending."""
        if self.running and self.running.poll() is not None:
            self._bury(self.running)
        if self.running is None and time.monotonic() >= self.again_at:
            self._start()

    def signal(self, sig: int) -> None:
        """Signal it and whatever it has started."""
        if self.running:
            _signal_group(self.running.pid, sig)

    def wait(self, timeout_s: float) -> None:
        """Wait until it has ended; kill what is left of its group then."""
        if self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(timeout_s)
            self.signal(signal.SIGKILL)
            self.running.wait()

    def _start(self) -> None:
        self.started_at = time.monotonic()
        # from the main thread only: the kernel ties the death signal to the starting thread
        self.running = subprocess.Popen(
            self.command,
            start_new_session=True,
            preexec_fn=functools.partial(die_with_parent, signal.SIGTERM),
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        threading.Thread(target=self._pass_on, args=[self.running], daemon=True).start()

    def _pass_on(self, running: "subprocess.Popen[str]") -> None:
        for line in running.stdout or ():
            say_line(passed_on(self.name, line.rstrip()))

    def _bury(self, dead: "subprocess.Popen[str]") -> None:
        # also after exit code 0: procrastinate ends so when the database goes away
        _signal_group(dead.pid, signal.SIGKILL)
        if time.monotonic() - self.started_at > WELL_AFTER_S:
            self.deaths = 0
        wait_s = BACK_OFF_S[min(self.deaths, len(BACK_OFF_S) - 1)]
        say(f"{self.name:6} | 已退出（代码 {dead.returncode}），{wait_s} 秒后重新启动")
        self.deaths += 1
        self.again_at = time.monotonic() + wait_s
        self.running = None


def stop_all(children: Sequence[Child]) -> None:
    """Ask all to end, give them a few seconds together, then kill what is left. 全部停止"""
    for child in children:
        child.signal(signal.SIGTERM)
    until = time.monotonic() + STOP_S
    for child in children:
        child.wait(max(0.1, until - time.monotonic()))


def _signal_group(leader: int, sig: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, sig)
