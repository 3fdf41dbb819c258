"""What sheets of teams and of volunteers have in common: points, communities, skills. 表格共用"""

import re
from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.db.models import Model

from qianjun.force.queries.communities import communities
from qianjun.force.rules.covering import Community
from qianjun.force.skills import code_named, mask_of
from qianjun.kernel import clock
from qianjun.kernel.coordinates import to_wgs84
from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.words import noop as _
from qianjun.org.imports.kinds import Complaint, Found
from qianjun.org.models import Unit
from qianjun.place.queries import community_of

MOBILE, SYNTHETIC = re.compile(r"1[3-9]\d{9}"), re.compile(r"100\d{8}")
BETWEEN: Final = re.compile(r"[、,，;；/\s]+")
PLACES: Final = 6  # decimals of a degree: a tenth of a metre
LONS, LATS = (73.0, 136.0), (3.0, 54.0)
SAID: Final = {
    "unknown_unit": _("没有这个单位；请写系统里的单位全称、简称或代码。"),
    "two_units": _("有几个单位都叫这个名字，请写单位代码。"),
    "unknown_community": _("没有这个社区；请写系统里的社区简称或代码。"),
    "unknown_skill": _("没有这项技能；请写技能表里的名称。"),
    "not_a_mobile": _("不是手机号码。"),
    "not_synthetic": _("演示和演练环境只收 100 开头的虚构号码。"),
    "half_a_point": _("经度和纬度要一起写。"),
    "crs_needed": _("写了经纬度，就要写坐标系。"),
    "not_in_china": _("这个点不在中国境内；经度和纬度可能写反了。"),
    "no_place": _("请写所在社区，或写经纬度和坐标系。"),
}
POINT_COLUMNS: Final = (
    Column(
        field="lon",
        zh=_("经度"),
        kind="decimal",
        titles=("东经", "lon", "lng", "longitude"),
        least=-180,
        most=180,
    ),
    Column(
        field="lat",
        zh=_("纬度"),
        kind="decimal",
        titles=("北纬", "lat", "latitude"),
        least=-180,
        most=180,
    ),
    Column(
        field="crs",
        zh=_("坐标系"),
        kind="choice",
        titles=("坐标系统", "坐标类型", "crs"),
        choices={
            "WGS-84": "wgs84",
            "CGCS2000": "wgs84",
            "GPS": "wgs84",
            "天地图": "wgs84",
            "GCJ-02": "gcj02",
            "高德": "gcj02",
            "腾讯": "gcj02",
            "BD-09": "bd09",
            "百度": "bd09",
        },
    ),
)
ABLE_COLUMNS: Final = (
    Column(
        field="skills",
        zh=_("技能"),
        titles=("特长", "专业技能", "服务技能", "专业能力", "救援能力"),
    ),
    Column(
        field="insured_until",
        zh=_("保险有效期至"),
        kind="date",
        titles=("保险到期", "保险截止", "保险期至", "保险有效期"),
    ),
)


class No(Exception):
    """A row that the base refuses. 不收的行"""

    def __init__(self, column: str, code: str, **words: int) -> None:
        super().__init__(code)
        self.column, self.code, self.words = column, code, words


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Units and communities by every name they have. 单位与社区"""

    units: Mapping[str, list[int]]
    communities: Mapping[str, Community]

    def unit(self, name: str, column: str) -> int:
        """The one unit of this name."""
        found = self.units.get(name, [])
        if len(found) != 1:
            raise No(column, "two_units" if found else "unknown_unit")
        return found[0]

    def community(self, name: str, column: str) -> Community:
        """The community of this name or code."""
        found = self.communities.get(name)
        if found is None:
            raise No(column, "unknown_community")
        return found


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where somebody is at home; schematic when only his community is known. 位置"""

    lon: float
    lat: float
    schematic: bool
    community: str


def ground() -> Ground:
    """Units and communities as they are now; two statements."""
    units = defaultdict[str, list[int]](list)
    for pk, *called in Unit.objects.values_list("pk", "code", "name", "short_name"):
        for word in set(called):
            units[word].append(pk)
    known = communities()
    called_so = {word: one for one in known for word in (one.code, one.name)}
    return Ground(units=units, communities=called_so)


def spot_of(values: Mapping[str, Any], *, community: Community | None) -> Spot:
    """The point of the row, else that of the community. 位置"""
    lon, lat, crs = values["lon"], values["lat"], values["crs"]
    if lon is None and lat is None:
        if community is None:
            raise No("lon", "no_place")
        here = community
        return Spot(lon=here.lon, lat=here.lat, schematic=True, community=here.code)
    if lon is None or lat is None:
        raise No("lat", "half_a_point")
    if crs is None:
        raise No("crs", "crs_needed")
    if not (LONS[0] <= lon <= LONS[1] and LATS[0] <= lat <= LATS[1]):
        raise No("lon", "not_in_china")
    east, north = (round(x, PLACES) for x in to_wgs84(float(lon), float(lat), crs=crs))
    where = community_of(east, north)
    code = community.code if community else where.code if where else ""
    return Spot(lon=east, lat=north, schematic=False, community=code)


def skills_of(text: str | None) -> int | None:
    """The set of the skills that are named; None when the cell is empty."""
    if not text:
        return None
    codes = [code_named(word) for word in BETWEEN.split(text) if word]
    if None in codes:
        raise No("skills", "unknown_skill")
    return mask_of(code for code in codes if code)


def check_mobile(phone: str, column: str) -> None:
    """Real mobiles in earnest, made-up ones elsewhere."""
    if settings.REALM == "live":
        if not MOBILE.fullmatch(phone):
            raise No(column, "not_a_mobile")
    elif not SYNTHETIC.fullmatch(phone):
        raise No(column, "not_synthetic")


def morning_of(day: date) -> datetime:
    """When a day begins here."""
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


def refused(row: int, no: No, *, table: Table, said: Mapping[str, str]) -> Found:
    """The row as it is told to whoever brought it. 拒收"""
    complaint = Complaint(
        row=row,
        column=table.by_field[no.column].zh,
        code=no.code,
        words=no.words,
        said=said[no.code],
    )
    return Found(row_number=row, outcome="refused", problems=(complaint,))


def put_back(row: Model, names: Container[str], kept: Mapping[str, Any]) -> None:
    """Columns of a row as a snapshot has kept them."""
    for column in row._meta.concrete_fields:
        name = column.attname
        if name in names:
            value = kept[name]
            setattr(row, name, value if column.is_relation else column.to_python(value))


def as_json(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """A value as a snapshot keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value
