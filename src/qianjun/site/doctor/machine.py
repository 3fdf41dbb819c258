"""What is looked at on this machine, without the database. 本机"""

import contextlib
import ctypes
import importlib.util
import json
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from qianjun.kernel import clock
from qianjun.site import folder
from qianjun.site.backup.packing import LAST
from qianjun.site.doctor import rules
from qianjun.site.doctor.findings import Check, Finding

SITE = Path(__file__).parents[1]
SYNCS, PAGE = 20, b"\0" * 8_192
ASSETS = ("maplibre-gl.mjs", "maplibre-gl.css", "icons.svg")
TIME_ERROR = 5  # what adjtimex answers while nobody sets the clock
_libc = ctypes.CDLL(None)


def looked_at(home: Path) -> Iterator[Finding]:
    """Every check of the machine, in order."""
    yield place(home)
    if not home.is_dir():
        return
    yield keys(home)
    usage = shutil.disk_usage(home)
    room = Check(name="disk", title="磁盘空间")
    yield rules.disk(room, free_bytes=usage.free, total_bytes=usage.total, where=str(home))
    yield durable_write(home)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    yield rules.open_files(Check(name="open_files", title="打开文件数"), limit=_most(limit))
    yield fonts()
    yield assets()
    yield backup(home)
    yield front(home)


def _most(limit: int) -> int:
    return limit if limit != resource.RLIM_INFINITY else 1 << 20


def place(home: Path) -> Finding:
    """Whether this is a house at all."""
    check = Check(name="folder", title="数据目录")
    if folder.unfinished(home):
        return check.bad(f"{home} 里的恢复没有做完。", folder.unfinished_sentence(home))
    realm = folder.realm_of(home) or os.environ.get("QIANJUN_REALM")
    if realm is None:
        remedy = "先运行 qianjun init（正式）或 qianjun demo（演示）；或用 --data 指对目录。"
        return check.bad(f"{home} 还没有建立。", remedy)
    if home.is_dir() and not os.access(home, os.W_OK):
        return check.bad(f"{home} 不能写。", "用建立它的那个用户运行，或把目录交还给那个用户。")
    return check.ok(f"{home}，域 {realm}。")


def keys(home: Path) -> Finding:
    """Whether the keys are there and nobody else can read them."""
    check = Check(name="keys", title="密钥")
    elsewhere = os.environ.get("QIANJUN_KEY_FILE")
    files = [home / "keys" / name for name in folder.KEYS]
    files += [Path(elsewhere)] if elsewhere else []
    if missing := [str(f) for f in files if not f.exists()]:
        remedy = "从备份取回；没有它们，发出的链接、会话和设置里的口令都失效。"
        return check.bad(f"缺 {'、'.join(missing)}。", remedy)
    if loose := [f.name for f in files if f.stat().st_mode & 0o077]:
        remedy = f"chmod 600 {home}/keys/*，再想想谁读过它们。"
        return check.bad(f"别的用户也能读 {'、'.join(loose)}。", remedy)
    return check.ok(f"{len(files)} 个，只有本用户能读。")


def durable_write(home: Path) -> Finding:
    """How long this disk takes for what every report waits for."""
    check = Check(name="fsync", title="落盘速度")
    taken: list[float] = []
    try:
        with tempfile.TemporaryFile(dir=home) as target:
            for _ in range(SYNCS):
                began = time.perf_counter()
                target.write(PAGE)
                target.flush()
                os.fdatasync(target.fileno())
                taken.append((time.perf_counter() - began) * 1000)
    except OSError as fault:
        return check.bad(f"写不进 {home}：{fault.strerror}。", "看磁盘是否已满、是否只读。")
    return rules.sync(check, median_ms=statistics.median(taken))


def synchronised() -> bool | None:
    """Whether the kernel says that its clock is kept right; None where it cannot be asked."""
    asked = ctypes.create_string_buffer(512)  # struct timex, modes 0: only look
    with contextlib.suppress(AttributeError):
        state = _libc.adjtimex(asked)
        return None if state < 0 else bool(state != TIME_ERROR)
    return None


def fonts() -> Finding:
    """Whether a browser on this machine can show and print Chinese."""
    check = Check(name="fonts", title="中文字体")
    if (program := shutil.which("fc-list")) is None:
        return check.skipped("没有 fc-list；本机不开浏览器、不打印就不需要。")
    found = subprocess.run(
        [program, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    names = {line.split(",")[0] for line in found.stdout.splitlines() if line.strip()}
    if not names:
        remedy = "安装 fonts-noto-cjk（或思源黑体）；别的电脑上的浏览器用它们自己的字体。"
        return check.warn("本机没有中文字体，本机的大屏和打印会是方块。", remedy)
    return check.ok(f"{len(names)} 种。")


def assets() -> Finding:
    """Whether the pages have what they load, all of it from here."""
    check = Check(name="assets", title="页面资源")
    missing = [name for name in ASSETS if not (SITE / "static" / "vendor" / name).exists()]
    if not (SITE / "locale" / "en" / "LC_MESSAGES" / "django.mo").exists():
        missing.append("django.mo")
    if importlib.util.find_spec("django_htmx") is None:
        missing.append("htmx")
    if missing:
        return check.bad(
            f"缺 {'、'.join(missing)}。", "重新安装程序；用源码的运行 make demo 补齐。"
        )
    return check.ok("齐全，都由本机提供。")


def last_backup(home: Path) -> dict[str, Any]:
    """What was noted of the last backup; empty when there was none."""
    try:
        noted = json.loads((home / LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def backup(home: Path) -> Finding:
    """How old the last backup is, and whether all files were in it."""
    check = Check(name="backup", title="备份")
    noted = last_backup(home)
    made_at = datetime.fromisoformat(noted["at"]) if "at" in noted else None
    live = (folder.realm_of(home) or os.environ.get("QIANJUN_REALM")) == "live"
    found = rules.backup_age(check, made_at=made_at, now=clock.real(), live=live)
    if found.state == "ok" and noted.get("missing_media"):
        says = f"{found.says}当时有 {noted['missing_media']} 个收到的文件不在磁盘上。"
        return check.warn(says, "再备份一次看是哪些（标准错误会列出），从更早的备份找回。")
    return found


def front(home: Path) -> Finding:
    """How the screens reach us."""
    live = (folder.realm_of(home) or os.environ.get("QIANJUN_REALM")) == "live"
    holder = folder.holder_of(home)
    told = _environment(holder.pid) if holder else dict(os.environ)
    seen = rules.Front(
        live=live,
        open_to=tuple(sorted(_open_to(holder.port))) if holder and holder.port else (),
        tls=told.get("QIANJUN_TLS") == "proxy",
        named=told.get("QIANJUN_HOSTS", "*") != "*",
    )
    return rules.front(Check(name="front", title="TLS 和主机名"), seen)


def _environment(pid: int) -> dict[str, str]:
    """What the server was told; its environment is not that of whoever asks."""
    try:
        return psutil.Process(pid).environ()
    except psutil.Error:
        return dict(os.environ)


def _open_to(port: int) -> Iterator[str]:
    with contextlib.suppress(psutil.Error):
        for one in psutil.net_connections("tcp"):
            if one.status != psutil.CONN_LISTEN or not one.laddr or one.laddr.port != port:
                continue
            if one.laddr.ip not in ("127.0.0.1", "::1"):
                yield f"{one.laddr.ip}:{port}"
