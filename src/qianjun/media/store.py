"""Where the bytes lie: below DATA/media, under their hash, whole or not at all. 存放

``coming/ID`` grows piece by piece, ``ab/cd/SHA256`` is an original, ``shown/ab/cd/…`` its copies,
``work/`` where the child writes. No part of a path is ever what somebody sent.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.media.rules import limits
from qianjun.media.rules.tus import Checksum

BLOCK_BYTES: Final = 1 << 18
PRIVATE: Final = 0o600
SHA256: Final = re.compile(r"[0-9a-f]{64}")
IDENT: Final = re.compile(r"[a-z2-7]{16,32}")
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WrongSum(Exception):
    """A piece is not what its sender computed."""


def root() -> Path:
    """The folder of everything here."""
    return Path(settings.DATA) / "media"


def coming(ident: str) -> Path:
    """Where an upload grows."""
    assert IDENT.fullmatch(ident)
    return root() / "coming" / ident


def original(sha256: str) -> Path:
    """Where the original of this hash lies."""
    assert SHA256.fullmatch(sha256)
    return root() / sha256[:2] / sha256[2:4] / sha256


def copy_of(sha256: str, *, side_px: int) -> Path:
    """Where the copy with this long side lies."""
    assert SHA256.fullmatch(sha256)
    return root() / "shown" / sha256[:2] / sha256[2:4] / f"{sha256}-{side_px}.jpg"


def check_room(length_bytes: int) -> None:
    """Refuse with 503 ``disk_full`` what would fill the disk. 检查磁盘"""
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    free_bytes = shutil.disk_usage(root()).free
    if not limits.fits(free_bytes=free_bytes, length_bytes=length_bytes):
        raise disk_full()


def disk_full() -> Refused:
    """The disk takes no more; what came before is kept."""
    return Refused(
        "disk_full",
        _("服务器磁盘已满，暂时收不了文件，已收到的部分都保留；请告诉系统管理员，稍后继续上传。"),
        status=503,
        extra={"retry_after_s": limits.DISK_RETRY_S},
    )


@contextlib.contextmanager
def room_or_refusal() -> Iterator[None]:
    """Say disk_full where the system says so."""
    try:
        yield
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise disk_full() from fault
        raise


def start(ident: str) -> None:
    """Make the empty file of a new upload, durably."""
    path = coming(ident)
    with room_or_refusal():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        _sync_folder(path.parent)


def held_bytes(ident: str) -> int:
    """How many bytes of an upload lie here; some of them may be of a piece that broke off."""
    try:
        return coming(ident).stat().st_size
    except FileNotFoundError:
        return 0


def append(
    ident: str, source: IO[bytes], *, offset: int, most_bytes: int, checksum: Checksum | None = None
) -> int:
    """Write a piece behind ``offset``, durably; how many bytes it had. 写入一段

    What lay there of a piece that broke off is overwritten. A piece that cannot be kept whole
    leaves nothing: WrongSum, or a refusal when the disk is full.
    """
    _own_file(ident)
    with room_or_refusal(), _opened(coming(ident)) as target:
        target.truncate(offset)
        target.seek(offset)
        try:
            written = _pour(source, target, most_bytes=most_bytes, checksum=checksum)
        except (OSError, WrongSum):
            with contextlib.suppress(OSError):
                target.truncate(offset)
            raise
        os.fsync(target.fileno())
        return written


def _opened(path: Path) -> IO[bytes]:
    # unbuffered: a full disk must be met here, not when the file is closed
    return open(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE), "r+b", buffering=0)  # noqa: PTH123


def _pour(
    source: IO[bytes], target: IO[bytes], *, most_bytes: int, checksum: Checksum | None
) -> int:
    digest = hashlib.new(checksum.algorithm) if checksum else None
    written = 0
    while block := source.read(min(BLOCK_BYTES, most_bytes - written)):
        if digest:
            digest.update(block)
        written += _write_all(target, block)
    if checksum and digest and digest.digest() != checksum.digest:
        raise WrongSum
    return written


def _write_all(target: IO[bytes], block: bytes) -> int:
    left = memoryview(block)
    while left:
        left = left[target.write(left) :]
    return len(block)


def _own_file(ident: str) -> None:
    """An end that was undone may have left the growing file linked as an original: part them."""
    path = coming(ident)
    if path.exists() and path.stat().st_nlink > 1:
        own = path.with_name(f"{ident}.own")
        shutil.copyfile(path, own)
        own.chmod(PRIVATE)
        own.replace(path)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def head_of(path: Path, size_bytes: int) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as source:
        return source.read(size_bytes)


def keep(ident: str, *, sha256: str) -> None:
    """Let a whole upload be an original as well, atomically; one that is there already stays."""
    path, target = coming(ident), original(sha256)
    with room_or_refusal():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            os.link(path, target)
        for folder in (target.parent, target.parent.parent, root()):
            _sync_folder(folder)


def drop_coming(ident: str) -> None:
    """Remove what lies here of an upload."""
    coming(ident).unlink(missing_ok=True)


def drop_all_of(sha256: str) -> None:
    """Remove original and copies, durably. 删除原件和副本"""
    for path in (original(sha256), *copies_of(sha256)):
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync_folder(path.parent)


def copies_of(sha256: str) -> tuple[Path, Path]:
    """Where its copies lie: the one to look at, and the small one."""
    sides = (limits.SHOWN_SIDE_PX, limits.THUMB_SIDE_PX)
    large, small = (copy_of(sha256, side_px=side_px) for side_px in sides)
    return large, small


def put_copy(made: Path, *, sha256: str, side_px: int) -> None:
    """Move a copy that the child made to its place, atomically."""
    target = copy_of(sha256, side_px=side_px)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made.chmod(PRIVATE)
    with made.open("rb") as written:
        os.fsync(written.fileno())
    made.replace(target)
    _sync_folder(target.parent)


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder for the child, gone afterwards."""
    place = root() / "work"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
