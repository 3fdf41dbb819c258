"""From a grid of cells to rows of a table: what is content, what is decoration. 表格结构"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from qianjun.kernel.sheets.headers import WINDOW_ROWS, Header, find_header
from qianjun.kernel.sheets.limits import Limits
from qianjun.kernel.sheets.model import Cell, Heading, Note, Row, letter
from qianjun.kernel.sheets.refusals import refuse
from qianjun.kernel.sheets.wording import tidy
from qianjun.kernel.sheets.workbooks import Merge

REPEATED_SHARE = 0.8
NOTES_KEPT = 200
_TOTAL = re.compile(
    r"^(?:本[页表单位社区]+)?(?:合计|总计|小计|共计|累计|总数)(?:[:：（(].*|[人户个名]?数?|\d.*)$"
)
_SECTION = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])")
_FOOTER = re.compile(
    r"^(?:填[报表]|制表|审[核批签]|负责人签|签[字名章]|单位盖章|联系人[:：]|备?注[:：]|说明[:：]|附注)"
)


@dataclass(kw_only=True)
class Layout:
    """The rows of one grid; ``headings`` and ``notes`` are complete when the rows are read. 结构"""

    grid: Iterator[list[Cell]]
    merges: tuple[Merge, ...]
    expected: frozenset[str]
    limits: Limits
    headings: tuple[Heading, ...] = ()
    notes: list[Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        ends = ((top, left, bottom, right) for (top, left), (bottom, right) in self.merges)
        self.one_line_merges = {t for t, left, b, right in ends if t == b and right > left}

    def rows(self) -> Iterator[Row]:
        """Every row of content, numbered as in the spreadsheet."""
        tidied = (self._tidied(cells, row=n) for n, cells in enumerate(self.grid, 1))
        window = list(islice(tidied, WINDOW_ROWS))
        header = find_header(window, merges=self.merges, expected=self.expected)
        self._note_title_lines(window[: header.first])
        used = {heading.index for heading in header.headings if heading.parts}
        down = _Down(merges=self.merges, after=header.last)
        below = chain(window[header.last + 1 :], tidied)
        for at, cells in enumerate(below, header.last + 1):
            filled: list[Cell] = [cell for cell in cells if cell is not None]
            if filled and not self._is_decoration(cells, filled=filled, at=at, header=header):
                down.fill(cells, at=at)
                used.update(n for n, cell in enumerate(cells) if cell is not None)
                yield Row(number=at + 1, cells=tuple(cells))
            else:
                down.pass_by(cells, at=at)
        self.headings = _used(header, used=used)

    def _tidied(self, cells: list[Cell], *, row: int) -> list[Cell]:
        most = self.limits.cell_characters
        for n, cell in enumerate(cells):
            if cell.__class__ is str:
                if len(cell) > most:
                    raise refuse("sheet_cell_too_long", row=row, column=letter(n), limit=most)
                cells[n] = tidy(cell)
        return cells

    def _note(self, code: str, *, at: int) -> bool:
        if len(self.notes) < NOTES_KEPT:
            self.notes.append(Note(code=code, row=at + 1))
        return True

    def _note_title_lines(self, lines: list[list[Cell]]) -> None:
        for at, cells in enumerate(lines):
            if any(cell is not None for cell in cells):
                self._note("title_line", at=at)

    def _is_decoration(
        self, cells: list[Cell], *, filled: list[Cell], at: int, header: Header
    ) -> bool:
        """Whether the row is a total, a heading of a section, a foot or the header again."""
        first = filled[0]
        if not isinstance(first, str):
            return _is_total(filled) and self._note("total_line", at=at)
        if _is_total(filled):
            return self._note("total_line", at=at)
        width = sum(1 for heading in header.headings if heading.parts)
        if len(filled) == 1 and width > 2 and self._is_section(first, at=at):
            return self._note("section_line", at=at)
        if _FOOTER.match(first) and len(filled) * 2 <= max(width, 2):
            return self._note("footer_line", at=at)
        return _repeats(cells, filled=filled, header=header) and self._note(
            "repeated_header", at=at
        )

    def _is_section(self, text: str, *, at: int) -> bool:
        return _SECTION.match(text) is not None or at in self.one_line_merges


def _is_total(filled: list[Cell]) -> bool:
    """Whether one of the first two cells says so."""
    return any(isinstance(cell, str) and _TOTAL.match("".join(cell.split())) for cell in filled[:2])


def _repeats(cells: list[Cell], *, filled: list[Cell], header: Header) -> bool:
    """Whether nearly all cells say what a line of the header says above them."""
    if len(filled) < 2 or not any(cell in header.words for cell in filled[:2]):
        return False
    same = sum(
        isinstance(cell, str)
        and n < len(header.headings)
        and " ".join(cell.split()) in header.headings[n].parts
        for n, cell in enumerate(cells)
    )
    return same >= REPEATED_SHARE * len(filled)


def _used(header: Header, *, used: set[int]) -> tuple[Heading, ...]:
    known = {heading.index: heading for heading in header.headings}
    return tuple(known.get(n, Heading(index=n, parts=())) for n in sorted(used))


class _Down:
    """Merged cells of the body: what stands on top is meant for every row below. 向下填充"""

    def __init__(self, *, merges: tuple[Merge, ...], after: int) -> None:
        self.starting: dict[int, list[tuple[int, int]]] = {}
        self.running: dict[int, tuple[Cell, int]] = {}
        for (top, left), (bottom, _right) in merges:
            if bottom > top and bottom > after:
                self.starting.setdefault(top, []).append((left, bottom))

    def pass_by(self, cells: list[Cell], *, at: int) -> None:
        """Take up what begins in this row."""
        for column, bottom in self.starting.get(at, ()):
            if column < len(cells) and cells[column] is not None:
                self.running[column] = (cells[column], bottom)

    def fill(self, cells: list[Cell], *, at: int) -> None:
        """Write into the empty cells of this row what reaches down to it."""
        if self.running:
            for column, (value, bottom) in list(self.running.items()):
                if at > bottom:
                    del self.running[column]
                elif column < len(cells) and cells[column] is None:
                    cells[column] = value
        self.pass_by(cells, at=at)
