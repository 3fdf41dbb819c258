"""What is wrong with a plan's file, where, and what to do about it. 预案文件的问题"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Step = str | int
Path = tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A catalogue sentence about one key; the places of the sentence are filled from ``words``."""

    path: Path
    zh: str
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key as people write it: levels[2].title.en, counting from one."""
        said = ""
        for step in self.path:
            said += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if said else step
        return said


def line_of(text: str, path: Path) -> int:
    """The line of a key in the file, or of the nearest thing around it that is there; from 1.

    TOML readers do not keep lines; files of plans are written with ``[[table]]`` headers, so the
    header is counted and the key looked for below it.
    """
    lines = text.splitlines()
    at, end = 0, len(lines)
    header = ""
    for step, number in _pairs(path):
        header = f"{header}.{step}" if header else step
        found = _headers(lines, header, at, end)
        if len(found) > number:
            at = found[number]
            end = found[number + 1] if number + 1 < len(found) else end
            continue
        key = re.compile(rf"\s*(?:[\w.]+\.)?{re.escape(step)}\s*[=.]")
        below = (n for n in range(at, end) if key.match(lines[n]))
        return next(below, at) + 1
    return at + 1


def _pairs(path: Path) -> list[tuple[str, int]]:
    """Names with the number that follows them, 0 where none does."""
    pairs: list[tuple[str, int]] = []
    for step in path:
        if isinstance(step, int):
            pairs[-1] = (pairs[-1][0], step)
        else:
            pairs.append((step, 0))
    return pairs


def _headers(lines: list[str], name: str, at: int, end: int) -> list[int]:
    header = re.compile(rf"\s*\[\[?{re.escape(name)}\]\]?\s*(?:#.*)?$")
    return [n for n in range(at, end) if header.match(lines[n])]
