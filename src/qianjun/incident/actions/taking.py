"""Write a report down, as a new incident or with an open one. 录入报告

These verbs are parts of ``response.actions.take_in_report``: they run in its transaction, after
its turn, and take the gapless number as the last thing before the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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
from qianjun.journal.bus import Saying, said_together, saying
from qianjun.journal.deadlines import DUE_OF, deadline_part, set_deadline
from qianjun.journal.locks import one_at_a_time
from qianjun.journal.models import Deadline
from qianjun.journal.numbers import NEXT
from qianjun.journal.search import search_sql, words_of
from qianjun.journal.statement import Part, finish, json_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.geometry import TURN_RESOLUTION, cell
from qianjun.kernel.ids import LEAST_DIGITS, incident_number, report_number
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

# numbers are given out by the statement that writes them: others wait for its commit
_TAKEN = f"""x AS MATERIALIZED (SELECT * FROM json_to_record(%(taken)s::json) AS x(
  report bigint, incident bigint, text text, title text, incident_title text, channel text,
  source text, caller_name text, caller_phone text, category text, category_given boolean,
  placed text, answer text, name text, code text, division text, lon float8, lat float8,
  radius_m float8, crs text, cell bigint, turn_cell bigint, occurred_at timestamptz,
  received_at timestamptz, joined text, probability float8, removed_bidi int, by_kind text,
  by_id text, by_unit bigint, figure_source text, kinds text[], values bigint[], stands boolean[],
  incident_words text, report_words text)
), c AS ({NEXT}), n AS (
  SELECT max(f.front || lpad(c.last::text, greatest({LEAST_DIGITS}, length(c.last::text)), '0'))
      FILTER (WHERE f.is_incident) AS incident,
    max(f.front || lpad(c.last::text, greatest({LEAST_DIGITS}, length(c.last::text)), '0'))
      FILTER (WHERE NOT f.is_incident) AS report
  FROM c JOIN unnest(%(series)s::text[], %(fronts)s::text[], %(are_incidents)s::boolean[])
    AS f(series, front, is_incident) USING (series)
), r AS (
  INSERT INTO incident_report (id, number, incident_id, text, title, channel, source, caller_name,
    caller_phone, category, category_given, placed, place_answer, place_name, place_code, division,
    lon, lat, radius_m, crs, occurred_at, received_at, joined, join_probability, removed_bidi,
    by_kind, by_id, by_unit, search)
  SELECT x.report, n.report, x.incident, text, title, channel, source, caller_name, caller_phone,
    category, category_given, placed, answer, name, code, division, lon, lat, radius_m, crs,
    occurred_at, received_at, joined, probability, removed_bidi, by_kind, by_id, by_unit,
    {search_sql("x.report_words", number="n.report")} FROM x, n
)"""  # noqa: S608
_FIGURES = """s AS (
  INSERT INTO incident_figure (incident_id, report_id, kind, value, at, source, explanation,
    stands, recorded_at, by_kind, by_id)
  SELECT x.incident, x.report, f.kind, f.value, received_at, figure_source, '', f.stands,
    received_at, by_kind, by_id
  FROM x, unnest(x.kinds, x.values, x.stands) AS f(kind, value, stands)
)"""
_OPENED = f"""i AS (
  INSERT INTO incident_incident (id, number, title, category, state, version, placed, place_answer,
    place_name, place_code, division, lon, lat, radius_m, cell, turn_cell, occurred_at,
    received_at, opened_at, last_report_at, search)
  SELECT x.incident, n.incident, incident_title, category, 'open', 1, placed, answer, name, code,
    division, lon, lat, radius_m, cell, turn_cell, occurred_at, received_at, received_at,
    received_at, {search_sql("x.incident_words", number="n.incident")} FROM x, n
)"""  # noqa: S608
_INCIDENT_NUMBER, _REPORT_NUMBER = "(SELECT incident FROM n)", "(SELECT report FROM n)"


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
    return set_deadline(**_written_report(incident_id, received_at=received_at))


def _written_report(incident_id: int, *, received_at: datetime) -> dict[str, Any]:
    return {
        "about": ("incident", str(incident_id)),
        "kind": "written_report",
        "started_at": received_at,
        "due_at": received_at + WRITTEN_REPORT,
        "rule": WRITTEN_REPORT_RULE,
        "incident": incident_id,
    }


@transaction.atomic(savepoint=False)
def open_incident(*, by: Actor, report: NewReport, around: Around) -> Stored:
    """Open an incident for a report; in the transaction that took it in. 立案"""
    require(by, "report.take")
    pk = around.incident_id
    expected = _written_report(pk, received_at=report.received_at)
    told = _told(report, by=by, report_id=around.report_id, incident_id=pk, joined="new")
    opened = saying(IncidentOpened(incident_id=pk), by=by, incident=pk)
    given = _finish(
        {**cells_of(report.spot), "incident": pk, "joined": "new", "probability": None},
        report=report,
        by=by,
        around=around,
        sayings=(*told, opened),
        deadline=deadline_part(**expected),
    )
    return Stored(
        report_id=around.report_id,
        number=given["report"],
        incident_id=pk,
        incident_number=given["incident"],
        joined="new",
        probability=None,
        deadlines=((expected["kind"], expected["due_at"]),),
        category=report.category,
        figures=dict(report.figures),
        waiting=(),
    )


@transaction.atomic(savepoint=False)
def attach_report(*, by: Actor, report: NewReport, around: Around, join: Join) -> Stored:
    """Write a report with an open incident; 409 when it has been closed meanwhile. 并入"""
    require(by, "report.take")
    pk = join.incident
    again = _reported_again(pk, at=report.received_at)
    known = again.figures
    if report.figures:  # what was written while this one waited for the row counts too
        known = latest_figures([pk])[pk].values()
    waiting = _jumps(report, known)
    given = _finish(
        {"incident": pk, "joined": join.how, "probability": join.probability},
        report=report,
        by=by,
        around=around,
        waiting=waiting,
        sayings=_told(
            report,
            by=by,
            report_id=around.report_id,
            incident_id=pk,
            joined=join.how,
            waiting=waiting,
        ),
    )
    return Stored(
        report_id=around.report_id,
        number=given["report"],
        incident_id=pk,
        incident_number=again.number,
        joined=join.how,
        probability=join.probability,
        deadlines=again.deadlines,
        category=again.category,
        figures={**known, **{k: v for k, v in report.figures.items() if k not in waiting}},
        waiting=waiting,
    )


_REPORTED_AGAIN = f"""
UPDATE incident_incident SET last_report_at = greatest(last_report_at, %(at)s)
WHERE id = %(incident)s AND state = 'open'
RETURNING number, category, (
  SELECT coalesce(json_object_agg(f.kind, f.value), '{{}}') FROM (
    SELECT DISTINCT ON (kind) kind, value FROM incident_figure
    WHERE incident_id = incident_incident.id AND stands AND withdrawn_at IS NULL
    ORDER BY kind, at DESC, id DESC) AS f), {DUE_OF}
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class _Again:
    """An open incident that is reported once more."""

    number: str
    category: str
    figures: dict[str, int]
    deadlines: tuple[tuple[str, datetime], ...]


def _reported_again(incident_id: int, *, at: datetime) -> _Again:
    """Lock the open incident, note when it was last heard of, read what it knows."""
    about = {"about_kind": "incident", "about_id": str(incident_id)}
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED_AGAIN, {"at": at, "incident": incident_id, **about})
        row = cursor.fetchone()
    if row is None:
        raise Refused("incident_closed", _("这个事件已结案，不能再归并报告。"), status=409)
    number, category, figures, due = row
    return _Again(
        number=number,
        category=category,
        figures=figures,
        deadlines=tuple((kind, datetime.fromisoformat(due_at)) for kind, due_at in due),
    )


def _jumps(report: NewReport, known: Mapping[str, int]) -> tuple[str, ...]:
    """The kinds of figures that this report may not move without an explanation."""
    return tuple(
        kind
        for kind, value in report.figures.items()
        if asks_why(kind=kind, last=known.get(kind), value=value)
    )


def _told(
    report: NewReport,
    *,
    by: Actor,
    report_id: int,
    incident_id: int,
    joined: str,
    waiting: tuple[str, ...] = (),
) -> tuple[Saying, ...]:
    taken = ReportTaken(
        report_id=report_id,
        incident_id=incident_id,
        joined=joined,
        channel=report.channel,
        source=report.source,
    )
    about = ("report", str(report_id))
    first = saying(taken, by=by, incident=incident_id, about=about, body=report.text)
    if not report.figures:
        return (first,)
    told = FiguresReported(
        incident_id=incident_id,
        report_id=report_id,
        standing=len(report.figures) - len(waiting),
        waiting=len(waiting),
        **report.figures,
    )
    return (first, saying(told, by=by, incident=incident_id, about=about))


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


def _finish(
    put: dict[str, Any],
    *,
    report: NewReport,
    by: Actor,
    around: Around,
    sayings: tuple[Saying, ...],
    waiting: tuple[str, ...] = (),
    deadline: Part | None = None,
) -> dict[str, str]:
    """Write the rows, number them and say so; the numbers, or marks for them. 写入"""
    values = {**_values(report, by=by, around=around, waiting=waiting), **put}
    rows = _rows_part(values, day=clock.in_beijing(report.received_at).date(), opens=bool(deadline))
    gives = {"report": _REPORT_NUMBER}
    if deadline is None:
        return finish(said_together(*sayings), rows, gives=gives)
    gives["incident"] = _INCIDENT_NUMBER
    return finish(said_together(*sayings), deadline, rows, gives=gives)


def _rows_part(values: dict[str, Any], *, day: date, opens: bool) -> Part:
    """Numbers, then the rows that bear them."""
    numbers = incident_number(DISTRICT, day, 0), report_number(day, 0)
    fronts = [number[:-LEAST_DIGITS] for number in numbers]
    names, skipped = series(day), 0 if opens else 1
    rows = {**values, **_words(values, fronts, opens=opens)}
    queries = [_TAKEN, *([_FIGURES] if values["kinds"] else ()), *([_OPENED] if opens else ())]
    return Part(
        queries=", ".join(queries),
        values={
            "taken": json_of(rows),
            "series": list(names)[skipped:],
            "fronts": fronts[skipped:],
            "are_incidents": [True, False][skipped:],
        },
    )


def _words(values: dict[str, Any], fronts: list[str], *, opens: bool) -> dict[str, str]:
    """By which the incident, if it is new, and the report will be found."""
    incident, own = fronts
    where = values["name"]
    told = {"text": values["text"], "title": values["title"], "place_name": where}
    found = {"report_words": words_of(Report, counted=own, **told)}
    if opens:
        title = {"title": values["incident_title"], "place_name": where}
        found["incident_words"] = words_of(Incident, counted=incident, **title)
    return found
