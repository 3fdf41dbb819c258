"""Volunteers around a point, as columns that a solver can take. 可召集人选

PostgreSQL puts each column into one value of bytes, which numpy reads as it is: 68,945 people in
less than a tenth of a second, where rows would take half a one. Values are as they stand at the
instant that is asked for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg.pq import Format

from qianjun.force.queries.limits import limits
from qianjun.force.rules.calling import REASONS, Limits
from qianjun.kernel import clock
from qianjun.kernel.geometry import EARTH_RADIUS_M, bounds_around
from qianjun.org.actor import Actor, require

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
WIDE: Final = np.dtype(">i8")
BROAD: Final = np.dtype(">f8")
CALLS_BITS, MINUTES_BITS, HALF = 40, 8, 32
FLAGS: Final = ("adult", "insured", "busy", "paused", "consent")
# seven columns, each one value of eight bytes a person: whole numbers that go together share one
_COLUMNS: Final = (
    "int8send(v.id)",
    "int8send(v.person_id)",
    "float8send(v.lon)",
    "float8send(v.lat)",
    "int8send(v.skills)",
    f"int8send((v.asked::bigint << {HALF}) + v.accepted)",
    f"""int8send(CASE WHEN v.counted_year = %(year)s
      THEN (least(v.calls_this_year, 65535)::bigint << {CALLS_BITS})
        + (v.minutes_this_year::bigint << {MINUTES_BITS}) ELSE 0 END
      + CASE WHEN v.adult_from <= %(day)s::date THEN 1 ELSE 0 END
      + CASE WHEN v.insured_until >= %(day)s::date THEN 2 ELSE 0 END
      + CASE WHEN v.busy_until > %(at)s::timestamptz THEN 4 ELSE 0 END
      + CASE WHEN v.paused_until > %(at)s::timestamptz THEN 8 ELSE 0 END
      + CASE WHEN v.consent_at IS NOT NULL AND (v.expires_at IS NULL
          OR v.expires_at > %(at)s::timestamptz AND v.for_incident_id = %(incident)s::bigint)
        THEN 16 ELSE 0 END)""",
)
_SQL: Final = """
SELECT {columns} FROM force_volunteer v {scope}
WHERE v.lat BETWEEN %(south)s::float8 AND %(north)s::float8
  AND v.lon BETWEEN %(west)s::float8 AND %(east)s::float8
"""
_OF_TREE: Final = """JOIN org_person p ON p.id = v.person_id JOIN org_unit u ON u.id = p.unit_id
    AND (u.path = %(tree)s::text OR starts_with(u.path, %(below)s::text))"""
# whom a message can reach; asked apart, for a join of both tables takes longer than either
_REACHED: Final = """SELECT string_agg(int8send(person_id), ''::bytea) FROM org_address
WHERE consent_at IS NOT NULL"""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pool:
    """Columns of equal length, the nearest first; ``distance_m`` as the crow flies. 人选"""

    id: Ints
    person: Ints
    lon: Floats
    lat: Floats
    distance_m: Floats
    skills: Ints
    asked: Ints
    accepted: Ints
    calls_this_year: Ints
    hours_left: Floats
    adult: Bools
    insured: Bools
    busy: Bools
    paused: Bools
    consent: Bools
    limits: Limits

    def __len__(self) -> int:
        """How many people."""
        return len(self.id)

    def reason(self) -> NDArray[np.int8]:
        """Why each is not called: 0 for nobody's reason, else 1 + its place in ``REASONS``."""
        holds: dict[str, Bools] = {
            "no_consent": ~self.consent,
            "minor": ~self.adult,
            "uninsured": ~self.insured,
            "paused": self.paused,
            "busy": self.busy,
            "hours": self.hours_left <= 0,
            "capped": self.calls_this_year >= self.limits.calls_a_year,
        }
        return np.select([holds[name] for name in REASONS], range(1, len(REASONS) + 1), 0).astype(
            np.int8
        )

    def excluded(self) -> dict[str, int]:
        """How many are left out for each reason, under the first that holds. 排除计数"""
        found = np.bincount(self.reason(), minlength=len(REASONS) + 1)
        return {name: int(found[n]) for n, name in enumerate(REASONS, 1)}

    def callable(self) -> Bools:
        """Which of them may be called. 可召集"""
        return np.asarray(self.reason() == 0)


def pool(
    *,
    by: Actor,
    lon: float,
    lat: float,
    radius_m: float,
    at: datetime | None = None,
    incident: int | None = None,
) -> Pool:
    """Every volunteer within the radius, whether he may be called or not. 可召集人选

    ``incident`` lets those in who stand on a list for it. WGS-84, metres; 68,945 people take less
    than 100 ms.
    """
    require(by, "force.read")
    asked_at = at or clock.now()
    local = clock.in_beijing(asked_at)
    west, south, east, north = bounds_around(lon, lat, radius_m=radius_m)
    bound = {
        "year": local.year,
        "day": local.date(),
        "at": asked_at,
        "incident": incident,
        **{"west": west, "south": south, "east": east, "north": north},
    }
    told = _told(by, bound)
    if told is None:
        told = (b"",) * len(_COLUMNS)
    lons, lats = (np.frombuffer(told[n], BROAD).astype(np.float64) for n in (2, 3))
    far = _metres(lon, lat, lons, lats)
    near = np.flatnonzero(far <= radius_m)
    order = near[np.argsort(far[near], kind="stable")]
    whole = {n: np.frombuffer(told[n], WIDE)[order].astype(np.int64) for n in (0, 1, 4, 5, 6)}
    return _made(whole, lon=lons[order], lat=lats[order], far=far[order])


def _told(by: Actor, bound: dict[str, Any]) -> tuple[bytes, ...] | None:
    """The columns as bytes; None when there is nobody."""
    scope = ""
    if by.scope.kind == "unit":
        scope = _OF_TREE
        bound |= {"tree": by.scope.unit_path, "below": f"{by.scope.unit_path}/"}
    elif by.scope.kind != "all":
        return None
    columns = ", ".join(f"string_agg({one}, ''::bytea)" for one in _COLUMNS)
    found = _bytes(_SQL.format(columns=columns, scope=scope), bound)
    return None if found[0] is None else found


def _bytes(sql: str, bound: dict[str, Any] | None = None) -> tuple[bytes, ...]:
    """The one row of a statement, its values as they are and not as hexadecimal text."""
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(sql, bound)
        row: tuple[bytes, ...] = cursor.fetchone()
    return row


def _reached(people: Ints) -> Bools:
    """Which of them have agreed to be written to at some address."""
    (told,) = _bytes(_REACHED)
    reached = np.frombuffer(told or b"", WIDE).astype(np.int64)
    known = np.zeros(1 + max(people.max(initial=0), reached.max(initial=0)), dtype=np.bool_)
    known[reached] = True
    return np.asarray(known[people])


def _made(whole: dict[int, Ints], *, lon: Floats, lat: Floats, far: Floats) -> Pool:
    ident, person, skills, counts, year = whole.values()
    most = limits()
    minutes = (year >> MINUTES_BITS) & ((1 << HALF) - 1)
    flags = {name: (year >> n) & 1 == 1 for n, name in enumerate(FLAGS)}
    flags["consent"] &= _reached(person)
    return Pool(
        **flags,
        id=ident,
        person=person,
        lon=lon,
        lat=lat,
        distance_m=far,
        skills=skills,
        asked=counts >> HALF,
        accepted=counts & ((1 << HALF) - 1),
        calls_this_year=year >> CALLS_BITS,
        hours_left=most.hours_a_year - minutes / 60,
        limits=most,
    )


def _metres(lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
    """The haversine of ``kernel.geometry`` for many points at once."""
    here, there = np.radians(lat), np.radians(lats)
    half = np.sin((there - here) / 2) ** 2
    half += np.cos(here) * np.cos(there) * np.sin((np.radians(lons) - np.radians(lon)) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))
