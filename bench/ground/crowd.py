"""A city's volunteers and a wave that calls them all: more than any proposal would. 全城召集

Written by statements of their own, for the product proposes no more people than it needs; what is
measured, from the second key on, is the product's.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

CITY = 68_945  # registered volunteers of the city
Books = psycopg.Connection[tuple[Any, ...]]
_PEOPLE = """
WITH p AS (
  INSERT INTO org_person (name, unit_id, sort_key, version)
  SELECT '演示志愿者' || n, (SELECT min(id) FROM org_unit), 'zz' || n, 1
  FROM generate_series(1, %s) AS n RETURNING id
), a AS (
  INSERT INTO org_address
    (person_id, channel, value, rank, consent_at, consent_text, is_synthetic)
  SELECT id, 'sms', '100' || lpad((20000000 + row_number() OVER ())::text, 8, '0'), 0,
    timestamptz '2026-01-01', '演示', true
  FROM p
)
INSERT INTO force_volunteer (person_id, source, consent_at, consent_text, lon, lat, cell, schematic,
  community, adult_from, skills, insured_until, asked, accepted, counted_year, calls_this_year,
  minutes_this_year, registered_at, version)
SELECT id, 'own_sign_up', timestamptz '2026-01-01', '演示',
  109.41 + mod(id, 100) * 0.0002,
  24.31 + mod(id, 97) * 0.0002, 1, true, '', date '2000-01-01', 0, date '2099-01-01',
  0, 0, 2026, 0, 0,
  timestamptz '2026-01-01', 1
FROM p RETURNING person_id
"""
_CALLOUT = """
INSERT INTO force_callout (incident_id, need, skills, needed_by, lon, lat, place, what, risk, kit,
  probability, radius_m, proposed_at, by_kind, by_id, version)
SELECT %(incident)s, 5000, '[]', %(now)s::timestamptz + interval '2 hours', 109.41, 24.31,
  '文昌社区服务站', '登记、搬床', '低', '口罩', 0.95, 20000, %(now)s, 'system', 'bench', 1
RETURNING id
"""
_WAVE = """
INSERT INTO force_wave (callout_id, rank, count, probability, expected, ladder, excluded, why_zh,
  why_en, next_look_at, proposed_at)
VALUES (%(callout)s, 1, %(count)s, 0.95, 1, '[]', '{}', '演示', 'demo', %(now)s, %(now)s)
RETURNING id
"""
_CALLED = """
INSERT INTO force_called (callout_id, wave_id, volunteer_id, person_id, chance, distance_m,
  minutes, device, other_device)
SELECT %(callout)s, %(wave)s, v.id, v.person_id, 0.1, 500, 0, '', false
FROM force_volunteer v WHERE v.person_id = ANY(%(people)s) ORDER BY v.id
"""
_FREE = "UPDATE force_volunteer SET busy_until = NULL WHERE busy_until IS NOT NULL"


def stand_in(folder: Path) -> None:
    """Let this process say verbs and ask questions in the house of that folder."""
    os.environ["QIANJUN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qianjun.site.settings"
    import django

    django.setup(set_prefix=False)


def crowd(books: Books, count: int) -> list[int]:
    """So many volunteers with a telephone each; the ids of their persons."""
    people = [int(row[0]) for row in books.execute(_PEOPLE, [count])]
    books.execute("ANALYZE org_person, org_address, force_volunteer")
    return people


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A call-out with a wave that waits for its second key. 待确认"""

    callout: int
    incident: int
    people: int


def proposed(books: Books, people: list[int], *, incident: int, now: object) -> Proposed:
    """A wave that names all these people, everybody free; nobody is called."""
    books.execute(_FREE)
    with books.transaction():
        values: dict[str, object] = {"incident": incident, "now": now, "people": people}
        values |= {"count": len(people), "callout": one(books, _CALLOUT, values)}
        values["wave"] = one(books, _WAVE, values)
        books.execute(_CALLED.encode(), values)
    callout = values["callout"]
    assert isinstance(callout, int)
    return Proposed(callout=callout, incident=incident, people=len(people))


def one(books: Books, question: str, values: dict[str, object] | None = None) -> int:
    """The whole number that a question answers."""
    row = books.execute(question.encode(), values).fetchone()
    assert row is not None
    return int(row[0])
