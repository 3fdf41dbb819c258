"""The national codes of event types and their names, read once a process. 类型名称"""

import csv
from functools import cache
from importlib import resources
from typing import Final

from django.utils.translation import get_language

TABLES: Final = resources.files("qianjun.incident") / "tables"


@cache
def event_types() -> dict[str, str]:
    """Every known code with its Chinese name. 事件类型"""
    return _names("name_zh")


@cache
def event_types_latin() -> dict[str, str]:
    """Every known code with its English name. 事件类型英文名"""
    return _names("name_en")


def _names(column: str) -> dict[str, str]:
    text = (TABLES / "event_types.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {row["code"]: row[column] for row in csv.DictReader(lines)}


def category_said(code: str) -> str:
    """The name of a code in the reader's language; never for what is stored. 类型称呼"""
    latin = (get_language() or "").startswith("en")
    return (event_types_latin() if latin else event_types()).get(code, "")
