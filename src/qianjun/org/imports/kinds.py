"""What a module declares to bring its sheets in, found by looking. 导入种类"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Literal, Protocol

import qianjun
from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Problem, RowOutcome, Table
from qianjun.kernel.words import noop as _

# whose modules may declare something
PACKAGES: tuple[ModuleType, ...] = (qianjun,)
FOLDER = "importing"
Outcome = Literal["new", "changed", "unchanged", "refused"]
Snapshot = dict[str, Any]  # what stands in the base about one thing, as JSON holds it


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint(Problem):
    """A problem that only a look into the base shows; ``said`` is its sentence. 与已有数据不符"""

    said: str

    @property
    def zh(self) -> str:
        """The sentence, with places for the words."""
        return self.said

    @property
    def refuses(self) -> bool:
        """Always: the base would be wrong."""
        return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What one row means for the base: ``about`` is what it changes, ``meant`` what to write."""

    row_number: int
    outcome: Outcome
    about: int | None = None
    meant: Any = None
    problems: tuple[Problem, ...] = field(default=())


class Kind(Protocol):
    """One kind of sheet. ``judge`` keeps the order; ``write`` gives the ids in its order. 种类"""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def permission(self) -> str: ...  # noqa: D102
    @property
    def about(self) -> str: ...  # noqa: D102
    @property
    def table(self) -> Table: ...  # noqa: D102
    def judge(self, rows: Sequence[RowOutcome]) -> list[Found]:
        """Compare the rows that read well with the base and with each other."""

    def write(self, rows: Sequence[Found], *, source: str) -> list[int]:
        """Make and change what these rows mean; ``source`` is the name of the file."""

    def snapshots(self, idents: Sequence[int]) -> dict[int, Snapshot]:
        """What stands in the base now, and all that hangs on it."""

    def remove(self, idents: Sequence[int]) -> None:
        """Take away what was made."""

    def restore(self, before: Mapping[int, Snapshot]) -> None:
        """Put back what stood there."""


def names() -> list[str]:
    """The names of all kinds; no kind is imported for it. 种类名"""
    return [name.rsplit(".", 1)[1] for name in _files()]


def kinds() -> tuple[Kind, ...]:
    """All kinds, by module and name."""
    return _imported(tuple(_files()))


def kind_of(name: str) -> Kind:
    """The kind of this name. 按名取种类"""
    found = next((one for one in kinds() if one.name == name), None)
    if found is None:
        raise Refused(
            "unknown_kind",
            _("没有“%(kind)s”这种导入；可用：%(kinds)s。"),
            words={"kind": name[:40], "kinds": " ".join(names())},
        )
    return found


@cache
def _imported(files: tuple[str, ...]) -> tuple[Kind, ...]:
    return tuple(import_module(name).KIND for name in files)


def _files() -> Iterator[str]:
    for package in PACKAGES:
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            spec = find_spec(f"{module.name}.{FOLDER}") if module.ispkg else None
            if spec is not None:
                yield from _inside(spec.name, spec.submodule_search_locations or ())


def _inside(folder: str, paths: Sequence[str]) -> list[str]:
    return sorted(file.name for file in iter_modules(paths, f"{folder}."))
