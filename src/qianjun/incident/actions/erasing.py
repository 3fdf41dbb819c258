"""Erase a record by law, with everything that repeats it. 依法删除"""

from django.db import transaction

from qianjun.incident.actions.withholding import forget_entry
from qianjun.incident.actions.withholding import forget_words as forget_reasons
from qianjun.incident.queries.records import Record, entries_alike, record_of
from qianjun.journal.erasing import erase_body
from qianjun.journal.models import Body
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.media.actions import erase_file
from qianjun.message.erasing import forget_texts
from qianjun.message.inbox import forget_words
from qianjun.org.actor import Actor, require

ERASABLE = ("report", "entry", "file")


@transaction.atomic(savepoint=False)
def erase_record(*, by: Actor, kind: str, ident: str | int, reason: str, article: str) -> int:
    """Erase the words of a report or an entry, or the bytes of a file; the erasing stays. 依法删除

    Whatever repeats the words goes with them: the report, its further entries, figures, tasks,
    letters, messages that carry them. Returns how many bodies went. Refused: 403, 404, 409
    ``already_erased``, 422 ``unknown_article``, ``reason_needed``, ``not_erasable``.
    """
    require(by, "body.erase")
    record = record_of(seen_by=by, kind=kind, ident=ident)
    if record.kind not in ERASABLE:
        raise Refused("not_erasable", _("整个事件不能删除，请逐条删除接报、条目或文件。"))
    if record.kind == "file":
        erase_file(by=by, file=record.ident, reason=reason, article=article)
        return 1
    return _erase_words(by, record, reason=reason, article=article)


def _erase_words(by: Actor, record: Record, *, reason: str, article: str) -> int:
    alike = entries_alike(record)
    left = Body.objects.filter(entry__in=alike, erased_at__isnull=True).order_by("pk")
    words = dict(left.values_list("pk", "text"))
    if not words:
        if Body.objects.filter(entry__in=alike).exists():
            raise Refused("already_erased", _("这段正文已经依法删除。"), status=409)
        raise Refused("not_erasable", _("这一条没有正文，不用删除。"))
    for entry, text in words.items():
        erase_body(by=by, entry=entry, reason=reason, article=article)
        forget_copies(entry=entry)
        forget_texts(incident=record.incident, words=text)
        forget_reasons(incident=record.incident, words=text)
    return len(words)


def forget_copies(*, entry: int) -> None:
    """Empty every copy of an erased body in this module and below; again changes nothing."""
    forget_entry(entry=entry)
    forget_words(entry=entry)
