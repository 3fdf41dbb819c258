"""A file that is there whole, or is not there. 整份出现的文件

Until it is whole it has no name, so whatever kills its writer leaves nothing. Where the file system
knows no files without a name (network drives, sticks, some containers) it has a hidden one that no
restore takes for a backup and that the next backup clears away.
"""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import psutil

from qianjun.site.attach import NotReady

PRIVATE: Final = 0o600
TMPFILE = os.O_TMPFILE
HIDDEN: Final = re.compile(r"\..+\.([0-9]+)\.qianjun-part")


@contextlib.contextmanager
def appearing(target: Path) -> Iterator[IO[bytes]]:
    """Write into it; after the block it stands durably under its name. Overwrites nothing."""
    number, hidden = _opened(target)
    try:
        with _folder(target.parent) as place, open(number, "wb") as file:  # noqa: PTH123
            yield file
            file.flush()
            os.fsync(file.fileno())
            try:
                _name(file, target, hidden, place)
            except FileExistsError:
                raise NotReady(f"{target} 刚刚被别的程序建立；请换一个文件名再备份。") from None
            os.fsync(place)
    finally:
        if hidden:
            hidden.unlink(missing_ok=True)


def _opened(target: Path) -> tuple[int, Path | None]:
    try:
        return os.open(target.parent, TMPFILE | os.O_WRONLY, PRIVATE), None
    except OSError:
        _clear(target.parent)
        hidden = target.with_name(f".{target.name}.{os.getpid()}.qianjun-part")
        return os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), hidden


def _clear(place: Path) -> None:
    """Remove what a killed backup has left here."""
    for path in place.iterdir():
        found = HIDDEN.fullmatch(path.name)
        if found and not psutil.pid_exists(int(found[1])):
            path.unlink(missing_ok=True)


def _name(file: IO[bytes], target: Path, hidden: Path | None, place: int) -> None:
    if hidden is None:
        # with a folder's number Python follows the symbolic link, without it does not
        os.link(f"/proc/self/fd/{file.fileno()}", target.name, dst_dir_fd=place)
        return
    try:
        target.hardlink_to(hidden)
    except FileExistsError:
        raise
    except OSError:  # a stick has no second names
        if target.exists():
            raise FileExistsError(target) from None
        hidden.rename(target)


@contextlib.contextmanager
def _folder(place: Path) -> Iterator[int]:
    number = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield number
    finally:
        os.close(number)
