"""The base map that the administrator has chosen, for the page that draws it. 底图"""

from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import quote, urlsplit

from qianjun.kernel.coordinates import Crs
from qianjun.org.store import secret, setting, text_setting
from qianjun.place.options import KEY_PLACE

MODULE: Final = "place"


@dataclass(frozen=True, kw_only=True)
class Tiles:
    """Where a browser gets the tiles. 瓦片

    ``url`` holds ``{z}``, ``{x}``, ``{y}`` and, where the provider wants one, the key; ``crs`` says
    in which coordinates the tiles are drawn: points must be converted before they are laid over
    them. ``origin`` is what the page's policy must allow. ``note`` must be shown on the map.
    """

    url: str
    crs: Crs
    origin: str
    note: str
    most_zoom: int


def tiles() -> Tiles | None:
    """The tiles to draw, None when there are none or their key is missing. 底图设置"""
    url = text_setting(MODULE, "tile_url")
    key = secret(MODULE, "tile_key") if KEY_PLACE in url else ""
    if not url or (KEY_PLACE in url and not key):
        return None
    parts = urlsplit(url)
    return Tiles(
        url=url.replace(KEY_PLACE, quote(key, safe="")),
        crs=cast("Crs", text_setting(MODULE, "tile_crs")),
        origin=f"{parts.scheme}://{parts.netloc}",
        note=text_setting(MODULE, "tile_note"),
        most_zoom=cast("int", setting(MODULE, "tile_most_zoom")),
    )
