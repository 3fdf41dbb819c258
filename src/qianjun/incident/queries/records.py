"""One record as those see it who mark or erase it; without its words for who may not read. 记录"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from qianjun.incident.models import Incident, Letter, Report
from qianjun.incident.queries.seen import in_area, incident_seen, report_seen
from qianjun.journal.marking import mark_of
from qianjun.journal.models import Entry
from qianjun.journal.queries import Line, lines_of, with_rest
from qianjun.journal.rules import RECORDS
from qianjun.kernel.text import mask_phones_in
from qianjun.media.models import File
from qianjun.media.queries import file_seen, file_to_erase
from qianjun.org.actor import Actor, key_of, not_found, require

READERS: Final = "incident.read"
# the entries that repeat what a report said, wherever it was moved
TOLD: Final = ("incident.report_taken", "incident.report_joined")
Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record and how it stands; ``text`` is None for who may not read it. 记录

    ``characters`` says how much there is, so that it can be told apart without being read.
    """

    kind: str
    ident: str
    incident: int | None
    number: str
    name: str
    at: datetime
    by: tuple[str, str]
    mark: str
    text: str | None
    characters: int = 0
    erased: bool = False
    seq: int | None = None
    digest: str = ""
    about: tuple[str, str] = field(default=("", ""))

    @property
    def key(self) -> tuple[str, str]:
        """As marks name it."""
        return (self.kind, self.ident)


def record_of(*, seen_by: Actor, kind: str, ident: str | int) -> Record:
    """The record with this number; 404 when there is none, or none that a reader may see. 查记录

    Who marks without reading, the security administrator, is told everything but the words.
    """
    require(seen_by, "record.mark")
    if kind not in RECORDS:
        raise not_found()
    reads = seen_by.may(READERS)
    if kind == "incident":
        return _incident(seen_by, ident, reads=reads)
    if kind == "report":
        return _report(seen_by, ident, reads=reads)
    if kind == "entry":
        return _entry(seen_by, ident, reads=reads)
    return _file(seen_by, ident, reads=reads)


def number_of(kind: str, typed: str) -> str:
    """The key behind what somebody types: the number on paper, or the key itself. 按编号找"""
    said = typed.strip()
    if kind == "report":
        rows = Report.objects.filter(number=said)
        return str(rows.values_list("pk", flat=True).first() or said)
    if kind == "incident":
        found = Incident.objects.filter(number=said)
        return str(found.values_list("pk", flat=True).first() or said)
    return said


def _incident(by: Actor, ident: str | int, *, reads: bool) -> Record:
    if reads:
        row = incident_seen(seen_by=by, incident_id=ident)
    else:
        row = _or_404(Incident.objects.filter(pk=key_of(ident)).first())
        _check_area(by, row.division)
    return Record(
        kind="incident",
        ident=str(row.pk),
        incident=row.pk,
        number=row.number,
        name="incident",
        at=row.opened_at,
        by=("", ""),
        mark=mark_of(("incident", str(row.pk))),
        text=row.title if reads else None,
        characters=len(row.title),
    )


def _report(by: Actor, ident: str | int, *, reads: bool) -> Record:
    if reads:
        row = report_seen(seen_by=by, report_id=ident)
    else:
        row = _or_404(Report.objects.filter(pk=key_of(ident)).first())
        _check_area(by, row.division)
    entry = first_told(row.pk)
    return Record(
        kind="report",
        ident=str(row.pk),
        incident=row.incident_id,
        number=row.number,
        name="report",
        at=row.received_at,
        by=(row.by_kind, row.by_id),
        mark=mark_of(("report", str(row.pk))),
        text=mask_phones_in(row.text) if reads else None,
        characters=len(row.text),
        erased=bool(entry and entry.erased),
        seq=entry.seq if entry else None,
    )


def _entry(by: Actor, ident: str | int, *, reads: bool) -> Record:
    row = _or_404(with_rest(Entry.objects.filter(pk=key_of(ident))).first())
    if reads and row.incident is not None:
        incident_seen(seen_by=by, incident_id=row.incident)
    if not reads:
        _check_area(by, _division(row.incident))
    (line,) = lines_of([row])
    shown = reads and row.incident is not None
    return Record(
        kind="entry",
        ident=line.id,
        incident=row.incident,
        number=line.id,
        name=line.name,
        at=line.happened_at,
        by=(line.by_kind, line.by_id),
        mark=line.mark,
        text=mask_phones_in(line.body) if shown else None,
        characters=len(row.body.text) if hasattr(row, "body") else 0,
        erased=line.erased,
        seq=line.seq,
        digest=row.digest,
        about=(line.about_kind, line.about_id),
    )


def _file(by: Actor, ident: str | int, *, reads: bool) -> Record:
    row = file_seen(by=by, file_id=ident) if reads else file_to_erase(file_id=ident)
    if not reads:
        _check_area(by, _division(row.incident))
    return Record(
        kind="file",
        ident=str(row.pk),
        incident=row.incident,
        number=str(row.pk),
        name=row.kind,
        at=row.received_at,
        by=(row.by_kind, row.by_id),
        mark=mark_of(("file", str(row.pk))),
        text=row.name if reads else None,
        characters=row.bytes,
        erased=row.state == File.State.ERASED,
        digest=row.sha256,
    )


def _check_area(by: Actor, division: str) -> None:
    """Who marks without reading sees of his part of the district only that there is something."""
    if not in_area(by, division):
        raise not_found()


def _division(incident: int | None) -> str:
    if incident is None:
        return ""
    rows = Incident.objects.filter(pk=incident).values_list("division", flat=True)
    return rows.first() or ""


def first_told(report: int) -> Line | None:
    """The line in which a report was taken in."""
    rows = Entry.objects.filter(about_kind="report", about_id=str(report), name__in=TOLD)
    return next(iter(lines_of(with_rest(rows.order_by("pk"))[:1])), None)


def report_behind(record: Record) -> str | None:
    """The report whose words these are: itself, a line that tells it, the letter it came as."""
    if record.kind == "report":
        return record.ident
    if record.kind != "entry":
        return None
    if record.about[0] == "report" and record.name in TOLD:
        return record.about[1]
    taken = Letter.objects.filter(inbound__entry=record.ident, report__isnull=False)
    found = taken.values_list("report", flat=True).first()
    return None if found is None else str(found)


def entries_alike(record: Record) -> list[int]:
    """Every entry whose body holds the words of this record: a report was told more than once."""
    if report := report_behind(record):
        return entries_of_report(report)
    return [int(record.ident)] if record.kind == "entry" else []


def entries_of_report(report: str) -> list[int]:
    """The entries that repeat what a report said, its letter included; where it was taken first."""
    told = Entry.objects.filter(about_kind="report", about_id=report, name__in=TOLD)
    letters = Letter.objects.filter(report_id=int(report)).values_list("inbound__entry", flat=True)
    return [
        *told.order_by("pk").values_list("pk", flat=True),
        *(entry for entry in letters if entry is not None),
    ]


def _or_404(row: Row | None) -> Row:
    if row is None:
        raise not_found()
    return row
