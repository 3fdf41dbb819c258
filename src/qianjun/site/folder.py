"""The data folder: where it is, which realm it is, its keys, and who holds it. 数据目录"""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from qianjun.kernel import clock

REALMS = ("live", "demo", "drill")
KEYS = ("secret.key", "link.key", "settings.key")
LOCK = "serve.lock"
RESTORING = "restoring"
COMMAND_WAIT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The process that holds a data folder. 占用者

    ``kind`` is serve for a supervisor, command for something that ends by itself.
    """

    pid: int
    port: int
    since: str
    kind: str


class Held(Exception):
    """Another process holds the folder. 已被占用"""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(holder)
        self.holder = holder


def chosen(given: str | None) -> Path:
    """The data folder: as given, else QIANJUN_DATA, else ./data."""
    return Path(given or os.environ.get("QIANJUN_DATA") or "data").resolve()


def realm_of(folder: Path) -> str | None:
    """The realm recorded in the folder; None when it was never set up."""
    file = folder / "realm"
    return file.read_text().strip() if file.exists() else None


def set_up(folder: Path, *, realm: str) -> None:
    """Record the realm once and make the keys that are missing; never changes what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = folder / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    (folder / "static").mkdir(exist_ok=True)  # whitenoise warns without it
    for name in KEYS:
        _write_once(keys / name, secrets.token_urlsafe(50), mode=0o600)
    _write_once(folder / "realm", realm, mode=0o644)


def _write_once(file: Path, text: str, *, mode: int) -> None:
    if file.exists():
        return
    new = file.with_suffix(f".{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as target:  # noqa: PTH123
        target.write(text + "\n")
        target.flush()
        os.fsync(target.fileno())
    new.replace(file)


@contextlib.contextmanager
def hold(folder: Path, *, kind: str, port: int = 0) -> Iterator[None]:
    """Hold the folder alone; waits for a command to end, refuses beside a server. 独占"""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+") as lock:
        _take(lock.fileno(), folder)
        holder = Holder(
            pid=os.getpid(), port=port, since=clock.real().isoformat(timespec="seconds"), kind=kind
        )
        lock.truncate(0)
        lock.write(json.dumps(asdict(holder)))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)  # so a name that still stands here later was killed


def _take(lock: int, folder: Path) -> None:
    until = time.monotonic() + COMMAND_WAIT_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = holder_of(folder)
            brief = holder is None or holder.kind == "command"
            if not brief or time.monotonic() > until:
                raise Held(holder) from None
            time.sleep(0.1)
        else:
            return


def holder_of(folder: Path) -> Holder | None:
    """Who wrote himself into the lock file last."""
    try:
        return Holder(**json.loads((folder / LOCK).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def since_in_beijing(holder: Holder) -> str:
    """Since when, as people here write it."""
    return clock.in_beijing(datetime.fromisoformat(holder.since)).strftime("%Y-%m-%d %H:%M:%S")


# --- restoring -----------------------------------------------------------------------------------


def unfinished(folder: Path) -> bool:
    """Whether a restore into this folder was begun and did not end."""
    return (folder / RESTORING).exists()


def unfinished_sentence(folder: Path) -> str:
    """What to do about it."""
    return (
        f"数据目录 {folder} 里的恢复没有做完，不能使用；"
        "请清空这个目录（用了 DATABASE_URL 的连同那个库），再运行一次 qianjun restore。"
    )


def begin_restoring(folder: Path) -> None:
    """Mark an empty folder as half a house until the restore ends; raises Held for a second one."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with (folder / RESTORING).open("x") as mark:
            mark.write(f"{os.getpid()}\n")
            mark.flush()
            os.fsync(mark.fileno())
    except FileExistsError:
        raise Held(None) from None


def end_restoring(folder: Path) -> None:
    """The folder is a whole house now, or nothing was done to it."""
    (folder / RESTORING).unlink()
