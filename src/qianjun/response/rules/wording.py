"""How orders and notices are worded. 指令与通知的措辞"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from qianjun.response.rules.measuring import Planned

LINES_SHOWN: Final = 12


def supporting_lines(tasks: Iterable[Planned]) -> dict[str, str]:
    """By unit, what it supports and nobody else's lines: who leads a task has its order. 配合"""
    helps: dict[str, list[str]] = defaultdict(list)
    for one in tasks:
        for code in one.supporting:
            helps[code].append(one.title.zh)
    return {code: f"配合 {_numbered(lines)}。" for code, lines in helps.items()}


def _numbered(lines: Sequence[str]) -> str:
    shown = [f"{n}.{line}" for n, line in enumerate(lines[:LINES_SHOWN], start=1)]
    more = [f"等 {len(lines)} 项"] if len(lines) > LINES_SHOWN else []
    return "；".join([*shown, *more])


def filled(text: str, places: Mapping[str, str]) -> str:
    """A text of a plan with its places filled; every place that it may have is known."""
    for name, value in places.items():
        text = text.replace("{" + name + "}", value)
    return text


def joined(lines: Iterable[str]) -> str:
    """Measures in one sentence."""
    return "；".join(lines)
