"""The national codes of event types, and the table of joining: read once a process. 类型代码"""

import csv
import tomllib
from functools import cache
from importlib import resources

from django.utils.translation import get_language

from qianjun.incident.rules.joining import Table, kind_of

TABLES = resources.files("qianjun.incident") / "tables"


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


def is_category(code: str) -> bool:
    """Whether this is one of the codes."""
    return code in event_types()


def category_name(code: str) -> str:
    """The Chinese name of a code, for what is stored; empty for an unknown one. 类型名称"""
    return event_types().get(code, "")


def category_said(code: str) -> str:
    """The name of a code in the reader's language; never for what is stored. 类型称呼"""
    latin = (get_language() or "").startswith("en")
    return (event_types_latin() if latin else event_types()).get(code, "")


def kind_name(code: str) -> str:
    """The Chinese name of the level-2 code above a code."""
    return category_name(kind_of(code)) or category_name(code)


@cache
def join_table() -> Table:
    """How probable it is that two reports are one incident. 归并概率表"""
    found = tomllib.loads((TABLES / "join.toml").read_text(encoding="utf-8"))
    rows = {name: tuple(map(tuple, found[name])) for name in ("same", "other", "unknown")}
    return Table(
        metres=tuple(found["metres"]),
        minutes=tuple(found["minutes"]),
        again=tuple(found["again"]),
        area_km2=found["area_km2"],
        **rows,
    )
