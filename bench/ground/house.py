"""A house of its own for a measurement: the real program in a folder below var. 度量用的系统"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.ground.frame import told

ROOT = Path(__file__).parents[2]
PROGRAM = str(Path(sys.executable).parent / "qianjun")
UP_S = 180.0
DOWN_S = 30.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class House:
    """``qianjun demo --quiet`` on a folder and a port of its own, small unless asked otherwise."""

    def __init__(self, name: str, *, small: bool = True) -> None:
        self.small = small
        self.folder = ROOT / "var" / f"bench-{name}-{os.getpid()}"
        self.port = free_port()
        self.running: subprocess.Popen[bytes] | None = None
        # the house is asked for by whoever runs the bench, not by his environment
        dropped = ("QIANJUN_", "DATABASE_URL", "DJANGO_")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        self.environment["QIANJUN_BENCH"] = "1"

    @property
    def log(self) -> Path:
        """What the program said."""
        return self.folder.with_suffix(".log")

    def start(self) -> None:
        """Start it and come back at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        words = [PROGRAM, "demo", *(["--small"] if self.small else []), "--quiet"]
        words += ["--port", str(self.port), "--data", str(self.folder)]
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
            )

    def well(self) -> bool:
        """Whether it says that everything is well."""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            return self.health().get("status") == "ok"
        return False

    def health(self) -> dict[str, object]:
        """What it says about itself."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(asked):
            asked.request("GET", "/healthz")
            found = json.loads(asked.getresponse().read())
            assert isinstance(found, dict)
            return found

    def wait_until_well(self, *, at_most_s: float = UP_S) -> float:
        """Wait for it; return the seconds it took."""
        began = time.monotonic()
        while not self.well():
            gone = self.running is not None and self.running.poll() is not None
            if gone or time.monotonic() - began > at_most_s:
                told(self.log.read_text(encoding="utf-8", errors="replace")[-3000:])
                raise SystemExit(f"the house on port {self.port} did not come up")
            time.sleep(0.1)
        return time.monotonic() - began

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the program on the same folder."""
        return subprocess.run(
            [PROGRAM, *words, "--data", str(self.folder)],
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=ROOT,
            check=False,
        )

    def token(self, role: str) -> str:
        """A token for this role."""
        made = self.command("token", "--role", role, "--name", "bench")
        if made.returncode:
            raise SystemExit(made.stderr)
        return made.stdout.strip()

    def address(self) -> str:
        """The address of its database."""
        from qianjun.site import database

        return database.dsn(self.folder / "db")

    def parts(self) -> dict[str, list[psutil.Process]]:
        """Every living process of the house, by the part that it belongs to."""
        found: dict[str, list[psutil.Process]] = {"database": postgres_of(self.folder / "db")}
        for one in _children(self.running.pid if self.running else 0):
            found.setdefault(_part_of(one), []).extend([one, *_below(one)])
        if self.running and psutil.pid_exists(self.running.pid):
            found["supervisor"] = [psutil.Process(self.running.pid)]
        return found

    def stop(self) -> None:
        """End it in order, by force when it does not obey."""
        if self.running and self.running.poll() is None:
            self.running.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(DOWN_S)
        for left in [one for part in self.parts().values() for one in part]:
            with contextlib.suppress(psutil.Error):
                left.kill()


def _children(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).children() if pid else []
    return []


def _below(one: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return one.children(recursive=True)
    return []


def _part_of(one: psutil.Process) -> str:
    """The part that a child of the supervisor is."""
    with contextlib.suppress(psutil.Error):
        words = one.cmdline()
        if "granian" in words:
            return "web"
        if "work" in words:
            return "worker"
    return "step"


def postgres_of(folder: Path) -> list[psutil.Process]:
    """The processes of the database in this folder, the postmaster first."""
    found: list[psutil.Process] = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.name() == "postgres" and Path(one.cwd()) == folder:
                found.append(one)
    return sorted(found, key=lambda one: (one.ppid() != 1, one.pid))


@contextlib.contextmanager
def house(name: str) -> Iterator[House]:
    """A house that is well, ended and cleared away afterwards (kept with QIANJUN_KEEP)."""
    made = House(name)
    try:
        made.start()
        told(f"{name}: up in {made.wait_until_well():.1f} s on port {made.port}")
        yield made
    finally:
        made.stop()
        if not os.environ.get("QIANJUN_KEEP"):
            shutil.rmtree(made.folder, ignore_errors=True)
            made.log.unlink(missing_ok=True)
