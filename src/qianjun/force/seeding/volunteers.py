"""The volunteers of the demo, brought in by COPY: 68,945 of them in seconds. 演示志愿者"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from qianjun.force.models import Volunteer
from qianjun.force.seeding.drawing import SEED, Home, homes, names, points_in
from qianjun.force.skills import by_code
from qianjun.journal.search import words_of
from qianjun.kernel import clock
from qianjun.kernel.geometry import cell
from qianjun.kernel.text import sort_key
from qianjun.org.models import Address, Person, Unit
from qianjun.org.seeding import CHANNEL

PHONE: Final = "1001{:07d}"
AGREED: Final = "演示：本人报名，同意在突发事件时被邀请参加志愿服务，不同意可随时不来。"
YEAR_DAYS: Final = 365.25
# how many of a thousand can do it
SKILLED: Final = {
    **{"first_aid": 90, "nurse": 18, "doctor": 6, "driver": 240, "boat": 4, "water_rescue": 6},
    **{"electrician": 15, "machinery": 10, "rope": 3, "fire_fighting": 12, "chemicals": 2},
    **{"geology": 1, "radio": 8, "drone": 7, "counselling": 14, "reception": 110},
    **{"carrying": 280, "cooking": 45, "sign_language": 2, "zhuang": 60, "disinfection": 30},
}
Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """Everything about so many volunteers, as columns. 抽得的志愿者"""

    names: list[str]
    homes: list[Home]
    home: Whole
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    adult_in_days: Whole  # from today, behind it when negative
    registered_days: Whole
    insured_days: Whole  # NEVER: nobody insured him
    agrees: NDArray[np.bool_]
    paused_days: Whole
    skills: Whole
    asked: Whole
    accepted: Whole
    calls: Whole
    minutes: Whole


NEVER: Final = -9_999


def seed_volunteers(count: int) -> int:
    """Bring so many in unless there are some already; how many came. 装入演示志愿者"""
    if Volunteer.objects.filter(schematic=True).exists():
        return 0
    drawn = _drawn(count, np.random.default_rng(SEED + 1))
    units = dict(Unit.objects.filter(level="community").values_list("code", "pk"))
    keys = _keys(count)
    now = clock.now()
    with connection.cursor() as cursor:
        for model, columns, rows in (
            (Person, "id name unit_id sort_key search version", _people(drawn, keys, units)),
            (
                Address,
                "person_id channel value rank consent_at consent_text is_synthetic",
                _addresses(drawn, keys, now),
            ),
            (Volunteer, _COLUMNS, _volunteers(drawn, keys, now)),
        ):
            sql = f"COPY {model._meta.db_table} ({', '.join(columns.split())}) FROM STDIN"
            with cursor.copy(sql) as stream:
                for row in rows:
                    stream.write_row(row)
        # so many rows at once: what is asked next must not be planned for empty tables
        cursor.execute("ANALYZE org_person, org_address, force_volunteer")
    return count


def _keys(count: int) -> list[int]:
    """So many keys of people, nobody else's."""
    sequence = "SELECT nextval(pg_get_serial_sequence('org_person', 'id'))"
    with connection.cursor() as cursor:
        cursor.execute(f"{sequence} FROM generate_series(1, %s)", [count])
        return [key for (key,) in cursor.fetchall()]


# --- drawing --------------------------------------------------------------------------------------


def _drawn(count: int, dice: np.random.Generator) -> Drawn:
    known = homes()
    share = dice.dirichlet(np.full(len(known), 4.0))
    each = dice.multinomial(count, share)
    points = [points_in(home, int(n), dice) for home, n in zip(known, each, strict=True)]
    age_days = (YEAR_DAYS * (14 + 62 * dice.beta(1.6, 2.4, count))).astype(np.int64)
    asked = dice.poisson(1.6, count)
    willing = dice.beta(1.5, 3.5, count)
    insured = dice.random(count)
    return Drawn(
        names=names(count, dice),
        homes=known,
        home=np.repeat(np.arange(len(known)), each),
        lon=np.round(np.concatenate([lon for lon, _lat in points]), 6),
        lat=np.round(np.concatenate([lat for _lon, lat in points]), 6),
        adult_in_days=(18 * YEAR_DAYS - age_days).astype(np.int64),
        registered_days=np.minimum(
            dice.integers(20, 2_400, count), age_days - int(13.9 * YEAR_DAYS)
        ),
        insured_days=np.select(
            [insured < 0.12, insured < 0.18],
            [NEVER, -dice.integers(1, 200, count)],
            dice.integers(1, 365, count),
        ),
        agrees=dice.random(count) < 0.97,
        paused_days=np.where(dice.random(count) < 0.02, dice.integers(1, 60, count), 0),
        skills=_skills(count, dice),
        asked=asked,
        accepted=dice.binomial(asked, willing),
        calls=np.minimum(asked, dice.poisson(0.5, count)),
        minutes=30 * dice.poisson(dice.gamma(0.3, 60, count)),
    )


def _skills(count: int, dice: np.random.Generator) -> Whole:
    found = np.zeros(count, dtype=np.int64)
    for code, of_thousand in SKILLED.items():
        found |= np.where(dice.random(count) * 1_000 < of_thousand, by_code()[code].mask, 0)
    return found


# --- rows -----------------------------------------------------------------------------------------

Row = tuple[Any, ...]
_COLUMNS: Final = """person_id source consent_at consent_text lon lat cell schematic community
  adult_from skills insured_until paused_until asked accepted counted_year calls_this_year
  minutes_this_year registered_at version"""


def _people(drawn: Drawn, keys: list[int], units: dict[str, int]) -> Iterator[Row]:
    theirs = [units[home.code] for home in drawn.homes]
    for key, name, home in zip(keys, drawn.names, drawn.home.tolist(), strict=True):
        yield key, name, theirs[home], sort_key(name), words_of(Person, name=name), 1


def _addresses(drawn: Drawn, keys: list[int], now: datetime) -> Iterator[Row]:
    when = _instants(now)
    told = zip(keys, drawn.agrees.tolist(), drawn.registered_days.tolist(), strict=True)
    for n, (key, agrees, days) in enumerate(told, 1):
        agreed = (when(-days), AGREED) if agrees else (None, "")
        yield key, CHANNEL, PHONE.format(n), 0, *agreed, True


def _volunteers(drawn: Drawn, keys: list[int], now: datetime) -> Iterator[Row]:
    when, today = _instants(now), clock.in_beijing(now).date()
    codes = [home.code for home in drawn.homes]
    columns: tuple[NDArray[Any], ...] = (
        *(drawn.home, drawn.lon, drawn.lat, drawn.agrees, drawn.registered_days),
        *(drawn.adult_in_days, drawn.insured_days, drawn.paused_days, drawn.skills),
        *(drawn.asked, drawn.accepted, drawn.calls, drawn.minutes),
    )
    for key, told in zip(keys, zip(*(c.tolist() for c in columns), strict=True), strict=True):
        home, lon, lat, agrees, days, adult, insured, paused, skills, *counts = told
        asked, accepted, calls, minutes = counts
        yield (
            *(key, "own_sign_up", when(-days) if agrees else None, AGREED if agrees else ""),
            *(lon, lat, cell(lon, lat), True, codes[home], _day(today, adult), skills),
            None if insured == NEVER else _day(today, insured),
            when(paused) if paused else None,
            *(asked, accepted, today.year, calls, minutes, when(-days), 1),
        )


def _instants(now: datetime) -> Callable[[int], datetime]:
    """The instant so many days from now."""
    return lambda days: now + timedelta(days=days)


def _day(today: date, days: int) -> date:
    return today + timedelta(days=days)
