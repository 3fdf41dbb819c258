"""Many reports change their incident at once: together, apart, and back again. 批量归并与拆分

Reports are locked in the order of their keys, then incidents in theirs, then numbers are taken.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qianjun.incident.actions.held import locked, must_be_open
from qianjun.incident.actions.moving import (
    close_merged,
    heard_last,
    opened_from,
    take_figures_along,
)
from qianjun.incident.events import (
    IncidentOpened,
    IncidentReopened,
    JoinConfirmed,
    ReportJoined,
    ReportSplit,
)
from qianjun.incident.models import Figure, Incident, Report
from qianjun.incident.queries.cards import holds_of
from qianjun.incident.queries.seen import incident_seen, reports_seen
from qianjun.incident.rules.facts import WRITTEN_REPORT, WRITTEN_REPORT_RULE
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import set_deadline
from qianjun.journal.models import Deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found, require

REPORTS_MOST = 2_000
GONE_ON = _("之后又有人改动过，不能撤销；请看最新内容再处理。")


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A report that has left an incident for another, and how it stood before. 移动"""

    report: int
    old: int
    new: int
    joined: str
    probability: float | None
    confirmed_at: str
    old_was_open: bool

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def held_reports(by: Actor, wanted: Iterable[str | int]) -> list[Report]:
    """These reports, locked in the order of their keys; 404 unless he sees every one. 锁定"""
    keys = sorted({key_of(one) for one in wanted})
    if not keys or len(keys) > REPORTS_MOST:
        code = "too_many" if keys else "nothing_chosen"
        zh = _("一次最多处理 2000 份报告，请分批。") if keys else _("请先选择报告。")
        raise Refused(code, zh, fields=(FieldError(field="reports", code=code, zh=zh),))
    if not by.may("report.read"):
        raise not_found()
    if reports_seen(by).filter(pk__in=keys).count() != len(keys):
        raise not_found()
    return list(Report.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


@transaction.atomic(savepoint=False)
def join_reports(
    *, by: Actor, reports: Iterable[str | int], incident_id: str | int
) -> tuple[Incident, list[Moved]]:
    """Move these reports to one open incident; those left empty are closed into it. 批量归并

    What is there already stays, its automatic join confirmed. 404 for what is unknown, 409 for a
    closed incident, when all are there already, and when an emptied incident is held.
    """
    require(by, "report.sort")
    rows = held_reports(by, reports)
    target = incident_seen(seen_by=by, incident_id=incident_id).pk
    known = _incidents(target, *(row.incident_id for row in rows))
    new = known[target]
    must_be_open(new)
    moving = [row for row in rows if row.incident_id != target]
    waiting = [row for row in rows if row.incident_id == target and _waits(row)]
    if not moving and not waiting:
        raise Refused("already_there", _("所选报告已经都在这个事件里。"), status=409)
    emptied = _emptied(moving)
    _must_not_be_held(emptied)
    moved = [_moved(row, known[row.incident_id], new=target) for row in (*moving, *waiting)]
    for row in waiting:
        _confirm(by, row)
    _move(by, moving, new=target, joined=Report.Joined.CHOSEN)
    for pk in emptied:
        close_merged(by, known[pk], into=new)
    return new, moved


@transaction.atomic(savepoint=False)
def split_reports(*, by: Actor, reports: Iterable[str | int]) -> tuple[list[Incident], list[Moved]]:
    """Take these reports out of their incident into one new one; one per incident. 批量拆分

    409 when an incident would be left without a report: it is that incident.
    """
    require(by, "report.sort")
    rows = held_reports(by, reports)
    known = _incidents(*(row.incident_id for row in rows))
    if _emptied(rows):
        zh = _("所选的是事件的全部报告，拆开后原事件就空了；请留下属于原事件的报告。")
        raise Refused("only_report", zh, status=409)
    opened, moved = list[Incident](), list[Moved]()
    for old in sorted(known):
        leaving = [row for row in rows if row.incident_id == old]
        moved_now = [_moved(row, known[old], new=0) for row in leaving]
        new = opened_from(min(leaving, key=lambda row: (row.received_at, row.pk)))
        emit(IncidentOpened(incident_id=new.pk), by=by, incident=new.pk)
        _move(by, leaving, new=new.pk, joined=Report.Joined.NEW)
        opened.append(new)
        moved += [Moved(**{**one.as_json(), "new": new.pk}) for one in moved_now]
    return opened, moved


@transaction.atomic(savepoint=False)
def move_back(*, by: Actor, moved: Sequence[Moved]) -> list[Incident]:
    """Every report is again where it was, an incident that was closed for it open. 撤销移动

    409 unless each report is where it had been moved to, and its old incident still takes it.
    """
    require(by, "report.sort")
    rows = {row.pk: row for row in held_reports(by, [one.report for one in moved])}
    if any(rows[one.report].incident_id != one.new for one in moved):
        raise Refused("stale", GONE_ON, status=409)
    known = _incidents(*(pk for one in moved for pk in (one.old, one.new)))
    moving = [one for one in moved if one.old != one.new]
    emptied = _emptied([rows[one.report] for one in moving])
    _must_not_be_held(emptied)
    for old in sorted({one.old for one in moving}):
        _open_again(by, known[old], was_open=any(o.old_was_open for o in moving if o.old == old))
    for old, new in sorted({(one.old, one.new) for one in moving}):
        back = [rows[one.report] for one in moving if (one.old, one.new) == (old, new)]
        _move(by, back, new=old, joined=Report.Joined.CHOSEN)
    _restore(rows, moved)
    for pk in emptied:
        into = next(one.old for one in moving if one.new == pk)
        close_merged(by, known[pk], into=known[into])
    return [known[pk] for pk in sorted({one.old for one in moved})]


def _incidents(*keys: int) -> dict[int, Incident]:
    ordered = sorted(set(keys))
    return dict(zip(ordered, locked(*ordered), strict=True))


def _waits(row: Report) -> bool:
    return row.joined == Report.Joined.AUTO and row.confirmed_at is None


def _confirm(by: Actor, row: Report) -> None:
    Report.objects.filter(pk=row.pk).update(confirmed_at=clock.now())
    confirmed = JoinConfirmed(report_id=row.pk, incident_id=row.incident_id)
    emit(confirmed, by=by, incident=row.incident_id, about=("report", str(row.pk)))


def _emptied(leaving: Sequence[Report]) -> list[int]:
    """The incidents that have no report but those that leave."""
    taken = Counter(row.incident_id for row in leaving)
    there = Counter(
        Report.objects.filter(incident__in=taken).order_by().values_list("incident", flat=True)
    )
    return sorted(pk for pk in taken if there[pk] == taken[pk])


def _must_not_be_held(emptied: Iterable[int]) -> None:
    for pk in emptied:
        if holds := holds_of(pk):
            zh = _("其中一个事件只有这些报告，而且还有未了结的事，不能并掉。")
            raise Refused("held", zh, status=409, extra={"holds": holds})


def _moved(row: Report, old: Incident, *, new: int) -> Moved:
    return Moved(
        report=row.pk,
        old=old.pk,
        new=new,
        joined=row.joined,
        probability=row.join_probability,
        confirmed_at=row.confirmed_at.isoformat() if row.confirmed_at else "",
        old_was_open=old.state == Incident.State.OPEN,
    )


def _move(by: Actor, rows: Sequence[Report], *, new: int, joined: str) -> None:
    """One statement for the rows, two entries for each, figures where there are any."""
    now, keys = clock.now(), [row.pk for row in rows]
    Report.objects.filter(pk__in=keys).update(
        incident=new, joined=joined, join_probability=None, confirmed_at=now
    )
    told = Figure.objects.filter(report__in=keys, withdrawn_at__isnull=True)
    with_figures = set(told.values_list("report", flat=True))
    for row in rows:
        if row.pk in with_figures:
            take_figures_along(row.pk, old=row.incident_id, new=new, at=now)
        _tell(by, row, new=new)
    for pk in sorted({new, *(row.incident_id for row in rows)}):
        heard_last(pk)


def _tell(by: Actor, row: Report, *, new: int) -> None:
    about = ("report", str(row.pk))
    gone = ReportSplit(report_id=row.pk, incident_id=row.incident_id, to_incident_id=new)
    emit(gone, by=by, incident=row.incident_id, about=about)
    come = ReportJoined(report_id=row.pk, incident_id=new, from_incident_id=row.incident_id)
    emit(come, by=by, incident=new, about=about, body=row.text)


def _open_again(by: Actor, row: Incident, *, was_open: bool) -> None:
    """What was closed for having lost its reports is open as before; else it must be open."""
    if row.merged_into_id is None:
        if was_open:
            must_be_open(row)
        return
    closed_at = row.closed_at
    row.merged_into = None
    if was_open:
        row.state, row.closed_at = Incident.State.OPEN, None
    row.version += 1
    row.save(update_fields=["state", "closed_at", "merged_into", "version"])
    if was_open:
        _due_again(row, closed_at=closed_at)
        emit(IncidentReopened(incident_id=row.pk), by=by, incident=row.pk)


def _due_again(row: Incident, *, closed_at: datetime | None) -> None:
    """The deadline that closing had met is due again at its time, as a row of its own."""
    about = {"about_kind": "incident", "about_id": str(row.pk), "kind": "written_report"}
    if Deadline.objects.filter(**about, met_at=closed_at).exists():
        set_deadline(
            about=("incident", str(row.pk)),
            kind="written_report",
            started_at=clock.now(),
            due_at=row.received_at + WRITTEN_REPORT,
            rule=WRITTEN_REPORT_RULE,
            incident=row.pk,
        )


def _restore(rows: dict[int, Report], moved: Sequence[Moved]) -> None:
    """How each report had been joined, as it was."""
    for one in moved:
        row = rows[one.report]
        row.joined, row.join_probability = one.joined, one.probability
        row.confirmed_at = datetime.fromisoformat(one.confirmed_at) if one.confirmed_at else None
    Report.objects.bulk_update(rows.values(), ["joined", "join_probability", "confirmed_at"])
