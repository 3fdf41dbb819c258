"""Erase what an entry said, by law; the chain still verifies. 依法删除"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from qianjun.journal.bus import By, House, emit
from qianjun.journal.events import BodyErased
from qianjun.journal.models import Body, Entry
from qianjun.journal.permits import Acting, require
from qianjun.journal.rules import ARTICLES
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _

REASON_CHARACTERS = 500


@transaction.atomic(savepoint=False)
def erase_body(*, by: Acting, entry: int, reason: str, article: str) -> int:
    """Delete salt and text of an entry's body; the erasing is an entry itself. 依法删除正文

    ``article`` is a code of ``rules.ARTICLES``. Returns the erasing entry's id. Refused: 403, 404
    ``not_found``, 409 ``already_erased``, 422 ``unknown_article``, ``reason_needed``.
    """
    require(by, "body.erase")
    if article not in ARTICLES:
        raise Refused("unknown_article", _("没有这个法律依据，请从列表中选择。"))
    if not 0 < len(reason.strip()) <= REASON_CHARACTERS:
        raise Refused("reason_needed", _("请写明删除理由（500 字以内）。"))
    return _erase(by=by, entry=entry, reason=reason.strip(), article=article)


def _erase(*, by: By, entry: int, reason: str, article: str) -> int:
    body = Body.objects.select_for_update().filter(entry_id=entry).first()
    if body is None:
        raise Refused("not_found", _("没有这个对象，或您无权查看。"), status=404)
    if body.erased_at is not None:
        raise Refused("already_erased", _("这段正文已经依法删除。"), status=409)
    incident = Entry.objects.values_list("incident", flat=True).get(pk=entry)
    Body.objects.filter(pk=entry).update(salt="", text="", erased_at=clock.now())
    said = emit(
        BodyErased(entry_id=entry, article=article),
        by=by,
        incident=incident,
        about=("entry", str(entry)),
        body=reason,
    )
    transaction.on_commit(lambda: _note((entry, article)))
    return said


def log_path() -> Path:
    """Where erasures are kept outside the database, for a restore to apply them again."""
    return Path(settings.DATA) / "erasures.log"


def note_missing() -> int:
    """Write into the log what a process killed after its commit could not; return how many."""
    noted = set(_noted())
    said = Entry.objects.filter(name=BodyErased.name).values_list("payload", flat=True)
    missing = [
        p for p in said.order_by("id").iterator() if (p["entry_id"], p["article"]) not in noted
    ]
    _note(*((p["entry_id"], p["article"]) for p in missing))
    return len(missing)


def erase_again() -> int:
    """After a restore: erase once more what the log says was erased since; return how many."""
    again = 0
    for entry, article in _noted():
        with transaction.atomic():
            body = Body.objects.filter(entry_id=entry, erased_at__isnull=True)
            if body.exists():
                _erase(by=House(ident="restore"), entry=entry, reason=AGAIN, article=article)
                again += 1
    return again


AGAIN = "恢复备份后按删除登记再次删除"


def _noted() -> Iterator[tuple[int, str]]:
    path = log_path()
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            kept = json.loads(line)
            if kept["kind"] == "body":
                yield kept["entry"], kept["article"]


def _note(*erased: tuple[int, str]) -> None:
    note(*({"kind": "body", "entry": entry, "article": article} for entry, article in erased))


def note(*lines: dict[str, Any]) -> None:
    """Write into the log what was erased, durably; ``kind`` says what, and whose the line is."""
    if not lines:
        return
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    at = clock.real().isoformat()
    with path.open("a", encoding="utf-8") as log:
        for line in lines:
            log.write(json.dumps({**line, "at": at}) + "\n")
        log.flush()
        os.fsync(log.fileno())
