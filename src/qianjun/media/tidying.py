"""Throw away what never became a file, and finish what a kill interrupted. 定时清理"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

from django.db import connections

from qianjun.journal.erasing import batched_keys, noted_lines
from qianjun.kernel import clock
from qianjun.media import store
from qianjun.media.actions.erasing import erase_file, remove_bytes
from qianjun.media.models import File, Upload
from qianjun.media.rules import limits
from qianjun.org.actor import system

EVERY_S: Final = 3600.0
LEFT_ALONE_S: Final = 3600.0
AGAIN: Final = "恢复备份后按删除登记再次删除"


def tidy() -> None:
    """Tidy once."""
    _forget_expired()
    _drop_leftovers()
    _finish_erasing()


def run_tidier(stop: Event) -> None:
    """Tidy now and every hour until told to stop; between, no connection is held. 清理循环"""
    while True:
        try:
            tidy()
        finally:
            connections.close_all()
        if stop.wait(EVERY_S):
            return


def _forget_expired() -> None:
    """The bytes of an expired upload go at once, its row when nobody asks for it any more."""
    real = clock.real()
    for upload in Upload.objects.filter(expires_at__lte=real, file__isnull=True).iterator():
        store.drop_coming(upload.ident)
    Upload.objects.filter(expires_at__lte=real - limits.UPLOAD_REMEMBERED).delete()


def _drop_leftovers() -> None:
    """Files on their way that no unfinished upload knows, and the child's folders."""
    growing = set(Upload.objects.filter(file__isnull=True).values_list("ident", flat=True))
    for path in _old(store.root() / "coming"):
        if path.name not in growing:
            path.unlink(missing_ok=True)
    for path in _old(store.root() / "work"):
        shutil.rmtree(path, ignore_errors=True)


def _old(folder: Path) -> Iterator[Path]:
    """What lies in a folder untouched for an hour."""
    before = clock.real().timestamp() - LEFT_ALONE_S
    return (
        (p for p in folder.iterdir() if p.stat().st_mtime < before) if folder.exists() else iter(())
    )


def _finish_erasing() -> None:
    """Bytes that a kill between commit and removal has left."""
    erased = File.objects.filter(state=File.State.ERASED).values_list("sha256", flat=True)
    for sha256 in erased.distinct().iterator():
        if any(path.exists() for path in (store.original(sha256), *store.copies_of(sha256))):
            remove_bytes(sha256)


def erase_again() -> int:
    """After a restore: erase once more what the log says was erased since; how many. 再次删除"""
    again = to_erase_again()
    for file, article in again.items():
        # the same bytes in another file went with the one before
        if File.objects.filter(pk=file).exclude(state=File.State.ERASED).exists():
            erase_file(by=system(name="restore"), file=file, reason=AGAIN, article=article)
    return len(again)


def to_erase_again() -> dict[int, str]:
    """Files that stand although the log says that they were erased, with the article."""
    noted = {line["file"]: line for line in noted_lines("file")}
    found: dict[int, str] = {}
    for some in batched_keys(noted):
        rows = File.objects.filter(pk__in=some).exclude(state=File.State.ERASED).order_by("pk")
        for file, sha256 in rows.values_list("pk", "sha256"):
            if sha256 == noted[file]["sha256"]:
                found[file] = noted[file]["article"]
    return found
