"""Write a report down, as a new incident or with an open one. 录入报告

These verbs are parts of ``response.actions.take_in_report``: they run in its transaction, after
its turn, and take the gapless number as the last thing before the row.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from qianjun.incident.events import FiguresReported, IncidentOpened, ReportTaken
from qianjun.incident.models import Incident, Report
from qianjun.incident.queries.figures import latest_figures
from qianjun.incident.queries.near import Around, cells_near
from qianjun.incident.rules.facts import WRITTEN_REPORT, WRITTEN_REPORT_RULE
from qianjun.incident.rules.figures import asks_why
from qianjun.incident.rules.joining import kind_of
from qianjun.incident.rules.numbering import DISTRICT, series
from qianjun.incident.rules.told import SOMEBODY, SOURCES, Join, NewReport, Spot, Stored
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import deadlines_of, set_deadline
from qianjun.journal.locks import one_at_a_time
from qianjun.journal.models import Deadline
from qianjun.journal.numbers import NEXT
from qianjun.journal.search import search_sql, words_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.geometry import TURN_RESOLUTION, cell
from qianjun.kernel.ids import LEAST_DIGITS, incident_number, report_number
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

# numbers are given out by the statement that writes them: others wait for its commit
_NUMBERED = f"""
WITH c AS ({NEXT}), n AS (
  SELECT max(f.front || lpad(c.last::text, greatest({LEAST_DIGITS}, length(c.last::text)), '0'))
      FILTER (WHERE f.is_incident) AS incident,
    max(f.front || lpad(c.last::text, greatest({LEAST_DIGITS}, length(c.last::text)), '0'))
      FILTER (WHERE NOT f.is_incident) AS report
  FROM c JOIN unnest(%(series)s::text[], %(fronts)s::text[], %(are_incidents)s::boolean[])
    AS f(series, front, is_incident) USING (series)
), """  # noqa: S608
_INCIDENT = f"""i AS (
  INSERT INTO incident_incident (id, number, title, category, state, version, placed, place_answer,
    place_name, place_code, division, lon, lat, radius_m, cell, turn_cell, occurred_at,
    received_at, opened_at, last_report_at, search)
  VALUES (%(incident)s, (SELECT incident FROM n), %(incident_title)s, %(category)s, 'open', 1,
    %(placed)s, %(answer)s, %(name)s, %(code)s, %(division)s, %(lon)s, %(lat)s, %(radius_m)s,
    %(cell)s, %(turn_cell)s, %(occurred_at)s, %(received_at)s, %(received_at)s, %(received_at)s,
    {search_sql("%(incident_words)s", number="(SELECT incident FROM n)")})
), """  # noqa: S608
_REPORT = f"""r AS (
  INSERT INTO incident_report (id, number, incident_id, text, title, channel, source, caller_name,
    caller_phone, category, category_given, placed, place_answer, place_name, place_code, division,
    lon, lat, radius_m, crs, occurred_at, received_at, joined, join_probability, removed_bidi,
    by_kind, by_id, by_unit, search)
  VALUES (%(report)s, (SELECT report FROM n), %(incident)s, %(text)s, %(title)s, %(channel)s,
    %(source)s, %(caller_name)s, %(caller_phone)s, %(category)s, %(category_given)s, %(placed)s,
    %(answer)s, %(name)s, %(code)s, %(division)s, %(lon)s, %(lat)s, %(radius_m)s, %(crs)s,
    %(occurred_at)s, %(received_at)s, %(joined)s, %(probability)s, %(removed_bidi)s,
    %(by_kind)s, %(by_id)s, %(by_unit)s,
    {search_sql("%(report_words)s", number="(SELECT report FROM n)")})
), s AS (
INSERT INTO incident_figure (incident_id, report_id, kind, value, at, source, explanation, stands,
  recorded_at, by_kind, by_id)
SELECT %(incident)s, %(report)s, f.kind, f.value, %(received_at)s, %(figure_source)s, '', f.stands,
  %(received_at)s, %(by_kind)s, %(by_id)s
FROM unnest(%(kinds)s::text[], %(values)s::bigint[], %(stands)s::boolean[])
  AS f(kind, value, stands)
)
SELECT incident, report FROM n
"""  # noqa: S608


def hold_turn(*, spot: Spot, category: str) -> None:
    """One at a time among reports of one kind near one place; without a place, of one kind. 排队

    The names are the coarse cells within reach of an automatic join.
    """
    kind = kind_of(category) or "unknown"
    if spot.lon is None or spot.lat is None:
        one_at_a_time(f"report:{kind}")
        return
    cells = cells_near(spot.lon, spot.lat)
    one_at_a_time(*(f"report:{near}:{kind}" for near in cells))


def expect_written_report(incident_id: int, *, received_at: datetime) -> Deadline:
    """The deadline that comes with every incident. 书面报告时限"""
    return set_deadline(
        about=("incident", str(incident_id)),
        kind="written_report",
        started_at=received_at,
        due_at=received_at + WRITTEN_REPORT,
        rule=WRITTEN_REPORT_RULE,
        incident=incident_id,
    )


@transaction.atomic(savepoint=False)
def open_incident(*, by: Actor, report: NewReport, around: Around) -> Stored:
    """Open an incident for a report; in the transaction that took it in. 立案"""
    require(by, "report.take")
    pk = around.incident_id
    deadline = expect_written_report(pk, received_at=report.received_at)
    _tell(report, by=by, report_id=around.report_id, incident_id=pk, joined="new", waiting=())
    emit(IncidentOpened(incident_id=pk), by=by, incident=pk)
    values = _values(report, by=by, around=around)
    opened = {**cells_of(report.spot), "incident": pk, "joined": "new", "probability": None}
    number, report_no = _write({**values, **opened}, report=report, opens=True)
    return Stored(
        report_id=around.report_id,
        number=report_no,
        incident_id=pk,
        incident_number=number,
        joined="new",
        probability=None,
        deadlines=((deadline.kind, deadline.due_at),),
        category=report.category,
        figures=dict(report.figures),
        waiting=(),
    )


@transaction.atomic(savepoint=False)
def attach_report(*, by: Actor, report: NewReport, around: Around, join: Join) -> Stored:
    """Write a report with an open incident; 409 when it has been closed meanwhile. 并入"""
    require(by, "report.take")
    pk = join.incident
    incident_no, category, known = _reported_again(pk, at=report.received_at)
    if report.figures:  # what was written while this one waited for the row counts too
        known = latest_figures([pk])[pk].values()
    waiting = _jumps(report, known)
    _tell(
        report,
        by=by,
        report_id=around.report_id,
        incident_id=pk,
        joined=join.how,
        waiting=waiting,
    )
    due = _due(pk)
    values = _values(report, by=by, around=around, waiting=waiting)
    put = {"incident": pk, "joined": join.how, "probability": join.probability}
    _none, number = _write({**values, **put}, report=report, opens=False)
    return Stored(
        report_id=around.report_id,
        number=number,
        incident_id=pk,
        incident_number=incident_no,
        joined=join.how,
        probability=join.probability,
        deadlines=due,
        category=category,
        figures={**known, **{k: v for k, v in report.figures.items() if k not in waiting}},
        waiting=waiting,
    )


def _due(incident_id: int) -> tuple[tuple[str, datetime], ...]:
    about = ("incident", str(incident_id))
    return tuple((one.kind, one.due_at) for one in deadlines_of(about)[about])


_REPORTED_AGAIN = """
UPDATE incident_incident SET last_report_at = greatest(last_report_at, %s)
WHERE id = %s AND state = 'open'
RETURNING number, category, (
  SELECT coalesce(json_object_agg(f.kind, f.value), '{}') FROM (
    SELECT DISTINCT ON (kind) kind, value FROM incident_figure
    WHERE incident_id = incident_incident.id AND stands AND withdrawn_at IS NULL
    ORDER BY kind, at DESC, id DESC) AS f)::text
"""


def _reported_again(incident_id: int, *, at: datetime) -> tuple[str, str, dict[str, int]]:
    """Lock the open incident, note when it was last heard of: number, category, figures."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED_AGAIN, [at, incident_id])
        row = cursor.fetchone()
    if row is None:
        raise Refused("incident_closed", _("这个事件已结案，不能再归并报告。"), status=409)
    return row[0], row[1], json.loads(row[2])


def _jumps(report: NewReport, known: Mapping[str, int]) -> tuple[str, ...]:
    """The kinds of figures that this report may not move without an explanation."""
    return tuple(
        kind
        for kind, value in report.figures.items()
        if asks_why(kind=kind, last=known.get(kind), value=value)
    )


def _tell(
    report: NewReport,
    *,
    by: Actor,
    report_id: int,
    incident_id: int,
    joined: str,
    waiting: tuple[str, ...],
) -> None:
    taken = ReportTaken(
        report_id=report_id,
        incident_id=incident_id,
        joined=joined,
        channel=report.channel,
        source=report.source,
    )
    about = ("report", str(report_id))
    emit(taken, by=by, incident=incident_id, about=about, body=report.text)
    if report.figures:
        told = FiguresReported(
            incident_id=incident_id,
            report_id=report_id,
            standing=len(report.figures) - len(waiting),
            waiting=len(waiting),
            **report.figures,
        )
        emit(told, by=by, incident=incident_id, about=about)


def cells_of(spot: Spot) -> dict[str, int | None]:
    """The columns by which an incident at this spot is found."""
    if spot.lon is None or spot.lat is None:
        return {"cell": None, "turn_cell": None}
    return {
        "cell": cell(spot.lon, spot.lat),
        "turn_cell": cell(spot.lon, spot.lat, resolution=TURN_RESOLUTION),
    }


def _values(
    report: NewReport,
    *,
    by: Actor,
    around: Around,
    waiting: tuple[str, ...] = (),
) -> dict[str, Any]:
    kinds = list(report.figures)
    return {
        **{name: value for name, value in vars(report).items() if name not in ("spot", "figures")},
        **vars(report.spot),
        "report": around.report_id,
        "by_kind": by.kind,
        "by_id": by.ident,
        "by_unit": by.unit,
        "figure_source": SOURCES.get(report.source, SOMEBODY),
        "kinds": kinds,
        "values": [report.figures[kind] for kind in kinds],
        "stands": [kind not in waiting for kind in kinds],
    }


def _write(values: dict[str, Any], *, report: NewReport, opens: bool) -> tuple[str, str]:
    """Number and write the rows; the incident's number, if it is new, and the report's."""
    day = clock.in_beijing(report.received_at).date()
    numbers = incident_number(DISTRICT, day, 0), report_number(day, 0)
    fronts = [number[:-LEAST_DIGITS] for number in numbers]
    names, skipped = series(day), 0 if opens else 1
    given: dict[str, Any] = {
        "series": list(names)[skipped:],
        "fronts": fronts[skipped:],
        "are_incidents": [True, False][skipped:],
        **_words(report, fronts),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED + (_INCIDENT if opens else "") + _REPORT, {**values, **given})
        row = cursor.fetchone()
    assert row is not None
    return row[0] or "", row[1]


def _words(report: NewReport, fronts: list[str]) -> dict[str, str]:
    """By which the incident and the report will be found."""
    incident, own = fronts
    title, where = report.incident_title, report.spot.name
    told = {"text": report.text, "title": report.title}
    return {
        "incident_words": words_of(Incident, counted=incident, title=title, place_name=where),
        "report_words": words_of(Report, counted=own, place_name=where, **told),
    }
