"""Open incidents that a report may repeat: one statement, which also draws the ids. 附近事件"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import cos, radians
from typing import Any

from django.db import connection

from qianjun.incident.queries.codes import join_table
from qianjun.incident.queries.seen import in_area
from qianjun.incident.rules.joining import (
    EXACT_M,
    NEAR_M,
    NEARBY_MOST,
    Candidates,
    Duplicate,
    Known,
    Sought,
    judge,
    kind_of,
    nearby,
)
from qianjun.incident.rules.told import Spot
from qianjun.journal.statement import array_of
from qianjun.kernel.geometry import TURN_RESOLUTION, bounds_around, cells_within, distance_m
from qianjun.org.actor import Actor

MOST = 8  # are weighed against each other
PLACES_KEPT = 4_096

# ids are drawn with the look around, so that everything can be written before the gapless number
# is taken, whose row would otherwise stay locked for half of the transaction
_IDS = "SELECT nextval('incident_report_id_seq'), nextval('incident_incident_id_seq'), i.*"
_NO_IDS = "SELECT 0, 0, i.*"
_COLUMNS = """
 FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
  SELECT id, number, title, category, placed, lon, lat, radius_m,
    abs(extract(epoch FROM %(at)s - last_report_at))::float8 / 60 AS minutes, division
  FROM incident_incident
  WHERE state = 'open' AND last_report_at >= %(since)s AND id <> %(but)s"""
_AROUND = """
    AND turn_cell = ANY(%(cells)s::bigint[])
    AND lon BETWEEN %(west)s AND %(east)s AND lat BETWEEN %(south)s AND %(north)s
  ORDER BY %(kind)s <> '' AND left(category, 3) <> %(kind)s,
    power((lon - %(lon)s) * %(squeeze)s, 2) + power(lat - %(lat)s, 2), id DESC
  LIMIT %(most)s
) AS i ON TRUE
"""
_NOWHERE = """
    AND left(category, 3) = %(kind)s
  ORDER BY last_report_at DESC, id DESC LIMIT %(most)s
) AS i ON TRUE
"""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What lies around a report, and the ids that it and a new incident will have. 周边"""

    report_id: int
    incident_id: int
    judged: tuple[Duplicate, ...]
    nearby: tuple[Duplicate, ...]
    divisions: dict[int, str]

    def shown_to(self, by: Actor, *, but: int = 0) -> Candidates:
        """What the actor may know of; ``but`` is the incident that the report has gone to."""
        if not by.may("incident.read"):
            return Candidates()
        return Candidates(
            likely=self._seen(self.judged, by, but), nearby=self._seen(self.nearby, by, but)
        )

    def _seen(self, found: Iterable[Duplicate], by: Actor, but: int) -> tuple[Duplicate, ...]:
        others = (one for one in found if one.incident != but)
        return tuple(one for one in others if in_area(by, self.divisions[one.incident]))


def look_around(
    *, spot: Spot, category: str, at: datetime, but: int = 0, draw_ids: bool = False
) -> Around:
    """Candidates for joining around a spot, judged; ``but`` is an incident to leave out. 查重"""
    ids = _IDS if draw_ids else _NO_IDS
    table = join_table()
    since = at - timedelta(minutes=table.minutes[-1])
    values = {"at": at, "since": since, "but": but, "most": MOST}
    sought = Sought(category=category, placed=spot.placed, radius_m=spot.radius_m or 0.0)
    # only exact points are compared across kinds
    kind = kind_of(category)[:3]
    if spot.lon is None or spot.lat is None:
        rows = _rows(ids + _COLUMNS + _NOWHERE, {**values, "kind": kind})
    else:
        values["kind"] = kind if sought.radius_m > EXACT_M else ""
        values["most"] = MOST + NEARBY_MOST
        rows = _rows(ids + _COLUMNS + _AROUND, {**values, **_box(spot.lon, spot.lat)})
    found = [row for row in rows if row[2] is not None]
    known = list(_known(found, spot=spot))
    judged = judge(table, sought=sought, known=known[:MOST])
    return Around(
        report_id=rows[0][0],
        incident_id=rows[0][1],
        judged=judged,
        nearby=nearby(table, sought=sought, known=known, likely=judged),
        divisions={row[2]: row[11] for row in found},
    )


@lru_cache(maxsize=PLACES_KEPT)
def cells_near(lon: float, lat: float) -> tuple[int, ...]:
    """The coarse cells by which what is near is looked for, and turns are taken. 邻近网格"""
    return tuple(cells_within(lon, lat, radius_m=NEAR_M, resolution=TURN_RESOLUTION))


def _box(lon: float, lat: float) -> dict[str, Any]:
    west, south, east, north = bounds_around(lon, lat, radius_m=NEAR_M)
    cells = array_of(cells_near(lon, lat))
    corners = {"west": west, "south": south, "east": east, "north": north}
    return {**corners, "cells": cells, "lon": lon, "lat": lat, "squeeze": cos(radians(lat))}


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _known(rows: Iterable[tuple[Any, ...]], *, spot: Spot) -> Iterable[Known]:
    for row in rows:
        pk, number, title, category, placed, lon, lat, radius_m, minutes, _division = row[2:]
        apart = None
        if spot.lon is not None and spot.lat is not None and lon is not None:
            apart = distance_m(spot.lon, spot.lat, lon, lat)
        yield Known(
            incident=pk,
            number=number,
            title=title,
            category=category,
            placed=placed,
            distance_m=apart,
            radius_m=radius_m or 0.0,
            minutes=minutes,
        )
