"""Which incident a report belongs to: split, join, confirm. 归并与拆分"""

from django.db import transaction

from qianjun.incident.actions.held import held_report, locked, must_be_open
from qianjun.incident.actions.moving import (
    close_merged,
    heard_last,
    opened_from,
    take_figures_along,
)
from qianjun.incident.events import IncidentOpened, JoinConfirmed, ReportJoined, ReportSplit
from qianjun.incident.models import Incident, Report
from qianjun.incident.queries.cards import holds_of
from qianjun.incident.queries.seen import incident_seen
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require


@transaction.atomic(savepoint=False)
def split_report(*, by: Actor, report_id: str | int) -> tuple[Report, Incident]:
    """Take a report out of its incident into a new one. 拆分

    Refuses with 409 the only report of an incident: it is that incident.
    """
    require(by, "report.sort")
    report = held_report(by, report_id)
    (old,) = locked(report.incident_id)
    if not Report.objects.filter(incident=old).exclude(pk=report.pk).exists():
        zh = _("这是事件唯一的报告，拆开后原事件就空了；如需并到别的事件，请用归并。")
        raise Refused("only_report", zh, status=409)
    new = opened_from(report)
    _move(report, old=old, new=new, joined=Report.Joined.NEW, by=by)
    return report, new


@transaction.atomic(savepoint=False)
def join_report(
    *, by: Actor, report_id: str | int, incident_id: str | int
) -> tuple[Report, Incident]:
    """Move a report to another open incident; the one it leaves empty is closed. 归并

    Both keep their numbers and their history. 404 for what is unknown, 409 for a closed incident,
    for where it already is, and when the emptied incident is held.
    """
    require(by, "report.sort")
    report = held_report(by, report_id)
    wanted = incident_seen(seen_by=by, incident_id=incident_id).pk
    if wanted == report.incident_id:
        raise Refused("already_there", _("这份报告已经在这个事件里。"), status=409)
    old, new = locked(report.incident_id, wanted)
    must_be_open(new)
    emptied = not Report.objects.filter(incident=old).exclude(pk=report.pk).exists()
    if emptied and (holds := holds_of(old.pk)):
        zh = _("原事件只有这一份报告，而且还有未了结的事，不能并掉。")
        raise Refused("held", zh, status=409, extra={"holds": holds})
    _move(report, old=old, new=new, joined=Report.Joined.CHOSEN, by=by)
    if emptied:
        close_merged(by, old, into=new)
    return report, new


def _move(report: Report, *, old: Incident, new: Incident, joined: str, by: Actor) -> None:
    now = clock.now()
    report.incident = new
    report.joined = joined
    report.join_probability = None
    report.confirmed_at = now
    report.save(update_fields=["incident", "joined", "join_probability", "confirmed_at"])
    take_figures_along(report.pk, old=old.pk, new=new.pk, at=now)
    for row in (old, new):
        heard_last(row.pk)
    about = ("report", str(report.pk))
    gone = ReportSplit(report_id=report.pk, incident_id=old.pk, to_incident_id=new.pk)
    emit(gone, by=by, incident=old.pk, about=about)
    if joined == Report.Joined.NEW:
        emit(IncidentOpened(incident_id=new.pk), by=by, incident=new.pk)
    come = ReportJoined(report_id=report.pk, incident_id=new.pk, from_incident_id=old.pk)
    emit(come, by=by, incident=new.pk, about=about, body=report.text)


@transaction.atomic(savepoint=False)
def confirm_join(*, by: Actor, report_id: str | int) -> Report:
    """Agree to an automatic join; 409 when there is nothing to confirm. 确认归并"""
    require(by, "report.sort")
    report = held_report(by, report_id)
    if report.joined != Report.Joined.AUTO or report.confirmed_at is not None:
        raise Refused("nothing_to_confirm", _("这份报告没有待确认的自动归并。"), status=409)
    report.confirmed_at = clock.now()
    report.save(update_fields=["confirmed_at"])
    confirmed = JoinConfirmed(report_id=report.pk, incident_id=report.incident_id)
    emit(confirmed, by=by, incident=report.incident_id, about=("report", str(report.pk)))
    return report
