"""Where the header stands and how many rows it has. 表头

The window is the first rows of the sheet, tidied. A header is a row of labels nearly as wide as the
table; it goes on below where labels are grouped (merged, or left empty beside the group).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from qianjun.kernel.sheets.model import Cell, Heading
from qianjun.kernel.sheets.refusals import refuse
from qianjun.kernel.sheets.wording import bare_key, title_key
from qianjun.kernel.sheets.workbooks import Merge

WINDOW_ROWS = 60
HEADER_ROWS = 4  # a header is no deeper
LEAST_SHARE = 0.6  # of the width of the table
LABEL_SHARE = 0.8  # of the filled cells of a row
LABEL_CHARACTERS = 40
_NO_LABEL = re.compile(r"[:：]\s*\S|^[\d\s.,/年月日:-]+$|\d{5,}|[。；！]$")

Grid = list[list[Cell]]


@dataclass(frozen=True, kw_only=True)
class Header:
    """First and last row (from 0) and the columns between. 表头"""

    first: int
    last: int
    headings: tuple[Heading, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every line of every title."""
        return frozenset(part for heading in self.headings for part in heading.parts)


def find_header(window: Grid, *, merges: tuple[Merge, ...], expected: frozenset[str]) -> Header:
    """The header of the window; refused when no row reads like one."""
    spread = _spread(window, merges=merges)
    found = _by_titles(spread, expected=expected)
    if found is None:
        found = _by_shape(spread)
    if found is None:
        raise refuse("sheet_no_header")
    first = _first(window, row=found, merges=merges)
    last = _last(window, row=first, least=found, merges=merges)
    return Header(first=first, last=last, headings=_headings(window, first, last, merges=merges))


def is_label(cell: Cell) -> bool:
    """Whether a cell could be a title: words, short, no number, no sentence."""
    return (
        isinstance(cell, str) and len(cell) <= LABEL_CHARACTERS and _NO_LABEL.search(cell) is None
    )


def _spread(window: Grid, *, merges: tuple[Merge, ...]) -> Grid:
    """The window with every merged cell repeated where it reaches."""
    spread = [list(cells) for cells in window]
    for (top, left), (bottom, right) in merges:
        if top >= len(spread) or left >= len(spread[top]):
            continue
        for row in range(top, min(bottom + 1, len(spread))):
            wide = min(right + 1, len(spread[row]))
            spread[row][left:wide] = [spread[top][left]] * max(0, wide - left)
    return spread


def _by_titles(spread: Grid, *, expected: frozenset[str]) -> int | None:
    """The row with most titles of the declared table, if it has two or is that narrow."""
    best, most = None, 0
    for row, cells in enumerate(spread):
        texts = {cell for cell in cells if isinstance(cell, str)}
        met = sum(1 for text in texts if {title_key(text), bare_key(text)} & expected)
        if met > most and (met > 1 or len(texts) <= 2):
            best, most = row, met
    return best


def _by_shape(spread: Grid) -> int | None:
    width = max((_filled(cells) for cells in spread), default=0)
    if not width:
        raise refuse("sheet_empty")
    for row, cells in enumerate(spread):
        labels = sum(map(is_label, cells))
        wide = _filled(cells) >= max(min(2, width), width * LEAST_SHARE)
        several = len({cell for cell in cells if cell is not None}) >= min(2, width)
        if wide and several and labels >= LABEL_SHARE * _filled(cells):
            return row
    return None


def _filled(cells: list[Cell]) -> int:
    return sum(cell is not None for cell in cells)


def _first(window: Grid, *, row: int, merges: tuple[Merge, ...]) -> int:
    """Go up while the row above groups this one."""
    tops = [m[0][0] for m in merges if m[0][0] < row <= m[1][0] and m[0][0] >= row - HEADER_ROWS]
    top = min((t for t in tops if _several(window[t])), default=row)
    while top > 0 and row - top < HEADER_ROWS - 1 and _goes_on(window, above=top - 1):
        top -= 1
    return top


def _last(window: Grid, *, row: int, least: int, merges: tuple[Merge, ...]) -> int:
    """Go down while a label reaches below or groups what is below."""
    last = least
    while last - row < HEADER_ROWS - 1 and last + 1 < len(window):
        reaches = any(row <= m[0][0] <= last < m[1][0] < row + HEADER_ROWS for m in merges)
        if not (reaches and any(map(is_label, window[last + 1]))) and not _goes_on(
            window, above=last
        ):
            break
        last += 1
    return last


def _several(cells: list[Cell]) -> bool:
    return len({cell for cell in cells if cell is not None}) > 1


def _goes_on(window: Grid, *, above: int) -> bool:
    """Whether the next row holds the parts of groups: labels, and only beside or under them.

    A part stands under an empty cell or under the first of a group; at least one title has nothing
    below it, or every group is followed by an empty cell. Trap: a first row of content below a
    header with untitled columns must not look like this.
    """
    upper, lower = window[above], window[above + 1]
    filled = [n for n, cell in enumerate(lower) if cell is not None]
    labels = all(is_label(cell) for cell in (*upper, *lower) if cell is not None)
    if not labels or not _several(upper):
        return False
    under_group = [n for n in filled if _at(upper, n) is not None]
    under_empty = [n for n in filled if _at(upper, n) is None]
    alone = [n for n, cell in enumerate(upper) if cell is not None and _at(lower, n) is None]
    grouped = all(_at(upper, n + 1) is None and n + 1 in filled for n in under_group)
    return bool(under_empty and under_group and grouped and (alone or len(under_group) > 1))


def _at(cells: list[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _headings(
    window: Grid, first: int, last: int, *, merges: tuple[Merge, ...]
) -> tuple[Heading, ...]:
    spread = _spread(window, merges=merges)[first : last + 1]
    for upper, lower in pairwise(spread):
        _fill_right(upper, below=lower)
    width = max(len(cells) for cells in window)
    return tuple(Heading(index=n, parts=_parts(spread, index=n)) for n in range(width))


def _fill_right(upper: list[Cell], *, below: list[Cell]) -> None:
    for n in range(1, len(upper)):
        if upper[n] is None and _at(below, n) is not None:
            upper[n] = upper[n - 1]


def _parts(spread: Grid, *, index: int) -> tuple[str, ...]:
    parts: list[str] = []
    for cells in spread:
        cell = _at(cells, index)
        words = "" if cell is None else " ".join(str(cell).split())
        if words and words not in parts[-1:]:
            parts.append(words)
    return tuple(parts)
