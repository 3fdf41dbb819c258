"""Write the tables and layers of the place module from public tables; same input, same output.

    python -m tools.make_places --communities C.csv --villages V.csv --names N.csv \
        --outline O.geojson --districts D.geojson --to src/qianjun/place

Real: codes and names of divisions (National Bureau of Statistics, cut-off 2023-06-30, by the npm
package china-division 2.7.0) and names of roads, bridges, schools. Synthetic and marked 示意: every
point, every radius, every cell of a community, every site called 演示…. Centres of districts and
cities are rounded so that they say no more than "somewhere over there". 生成地名表与图层
"""

import argparse
import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, radians, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from shapely import (
    GeometryCollection,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    contains_xy,
    set_precision,
    voronoi_polygons,
)
from shapely.geometry import mapping, shape

from tools.place_sources import (
    ALIASES,
    AREA_SHARE,
    CITY_RADIUS_M,
    DIVISION_ALIASES,
    GUANGXI,
    PROVINCES,
    RADIUS_M,
    SITES,
)

SEED = 450202
HOME = "450202"
VALID_FROM = "2023-06-30"
DEGREE_M = 111_195.0
ASPECT = cos(radians(24.36))
SCATTER = 6_000  # points that fill the outline
ROUNDS = 40  # of moving anchors to the middle of what is nearest to them
DIGITS = 5  # of a degree: about a metre
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of divisions.csv."""

    code: str
    name: str
    short_name: str
    kind: str
    level: str
    parent_code: str
    inside: str
    valid_from: str = VALID_FROM
    valid_until: str = ""
    lon: str = ""
    lat: str = ""
    radius_m: str = ""


def main() -> None:
    """Read the arguments and write four files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name in ("communities", "villages", "names", "outline", "districts", "to"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    outline = shape(json.loads(given.outline.read_text())["features"][0]["geometry"])
    assert isinstance(outline, Polygon)
    communities = list(_read(given.communities))
    anchors = anchors_of(outline, [row["street_code"] for row in communities])
    cells = cells_of(outline, anchors)
    tables, layers = given.to / "tables", given.to / "layers"
    divisions = [
        *far_away(),
        *districts(json.loads(given.districts.read_text()), outline),
        *inside(communities, anchors, cells),
    ]
    divisions += outside(_read(given.villages), {row.code: row for row in divisions})
    _write(tables / "divisions.csv", sorted(divisions, key=lambda row: row.code))
    named = {row.short_name: row for row in divisions if row.inside == "true"}
    places = list(places_of(_read(given.names), named, cells, communities))
    _write_dicts(tables / "place_names.csv", places)
    _write_dicts(tables / "aliases.csv", aliases_of(places, named))
    _layer(layers / "outline.geojson", [({"code": HOME, "name": "城中区"}, outline)])
    keys = ("code12", "short_name", "street_code", "street")
    about = [{key: row[key] for key in keys} for row in communities]
    _layer(layers / "communities.geojson", zip(map(_named, about), cells, strict=True))


def _named(row: dict[str, str]) -> dict[str, str]:
    code, name, street_code, street = row.values()
    return {"code": code, "name": name, "street_code": street_code, "street": street}


# --- cells ---------------------------------------------------------------------------------------


def anchors_of(outline: Polygon, streets: list[str]) -> Floats:
    """One synthetic anchor per community; communities of a street lie together.

    The outline is cut from south-west to north-east into one strip per street, in the order of
    their codes and with the shares of AREA_SHARE; inside a strip the anchors spread evenly.
    """
    random = np.random.default_rng(SEED)
    west, south, east, north = outline.bounds
    dots = random.uniform((west, south), (east, north), (SCATTER * 4, 2))
    dots = dots[contains_xy(outline, dots[:, 0], dots[:, 1])][:SCATTER]
    along = dots[:, 0] * ASPECT + dots[:, 1]
    dots = dots[np.argsort(along, kind="stable")]
    anchors: list[Floats] = []
    start = 0.0
    for street in sorted(set(streets)):
        upto = start + AREA_SHARE[street]
        strip = dots[round(start * len(dots)) : round(upto * len(dots))]
        anchors.append(_spread(strip, streets.count(street), random))
        start = upto
    return np.concatenate(anchors).round(DIGITS)


def _spread(dots: Floats, count: int, random: np.random.Generator) -> Floats:
    """Anchors moved to the middle of what is nearest to them, again and again."""
    flat = dots * (ASPECT, 1)
    anchors = flat[random.choice(len(flat), count, replace=False)]
    for _round in range(ROUNDS):
        nearest = ((flat[:, None, :] - anchors[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        anchors = np.stack([flat[nearest == i].mean(axis=0) for i in range(count)])
    order = np.argsort(anchors[:, 0] + anchors[:, 1], kind="stable")
    return anchors[order] / (ASPECT, 1)


def cells_of(outline: Polygon, anchors: Floats) -> list[Polygon]:
    """What of the outline is nearest to each anchor, in the order of the anchors."""
    flat = MultiPoint(anchors * (ASPECT, 1))
    cells = voronoi_polygons(flat, extend_to=outline)
    assert isinstance(cells, GeometryCollection)
    found = []
    for anchor in flat.geoms:
        cell = next(cell for cell in cells.geoms if cell.contains(anchor))
        assert isinstance(cell, Polygon)
        corners = np.asarray(cell.exterior.coords) / (ASPECT, 1)
        piece = Polygon(corners).intersection(outline)
        if isinstance(piece, MultiPolygon):  # an arm of the outline cut off: the larger part
            piece = max(piece.geoms, key=lambda part: part.area)
        assert isinstance(piece, Polygon)
        found.append(piece)
    return found


def _radius_m(cell: Polygon) -> int:
    """The circle of the same area, up to the next 50 m."""
    area_m2 = cell.area * ASPECT * DEGREE_M**2
    return _up(sqrt(area_m2 / 3.14159), 50)


def _up(value: float, step: int) -> int:
    return int(-(-value // step) * step)


# --- divisions -----------------------------------------------------------------------------------


def far_away() -> Iterator[Row]:
    """Provinces without a point, the cities of Guangxi with a rough one."""
    for code, name in PROVINCES.items():
        short = re.sub(r"(壮族|回族|维吾尔)?(自治区|特别行政区|省|市)$", "", name)
        yield Row(code=code, name=name, short_name=short, **_kind("province", "", "false"))
    for code, (name, lon, lat) in GUANGXI.items():
        home = "true" if HOME.startswith(code[:4]) else "false"
        where = _around(lon, lat, CITY_RADIUS_M, 1)
        yield Row(code=code, name=name, short_name=name[:-1], **_kind("city", "45", home), **where)


def _kind(level: str, parent: str, inside: str) -> dict[str, str]:
    return {"kind": "division", "level": level, "parent_code": parent, "inside": inside}


def districts(layer: dict[str, list[dict[str, dict[str, str]]]], outline: Polygon) -> Iterator[Row]:
    """Our district and its neighbours in the city, neighbours with a rounded centre only."""
    for feature in layer["features"]:
        code, name = feature["properties"]["adcode"], feature["properties"]["name"]
        home = code == HOME
        body = outline if home else shape(feature["geometry"])
        centre, step = body.representative_point(), 2 if not home else DIGITS
        hull = body.convex_hull
        assert isinstance(hull, Polygon)
        far_m = max(_distance_m(centre, Point(*xy)) for xy in hull.exterior.coords)
        yield Row(
            code=code,
            name=name,
            short_name=re.sub(r"(苗族自治县|侗族自治县|区|县)$", "", name),
            **_kind("district", "450200", "true" if home else "false"),
            **_around(centre.x, centre.y, _up(far_m, 1000), step),
        )


def _around(lon: float, lat: float, radius_m: float, digits: int = DIGITS) -> dict[str, str]:
    return {
        "lon": f"{lon:.{digits}f}",
        "lat": f"{lat:.{digits}f}",
        "radius_m": f"{radius_m:.0f}",
    }


def _distance_m(a: Point, b: Point) -> float:
    return sqrt(((a.x - b.x) * ASPECT) ** 2 + (a.y - b.y) ** 2) * DEGREE_M


def inside(
    communities: list[dict[str, str]], anchors: Floats, cells: list[Polygon]
) -> Iterator[Row]:
    """Our communities and villages, and the streets they make up."""
    streets: dict[str, list[int]] = {}
    for i, row in enumerate(communities):
        streets.setdefault(row["street_code"], []).append(i)
        kind = "village" if row["kind"] == "village_committee" else "community"
        yield Row(
            code=row["code12"],
            name=row["name"],
            short_name=row["short_name"],
            **{**_kind("community", row["street_code"], "true"), "kind": kind},
            **_around(anchors[i][0], anchors[i][1], _radius_m(cells[i])),
        )
    for code, members in streets.items():
        name = communities[members[0]]["street"]
        lon, lat = anchors[members].mean(axis=0)
        radius = sqrt(sum(_radius_m(cells[i]) ** 2 for i in members))
        where = _around(lon, lat, _up(radius, 50))
        yield Row(code=code, name=name, short_name=name, **_kind("street", HOME, "true"), **where)


def outside(villages: Iterable[dict[str, str]], known: dict[str, Row]) -> list[Row]:
    """Streets and communities of the rest of the city; they stand where their district stands."""
    rows: dict[str, Row] = {}
    for row in villages:
        if (code := row["district_code"]) == HOME:
            continue
        home = known[code]
        where = {"lon": home.lon, "lat": home.lat, "radius_m": home.radius_m}
        street, name = row["street_code"], row["street"]
        rows[street] = Row(
            code=street, name=name, short_name=name, **_kind("street", code, "false"), **where
        )
        village = "村" in row["name"][-5:] and "居" not in row["name"][-5:]
        rows[row["code12"]] = Row(
            code=row["code12"],
            name=row["name"],
            short_name=short_name(row["name"]),
            **{
                **_kind("community", street, "false"),
                "kind": "village" if village else "community",
            },
            **where,
        )
    return list(rows.values())


def short_name(name: str) -> str:
    """文昌社区居委会 -> 文昌社区, 静兰村委会 -> 静兰村, 百朋居民委员会 -> 百朋社区."""
    short = re.sub(r"(居民委员会|居委会)$", "", name)
    short = re.sub(r"村(民委员会|委会)$", "村", short)
    return short if re.search(r"(社区|村|生活区)$", short) else f"{short}社区"


# --- places --------------------------------------------------------------------------------------


def places_of(
    names: Iterable[dict[str, str]],
    named: dict[str, Row],
    cells: list[Polygon],
    communities: list[dict[str, str]],
) -> Iterator[dict[str, str]]:
    """Real names and demo sites at synthetic points, each inside the cell of one community."""
    random = np.random.default_rng(SEED + 1)
    cell_of = {row["code12"]: cell for row, cell in zip(communities, cells, strict=True)}
    shorts = [row["short_name"] for row in communities]
    known = [(row["name"], row["kind"], likest(row["name"], shorts)) for row in names]
    for name, what, community in [*known, *((n, "site", c) for n, c in SITES)]:
        home = named[community or shorts[int(random.integers(len(shorts)))]]
        spot = _spot(cell_of[home.code], random)
        yield {
            "name": name,
            "kind": "road" if what == "road" else "site",
            "division_code": home.code,
            **_around(spot.x, spot.y, RADIUS_M.get(what, RADIUS_M["site"])),
            "schematic": "true",
        }


def likest(name: str, shorts: list[str]) -> str | None:
    """The community with which the name shares most; at least two characters running."""

    def shared(short: str) -> int:
        stem = re.sub(r"(社区|村)$", "", short)
        runs = (stem[i:j] for i in range(len(stem)) for j in range(i + 2, len(stem) + 1))
        return max((len(run) for run in runs if run in name), default=0)

    best = max(shorts, key=shared)
    return best if shared(best) >= 2 else None


def _spot(cell: Polygon, random: np.random.Generator) -> Point:
    """A point well inside the cell."""
    core = cell.buffer(-0.15 * sqrt(cell.area))
    west, south, east, north = core.bounds
    while True:
        spot = Point(np.round(random.uniform((west, south), (east, north)), DIGITS))
        if core.contains(spot):
            return spot


def aliases_of(places: list[dict[str, str]], named: dict[str, Row]) -> list[dict[str, str]]:
    """Other names in use; ``of`` is a division's code or a place's name."""
    known = {row["name"] for row in places}
    rows = [{"of": of, "text": text} for of, texts in ALIASES.items() for text in texts]
    assert {row["of"] for row in rows} <= known, "an alias of nothing"
    by_code = [{"of": of, "text": text} for of, texts in DIVISION_ALIASES.items() for text in texts]
    hundred = named["阳光100社区"].code
    return [*rows, *by_code, {"of": hundred, "text": "阳光一百社区"}]


# --- files ---------------------------------------------------------------------------------------


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write(path: Path, rows: list[Row]) -> None:
    _write_dicts(path, [dict(vars(row)) for row in rows])


def _write_dicts(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _layer(path: Path, features: Iterable[tuple[dict[str, str], Polygon]]) -> None:
    """GeoJSON with one feature a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {**about, "note": "示意"},
                "geometry": mapping(set_precision(body, 10**-DIGITS)),
            },
            ensure_ascii=False,
        )
        for about, body in features
    ]
    body = ",\n".join(lines)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
