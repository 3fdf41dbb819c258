"""Counting, ordering and comparing rows; which column is chosen for which field. 导入规则"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeVar

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import ColumnMapping, Heading, Table
from qianjun.kernel.words import noop as _
from qianjun.org.imports.kinds import Found

CHUNK: Final = 1_000
PREVIEW_HOURS: Final = 24
UNDO_DAYS: Final = 30
PROBLEMS_KEPT: Final = 200
COUNTS: Final = ("new", "changed", "unchanged", "refused")
NAME_CHARACTERS: Final = 200
Thing = TypeVar("Thing")


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Every row of a sheet judged, nothing written; in the order of the sheet. 已核对"""

    rows: tuple[Found, ...]
    mapping: ColumnMapping

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome, and all of them."""
        counted = dict.fromkeys(COUNTS, 0)
        for row in self.rows:
            counted[row.outcome] += 1
        return {"rows": len(self.rows)} | counted

    @property
    def to_write(self) -> list[Found]:
        """The rows that make or change something."""
        return [row for row in self.rows if row.outcome in ("new", "changed")]

    def problems(self, *, most: int) -> list[dict[str, Any]]:
        """The first problems, as the contract writes them."""
        every = (p.as_json() for row in self.rows for p in row.problems)
        return [one for one, _n in zip(every, range(most), strict=False)]


def problems_first(rows: Sequence[Found]) -> list[Found]:
    """Refused rows, then those with a remark, then the others. 先看问题"""
    return sorted(rows, key=lambda row: (row.outcome != "refused", not row.problems))


def chunks(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """The same in pieces that one statement carries."""
    for start in range(0, len(things), CHUNK):
        yield things[start : start + CHUNK]


def digest(snapshot: object) -> str:
    """One digest for what stands in the base. 摘要"""
    written = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(written.encode()).hexdigest()


def headings_digest(headings: Iterable[Heading]) -> str:
    """One digest for a row of headings."""
    return digest([[one.index, *one.parts] for one in headings])


def kept_mapping(mapping: ColumnMapping) -> dict[str, int]:
    """Field to number of column, as it is stored."""
    return {name: heading.index for name, heading in mapping.headings.items()}


def mapping_of(
    headings: Sequence[Heading], *, table: Table, kept: Mapping[str, int]
) -> ColumnMapping:
    """The mapping that was chosen or remembered; unknown fields and columns fall away."""
    by_index = {heading.index: heading for heading in headings}
    found = {f: by_index[kept[f]] for f in table.by_field if kept.get(f) in by_index}
    taken = {heading.index for heading in found.values()}
    return ColumnMapping(
        headings=found,
        how=dict.fromkeys(found, "remembered"),
        ignored=tuple(h for h in headings if h.index not in taken),
        missing=tuple(c.field for c in table.columns if c.required and c.field not in found),
    )


def chosen_mapping(chosen: Mapping[int, str], *, table: Table) -> dict[str, int]:
    """Field to column from what somebody chose for each column; a field once. 所选列对应"""
    found: dict[str, int] = {}
    for index, name in sorted(chosen.items()):
        if name not in table.by_field:
            continue
        if name in found:
            words = {"field": table.by_field[name].zh}
            raise Refused("field_twice", _("“%(field)s”选了两列，请只留一列。"), words=words)
        found[name] = index
    return found
