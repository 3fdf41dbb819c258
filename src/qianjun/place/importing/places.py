"""Names of places with their point; a place is found again by its name. 地名导入

The coordinate system must be said in the sheet: a point read in the wrong one lies half a
kilometre away, and nobody can see it from the figures.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from shapely.geometry import Point

from qianjun.journal.search import put_words
from qianjun.kernel.coordinates import to_wgs84
from qianjun.kernel.geometry import cell
from qianjun.kernel.sheets import Column, RowOutcome, Table
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.imports.kinds import Complaint, Found, Outcome, Snapshot
from qianjun.place import areas, gazetteer
from qianjun.place.models import Alias, Place

SOURCE: Final = "import"
RADIUS_M: Final = 100
RIM_DEGREES: Final = 0.03  # about three kilometres
ALIAS_CHARACTERS: Final = 80
PLACES: Final = 6  # decimals of a degree: a tenth of a metre
BETWEEN_NAMES: Final = re.compile(r"[、,，;；/\n]+")
FIELDS: Final = (
    *("name", "kind", "division_code", "lon", "lat", "radius_m", "cell", "schematic"),
    *("sort_key", "search", "added_by"),
)
KEPT: Final = ("kind", "division_code", "lon", "lat", "radius_m", "schematic", "added_by")
SAID: Final = {
    "outside": _("这个点不在辖区内；请核对经纬度和坐标系。"),
    "swapped": _("经度和纬度像是写反了。"),
    "alias_too_long": _("有一个别名超过 80 字。"),
}
TABLE: Final = Table(
    name="places",
    columns=(
        Column(
            field="name",
            zh=_("名称"),
            titles=("地名", "地点", "地点名称", "点位名称", "场所名称"),
            required=True,
            max_chars=80,
        ),
        Column(
            field="kind",
            zh=_("种类"),
            kind="choice",
            titles=("类型", "类别"),
            choices={"地点": "site", "场所": "site", "道路": "road", "路": "road"},
        ),
        Column(
            field="lon",
            zh=_("经度"),
            kind="decimal",
            titles=("东经", "lon", "lng", "longitude", "x坐标"),
            required=True,
            least=-180,
            most=180,
        ),
        Column(
            field="lat",
            zh=_("纬度"),
            kind="decimal",
            titles=("北纬", "lat", "latitude", "y坐标"),
            required=True,
            least=-180,
            most=180,
        ),
        Column(
            field="crs",
            zh=_("坐标系"),
            kind="choice",
            titles=("坐标系统", "坐标类型", "坐标来源", "crs"),
            choices={
                "WGS-84": "wgs84",
                "CGCS2000": "wgs84",
                "国家2000": "wgs84",
                "GPS": "wgs84",
                "天地图": "wgs84",
                "GCJ-02": "gcj02",
                "高德": "gcj02",
                "腾讯": "gcj02",
                "火星坐标": "gcj02",
                "BD-09": "bd09",
                "百度": "bd09",
            },
            required=True,
        ),
        Column(
            field="radius_m",
            zh=_("半径（米）"),
            kind="int",
            titles=("半径", "范围（米）"),
            least=1,
            most=20_000,
        ),
        Column(field="aliases", zh=_("别名"), titles=("俗称", "又名", "曾用名"), max_chars=400),
    ),
    key=("name",),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """What a row wants; None leaves what is. 所求"""

    name: str
    lon: float
    lat: float
    division_code: str
    kind: str | None
    radius_m: int | None
    aliases: frozenset[str]


class _No(Exception):
    """A row that does not fit here."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(code)
        self.column, self.code = column, code


def _meant(row: RowOutcome) -> Meant:
    values: dict[str, Any] = row.values
    lon, lat = _point(values["lon"], values["lat"], crs=values["crs"])
    area = areas.cells().at(lon, lat) or _near(lon, lat)
    aliases = [one.strip() for one in BETWEEN_NAMES.split(values["aliases"] or "")]
    if any(len(one) > ALIAS_CHARACTERS for one in aliases):
        raise _No("aliases", "alias_too_long")
    return Meant(
        name=values["name"],
        lon=lon,
        lat=lat,
        division_code=area.code,
        kind=values["kind"],
        radius_m=values["radius_m"],
        aliases=frozenset(one for one in aliases if one and one != values["name"]),
    )


def _near(lon: float, lat: float) -> areas.Area:
    """The nearest area: the layers are schematic, so a point a little outside may lie inside."""
    here = Point(lon, lat)
    if areas.outline().distance(here) > RIM_DEGREES:
        raise _No("lon", "outside")
    cells = areas.cells()
    return cells.areas[int(cells.tree.nearest(here))]


def _point(lon: Decimal, lat: Decimal, *, crs: Any) -> tuple[float, float]:  # noqa: ANN401
    if abs(lat) > 90:
        raise _No("lat", "swapped")
    east, north = to_wgs84(float(lon), float(lat), crs=crs)
    return round(east, PLACES), round(north, PLACES)


class Places:
    """The kind. 地名"""

    name, title, permission, about, table = "places", _("地名"), "import.place", "place", TABLE

    def judge(self, rows: Sequence[RowOutcome]) -> list[Found]:
        """By name, with the names that are in use for it."""
        names = [str(row.values["name"]) for row in rows]
        known = {
            one.name: one
            for one in Place.objects.filter(name__in=names).prefetch_related("aliases")
        }
        return [_judged(row, known) for row in rows]

    def write(self, rows: Sequence[Found], *, source: str) -> list[int]:
        """New ones, changed ones, their names; every index of names follows."""
        del source  # the gazetteer keeps the way, not the file
        known = Place.objects.in_bulk([row.about for row in rows if row.about is not None])
        places = [_filled(known.get(row.about or 0), row.meant) for row in rows]
        Place.objects.bulk_create([one for one in places if one.pk is None])
        Place.objects.bulk_update([known[pk] for pk in known], FIELDS)
        Alias.objects.bulk_create(
            [
                Alias(place=one, text=text)
                for row, one in zip(rows, places, strict=True)
                for text in sorted(row.meant.aliases)
            ],
            ignore_conflicts=True,
        )
        gazetteer.changed()
        return [one.pk for one in places]

    def snapshots(self, idents: Sequence[int]) -> dict[int, Snapshot]:
        """Its columns and its other names."""
        return {
            one.pk: {"name": one.name}
            | {name: getattr(one, name) for name in KEPT}
            | {"aliases": sorted(alias.text for alias in one.aliases.all())}
            for one in Place.objects.filter(pk__in=idents).prefetch_related("aliases")
        }

    def remove(self, idents: Sequence[int]) -> None:
        """Other names go with them."""
        Place.objects.filter(pk__in=idents).delete()
        gazetteer.changed()

    def restore(self, before: Mapping[int, Snapshot]) -> None:
        """Point, kind and names as they were."""
        places = [_restored(pk, one) for pk, one in before.items()]
        Place.objects.bulk_update(places, FIELDS)
        for one in Alias.objects.filter(place__in=list(before)):
            if one.text not in before[one.place_id or 0]["aliases"]:
                one.delete()


def _judged(row: RowOutcome, known: Mapping[str, Place]) -> Found:
    try:
        meant = _meant(row)
    except _No as no:
        complaint = Complaint(
            row=row.row_number,
            column=TABLE.by_field[no.column].zh,
            code=no.code,
            said=SAID[no.code],
        )
        return Found(row_number=row.row_number, outcome="refused", problems=(complaint,))
    place = known.get(meant.name)
    if place is None:
        return Found(row_number=row.row_number, outcome="new", meant=meant)
    outcome: Outcome = "unchanged" if _is_so(meant, place) else "changed"
    return Found(row_number=row.row_number, outcome=outcome, about=place.pk, meant=meant)


def _is_so(meant: Meant, place: Place) -> bool:
    """Whether the gazetteer says already what the row says."""
    point = (round(place.lon, PLACES), round(place.lat, PLACES)) == (meant.lon, meant.lat)
    kind = meant.kind in (None, place.kind)
    radius = meant.radius_m in (None, place.radius_m)
    names = meant.aliases <= {alias.text for alias in place.aliases.all()}
    return point and kind and radius and names


def _filled(place: Place | None, meant: Meant) -> Place:
    if place is None:
        place = Place(name=meant.name, kind="site", radius_m=RADIUS_M, added_by=SOURCE)
    place.lon, place.lat, place.division_code = meant.lon, meant.lat, meant.division_code
    place.kind = meant.kind or place.kind
    place.radius_m = meant.radius_m or place.radius_m
    place.schematic = False
    place.cell, place.sort_key = cell(meant.lon, meant.lat), sort_key(meant.name)
    return put_words(place)


def _restored(pk: int, kept: Snapshot) -> Place:
    columns = {name: kept[name] for name in ("name", *KEPT)}
    place = Place(
        pk=pk,
        cell=cell(kept["lon"], kept["lat"]),
        sort_key=sort_key(kept["name"]),
        **columns,
    )
    return put_words(place)


KIND = Places()
