"""Tables and forms, as wide as the text block. 表格"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from docx.oxml.ns import qn

from qianjun.kernel.paper.model import Cell, Facts, Row, Table
from qianjun.kernel.paper.word import page
from qianjun.kernel.paper.word.marks import (
    Element,
    Layout,
    Lettering,
    element,
    keep_with_next,
    mm,
    paragraph,
    run,
)
from qianjun.kernel.paper.wording import lines_of, one_line

LINE_EIGHTHS: Final = 4  # of a point
BESIDE_MM, ABOVE_MM = 1.9, 0.8
WHOLE_BELOW: Final = 150  # characters; a row with longer cells may go over the page
TOGETHER_ROWS, TOGETHER_CHARACTERS = 10, 400  # a smaller table stays on one page
LINE_BY_POINTS: Final = {9: 260, 12: 360, 14: 420, 16: page.LINE}
SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True, kw_only=True)
class _Place:
    """One grid cell of a row: what stands there, or that it hangs down from above."""

    cell: Cell
    width: int
    merge: str = ""  # "restart" above, "continue" below


def facts(block: Facts, *, width: int = page.BLOCK_WIDTH) -> Iterator[Element]:
    """Words at the left, values at the right."""
    rows = tuple(Row(cells=(Cell(text=word, label=True), value)) for word, value in block.rows)
    shares = (block.label_share, 1 - block.label_share)
    made = Table(rows=rows, shares=shares, caption=block.caption)
    yield from table(made, width=width)


def table(block: Table, *, width: int = page.BLOCK_WIDTH) -> Iterator[Element]:
    """The caption, the table, and the end without which two tables would become one."""
    if not block.rows:
        return
    if caption := one_line(block.caption):
        yield paragraph(page.CAPTION, run(caption))
    widths = spread(block.shares, width=width)
    columns = element("tblGrid", *(element("gridCol", w=width) for width in widths))
    made = element("tbl", _properties(width), columns)
    together = _is_small(block)
    hanging: dict[int, tuple[Cell, int]] = {}
    for at, row in enumerate(block.rows):
        cells = [Cell(text=cell) if isinstance(cell, str) else cell for cell in row.cells]
        places, hanging = _placed(cells, widths=widths, hanging=hanging)
        made.append(_row(row, places, block=block, head=at < block.head_rows))
        if together and at < len(block.rows) - 1:
            for said in made[-1].iter(qn("w:p")):
                keep_with_next(said)
    yield made
    yield paragraph(page.ANCHOR, how=Layout(line=page.LINE // 3))


def _is_small(block: Table) -> bool:
    texts = [c if isinstance(c, str) else c.text for row in block.rows for c in row.cells]
    few = len(block.rows) <= TOGETHER_ROWS and not any(row.least_mm for row in block.rows)
    return few and sum(map(len, texts)) <= TOGETHER_CHARACTERS


def spread(shares: tuple[float, ...], *, width: int = page.BLOCK_WIDTH) -> list[int]:
    """Widths in twips that add up to the text block exactly."""
    total = sum(shares)
    ends = [round(width * sum(shares[: n + 1]) / total) for n in range(len(shares))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _properties(width: int) -> Element:
    lines = (
        element(side, val="single", sz=LINE_EIGHTHS, space=0, color="000000") for side in SIDES
    )
    room = {"top": ABOVE_MM, "left": BESIDE_MM, "bottom": ABOVE_MM, "right": BESIDE_MM}
    margins = (element(side, w=mm(length), type="dxa") for side, length in room.items())
    return element(
        "tblPr",
        element("tblW", w=width, type="dxa"),
        element("jc", val="center"),
        element("tblBorders", *lines),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *margins),
    )


def _placed(
    cells: list[Cell], *, widths: list[int], hanging: dict[int, tuple[Cell, int]]
) -> tuple[list[_Place], dict[int, tuple[Cell, int]]]:
    """The row from left to right; and what hangs into the next: column to cell, rows left."""
    places: list[_Place] = []
    below: dict[int, tuple[Cell, int]] = {}
    waiting = iter(cells)
    at = 0
    while at < len(widths):
        if at in hanging:
            cell, left = hanging[at]
            merge = "continue"
        else:
            cell = next(waiting)
            left, merge = cell.down - 1, "restart" if cell.down > 1 else ""
        if left and merge == "continue":
            below |= {at: (cell, left - 1)} if left > 1 else {}
        elif left:
            below[at] = (cell, left)
        width = sum(widths[at : at + cell.across])
        places.append(_Place(cell=cell, width=width, merge=merge))
        at += cell.across
    return places, below


def _row(row: Row, places: Iterable[_Place], *, block: Table, head: bool) -> Element:
    places = list(places)
    properties = element("trPr")
    whole = all(len(place.cell.text) < WHOLE_BELOW for place in places)
    if whole:
        properties.append(element("cantSplit"))
    if row.least_mm:
        properties.append(element("trHeight", val=mm(row.least_mm), hRule="atLeast"))
    if head:
        properties.append(element("tblHeader"))
    # in a row of several pages the middle is where nobody looks for its label
    upright = "center" if whole else "top"
    cells = (_cell(p, points=block.points, head=head, upright=upright) for p in places)
    return element("tr", properties, *cells)


def _cell(place: _Place, *, points: int, head: bool, upright: str) -> Element:
    properties = element("tcPr", element("tcW", w=place.width, type="dxa"))
    if place.cell.across > 1:
        properties.append(element("gridSpan", val=place.cell.across))
    if place.merge:
        properties.append(element("vMerge", val=place.merge))
    properties.append(element("vAlign", val=upright))
    label = head or place.cell.label
    style = page.LABEL if label else page.CELL
    lines = lines_of(place.cell.text) if place.merge != "continue" else ()
    how = Layout(
        align=None if label or place.cell.align == "left" else place.cell.align,
        line=LINE_BY_POINTS[points] if points != DEFAULT_POINTS else None,
    )
    letters = Lettering(points=points if points != DEFAULT_POINTS else None)
    said = [paragraph(style, run(line, letters), how=how) for line in lines]
    return element("tc", properties, *(said or [paragraph(style, how=how)]))


DEFAULT_POINTS: Final = 14
