"""Erase what an entry said, by law; the chain still verifies. 依法删除"""

import json
import os
from collections.abc import Iterable, Iterator
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
from qianjun.kernel.secrecy import refuse_marked
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
    refuse_marked(reason, field="reason")
    return _erase(by=by, entry=entry, reason=reason.strip(), article=article)


def _erase(*, by: By, entry: int, reason: str, article: str) -> int:
    body = Body.objects.select_for_update().filter(entry_id=entry).first()
    if body is None:
        raise Refused("not_found", _("没有这个对象，或您无权查看。"), status=404)
    if body.erased_at is not None:
        raise Refused("already_erased", _("这段正文已经依法删除。"), status=409)
    incident, digest = Entry.objects.values_list("incident", "digest").get(pk=entry)
    Body.objects.filter(pk=entry).update(salt="", text="", erased_at=clock.now())
    said = emit(
        BodyErased(entry_id=entry, article=article),
        by=by,
        incident=incident,
        about=("entry", str(entry)),
        body=reason,
    )
    transaction.on_commit(lambda: _note((entry, article, digest)))
    return said


def log_path() -> Path:
    """Where erasures are kept outside the database, for a restore to apply them again."""
    return Path(settings.DATA) / "erasures.log"


def note_missing() -> int:
    """Write into the log what a process killed after its commit could not; return how many."""
    noted = {(entry, article) for entry, article, _digest in _noted()}
    said = Entry.objects.filter(name=BodyErased.name).order_by("id")
    told = ((p["entry_id"], p["article"]) for p in said.values_list("payload", flat=True))
    missing = [one for one in told if one not in noted]
    digests = dict(
        Entry.objects.filter(pk__in=[e for e, _a in missing]).values_list("pk", "digest")
    )
    _note(*((entry, article, digests[entry]) for entry, article in missing))
    return len(missing)


def erase_again() -> int:
    """After a restore: erase once more what the log says was erased since; return how many."""
    again = to_erase_again()
    for entry, article in again.items():
        with transaction.atomic():
            _erase(by=House(ident="restore"), entry=entry, reason=AGAIN, article=article)
    return len(again)


def to_erase_again() -> dict[int, str]:
    """Entries whose body stands although the log says that it was erased, with the article.

    By number and digest: a log beside another database than its own erases nothing.
    """
    noted = {entry: (article, digest) for entry, article, digest in _noted()}
    found: dict[int, str] = {}
    for some in batched_keys(noted):
        rows = Body.objects.filter(entry__in=some, erased_at__isnull=True).order_by("pk")
        for entry, digest in rows.values_list("entry_id", "entry__digest"):
            if digest == noted[entry][1]:
                found[entry] = noted[entry][0]
    return found


def batched_keys(noted: Iterable[int]) -> Iterator[list[int]]:
    """These keys, a statement's worth at a time."""
    keys = sorted(noted)
    yield from (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))


AGAIN = "恢复备份后按删除登记再次删除"
AT_ONCE = 1_000


def _noted() -> Iterator[tuple[int, str, str]]:
    for line in noted_lines("body"):
        yield line["entry"], line["article"], line.get("digest", "")


def noted_lines(kind: str) -> Iterator[dict[str, Any]]:
    """The lines of the log of this kind; one cut short by a power failure is left out."""
    path = log_path()
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            continue
        if line["kind"] == kind:
            yield line


def _note(*erased: tuple[int, str, str]) -> None:
    note(
        *(
            {"kind": "body", "entry": entry, "article": article, "digest": digest}
            for entry, article, digest in erased
        )
    )


def note(*lines: dict[str, Any]) -> None:
    """Write into the log what was erased, durably; ``kind`` says what, and whose the line is."""
    if not lines:
        return
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    at = clock.real().isoformat()
    torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
    with path.open("a", encoding="utf-8") as log:
        if torn:
            log.write("\n")
        for line in lines:
            log.write(json.dumps({**line, "at": at}) + "\n")
        log.flush()
        os.fsync(log.fileno())
