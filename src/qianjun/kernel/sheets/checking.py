"""Check every row of a sheet against its declared table before anything is written. 逐行预检"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets.matching import ColumnMapping
from qianjun.kernel.sheets.model import Row, Sheet
from qianjun.kernel.sheets.problems import Problem, Wrong
from qianjun.kernel.sheets.tables import Table, Value
from qianjun.kernel.sheets.values import Read, reader_of
from qianjun.kernel.words import noop as _

Status = Literal["taken", "refused", "duplicate"]


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row: its values by field, its problems, whether it is taken. 行结果"""

    row_number: int
    values: dict[str, Value]
    problems: tuple[Problem, ...]
    status: Status


@dataclass(frozen=True, kw_only=True)
class Preview:
    """All rows with their outcome, counted; nothing is written yet. 预检结果"""

    rows: tuple[RowOutcome, ...]
    counts: Mapping[Status, int]
    mapping: ColumnMapping

    def problems(self) -> Iterator[Problem]:
        """Every problem, in the order of the rows."""
        return (problem for outcome in self.rows for problem in outcome.problems)

    def as_json(self, *, most_problems: int = 1_000) -> dict[str, Any]:
        """The part of the contract's answer that is known before writing."""
        shown = [p.as_json() for p, _n in zip(self.problems(), range(most_problems), strict=False)]
        return {
            "rows": len(self.rows),
            "taken": self.counts["taken"],
            "refused": self.counts["refused"] + self.counts["duplicate"],
            "problems": shown,
            "mapping": self.mapping.as_json(),
        }


def check_rows(sheet: Sheet, *, table: Table, mapping: ColumnMapping) -> Preview:
    """The outcome of every row; refused as a whole when a required column is missing. 预检"""
    rows = tuple(outcomes(sheet, table=table, mapping=mapping))
    counts: dict[Status, int] = {"taken": 0, "refused": 0, "duplicate": 0}
    for outcome in rows:
        counts[outcome.status] += 1
    return Preview(rows=rows, counts=counts, mapping=mapping)


def outcomes(sheet: Sheet, *, table: Table, mapping: ColumnMapping) -> Iterator[RowOutcome]:
    """The same row by row, for sheets that are not kept whole."""
    if mapping.missing:
        titles = "、".join(table.by_field[name].zh for name in mapping.missing)
        words = {"columns": titles}
        raise Refused("columns_missing", _("表里找不到必填的列：%(columns)s。"), words=words)
    checking = _Checking(table=table, mapping=mapping)
    return map(checking.outcome, sheet.rows)


class _Checking:
    """The readers of all mapping columns, and the keys that have been taken."""

    def __init__(self, *, table: Table, mapping: ColumnMapping) -> None:
        self.columns: list[tuple[str, int, str, Read]] = [
            (name, heading.index, heading.name, reader_of(table.by_field[name]))
            for name, heading in mapping.headings.items()
        ]
        self.absent = {c.field: None for c in table.columns if c.field not in mapping.headings}
        self.key = table.key if table.key and set(table.key) <= set(mapping.headings) else ()
        self.seen: dict[tuple[Value, ...], int] = {}

    def outcome(self, row: Row) -> RowOutcome:
        values: dict[str, Value] = dict(self.absent)
        problems: list[Problem] = []
        cells, width, flags = row.cells, len(row.cells), list[str]()
        refused = False
        for name, index, title, read in self.columns:
            try:
                values[name] = read(cells[index] if index < width else None, flags)
            except Wrong as wrong:
                values[name] = None
                refused = True
                problems.append(_problem(row, title, wrong.code, **wrong.words))
            if flags:
                problems += [_problem(row, title, code) for code in flags]
                flags.clear()
        status: Status = "refused" if refused else "taken"
        if not refused and self.key and (first := self._first(values, row=row)):
            status = "duplicate"
            problems.append(_problem(row, "", "duplicate", row=first))
        return RowOutcome(row.number, values, tuple(problems), status)

    def _first(self, values: dict[str, Value], *, row: Row) -> int | None:
        """The row that has taken this key before; an incomplete key repeats nothing."""
        key = tuple(values[name] for name in self.key)
        if None in key:
            return None
        first = self.seen.setdefault(key, row.number)
        return first if first != row.number else None


def _problem(at: Row, title: str, code: str, **words: str | int) -> Problem:
    return Problem(row=at.number, column=title, code=code, words=words)
