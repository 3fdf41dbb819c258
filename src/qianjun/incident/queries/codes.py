"""Which codes of event types there are, and the table of joining. 类型代码"""

import tomllib
from functools import cache

from qianjun.incident.categories import TABLES, event_types
from qianjun.incident.rules.joining import Table, kind_of


def is_category(code: str) -> bool:
    """Whether this is one of the codes."""
    return code in event_types()


def category_name(code: str) -> str:
    """The Chinese name of a code, for what is stored; empty for an unknown one. 类型名称"""
    return event_types().get(code, "")


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
