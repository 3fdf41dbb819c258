"""The map of a page: which layers, which base, and everything in the base's coordinates. 地图

Points are WGS-84 everywhere in the house. They are shifted here, once, when they leave for a map
whose tiles are drawn in another system; a click comes back with that system's name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from qianjun.kernel.coordinates import Crs, from_wgs84
from qianjun.kernel.plugins import modules_in
from qianjun.org.actor import Actor, not_found, require
from qianjun.place.areas import outline
from qianjun.place.tiles import Tiles, tiles
from qianjun.response import layers

OWN_CRS: Final = "wgs84"
SIGNED_IN: Final = "signed_in"
DIGITS: Final = 6  # a tenth of a metre


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What the script of a page needs to draw its map. 图面"""

    ground: Tiles | None
    layers: tuple[dict[str, Any], ...]
    bounds: tuple[float, float, float, float]

    @property
    def crs(self) -> Crs:
        """The system in which the page places its points."""
        return self.ground.crs if self.ground else OWN_CRS

    def as_json(self) -> dict[str, Any]:
        """For the script."""
        ground = self.ground
        return {
            "crs": self.crs,
            "tiles": ground.url if ground else "",
            "note": ground.note if ground else "",
            "most_zoom": ground.most_zoom if ground else 0,
            "layers": list(self.layers),
            "bounds": list(self.bounds),
        }


def chart(*, seen_by: Actor) -> Chart:
    """The map as this person may see it. 图面"""
    ground = tiles()
    crs: Crs = ground.crs if ground else OWN_CRS
    west, south, east, north = outline().bounds
    shown = [one for one in all_layers().items() if _may(seen_by, one[1])]
    return Chart(
        ground=ground,
        layers=tuple(_named(name, module) for name, module in shown),
        bounds=(*from_wgs84(west, south, crs=crs), *from_wgs84(east, north, crs=crs)),
    )


@cache
def all_layers() -> dict[str, ModuleType]:
    """Every file of layers, by its name."""
    return modules_in(layers)


def _may(by: Actor, module: ModuleType) -> bool:
    permission: str = module.PERMISSION
    return permission == SIGNED_IN or by.may(permission)


def _named(name: str, module: ModuleType) -> dict[str, Any]:
    return {
        "name": name,
        "title": gettext(module.TITLE),
        "url": reverse("map_layer", args=[name]),
        "live": module.LIVE,
    }


def layer(*, seen_by: Actor, name: str) -> dict[str, Any]:
    """A layer as GeoJSON in the coordinates of the base map; 404 and 403 as elsewhere. 图层"""
    module = all_layers().get(name)
    if module is None:
        raise not_found()
    if module.PERMISSION != SIGNED_IN:
        require(seen_by, module.PERMISSION)
    ground = tiles()
    features = [
        _shown(one, ground.crs if ground else OWN_CRS) for one in module.features(seen_by=seen_by)
    ]
    return {"type": "FeatureCollection", "features": features}


def _shown(feature: Mapping[str, Any], crs: Crs) -> dict[str, Any]:
    if crs == OWN_CRS:
        return dict(feature)
    geometry = feature["geometry"]
    return {**feature, "geometry": {**geometry, "coordinates": _at(geometry["coordinates"], crs)}}


def _at(coordinates: Sequence[Any], crs: Crs) -> list[Any]:
    if isinstance(coordinates[0], int | float):
        lon, lat = coordinates[:2]
        return list(shown_at(lon, lat, crs=crs))
    return [_at(one, crs) for one in coordinates]


def shown_at(lon: float, lat: float, *, crs: Crs) -> tuple[float, float]:
    """Where a point of the house stands on a map in this system. 图上位置"""
    x, y = from_wgs84(lon, lat, crs=crs)
    return round(x, DIGITS), round(y, DIGITS)
