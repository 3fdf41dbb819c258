"""The table of units that comes with the house. 随附单位表"""

import csv
from importlib.resources import files


def shipped_units() -> list[dict[str, str]]:
    """Every unit of the table: code, name, short_name, kind, level, parent. 单位"""
    text = files("qianjun.org").joinpath("tables/units.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
