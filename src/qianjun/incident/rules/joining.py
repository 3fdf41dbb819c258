"""Is this report one of something we know already? 查重归并

Calibrated, monotone tables say how probable it is that a report and an open incident are one.
Two exact points are compared by the metres and minutes between them and by whether their kinds
agree; where one is only known to lie in a circle, an open incident of the kind competes with a
new one by how soon it is heard of again and how large the circle is. The tables are fitted on a
seeded storm of reports (``tools/fit_join.py``), where incidents are denser than in any district,
so they err to the careful side.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import pi
from typing import Final, NamedTuple

AUTO_AT: Final = 0.95
SUGGEST_AT: Final = 0.20
SUGGESTED_MOST: Final = 5
NEAR_M: Final = 750.0
# what is so near in place and time is shown even when it is hardly the same thing
NEARBY_M: Final = 500.0
NEARBY_MIN: Final = 30.0
NEARBY_MOST: Final = 50
# two incidents of one kind may begin this near to each other: farther is for a person to judge
AUTO_M: Final = 150.0
# a point whose circle is larger is no exact point
EXACT_M: Final = 150.0
# an automatic join needs points that somebody meant, not read from words
MEANT: Final = ("given", "chosen")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Probabilities and odds by upper bounds of metres and minutes. 概率表

    ``same``, ``other`` and ``unknown`` say how the kinds compare, rows by metres, columns by
    minutes. ``again`` are the odds, by minutes, that the next report of a kind is one more of a
    given incident and not a new incident anywhere in ``area_km2``. Beyond the last bound: 0.
    """

    metres: tuple[float, ...]
    minutes: tuple[float, ...]
    same: tuple[tuple[float, ...], ...]
    other: tuple[tuple[float, ...], ...]
    unknown: tuple[tuple[float, ...], ...]
    again: tuple[float, ...]
    area_km2: float


class Known(NamedTuple):
    """An open incident as a candidate; no ``distance_m`` when one of the two is nowhere. 候选"""

    incident: int
    number: str
    title: str
    category: str
    placed: str
    distance_m: float | None
    radius_m: float
    minutes: float


@dataclass(frozen=True, kw_only=True)
class Sought:
    """The report as far as it matters for joining. 待归并的报告"""

    category: str
    placed: str
    radius_m: float


class Duplicate(NamedTuple):
    """An open incident that may be repeated; ``clear`` when it may be by itself. 可能重复"""

    incident: int
    number: str
    title: str
    distance_m: float | None
    minutes: float
    probability: float
    clear: bool


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """What a report may repeat, and what else is near and hardly the same. 候选事件"""

    likely: tuple[Duplicate, ...] = ()
    nearby: tuple[Duplicate, ...] = ()


def kind_of(category: str) -> str:
    """The level-2 code that stands for the kind: ``12G03`` -> ``12G00``; empty when unknown."""
    return f"{category[:3]}00" if category[2:3].isalpha() else ""


def same_kind(one: str, other: str) -> bool | None:
    """Whether two categories are of one kind; None when one is unknown."""
    kinds = kind_of(one), kind_of(other)
    return None if "" in kinds else kinds[0] == kinds[1]


def probability(
    table: Table, *, distance_m: float, minutes: float, same_kind: bool | None
) -> float:
    """How probable it is that two exact points so far apart are one incident. 归并概率"""
    column, row = bisect_left(table.minutes, minutes), bisect_left(table.metres, distance_m)
    if column == len(table.minutes) or row == len(table.metres):
        return 0.0
    return {True: table.same, False: table.other, None: table.unknown}[same_kind][row][column]


def odds_again(table: Table, *, minutes: float, radius_m: float | None) -> float:
    """Odds of "this incident again" against "a new one" in a circle; None is the whole area."""
    column = bisect_left(table.minutes, minutes)
    if column == len(table.minutes):
        return 0.0
    circle_km2 = table.area_km2 if radius_m is None else pi * (radius_m / 1_000) ** 2
    return table.again[column] * max(1.0, table.area_km2 / circle_km2)


def judge(table: Table, *, sought: Sought, known: Iterable[Known]) -> tuple[Duplicate, ...]:
    """Every candidate worth suggesting, the most probable first. 排序"""
    worth = _weighed(table, sought, known, least=SUGGEST_AT)
    return tuple(sorted(worth, key=lambda d: (-d.probability, d.distance_m or 0.0, d.incident)))


def nearby(
    table: Table, *, sought: Sought, known: Iterable[Known], likely: Iterable[Duplicate]
) -> tuple[Duplicate, ...]:
    """What is near in place and time and not among the likely ones, the nearest first. 附近"""
    rows = list(known)
    near = {one.incident for one in rows if is_near(sought, one)} - {d.incident for d in likely}
    found = [one for one in _weighed(table, sought, rows) if one.incident in near]
    return tuple(sorted(found, key=lambda d: (d.distance_m or 0.0, d.incident)))


def is_near(sought: Sought, known: Known) -> bool:
    """Whether a person should know of it, however improbable that both are one. 是否在附近"""
    reach_m = max(NEARBY_M, sought.radius_m, known.radius_m)
    return (
        known.distance_m is not None and known.distance_m <= reach_m and known.minutes <= NEARBY_MIN
    )


def is_exact(sought: Sought, known: Known) -> bool:
    """Whether both points are exact enough to be compared by their distance."""
    return known.distance_m is not None and max(sought.radius_m, known.radius_m) <= EXACT_M


def _weighed(
    table: Table, sought: Sought, known: Iterable[Known], *, least: float = 0.0
) -> list[Duplicate]:
    near = list(known)
    exact = [one for one in near if is_exact(sought, one)]
    vague = [one for one in near if not is_exact(sought, one)]
    weighed = [*_exact(table, sought, exact, least=least), *_vague(table, sought, vague)]
    return [one for one in weighed if one.probability >= least]


def _exact(
    table: Table, sought: Sought, known: Sequence[Known], *, least: float
) -> Iterable[Duplicate]:
    for one in known:
        kinds = same_kind(sought.category, one.category)
        apart_m = max(one.distance_m or 0.0, sought.radius_m, one.radius_m)
        share = probability(table, distance_m=apart_m, minutes=one.minutes, same_kind=kinds)
        if share >= least:
            meant = sought.placed in MEANT and one.placed in MEANT
            yield _duplicate(one, share, clear=kinds is True and meant and apart_m <= AUTO_M)


def _vague(table: Table, sought: Sought, known: Sequence[Known]) -> Iterable[Duplicate]:
    odds = [_odds(table, sought, one) for one in known]
    return (_duplicate(one, o / (1 + sum(odds))) for one, o in zip(known, odds, strict=True))


def _odds(table: Table, sought: Sought, known: Known) -> float:
    if same_kind(sought.category, known.category) is not True:
        return 0.0
    radius_m = None if known.distance_m is None else max(sought.radius_m, known.radius_m)
    if radius_m is not None and (known.distance_m or 0.0) > radius_m + EXACT_M:
        return 0.0
    return odds_again(table, minutes=known.minutes, radius_m=radius_m)


def _duplicate(known: Known, share: float, *, clear: bool = False) -> Duplicate:
    return Duplicate(
        incident=known.incident,
        number=known.number,
        title=known.title,
        distance_m=None if known.distance_m is None else round(known.distance_m, 1),
        minutes=round(known.minutes, 1),
        probability=round(share, 3),
        clear=clear,
    )


def automatic(judged: tuple[Duplicate, ...]) -> Duplicate | None:
    """The one that the report joins by itself: probable, exact, meant, of the same kind. 自动"""
    best = judged[0] if judged else None
    return best if best and best.clear and best.probability >= AUTO_AT else None
