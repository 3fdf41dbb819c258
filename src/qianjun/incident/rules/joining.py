"""Is this report one of something we know already? 查重归并

A calibrated, monotone table says how probable it is that a report and an open incident are one,
from the metres and minutes between them and whether their kinds agree. It is fitted on a seeded
storm of reports (``tools/fit_join.py``), where incidents are denser than in any district.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

AUTO_AT: Final = 0.95
SUGGEST_AT: Final = 0.20
SUGGESTED_MOST: Final = 5
NEAR_M: Final = 1_000.0
TURN_M: Final = 500.0
RECENT_MINUTES: Final = 24 * 60
# an automatic join needs a point that somebody meant, not one that was read from words
MEANT: Final = ("given", "chosen")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Probabilities by upper bounds of metres and minutes. 概率表

    ``same``, ``other`` and ``unknown`` say how the kinds compare, rows by metres, columns by
    minutes; ``nowhere`` is for the same kind without a distance. Beyond the last bound: 0.
    """

    metres: tuple[float, ...]
    minutes: tuple[float, ...]
    same: tuple[tuple[float, ...], ...]
    other: tuple[tuple[float, ...], ...]
    unknown: tuple[tuple[float, ...], ...]
    nowhere: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Known:
    """An open incident as a candidate. 候选事件"""

    incident: int
    number: str
    title: str
    category: str
    placed: str
    distance_m: float | None
    radius_m: float
    minutes: float


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """An open incident that the report may repeat. 可能重复"""

    incident: int
    number: str
    title: str
    distance_m: float | None
    minutes: float
    probability: float
    clear: bool


@dataclass(frozen=True, kw_only=True)
class Sought:
    """The report as far as it matters for joining. 待归并的报告"""

    category: str
    placed: str
    radius_m: float


def kind_of(category: str) -> str:
    """The level-2 code that stands for the kind: ``12G03`` -> ``12G00``; empty when unknown."""
    return f"{category[:3]}00" if category[2:3].isalpha() else ""


def probability(
    table: Table, *, distance_m: float | None, minutes: float, same_kind: bool | None
) -> float:
    """How probable it is that report and incident are one. 归并概率"""
    column = bisect_left(table.minutes, minutes)
    if column == len(table.minutes):
        return 0.0
    if distance_m is None:
        return table.nowhere[column] if same_kind else 0.0
    row = bisect_left(table.metres, distance_m)
    if row == len(table.metres):
        return 0.0
    by_kind = {True: table.same, False: table.other, None: table.unknown}[same_kind]
    return by_kind[row][column]


def same_kind(one: str, other: str) -> bool | None:
    """Whether two categories are of one kind; None when one is unknown."""
    kinds = kind_of(one), kind_of(other)
    return None if "" in kinds else kinds[0] == kinds[1]


def judge(table: Table, *, sought: Sought, known: Iterable[Known]) -> tuple[Duplicate, ...]:
    """Every candidate worth showing, the most probable first. 排序"""
    judged = (_judged(table, sought, one) for one in known)
    worth = (one for one in judged if one.probability >= SUGGEST_AT)
    return tuple(sorted(worth, key=lambda d: (-d.probability, d.distance_m or 0.0, d.incident)))


def _judged(table: Table, sought: Sought, known: Known) -> Duplicate:
    kinds = same_kind(sought.category, known.category)
    apart = known.distance_m
    if apart is not None:
        # a point that may be anywhere in a circle is not nearer than the circle is wide
        apart = max(apart, sought.radius_m, known.radius_m)
    meant = sought.placed in MEANT and known.placed in MEANT
    return Duplicate(
        incident=known.incident,
        number=known.number,
        title=known.title,
        distance_m=None if known.distance_m is None else round(known.distance_m, 1),
        minutes=round(known.minutes, 1),
        probability=probability(table, distance_m=apart, minutes=known.minutes, same_kind=kinds),
        clear=kinds is True and meant,
    )


def automatic(judged: tuple[Duplicate, ...]) -> Duplicate | None:
    """The one that the report joins by itself: probable, of the same kind, meant, no rival. 自动"""
    if not judged or judged[0].probability < AUTO_AT or not judged[0].clear:
        return None
    return judged[0]
