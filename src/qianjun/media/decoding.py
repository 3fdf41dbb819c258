"""Have a file looked at by a child that may not do much, and judge what it says. 检查与解码

The child gets two paths, limits of memory and time, and no environment of ours. What it leaves is
not believed either: a copy is a JPEG of a sensible size, or the file is kept back.
"""

import json
import os
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from qianjun.media import store
from qianjun.media.actions import finishing
from qianjun.media.models import File
from qianjun.media.rules import claims, kinds, limits
from qianjun.media.rules.reasons import REASONS

Json = dict[str, Any]
TOLD_BYTES: Final = 64 * 1024
CHILD: Final = "qianjun.media.child"


def look_at(file: File) -> finishing.Look:
    """What a look at the original shows; copies of a picture stand in their place afterwards."""
    with store.workplace() as folder:
        told = _ask_child(store.original(file.sha256), folder, media_type=file.media_type)
        why = str(told.get("why", ""))
        if why:
            return finishing.Look(why=why if why in REASONS else "unknown")
        if file.kind == "image" and not _take_copies(folder, sha256=file.sha256):
            return finishing.Look(why="decoder_died")
    return _look(told, received_at=file.received_at)


def _ask_child(original: Path, folder: Path, *, media_type: str) -> Json:
    words = [sys.executable, "-I", "-m", CHILD, str(original), str(folder), media_type]
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8"},
            close_fds=True,
            start_new_session=True,
            timeout=limits.CHILD_WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"why": "decoder_time"}
    if done.returncode != 0:
        return {"why": _why_died(done.returncode)}
    return _read(done.stdout)


def _why_died(code: int) -> str:
    import signal

    times_up = (-signal.SIGXCPU, -signal.SIGALRM)
    return "decoder_time" if code in times_up else "decoder_died"


def _read(said: bytes) -> Json:
    try:
        told = json.loads(said[:TOLD_BYTES])
    except ValueError:
        return {"why": "decoder_died"}
    return told if isinstance(told, dict) else {"why": "decoder_died"}


def _take_copies(folder: Path, *, sha256: str) -> bool:
    """Put the child's two copies in their place, when they are what they should be."""
    sides = (limits.SHOWN_SIDE_PX, limits.THUMB_SIDE_PX)
    made = [(folder / f"{side_px}.jpg", side_px) for side_px in sides]
    if not all(_is_copy(path) for path, _side_px in made):
        return False
    for path, side_px in made:
        store.put_copy(path, sha256=sha256, side_px=side_px)
    return True


def _is_copy(path: Path) -> bool:
    try:
        seen = os.lstat(path)
    except OSError:
        return False
    if not stat.S_ISREG(seen.st_mode) or not 0 < seen.st_size <= limits.COPY_BYTES:
        return False
    return kinds.found_in(store.head_of(path, 16)).media_type == "image/jpeg"


def _look(told: Json, *, received_at: datetime) -> finishing.Look:
    place = told.get("place")
    lon, lat = claims.position(*_place(place)) or (None, None) if place else (None, None)
    return finishing.Look(
        media_type=_media_type(told.get("media_type")),
        width=_size(told.get("width")),
        height=_size(told.get("height")),
        taken_at=claims.taken_at(
            str(told.get("taken", "")), str(told.get("offset", "")), received_at=received_at
        ),
        lon=lon,
        lat=lat,
    )


def _media_type(said: object) -> str:
    return said if isinstance(said, str) and said in kinds.SUFFIXES else ""


def _size(said: object) -> int | None:
    return said if isinstance(said, int) and 0 < said <= limits.MOST_PIXELS else None


def _place(said: object) -> tuple[tuple[float, ...], str, tuple[float, ...], str]:
    try:
        lat, north, lon, east = said  # type: ignore[misc]
        return tuple(map(float, lat)), str(north), tuple(map(float, lon)), str(east)  # type: ignore[has-type]
    except (TypeError, ValueError):
        return (), "", (), ""
