"""Questions about places. 地名查询"""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qianjun.kernel import clock
from qianjun.place import areas, gazetteer
from qianjun.place.models import Division
from qianjun.place.rules import Answer, Candidate

__all__ = [
    "Answer",
    "Candidate",
    "Where",
    "community_of",
    "division",
    "divisions",
    "inside_district",
    "locate",
    "street_of",
]


@dataclass(frozen=True, kw_only=True)
class Where:
    """A division by code and short name. 区划"""

    code: str
    name: str


def locate(text: str, *, near: tuple[float, float] | None = None, limit: int = 5) -> Answer:
    """Which place the text names; ``near`` is (lon, lat) of the caller, WGS-84. 定位

    Answers ``found``, ``unsure``, ``none`` or ``elsewhere`` with ranked candidates whose
    probabilities sum to at most one. Names, short names, other names, homophones and one typing
    error are recognised; house numbers, poles and mile posts are not: the road is the answer.
    No statement as long as the gazetteer has not changed.
    """
    return gazetteer.current().locate(text, near=near, limit=limit)


def community_of(lon: float, lat: float) -> Where | None:
    """The community or village at a point, None outside the district. 所在社区"""
    area = areas.cells().at(lon, lat)
    return Where(code=area.code, name=area.name) if area else None


def street_of(lon: float, lat: float) -> Where | None:
    """The sub-district at a point, None outside the district. 所在街道"""
    area = areas.cells().at(lon, lat)
    return Where(code=area.street_code, name=area.street) if area else None


def inside_district(lon: float, lat: float) -> bool:
    """Whether the schematic outline holds the point. 是否在辖区内"""
    return areas.inside(lon, lat)


def divisions(*, on: date | None = None) -> QuerySet[Division]:
    """Divisions in force on a day, today without one, by code. 某日有效的区划"""
    day = on or clock.in_beijing(clock.now()).date()
    return gazetteer.divisions_on(day).order_by("code")


def division(code: str, *, on: date | None = None) -> Division | None:
    """The division with this code on a day, today without one. 按代码查区划"""
    return divisions(on=on).filter(code=code).first()
