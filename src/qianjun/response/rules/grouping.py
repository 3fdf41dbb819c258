"""Which incidents of a period may be one, judged together as the house judges one report. 分组

Incidents are taken in the order in which they began; each is asked, by the calibrated tables of
joining, whether it repeats a group that stands already. A group is where the exact points of its
incidents have their middle, so no chain of neighbours makes one; nothing enters when it lies far
from a single member, is of another known kind, or was judged by a person to be something else.
What is near is found by H3 cell, never by comparing all with all.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from qianjun.incident.rules.joining import (
    EXACT_M,
    NEAR_M,
    Known,
    Sought,
    Table,
    judge,
    kind_of,
    same_kind,
)
from qianjun.kernel.geometry import TURN_RESOLUTION, cell, cells_within, distance_m

SUGGESTED_AT: Final = 0.5
# as many as the house looks at for one report
LOOKED_AT: Final = 8
PLACES_KEPT: Final = 4_096
# a little less than anywhere, so that nothing near is left out
METRES_PER_DEGREE: Final = 110_000.0

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Atom:
    """An incident with the times of its reports, in minutes, rising. 一个事件"""

    incident: int
    category: str
    placed: str
    lon: float | None
    lat: float | None
    radius_m: float
    minutes: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """Why an incident stands in a group. 归组理由"""

    incident: int
    to: int
    probability: float
    distance_m: float | None
    minutes: float
    same_kind: bool | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Incidents that may be one, the first first; a link for each but the first. 一组"""

    incidents: tuple[int, ...]
    links: tuple[Link, ...] = ()

    @property
    def probability(self) -> float | None:
        """Of its weakest link; none when nothing is suggested."""
        return min((link.probability for link in self.links), default=None)


@dataclass(kw_only=True)
class _Growing:
    number: int
    first: Atom
    category: str
    minutes: list[float]
    members: list[Atom]
    links: list[Link] = field(default_factory=list)
    centre: tuple[float, float] | None = None
    exact: int = 0

    def lean(self, atom: Atom) -> None:
        """The middle of the exact points moves with a further one."""
        if atom.lon is None or atom.lat is None:
            return
        if atom.radius_m > EXACT_M and self.centre is not None:
            return
        if self.centre is None or (not self.exact and atom.radius_m <= EXACT_M):
            self.centre, self.exact = (atom.lon, atom.lat), int(atom.radius_m <= EXACT_M)
            return
        self.exact += 1
        lon, lat = self.centre
        share = 1 / self.exact
        self.centre = (lon + (atom.lon - lon) * share, lat + (atom.lat - lat) * share)

    def heard_before(self, minute: float) -> float:
        """Minutes since one of its reports, seen from this one; as the house would have seen it."""
        place = bisect_right(self.minutes, minute)
        last = self.minutes[place - 1] if place else self.minutes[0]
        return abs(minute - last)


def grouped(
    atoms: Iterable[Atom], *, table: Table, apart: Collection[Pair] = frozenset()
) -> list[Group]:
    """The atoms in groups, in the order in which they began. 分组"""
    growing = _Groups(table=table, apart=frozenset(apart))
    for atom in sorted(atoms, key=lambda one: (one.minutes[0], one.incident)):
        growing.take(atom)
    return [
        Group(incidents=tuple(a.incident for a in one.members), links=tuple(one.links))
        for one in growing.all
    ]


@dataclass(kw_only=True)
class _Groups:
    table: Table
    apart: frozenset[Pair]
    all: list[_Growing] = field(default_factory=list)
    by_cell: dict[int, list[_Growing]] = field(default_factory=lambda: defaultdict(list))
    by_kind: dict[str, list[_Growing]] = field(default_factory=lambda: defaultdict(list))

    def take(self, atom: Atom) -> None:
        """Put the atom into the group that it repeats, else into one of its own."""
        for group, link in self._suggested(atom):
            if self._fits(atom, group):
                self._enter(atom, group, link)
                return
        self._begin(atom)

    def _suggested(self, atom: Atom) -> Iterable[tuple[_Growing, Link]]:
        """The groups that it more likely repeats than not, the likeliest first."""
        near = {one.number: one for one in self._near(atom)}
        known = [_known(atom, one) for one in near.values()]
        sought = Sought(category=atom.category, placed=atom.placed, radius_m=atom.radius_m)
        for said in judge(self.table, sought=sought, known=known):
            if said.probability < SUGGESTED_AT:
                return
            group = near[said.incident]
            yield (
                group,
                Link(
                    incident=atom.incident,
                    to=group.first.incident,
                    probability=said.probability,
                    distance_m=said.distance_m,
                    minutes=said.minutes,
                    same_kind=same_kind(atom.category, group.category),
                ),
            )

    def _near(self, atom: Atom) -> list[_Growing]:
        """What the house would look at: around a point, else of the kind; not what is long past."""
        kind = kind_of(atom.category)
        if atom.lon is None or atom.lat is None:
            found: Iterable[_Growing] = self.by_kind[kind] if kind else ()
        else:
            found = (g for c in _cells_near(atom.lon, atom.lat) for g in self.by_cell.get(c, ()))
        if atom.lon is None or atom.radius_m > EXACT_M:
            found = (g for g in found if same_kind(atom.category, g.category))
        start, limit = atom.minutes[0], self.table.minutes[-1]
        recent = (g for g in found if g.heard_before(start) <= limit and _within(atom, g))
        reached = ((_to_centre(atom, g) or 0.0, g.heard_before(start), g.number) for g in recent)
        chosen = sorted(one for one in reached if one[0] <= NEAR_M)
        return [self.all[number] for _metres, _minutes, number in chosen[:LOOKED_AT]]

    def _fits(self, atom: Atom, group: _Growing) -> bool:
        """Whether nothing in the group speaks against it."""
        return all(
            (_metres(atom, one) or 0.0) <= NEAR_M
            and same_kind(atom.category, one.category) is not False
            and (min(pair := (atom.incident, one.incident)), max(pair)) not in self.apart
            for one in group.members
        )

    def _enter(self, atom: Atom, group: _Growing, link: Link) -> None:
        group.members.append(atom)
        group.lean(atom)
        group.links.append(link)
        for minute in atom.minutes:
            insort(group.minutes, minute)
        if not kind_of(group.category) and kind_of(atom.category):
            group.category = atom.category
            self.by_kind[kind_of(atom.category)].append(group)

    def _begin(self, atom: Atom) -> None:
        group = _Growing(
            number=len(self.all),
            first=atom,
            category=atom.category,
            minutes=list(atom.minutes),
            members=[atom],
        )
        group.lean(atom)
        self.all.append(group)
        if kind_of(atom.category):
            self.by_kind[kind_of(atom.category)].append(group)
        if atom.lon is not None and atom.lat is not None:
            self.by_cell[cell(atom.lon, atom.lat, resolution=TURN_RESOLUTION)].append(group)


def _known(atom: Atom, group: _Growing) -> Known:
    return Known(
        incident=group.number,
        number="",
        title="",
        category=group.category,
        placed=group.first.placed,
        distance_m=_to_centre(atom, group),
        radius_m=group.first.radius_m,
        minutes=group.heard_before(atom.minutes[0]),
    )


def _within(atom: Atom, group: _Growing) -> bool:
    """Whether it may be near; a distance costs more than a look at the latitudes."""
    if atom.lat is None or group.centre is None:
        return True
    return abs(atom.lat - group.centre[1]) * METRES_PER_DEGREE <= NEAR_M


def _to_centre(atom: Atom, group: _Growing) -> float | None:
    if atom.lon is None or atom.lat is None or group.centre is None:
        return None
    return distance_m(atom.lon, atom.lat, *group.centre)


def _metres(one: Atom, other: Atom) -> float | None:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return distance_m(one.lon, one.lat, other.lon, other.lat)


@lru_cache(maxsize=PLACES_KEPT)
def _cells_near(lon: float, lat: float) -> tuple[int, ...]:
    return tuple(cells_within(lon, lat, radius_m=NEAR_M, resolution=TURN_RESOLUTION))
