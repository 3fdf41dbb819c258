"""Which communities no team answers for, and who is next to them. 覆盖规则"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from qianjun.kernel.geometry import distance_m


class Placed(Protocol):
    """Something with a point. 有位置的"""

    @property
    def lon(self) -> float: ...  # noqa: D102
    @property
    def lat(self) -> float: ...  # noqa: D102


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, kw_only=True)
class Community:
    """A community by code, with its point. 社区"""

    code: str
    name: str
    street: str
    lon: float
    lat: float


def uncovered(communities: Iterable[Community], codes: Collection[str]) -> list[Community]:
    """Those for which nobody answers, in their order. 未覆盖社区"""
    return [one for one in communities if one.code not in codes]


def nearest(place: Placed, teams: Sequence[P]) -> tuple[P, float] | None:
    """The team closest to a place and how far it is, in metres; None without teams. 邻近队伍"""
    if not teams:
        return None
    far = [distance_m(place.lon, place.lat, one.lon, one.lat) for one in teams]
    best = min(range(len(teams)), key=far.__getitem__)
    return teams[best], far[best]
