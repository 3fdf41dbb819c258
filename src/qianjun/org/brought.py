"""What modules bring to the tables of roles: a file of their own each. 模块自带的权限"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

PACKAGE: Final = Path(__file__).parents[1]
FILE: Final = "tables/roles.toml"
SECTIONS: Final = frozenset({"permissions", "routes", "verbs"})
T = TypeVar("T")


def bring(
    *,
    roles: dict[str, str],
    permissions: dict[str, frozenset[str]],
    routes: dict[str, str],
    verbs: dict[str, str],
    package: Path = PACKAGE,
) -> None:
    """Add the lines of every ``<module>/tables/roles.toml`` to these tables. 并入

    RuntimeError names the file with a section or role that nobody knows, or a line that stands
    already: a module may add, never change what another may.
    """
    for file in sorted(package.glob(f"*/{FILE}")):
        told = read_table(file, sections=SECTIONS)
        for name, holders in told.get("permissions", {}).items():
            _put(permissions, name, _holders(holders, roles, file), file)
        for table, section in ((routes, "routes"), (verbs, "verbs")):
            for name, permission in told.get(section, {}).items():
                _put(table, name, str(permission), file)


def read_table(file: Path, *, sections: frozenset[str]) -> dict[str, Any]:
    """What a module's own file says; RuntimeError names it with a section that nobody knows."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    known_only(told, sections, file)
    return told


def known_only(told: Iterable[str], known: Iterable[str], file: Path) -> None:
    """RuntimeError names the file with a word that nobody knows."""
    if unknown := set(told) - set(known):
        raise RuntimeError(f"{file}: what is {', '.join(sorted(unknown))}?")


def _holders(holders: object, roles: dict[str, str], file: Path) -> frozenset[str]:
    said = holders if isinstance(holders, list) else [str(holders)]
    if unknown := set(said) - set(roles):
        raise RuntimeError(f"{file}: no such role: {sorted(unknown)}")
    return frozenset(said)


def _put(table: dict[str, T], name: str, value: T, file: Path) -> None:
    if name in table:
        raise RuntimeError(f"{file}: {name} stands already")
    table[name] = value
