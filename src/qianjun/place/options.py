"""What the map lets an administrator choose; no base map is shipped. 地图可设项"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from qianjun.kernel.option import Option
from qianjun.kernel.words import noop as _

TITLE: Final = _("地图底图")
KEY_PLACE: Final = "{key}"
_KEY_NAMES: Final = re.compile(r"(?:(?:api|app|access)?_?(?:key|token)|ak|tk|sk)", re.IGNORECASE)


def _key_apart(url: str) -> str:
    """A key in the address would be shown and written down with it."""
    for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True):
        if _KEY_NAMES.fullmatch(name) and value != KEY_PLACE:
            return _("网址里不要写密钥：写成 {key}，密钥填在下面一项。")
    return ""


OPTIONS: Final = (
    Option(
        name="tile_url",
        kind="url",
        title=_("瓦片网址"),
        help=_("留空就不用底图。网址里写 {z}、{x}、{y}；要密钥的写 {key}。"),
        places=("z", "x", "y"),
        may=("key",),
        check=_key_apart,
    ),
    Option(
        name="tile_crs",
        kind="choice",
        title=_("瓦片坐标系"),
        help=_("选错会偏几百米。国内网络地图多为 GCJ-02，天地图为 WGS-84（CGCS2000）。"),
        default="gcj02",
        choices={"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"},
    ),
    Option(
        name="tile_key",
        kind="secret",
        title=_("瓦片密钥"),
        help=_("加密保存，填好后不再显示。浏览器取底图时要用到它，请在服务商处限制来源。"),
    ),
    Option(
        name="tile_note",
        kind="text",
        title=_("图源和审图号"),
        help=_("显示在地图一角，按服务商要求写全。"),
        longest=80,
    ),
    Option(
        name="tile_most_zoom",
        kind="int",
        title=_("最大级别"),
        help=_("底图最细的一级，再放大时拉伸。"),
        default=18,
        least=1,
        most=22,
        unit=_("级"),
    ),
)
