"""A sketch of the district with the candidates on it: no map, and it says so. 示意图"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Protocol

LAYERS: Final = resources.files("qianjun.place") / "layers"
M_PER_DEGREE: Final = 111_320.0
MIDDLE_LAT: Final = 24.35
WIDE_M: Final = 3_000.0
MARGIN: Final = 0.12
SHOWN: Final = 5
RATIO: Final = 0.8  # height by width of the panel

Box = tuple[float, float, float, float]


class Placed(Protocol):
    """Anything with a name, a point and a radius."""

    @property
    def lon(self) -> float: ...  # noqa: D102
    @property
    def lat(self) -> float: ...  # noqa: D102
    @property
    def radius_m(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A candidate in metres of the sketch; ``size`` is that of its mark. 候选点"""

    n: int
    x: float
    y: float
    radius: float
    size: float
    label_y: float


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """What the SVG needs: a window in metres, the communities, the dots. 示意图"""

    box: str
    communities: tuple[str, ...]
    outline: str
    dots: tuple[Dot, ...]
    line: float


def _project(lon: float, lat: float) -> tuple[float, float]:
    east = lon * M_PER_DEGREE * math.cos(math.radians(MIDDLE_LAT))
    return east - _origin()[0], _origin()[1] - lat * M_PER_DEGREE


@cache
def _origin() -> tuple[float, float]:
    return 109.3 * M_PER_DEGREE * math.cos(math.radians(MIDDLE_LAT)), 24.5 * M_PER_DEGREE


def _rings(name: str) -> list[list[tuple[float, float]]]:
    read = json.loads((LAYERS / name).read_text(encoding="utf-8"))
    rings = [feature["geometry"]["coordinates"][0] for feature in read["features"]]
    return [[_project(lon, lat) for lon, lat in ring] for ring in rings]


@cache
def _communities() -> tuple[str, ...]:
    return tuple(_path(ring) for ring in _rings("communities.geojson"))


@cache
def _outline() -> tuple[str, Box]:
    (ring,) = _rings("outline.geojson")
    xs, ys = zip(*ring, strict=True)
    return _path(ring), (min(xs), min(ys), max(xs), max(ys))


def _path(ring: Sequence[tuple[float, float]]) -> str:
    return "M" + " ".join(f"{x:.0f},{y:.0f}" for x, y in ring) + "z"


def sketch(places: Sequence[Placed]) -> Sketch:
    """The district, or the part of it in which the first candidates lie. 示意"""
    path, whole = _outline()
    shown = places[:SHOWN]
    west, north, east, south = _around(shown) if shown else whole
    width = (east - west) * (1 + 2 * MARGIN)
    height = max((south - north) * (1 + 2 * MARGIN), width * RATIO)
    width = max(width, height / RATIO)
    left, top = (west + east - width) / 2, (north + south - height) / 2
    return Sketch(
        box=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        communities=_communities(),
        outline=path,
        dots=tuple(_dot(n, one, width=width) for n, one in enumerate(shown, 1)),
        line=width / 400,
    )


def _around(places: Sequence[Placed]) -> Box:
    spots = [(*_project(one.lon, one.lat), one.radius_m) for one in places]
    west, east = min(x - r for x, _, r in spots), max(x + r for x, _, r in spots)
    north, south = min(y - r for _, y, r in spots), max(y + r for _, y, r in spots)
    more = max(0.0, WIDE_M - (east - west)) / 2
    return west - more, north, east + more, south


def _dot(n: int, place: Placed, *, width: float) -> Dot:
    x, y = _project(place.lon, place.lat)
    size = width / 40
    return Dot(
        n=n, x=round(x), y=round(y), radius=place.radius_m, size=size, label_y=y + size * 0.42
    )
