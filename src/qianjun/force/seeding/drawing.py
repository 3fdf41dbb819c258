"""What is drawn for the demo: names, numbers, points in communities, sums that come out. 抽取"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from shapely import contains_xy, prepare
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from qianjun.kernel.geometry import moved
from qianjun.org.rules import SYNTHETIC
from qianjun.org.seeding import PEOPLE
from qianjun.place.areas import layer
from qianjun.place.models import Division

SEED: Final = 450_202
# the families of the region first: they are drawn more often
FAMILIES: Final = "韦覃黄李陈梁莫蒙罗张刘王吴杨周何廖蓝谢邓潘卢石龙唐农陆吕苏赵甘林曾欧谭贾"
FIRST: Final = "晓文志海国秀建丽春桂明永小玉家庆世佳思宏立美雪雅子锦"
SECOND: Final = "强英华芳军玲平兰勇梅林凤辉燕荣珍峰红龙静宁娟波霞刚敏杰萍涛琴"
TRIES_MOST: Final = 200
Points = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Home:
    """A community as somebody may live in it. 社区"""

    code: str
    name: str
    kind: str
    lon: float
    lat: float
    radius_m: float
    shape: BaseGeometry


def homes() -> list[Home]:
    """The communities and villages of the district with their schematic cells, by code."""
    cells = {
        f["properties"]["code"]: shape(f["geometry"]) for f in layer("communities")["features"]
    }
    rows = Division.objects.filter(inside=True, level="community", valid_until=None)
    return [
        Home(
            code=row.code,
            name=row.short_name,
            kind=row.kind,
            lon=row.lon or 0.0,
            lat=row.lat or 0.0,
            radius_m=row.radius_m or 1,
            shape=cells[row.code],
        )
        for row in rows.order_by("code")
        if row.lon is not None and row.code in cells
    ]


def names(count: int, dice: np.random.Generator) -> list[str]:
    """So many names that begin with 演示; none is that of an account of the demo. 姓名"""
    taken = {one.name for one in PEOPLE}
    often = 1.0 / (3 + np.arange(len(FAMILIES)))
    family = dice.choice(len(FAMILIES), count, p=often / often.sum())
    first, second = (dice.integers(0, len(signs), count) for signs in (FIRST, SECOND))
    found = [
        f"{SYNTHETIC}{FAMILIES[a]}{FIRST[b]}{SECOND[c]}"
        for a, b, c in zip(family.tolist(), first.tolist(), second.tolist(), strict=True)
    ]
    return [f"{name}儿" if name in taken else name for name in found]


def points_in(home: Home, count: int, dice: np.random.Generator) -> Points:
    """So many points within the radius of a community and inside its cell. 示意坐标"""
    prepare(home.shape)
    lons, lats = np.empty(0), np.empty(0)
    for _try in range(TRIES_MOST):
        missing = count - len(lons)
        if missing <= 0:
            break
        far = home.radius_m * np.sqrt(dice.random(2 * missing + 8))
        turn = 2 * np.pi * dice.random(len(far))
        lon, lat = _moved(home, far * np.cos(turn), far * np.sin(turn))
        inside = contains_xy(home.shape, lon, lat)
        lons, lats = np.append(lons, lon[inside][:missing]), np.append(lats, lat[inside][:missing])
    rest = count - len(lons)  # a cell that holds nearly nothing of its disc
    return np.append(lons, np.full(rest, home.lon)), np.append(lats, np.full(rest, home.lat))


def _moved(home: Home, east: NDArray[np.float64], north: NDArray[np.float64]) -> Points:
    lon1, lat1 = moved(home.lon, home.lat, east_m=1, north_m=1)
    return home.lon + east * (lon1 - home.lon), home.lat + north * (lat1 - home.lat)


def split(total: int, parts: int, *, least: int, dice: np.random.Generator) -> list[int]:
    """Whole numbers of at least so much whose sum is the total, unevenly. 拆分"""
    share = dice.dirichlet(np.full(parts, 3.0))
    rest = dice.multinomial(total - least * parts, share)
    return [least + int(n) for n in rest]


def drawn(sequence: Sequence[str], count: int, dice: np.random.Generator) -> list[str]:
    """So many different ones, in the order of the sequence. 抽取若干"""
    chosen = sorted(dice.choice(len(sequence), count, replace=False).tolist())
    return [sequence[n] for n in chosen]
