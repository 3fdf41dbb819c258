"""Signature, date, note, and the lines at the foot of the last page. 文尾"""

from collections.abc import Iterator

from qianjun.kernel.paper.model import Foot, Paper, Signature
from qianjun.kernel.paper.word import page
from qianjun.kernel.paper.word.marks import Element, Layout, element, mm, paragraph, run, tab
from qianjun.kernel.paper.wording import one_line, width, written_date

DATE_RIGHT, LEAST_RIGHT = 4, 2  # characters
THICK_EIGHTHS, THIN_EIGHTHS = 8, 6  # of a point: 0.35 mm and 0.25 mm
FOOT_ROW = mm(8)
FOOT_CHARACTER = 280  # twips of one character of 4号


def closing_of(paper: Paper) -> Iterator[Element]:
    """All that stands after the body, up to the last paragraph."""
    if paper.signature:
        yield from _signature(paper.signature)
    if note := one_line(paper.note):
        inside = note if note[0] in "（(" else f"（{note}）"
        yield paragraph(page.BODY, run(inside))
    if paper.foot and (rows := _foot_rows(paper.foot)):
        yield _foot(rows)
    # a document ends with a paragraph; the table at the foot hangs on it
    yield paragraph(page.ANCHOR)


def _signature(signature: Signature) -> Iterator[Element]:
    """The agency is centred above the date, which ends four characters from the right."""
    by, on = one_line(signature.by), written_date(signature.on)
    half = (width(by) - width(on)) / 2
    right = max(LEAST_RIGHT, DATE_RIGHT - half)
    if right + width(by) > page.CHARACTERS:
        right, half = LEAST_RIGHT, DATE_RIGHT - LEAST_RIGHT
    if by:
        how = Layout(before=2 * page.LINE, right=_characters(right), keep_next=True)
        yield paragraph(page.SIGNED, run(by), how=how)
    below = Layout(right=_characters(right + half if by else DATE_RIGHT))
    yield paragraph(page.SIGNED, run(on), how=below)


def _characters(count: float) -> int:
    return round(count * page.CHARACTER)


def _foot_rows(foot: Foot) -> list[Element]:
    """报, 送, 抄 each in a row; who printed it at the left, when at the right."""
    copy = "抄" if foot.report or foot.send else "抄送"
    rows = []
    for word, names in (("报", foot.report), ("送", foot.send), (copy, foot.copy)):
        said = "，".join(filter(None, map(one_line, names)))
        if said:
            hang = (len(word) + 1) * FOOT_CHARACTER
            how = Layout(left=FOOT_CHARACTER + hang, right=FOOT_CHARACTER, hanging=hang)
            rows.append(paragraph(page.FOOT, run(f"{word}：{said}。"), how=how))
    printed = one_line(foot.printed_by)
    if printed or foot.printed_on:
        how = Layout(left=FOOT_CHARACTER, right_tab=page.BLOCK_WIDTH - FOOT_CHARACTER)
        date = [tab(), run(f"{written_date(foot.printed_on)}印发")] if foot.printed_on else []
        rows.append(paragraph(page.FOOT, run(printed), *date, how=how))
    return rows


def _foot(rows: list[Element]) -> Element:
    """A table that stands at the foot of the text block, wherever the text ends.

    Programs that cannot place a table as wide as the text leave it below the text.
    """
    sides = {"top": THICK_EIGHTHS, "bottom": THICK_EIGHTHS, "insideH": THIN_EIGHTHS}
    lines = (element(s, val="single", sz=z, space=0, color="000000") for s, z in sides.items())
    none = (element(side, w=0, type="dxa") for side in ("left", "right"))
    place = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "center"}
    properties = element(
        "tblPr",
        element("tblpPr", **place, tblpYSpec="bottom"),
        element("tblOverlap", val="never"),
        element("tblW", w=page.BLOCK_WIDTH, type="dxa"),
        element("tblBorders", *lines),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *none),
    )
    columns = element("tblGrid", element("gridCol", w=page.BLOCK_WIDTH))
    return element("tbl", properties, columns, *map(_foot_row, rows))


def _foot_row(said: Element) -> Element:
    height = element("trHeight", val=FOOT_ROW, hRule="atLeast")
    cell = element(
        "tcPr", element("tcW", w=page.BLOCK_WIDTH, type="dxa"), element("vAlign", val="center")
    )
    properties = element("trPr", element("cantSplit"), height)
    return element("tr", properties, element("tc", cell, said))
