"""The gauges of this house, read from their table once. 测站表"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from qianjun.place.gauges.rules import Gauge, read_gauge

FILE: Final = Path(__file__).parents[1] / "tables" / "gauges.toml"


@cache
def gauges() -> Mapping[str, Gauge]:
    """The gauges by code, in the order of the table. 测站表"""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["gauges"]
    return {one["code"]: read_gauge(one) for one in told}
