"""Erase a file by law: original and copies go, the row keeps the hash. 依法删除文件"""

from django.db import transaction

from qianjun.journal.erasing import note
from qianjun.journal.locks import one_at_a_time
from qianjun.journal.rules import ARTICLES
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import refuse_marked
from qianjun.kernel.words import noop as _
from qianjun.media import queries, store
from qianjun.media.events import FileErased
from qianjun.media.models import File, Upload
from qianjun.media.saying import blob_turn, say
from qianjun.org.actor import Actor, require

REASON_CHARACTERS = 500


@transaction.atomic(savepoint=False)
def erase_file(*, by: Actor, file: str | int, reason: str, article: str) -> File:
    """Erase these bytes, in every file that holds them; each erasing is an entry. 依法删除文件

    ``article`` is a code of ``journal.rules.ARTICLES``. Refused: 403, 404, 409 ``already_erased``,
    422 ``unknown_article``, ``reason_needed``.
    """
    require(by, "body.erase")
    if article not in ARTICLES:
        raise Refused("unknown_article", _("没有这个法律依据，请从列表中选择。"))
    if not 0 < len(reason.strip()) <= REASON_CHARACTERS:
        raise Refused("reason_needed", _("请写明删除理由（500 字以内）。"))
    refuse_marked(reason, field="reason")
    sha256 = queries.file_to_erase(file_id=file).sha256
    one_at_a_time(blob_turn(sha256))
    chosen = _erase_all(by=by, sha256=sha256, reason=reason.strip(), article=article)
    if int(file) not in chosen:
        raise Refused("already_erased", _("这份文件已依法删除。"), status=409)
    transaction.on_commit(lambda: remove_bytes(sha256, article=article, files=tuple(chosen)))
    return File.objects.get(pk=int(file))


def _erase_all(*, by: Actor, sha256: str, reason: str, article: str) -> list[int]:
    rows = File.objects.select_for_update().filter(sha256=sha256).order_by("pk")
    chosen = list(rows.exclude(state=File.State.ERASED))
    for row in chosen:
        say(FileErased(file_id=row.pk, article=article), by=by, file=row, body=reason)
    keys = [row.pk for row in chosen]
    File.objects.filter(pk__in=keys).update(
        state=File.State.ERASED,
        erased_at=clock.now(),
        name="",
        why="",
        width=None,
        height=None,
        taken_at_claimed=None,
        lon_claimed=None,
        lat_claimed=None,
    )
    Upload.objects.filter(file__in=keys).update(name="")
    return keys


def remove_bytes(sha256: str, *, article: str = "", files: tuple[int, ...] = ()) -> bool:
    """Remove bytes that no living file holds, and note what was erased outside the database.

    Asked again after a kill by the hourly tidying. False when a file holds them again.
    """
    if files:
        note(*({"kind": "file", "file": n, "sha256": sha256, "article": article} for n in files))
    with transaction.atomic():
        one_at_a_time(blob_turn(sha256))
        if File.objects.filter(sha256=sha256).exclude(state=File.State.ERASED).exists():
            return False
        store.drop_all_of(sha256)
        return True
