"""Workbooks of Excel, WPS and LibreOffice, by calamine. 工作簿"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from qianjun.kernel.sheets.limits import Limits
from qianjun.kernel.sheets.model import Cell, Note
from qianjun.kernel.sheets.refusals import refuse
from qianjun.kernel.sheets.wording import title_key

LOOKED_AT_ROWS = 30
DAY_S = 86_400

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One worksheet, open: rows from the first of the spreadsheet on, columns from A. 工作表"""

    name: str
    rows: Iterator[list[Cell]]
    merges: tuple[Merge, ...]
    notes: tuple[Note, ...] = ()


def open_sheet(
    content: bytes, *, name: str | None, expected: frozenset[str], limits: Limits
) -> Opened:
    """The named sheet, else the visible one with most expected titles, then with most rows."""
    try:
        workbook = CalamineWorkbook.from_object(io.BytesIO(content))
        return _opened(workbook, name=name, expected=expected, limits=limits)
    except PasswordError as wrong:
        raise refuse("sheet_encrypted") from wrong
    except (CalamineError, OSError, ValueError) as wrong:
        code = "sheet_encrypted" if "assword" in str(wrong) else "sheet_unreadable"
        raise refuse(code) from wrong
    except BaseException as wrong:
        # a panic of the reader is no Exception, and its class has no public name
        if wrong.__class__.__name__ == "PanicException":
            raise refuse("sheet_unreadable") from wrong
        raise


def _opened(
    workbook: CalamineWorkbook, *, name: str | None, expected: frozenset[str], limits: Limits
) -> Opened:
    shown, hidden = _names(workbook)
    if len(shown) + len(hidden) > limits.sheets:
        raise refuse("sheet_too_many_sheets", limit=limits.sheets)
    if name is not None and name not in (*shown, *hidden):
        raise refuse("sheet_unknown_name", name=name[:50])
    best: tuple[tuple[int, int], CalamineSheet] | None = None
    filled: list[str] = []
    for one in [name] if name is not None else shown:
        sheet = workbook.get_sheet_by_name(one)
        if sheet.end is None:
            continue
        filled.append(one)
        worth = (_titles_met(sheet, expected=expected, limits=limits), sheet.height)
        if best is None or worth > best[0]:
            best = worth, sheet
    if best is None:
        raise refuse("sheet_empty")
    return _rows_and_notes(best[1], filled=filled, hidden=[] if name else hidden, limits=limits)


def _names(workbook: CalamineWorkbook) -> tuple[list[str], list[str]]:
    tables = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    shown = [m.name for m in tables if m.visible == SheetVisibleEnum.Visible]
    return shown, [m.name for m in tables if m.name not in shown]


def _titles_met(sheet: CalamineSheet, *, expected: frozenset[str], limits: Limits) -> int:
    if not expected:
        return 0
    met = set[str]()
    for cells, _n in zip(_rows(sheet, limits=limits), range(LOOKED_AT_ROWS), strict=False):
        met |= {title_key(cell) for cell in cells if isinstance(cell, str)}
    return len(met & expected)


def _rows_and_notes(
    sheet: CalamineSheet, *, filled: list[str], hidden: list[str], limits: Limits
) -> Opened:
    others = [one for one in filled if one != sheet.name]
    notes = []
    if others:
        words = {"name": sheet.name, "others": "、".join(others)}
        notes.append(Note(code="other_sheets", words=words))
    if hidden:
        notes.append(Note(code="hidden_sheets", words={"others": "、".join(hidden)}))
    return Opened(
        name=sheet.name,
        rows=_rows(sheet, limits=limits),
        merges=tuple(sheet.merged_cell_ranges or ()),
        notes=tuple(notes),
    )


def _rows(sheet: CalamineSheet, *, limits: Limits) -> Iterator[list[Cell]]:
    _refuse_large(sheet, limits=limits)
    left = [None] * (sheet.start[1] if sheet.start else 0)
    for cells in sheet.iter_rows():
        yield [*left, *map(_cell, cells)]


def _refuse_large(sheet: CalamineSheet, *, limits: Limits) -> None:
    rows, columns = sheet.end or (0, 0)
    if rows + 1 > limits.rows:
        raise refuse("sheet_too_many_rows", limit=limits.rows)
    if columns + 1 > limits.columns:
        raise refuse("sheet_too_many_columns", limit=limits.columns)
    if (rows + 1) * (columns + 1) > limits.cells:
        raise refuse("sheet_too_many_cells", limit=limits.cells)


def _cell(value: object) -> Cell:
    if value.__class__ is str:
        return value or None
    if isinstance(value, timedelta):
        return value.total_seconds() / DAY_S
    return value  # type: ignore[return-value]
