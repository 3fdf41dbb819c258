"""The rail beside every page: each module declares its own entries. 导航

They stand in ``<module>/tables/rail.toml``, one ``[[pages]]`` per entry, in both languages, so
that a module which is added needs no change outside its folder.
"""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from qianjun.org.brought import known_only, read_table
from qianjun.site.modules import PACKAGE

FILE: Final = "tables/rail.toml"
SECTION: Final = "pages"
CHINESE: Final = "zh"
REALMS: Final = ("live", "demo", "drill")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page of the rail; ``also`` are addresses below it that mark it as current. 导航条目"""

    url: str
    icon: str
    zh: str
    en: str
    permission: str
    order: int
    also: tuple[str, ...] = ()
    realms: tuple[str, ...] = REALMS
    unless: str = ""

    def said_in(self, language: str) -> str:
        """Its word in this language."""
        return self.zh if language.startswith(CHINESE) else self.en

    def covers(self, name: str) -> bool:
        """Whether the page of this name belongs to it."""
        return name == self.url or name in self.also


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry as it stands on the page."""

    url: str
    icon: str
    word: str
    current: bool


KNOWN: Final = {one.name for one in fields(Entry)}
NEEDED: Final = KNOWN - {"also", "realms", "unless"}
NUMBERS: Final = {"order"}
LISTS: Final = {"also", "realms"}


@cache
def entries(package: Path = PACKAGE) -> tuple[Entry, ...]:
    """Every entry of every module in its order, read once. 全部条目

    RuntimeError names the file with a field that nobody knows, lacks or spells otherwise.
    """
    found = [one for file in sorted(package.glob(f"*/{FILE}")) for one in _read(file)]
    return tuple(sorted(found, key=lambda one: (one.order, one.url)))


def _read(file: Path) -> list[Entry]:
    told = read_table(file, sections=frozenset({SECTION}))
    return [_entry(one, file) for one in told.get(SECTION, [])]


def _entry(told: dict[str, Any], file: Path) -> Entry:
    known_only(told, KNOWN, file)
    if missing := NEEDED - set(told):
        raise RuntimeError(f"{file}: an entry lacks {', '.join(sorted(missing))}")
    for name, value in told.items():
        kind = int if name in NUMBERS else list if name in LISTS else str
        if not isinstance(value, kind):
            raise RuntimeError(f"{file}: {name} is no {kind.__name__}")
    if odd := set(told.get("realms", ())) - set(REALMS):
        raise RuntimeError(f"{file}: no such realm: {sorted(odd)}")
    values: dict[str, Any] = {k: tuple(v) if k in LISTS else v for k, v in told.items()}
    return Entry(**values)
