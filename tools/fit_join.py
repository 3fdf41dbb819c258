"""Fit the tables by which reports join incidents, on a seeded storm; print them as TOML.

    .venv/bin/python tools/fit_join.py > src/qianjun/incident/tables/join.toml

The world: 300 incidents of five kinds in three hours on 10 x 10 km, each reported by one to thirty
callers (heavy tail), the later ones after an exponential delay of 12 minutes, all points off by
120 m in each direction, in words that name the kind; one caller in twenty sees another kind.
"""

import random
import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from pathlib import Path

from qianjun.incident.rules.joining import (
    NEAR_M,
    Duplicate,
    Known,
    Sought,
    Table,
    automatic,
    judge,
    same_kind,
)
from qianjun.response.rules.category import KindWords, Lexicon, lexicon, spoken_of

CATEGORIES = Path(__file__).parents[1] / "src/qianjun/response/tables/categories.toml"
SIDE_M = 10_000.0
HOURS = 3.0
EVENTS = 300
SPREAD_M = 120.0
DELAY_MINUTES = 12.0
POINT_M = 50.0
MISTAKEN = 0.05
METRES = (50, 75, 100, 150, 200, 250, 300, 400, 500, 750)
MINUTES = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120)
SEEDS = range(60)
# an empty cell says nothing: it counts as half a hit in one pair
PRIOR = (0.5, 1.0)

WORDS = {
    "flood": (
        "{p}积水很深，车过不去", "{p}水淹了", "{p}内涝严重，水到膝盖", "{p}门口被水泡了",
        "路上都是水，{p}这边",
    ),
    "fire": (
        "{p}着火了", "{p}冒浓烟，快来", "{p}起火，烟很大", "看到{p}那边有明火", "{p}楼上烧起来了",
    ),
    "crash": ("{p}两车相撞", "{p}发生车祸有人受伤", "{p}交通事故，堵了", "有辆货车翻了，在{p}"),
    "slide": ("{p}山体滑坡", "{p}塌方，路断了", "{p}山上石头滚下来"),
    "gas": ("{p}有很重的煤气味", "{p}燃气泄漏", "{p}闻到臭鸡蛋味，怀疑漏气"),
}  # fmt: skip
HERE = ("这里", "我家楼下", "马路边")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A report of the storm: when, where, what was said, and which incident it truly is."""

    minute: float
    x_m: float
    y_m: float
    text: str
    category: str
    event: int


@dataclass(kw_only=True)
class Open:
    """An incident that has been opened; it is where its first report said."""

    event: int
    category: str
    last: float
    x_m: float
    y_m: float

    def metres_to(self, call: Call) -> float:
        """How far from its point."""
        return hypot(call.x_m - self.x_m, call.y_m - self.y_m)


def words_of_kinds() -> Lexicon:
    """The project's own table of words."""
    found = tomllib.loads(CATEGORIES.read_text(encoding="utf-8"))
    kinds = (KindWords(**{**kind, "words": tuple(kind["words"])}) for kind in found["kinds"])
    return lexicon(kinds, not_these=found["not_these"])


def storm(seed: int, *, events: int = EVENTS, words: Lexicon | None = None) -> list[Call]:
    """The calls of one storm, in order."""
    r = random.Random(seed)  # noqa: S311 - a world, not a secret
    spoken = words or words_of_kinds()
    calls = [call for event in range(events) for call in _calls(r, event, spoken)]
    return sorted(calls, key=lambda call: call.minute)


def _calls(r: random.Random, event: int, words: Lexicon) -> Iterator[Call]:
    kind = r.choice(sorted(WORDS))
    x, y, start = r.uniform(0, SIDE_M), r.uniform(0, SIDE_M), r.uniform(0, HOURS * 60)
    road = f"{r.choice('滨江东西跃进解放文昌')}{r.choice('路街')}"
    place = f"{road}{r.choice(['桥头', '小区', '学校', '路口', '市场'])}"
    for n in range(1 + min(30, int((r.paretovariate(1.1) - 1) * 1.5))):
        seen = kind if r.random() >= MISTAKEN else r.choice(sorted(WORDS))
        text = r.choice(WORDS[seen]).format(p=place if r.random() < 0.7 else r.choice(HERE))
        yield Call(
            minute=start + (r.expovariate(1 / DELAY_MINUTES) if n else 0.0),
            x_m=r.gauss(x, SPREAD_M),
            y_m=r.gauss(y, SPREAD_M),
            text=text,
            category=spoken_of(words, text).code,
            event=event,
        )


# --- fitting -------------------------------------------------------------------------------------

Grid = list[list[float]]


@dataclass(kw_only=True)
class Counts:
    """Pairs of a report and an open incident, and those that are one, by cell."""

    pairs: Grid = field(default_factory=lambda: [[0.0] * len(MINUTES) for _ in METRES])
    hits: Grid = field(default_factory=lambda: [[0.0] * len(MINUTES) for _ in METRES])

    def add(self, *, metres: float, minutes: float, hit: bool) -> None:
        """Count one pair."""
        row, column = bisect_left(METRES, metres), bisect_left(MINUTES, minutes)
        if row < len(METRES) and column < len(MINUTES):
            self.pairs[row][column] += 1
            self.hits[row][column] += hit

    def shares(self) -> Grid:
        """The share of hits, made monotone: farther and later is never more probable."""
        weights = [[n + PRIOR[1] for n in row] for row in self.pairs]
        shares = [
            [(h + PRIOR[0]) / w for h, w in zip(hits, row, strict=True)]
            for hits, row in zip(self.hits, weights, strict=True)
        ]
        return monotone(shares, weights)


def monotone(shares: Grid, weights: Grid) -> Grid:
    """Not rising along rows and columns: pooled along each in turn, then cut."""
    for _ in range(50):
        shares = [pooled(row, w) for row, w in zip(shares, weights, strict=True)]
        columns = zip(*shares, strict=True), zip(*weights, strict=True)
        turned = [pooled(column, w) for column, w in zip(*columns, strict=True)]
        shares = [list(row) for row in zip(*turned, strict=True)]
    return _cut(shares)


def pooled(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest sequence that does not rise (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        block = (value, weight, 1)
        while blocks and blocks[-1][0] < block[0]:
            before = blocks.pop()
            total = before[1] + block[1]
            mean = (before[0] * before[1] + block[0] * block[1]) / total
            block = (mean, total, before[2] + block[2])
        blocks.append(block)
    return [value for value, _weight, n in blocks for _ in range(n)]


def _cut(shares: Grid) -> Grid:
    lowest = [1.0] * len(MINUTES)
    cut = []
    for row in shares:
        least = 1.0
        for column, value in enumerate(row):
            least = lowest[column] = min(least, lowest[column], value)
        cut.append(list(lowest))
    return cut


def fit(seeds: Iterable[int] = SEEDS) -> Table:
    """The tables that these storms speak for."""
    words = words_of_kinds()
    counts = {True: Counts(), False: Counts(), None: Counts()}
    again = _Again()
    for seed in seeds:
        calls = storm(seed, words=words)
        again.watch(calls)
        _count(calls, counts)
    same, other, unknown = (_rows(counts[key].shares()) for key in (True, False, None))
    return Table(
        metres=tuple(map(float, METRES)),
        minutes=tuple(map(float, MINUTES)),
        same=same,
        other=other,
        unknown=unknown,
        again=again.odds(),
        area_km2=(SIDE_M / 1_000) ** 2,
    )


def _rows(grid: Grid) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(round(value, 3) for value in row) for row in grid)


def _count(calls: Sequence[Call], counts: dict[bool | None, Counts]) -> None:
    """Every call against every incident that is open in truth."""
    known: dict[int, Open] = {}
    for call in calls:
        for one in near(call, known.values()):
            cell = {
                "metres": max(POINT_M, one.metres_to(call)),
                "minutes": call.minute - one.last,
                "hit": one.event == call.event,
            }
            counts[same_kind(call.category, one.category)].add(**cell)  # type: ignore[arg-type]
            counts[None].add(**cell)  # type: ignore[arg-type]
        known.setdefault(call.event, opened(call)).last = call.minute


def opened(call: Call) -> Open:
    """A new incident by this call."""
    return Open(
        event=call.event, category=call.category, last=call.minute, x_m=call.x_m, y_m=call.y_m
    )


def near(call: Call, known: Iterable[Open]) -> Iterator[Open]:
    """Those within reach of the tables."""
    for one in known:
        recent = call.minute - one.last <= MINUTES[-1]
        if recent and abs(call.x_m - one.x_m) <= NEAR_M >= abs(call.y_m - one.y_m):
            yield one


class _Again:
    """How soon an incident is heard of again, against how often a new one of its kind begins."""

    def __init__(self) -> None:
        self.heard = [0.0] * len(MINUTES)
        self.waited = [0.0] * len(MINUTES)
        self.begun = 0
        self.lasted = 0.0

    def watch(self, calls: Sequence[Call]) -> None:
        """Count a storm."""
        times: dict[int, list[float]] = {}
        for call in calls:
            times.setdefault(call.event, []).append(call.minute)
        for minutes in times.values():
            for first, then in pairwise(minutes):
                self._gap(then - first, heard=True)
            self._gap(MINUTES[-1], heard=False)
        self.begun += len(times)
        self.lasted += HOURS * 60 * len(WORDS)

    def _gap(self, minutes: float, *, heard: bool) -> None:
        low = 0.0
        for column, high in enumerate(MINUTES):
            self.waited[column] += max(0.0, min(minutes, high) - low)
            if heard and low < minutes <= high:
                self.heard[column] += 1
            low = float(high)

    def odds(self) -> tuple[float, ...]:
        """Reports per minute of one incident over new incidents per minute of its kind."""
        new_per_minute = self.begun / self.lasted
        rates = [h / w for h, w in zip(self.heard, self.waited, strict=True)]
        falling = pooled(rates, self.waited)
        return tuple(round(rate / new_per_minute, 4) for rate in falling)


# --- judging -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the tables do to a storm."""

    calls: int
    repeats: int
    joined_right: int
    joined_wrong: int
    incidents: int
    suggested_f1: float

    @property
    def precision(self) -> float:
        """Of the automatic joins, those that were right."""
        return self.joined_right / max(1, self.joined_right + self.joined_wrong)

    @property
    def recall(self) -> float:
        """Of the repeated reports, those that joined by themselves."""
        return self.joined_right / max(1, self.repeats)


def play(table: Table, calls: Sequence[Call]) -> Outcome:
    """Automatic joins as the house makes them; suggested ones as an officer takes them."""
    known: list[Open] = []
    seen: set[int] = set()
    right = wrong = repeats = 0
    for call in calls:
        repeats += call.event in seen
        seen.add(call.event)
        best = automatic(candidates(table, call, known))
        if best is None:
            known.append(opened(call))
            continue
        target = known[best.incident]
        right += target.event == call.event
        wrong += target.event != call.event
        target.last = call.minute
    return Outcome(
        calls=len(calls),
        repeats=repeats,
        joined_right=right,
        joined_wrong=wrong,
        incidents=len(known),
        suggested_f1=suggested_f1(table, calls),
    )


def candidates(table: Table, call: Call, known: Sequence[Open]) -> tuple[Duplicate, ...]:
    """The open incidents that the call may repeat, judged by the house's own rules."""
    places = {id(one): n for n, one in enumerate(known)}
    sought = Sought(category=call.category, placed="given", radius_m=POINT_M)
    rows = (
        Known(
            incident=places[id(one)],
            number="",
            title="",
            category=one.category,
            placed="given",
            distance_m=one.metres_to(call),
            radius_m=POINT_M,
            minutes=call.minute - one.last,
        )
        for one in near(call, known)
    )
    return judge(table, sought=sought, known=rows)


def suggested_f1(table: Table, calls: Sequence[Call], *, taken_at: float = 0.5) -> float:
    """Pairs put together when an officer takes every suggestion that is likelier than not."""
    known: list[Open] = []
    put: list[tuple[int, int]] = []
    for call in calls:
        best = next(iter(candidates(table, call, known)), None)
        if best is None or best.probability < taken_at:
            known.append(opened(call))
        n = best.incident if best and best.probability >= taken_at else len(known) - 1
        known[n].last = call.minute
        put.append((n, call.event))
    both = _pairs(Counter(put))
    ours, true = (_pairs(Counter(pair[side] for pair in put)) for side in (0, 1))
    return 2 * both / (ours + true)


def _pairs(sizes: Counter[object]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


def as_toml(table: Table) -> str:
    """The tables as they are shipped."""
    rows = {name: getattr(table, name) for name in ("same", "other", "unknown")}
    lines = [
        "# How probable it is that a report and an open incident are one: rows by metres, columns",
        "# by minutes (upper bounds). Written by tools/fit_join.py; never by hand.",
        f"metres = {list(table.metres)}",
        f"minutes = {list(table.minutes)}",
        f"again = {list(table.again)}",
        f"area_km2 = {table.area_km2}",
    ]
    for name, grid in rows.items():
        lines += [f"{name} = [", *(f"  {list(row)}," for row in grid), "]"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(as_toml(fit()), end="")
