"""What one report and many have in common when they change their incident. 移动报告"""

from datetime import datetime

from django.db.models import Max

from qianjun.incident.actions.taking import cells_of, expect_written_report
from qianjun.incident.events import IncidentClosed
from qianjun.incident.models import Figure, Incident, Report
from qianjun.incident.queries.codes import category_name
from qianjun.incident.queries.figures import latest_figures
from qianjun.incident.rules.facts import title_of
from qianjun.incident.rules.figures import asks_why
from qianjun.incident.rules.numbering import DISTRICT, series
from qianjun.incident.rules.told import Spot
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import meet_deadline
from qianjun.journal.numbers import next_numbers
from qianjun.kernel import clock
from qianjun.kernel.ids import incident_number
from qianjun.org.actor import Actor


def opened_from(report: Report) -> Incident:
    """A new incident with the facts of this report. 另立事件"""
    received_at = report.received_at
    day = clock.in_beijing(received_at).date()
    (n,) = next_numbers(series(day)[0])
    new = Incident.objects.create(
        number=incident_number(DISTRICT, day, n),
        title=_title(report),
        category=report.category,
        placed=report.placed,
        place_answer=report.place_answer,
        place_name=report.place_name,
        place_code=report.place_code,
        division=report.division,
        lon=report.lon,
        lat=report.lat,
        radius_m=report.radius_m,
        **cells_of(Spot(lon=report.lon, lat=report.lat)),
        occurred_at=report.occurred_at,
        received_at=received_at,
        opened_at=clock.now(),
        last_report_at=received_at,
    )
    expect_written_report(new.pk, received_at=received_at)
    return new


def _title(report: Report) -> str:
    return report.title or title_of(
        place=report.place_name, kind=category_name(report.category), text=report.text
    )


def take_figures_along(report: int, *, old: int, new: int, at: datetime) -> None:
    """What the report said counts where it is; the old rows stay, withdrawn. 数字随报告走"""
    rows = Figure.objects.filter(report=report, incident=old, withdrawn_at__isnull=True)
    told = list(rows.order_by("pk"))
    rows.update(withdrawn_at=at)
    last = latest_figures([new])[new].values()
    for row in told:
        row.pk = None
        row.incident_id = new
        row.recorded_at = at
        row.stands = not asks_why(kind=row.kind, last=last.get(row.kind), value=row.value)
    Figure.objects.bulk_create(told)


def heard_last(incident: int) -> None:
    """The incident was last heard of by the reports that it has now. 最近接报"""
    last = Report.objects.filter(incident=incident).aggregate(last=Max("received_at"))["last"]
    if last is not None:
        Incident.objects.filter(pk=incident).update(last_report_at=last)


def close_merged(by: Actor, old: Incident, *, into: Incident) -> None:
    """An incident without reports was another one: it is closed, with its number. 并入"""
    now = clock.now()
    if old.state == Incident.State.OPEN:
        old.state, old.closed_at = Incident.State.CLOSED, now
        meet_deadline(about=("incident", str(old.pk)), kind="written_report", at=now)
    old.merged_into = into
    old.version += 1
    old.save(update_fields=["state", "closed_at", "merged_into", "version"])
    closed = IncidentClosed(incident_id=old.pk, merged_into=into.pk)
    emit(closed, by=by, incident=old.pk, body=into.number)
