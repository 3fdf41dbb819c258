"""A real ``qianjun demo`` in a folder of its own, for tests that kill its processes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

# below the repository: the database's user must get there, and pytest's folders are closed
VAR = Path(__file__).parents[2] / "var"
OURS = ("DATABASE_URL", "QIANJUN_REALM", "QIANJUN_DATA", "DJANGO_SETTINGS_MODULE")
PROGRAM = (sys.executable, "-m", "qianjun.site")
PATIENCE_S = 120.0  # a machine may have other things to do


def until(said: Callable[[], Any], *, within_s: float = PATIENCE_S, every_s: float = 0.05) -> Any:
    """Its first true answer; asked so often."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if answer := said():
            return answer
        time.sleep(every_s)
    raise AssertionError(f"not within {within_s} s")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Demo:
    """A folder, and the demo that runs in it while it runs."""

    folder: Path
    port: int = field(default_factory=free_port)
    token: str = ""
    supervisor: "subprocess.Popen[str] | None" = None

    def qianjun(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command on this folder."""
        return subprocess.run(
            [*PROGRAM, *words, "--data", str(self.folder)],
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
        )

    def start(self, *, heard: bool = True) -> None:
        """Start it and wait until it is well; ``heard`` is whether somebody reads its output."""
        if self.supervisor:
            self.supervisor.wait(PATIENCE_S)
        words = ("demo", "--small", "--port", str(self.port), "--data", str(self.folder))
        self.supervisor = subprocess.Popen(
            [*PROGRAM, *words],
            stdout=subprocess.DEVNULL if heard else subprocess.PIPE,
            stderr=subprocess.DEVNULL if heard else subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env=environment(),
        )
        if self.supervisor.stdout:
            self.supervisor.stdout.close()
        until(self.is_well)

    def interrupt(self) -> int:
        """Ctrl+C; the exit code."""
        assert self.supervisor
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(PATIENCE_S)

    def is_well(self) -> bool:
        """Whether /healthz says so."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.address}/healthz").status_code == 200
        return False

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def report(self, text: str) -> str:
        """Take a report in; its id."""
        answer = httpx.post(
            f"{self.address}/api/v1/reports",
            json={"text": text, "channel": "phone"},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def knows(self, report: str) -> bool:
        """Whether the report is there."""
        there = f"{self.address}/api/v1/reports/{report}"
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.get(there, headers=headers, timeout=30).status_code == 200

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Everything that lives for this folder, by what it is."""
        found: dict[str, list[psutil.Process]] = {
            name: [] for name in ("supervisor", "web", "worker", "database")
        }
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                if kind := self._kind(one):
                    found[kind].append(one)
        return found

    def _kind(self, one: psutil.Process) -> str:
        if one.status() == psutil.STATUS_ZOMBIE:
            return ""
        if one.name() == "postgres":
            return "database" if one.cwd() == str(self.folder / "db") else ""
        if one.environ().get("QIANJUN_DATA") == str(self.folder):
            return "web" if "granian" in one.cmdline() else "worker"
        return "supervisor" if str(self.folder) in one.cmdline() else ""

    def kill(self, *kinds: str) -> None:
        """Kill all processes of these kinds with -9, at once."""
        living = self.processes()
        for one in (one for kind in kinds for one in living[kind]):
            with suppress(psutil.Error):
                one.kill()

    def left(self) -> list[str]:
        """What still lives."""
        return [f"{kind} {one.pid}" for kind, ones in self.processes().items() for one in ones]


def environment() -> dict[str, str]:
    """The environment without what belongs to the tests themselves."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


def _ended(demo: "Demo") -> bool:
    demo.kill(*demo.processes())
    return not demo.left()


@contextmanager
def demo_folder() -> Iterator[Demo]:
    """A demo in a new folder; nothing of it lives or lies about afterwards."""
    VAR.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=VAR))
    folder.chmod(0o755)
    demo = Demo(folder)
    try:
        yield demo
    finally:
        until(lambda: _ended(demo))
        if demo.supervisor:
            demo.supervisor.wait(PATIENCE_S)
        shutil.rmtree(folder)
