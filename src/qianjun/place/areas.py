"""The outline and the community cells, read once, asked often. 辖区范围

Trap: the layers are schematic (示意). A point near a rim may lie on the other side in truth, so
nothing is refused because of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shapely import STRtree, contains_xy, prepare
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

FIELDS = ("code", "name", "street_code", "street")
LAYERS = Path(__file__).parent / "layers"


@dataclass(frozen=True, kw_only=True)
class Area:
    """A community and its street, by code and short name."""

    code: str
    name: str
    street_code: str
    street: str


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Areas with a search tree over their cells."""

    areas: tuple[Area, ...]
    tree: STRtree

    def at(self, lon: float, lat: float) -> Area | None:
        """The area at a point; on a shared rim the first by code."""
        rows = self.tree.query(Point(lon, lat), predicate="intersects")
        return self.areas[min(rows)] if len(rows) else None


@lru_cache(maxsize=1)
def outline() -> BaseGeometry:
    """The outline of the district, prepared."""
    (feature,) = _features("outline")
    body = shape(feature["geometry"])
    prepare(body)
    return body


@lru_cache(maxsize=1)
def cells() -> Cells:
    """The community cells; built once per process."""
    features = _features("communities")
    known = [f["properties"] for f in features]
    return Cells(
        areas=tuple(Area(**{name: p[name] for name in FIELDS}) for p in known),
        tree=STRtree([shape(f["geometry"]) for f in features]),
    )


def inside(lon: float, lat: float) -> bool:
    """Whether the outline holds the point; a rim counts as outside."""
    return bool(contains_xy(outline(), lon, lat))


def layer(name: str) -> dict[str, Any]:
    """A shipped layer as GeoJSON; the caller must not change it."""
    read: dict[str, Any] = json.loads((LAYERS / f"{name}.geojson").read_text("utf-8"))
    return read


def _features(name: str) -> list[Mapping[str, Any]]:
    return list(layer(name)["features"])
