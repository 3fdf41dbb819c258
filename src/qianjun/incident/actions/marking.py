"""Say how a record may be handled; what must not be entered is hidden at once. 标记"""

from django.db import transaction

from qianjun.incident.actions.noting import words
from qianjun.incident.actions.withholding import show_again, withhold
from qianjun.incident.queries.records import (
    Record,
    entries_alike,
    record_of,
    report_behind,
)
from qianjun.incident.rules.marking import WHY_MOST, marking_fault
from qianjun.journal.locks import one_at_a_time
from qianjun.journal.marking import put_mark
from qianjun.journal.models import Mark
from qianjun.kernel.errors import Refused
from qianjun.media.actions import bar_file
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
    if fault := marking_fault(kind, old=record.mark, new=mark):
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
    if record.kind == "file" and mark == "barred":
        bar_file(by=by, file=record.ident)
    report = report_behind(record)
    if report and mark == "barred":
        withhold(report=int(report))
    elif report and record.mark == "barred":
        show_again(report=int(report))
