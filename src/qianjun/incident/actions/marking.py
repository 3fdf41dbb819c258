"""Say how a record may be handled; what must not be entered is hidden at once. 标记"""

from django.db import transaction

from qianjun.incident.actions.withholding import hide_entry, hide_words, show_report_again
from qianjun.incident.queries.records import (
    Record,
    entries_alike,
    record_of,
    report_behind,
)
from qianjun.incident.rules.marking import WHY_MOST, marking_fault
from qianjun.journal.locks import one_at_a_time
from qianjun.journal.marking import put_mark
from qianjun.journal.models import Body, Mark
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.media.actions import bar_file
from qianjun.message.erasing import hide_letter, hide_texts, show_letter
from qianjun.org.actor import Actor, require


@transaction.atomic(savepoint=False)
def mark_record(*, by: Actor, kind: str, ident: str | int, mark: str, why: str) -> Mark:
    """Mark an incident, a report, an entry or a file, and say why. 标记公开、内部、不得录入

    A report and the entries that repeat it go together. Refused: 403, 404, 409
    ``already_marked`` or ``kept_back``, 422 ``unknown_mark``, ``not_whole``.
    """
    require(by, "record.mark")
    reason = words("why", why, most=WHY_MOST)
    one_at_a_time(f"record.mark:{kind}:{ident}")
    record = record_of(seen_by=by, kind=kind, ident=ident)
    if fault := marking_fault(kind, old=record.mark, new=mark, name=record.name):
        code, zh, status = fault
        raise Refused(code, zh, status=status)
    rows = [
        put_mark(
            by=by,
            about=about,
            mark=mark,
            why=reason,
            incident=record.incident,
            says=about == record.key,
        )
        for about in _together(record, mark)
    ]
    _carry_out(by, record, mark=mark)
    return rows[0]


def _together(record: Record, mark: str) -> list[tuple[str, str]]:
    """What must not be entered is hidden wherever it was repeated; else the record alone."""
    if "barred" not in (mark, record.mark):
        return [record.key]
    report = report_behind(record)
    alike = [("entry", str(one)) for one in entries_alike(record)]
    return list(dict.fromkeys([record.key, *([("report", report)] if report else []), *alike]))


def _carry_out(by: Actor, record: Record, *, mark: str) -> None:
    if mark == "barred" and record.kind == "file":
        bar_file(by=by, file=record.ident)
    elif mark == "barred":
        _hide(record)
    elif record.mark == "barred":
        _show_again(record)


def _hide(record: Record) -> None:
    """Hide the words in everything that repeats them."""
    bodies = Body.objects.filter(entry__in=entries_alike(record)).exclude(text="").order_by("pk")
    for entry, words_said in bodies.values_list("entry_id", "text"):
        hide_entry(entry=entry)
        hide_letter(entry=entry)
        hide_texts(incident=record.incident, words=words_said)
        hide_words(incident=record.incident, words=words_said)


def _show_again(record: Record) -> None:
    """What can be put back from the journal: a report, a letter; lines show themselves."""
    if report := report_behind(record):
        show_report_again(report=int(report))
    for entry, words_said in Body.objects.filter(entry__in=entries_alike(record)).values_list(
        "entry_id", "text"
    ):
        show_letter(entry=entry, words=words_said)
