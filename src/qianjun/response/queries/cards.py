"""A report that stands, as contract 4 shows it. 接报卡"""

from qianjun.incident.models import Report
from qianjun.incident.queries import look_around, report_seen
from qianjun.incident.queries.figures import Figures, latest_figures
from qianjun.incident.rules.joining import Candidates
from qianjun.incident.rules.told import NewReport, Spot, Stored
from qianjun.journal.deadlines import deadlines_of
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.actor import Actor
from qianjun.org.rules import masked_name
from qianjun.place.queries import Candidate, locate
from qianjun.response.queries.preview import preview_of
from qianjun.response.queries.reading import Heard, category_of, point_of
from qianjun.response.rules.proposals import proposals_in
from qianjun.response.rules.told import Taken


def taken(heard: Heard, stored: Stored, *, around: Candidates, confirmed: bool = True) -> Taken:
    """The answer to a report that stands."""
    report = heard.report
    return Taken(
        received_at=report.received_at,
        text=mask_phones_in(report.text),
        caller_name=masked_name(report.caller_name),
        caller_phone=masked_phone(report.caller_phone),
        confirmed=confirmed,
        removed_bidi=report.removed_bidi,
        stored=stored,
        seen=preview_of(heard, around=around, stored=stored),
    )


def report_card(*, seen_by: Actor, report_id: str | int) -> Taken:
    """A report as it stands now: where it is, what may repeat it; 404 when unknown. 接报卡"""
    row = report_seen(seen_by=seen_by, report_id=report_id)
    heard = _heard_again(row)
    around = look_around(
        spot=heard.report.spot, category=row.category, at=row.received_at, but=row.incident_id
    )
    waits = row.joined == Report.Joined.AUTO and row.confirmed_at is None
    shown = around.shown_to(seen_by)
    return taken(heard, _stored(row), around=shown, confirmed=not waits)


def _stored(row: Report) -> Stored:
    about = ("incident", str(row.incident_id))
    figures = latest_figures([row.incident_id])[row.incident_id]
    return Stored(
        report_id=row.pk,
        number=row.number,
        incident_id=row.incident_id,
        incident_number=row.incident.number,
        joined=row.joined,
        probability=row.join_probability,
        deadlines=tuple((one.kind, one.due_at) for one in deadlines_of(about)[about]),
        category=row.incident.category,
        figures=figures.values(),
        waiting=_waiting(row, figures),
    )


def _waiting(row: Report, figures: Figures) -> tuple[str, ...]:
    claimed = row.figures.filter(stands=False, withdrawn_at__isnull=True)
    return tuple(one.kind for one in claimed if one.kind in figures.waiting)


def _heard_again(row: Report) -> Heard:
    spot = spot_of(row)
    _category, _given, why = category_of(row.text, told=row.category * row.category_given)
    report = NewReport(
        text=row.text,
        title=row.title,
        incident_title=row.incident.title,
        channel=row.channel,
        source=row.source,
        caller_name=row.caller_name,
        caller_phone=row.caller_phone,
        category=row.category,
        category_given=row.category_given,
        spot=spot,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        removed_bidi=row.removed_bidi,
        figures={one.kind: one.value for one in row.figures.filter(withdrawn_at__isnull=True)},
    )
    return Heard(
        report=report,
        words=row.text,
        places=_places(row, spot),
        category_why=why,
        proposals=proposals_in(row.text),
    )


def _places(row: Report, spot: Spot) -> tuple[Candidate, ...]:
    if spot.placed != "given" or spot.lon is None or spot.lat is None:
        return locate(row.text).places
    return (point_of(spot), *locate(row.text, near=(spot.lon, spot.lat), limit=4).places)


def spot_of(row: Report) -> Spot:
    """Where a stored report points."""
    return Spot(
        placed=row.placed,
        answer=row.place_answer,
        name=row.place_name,
        code=row.place_code,
        division=row.division,
        lon=row.lon,
        lat=row.lat,
        radius_m=row.radius_m,
        crs=row.crs,
    )
