"""Write a declared table to Excel: typed cells, one header row that our own reader knows. 写表格

What people wrote stays text: no cell becomes a formula or a link. The file is the same for the
same rows and the same instant. The writer is loaded only when a file is written.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from qianjun.kernel.clock import in_beijing
from qianjun.kernel.sheets.tables import Column, Table, plain_of, shown_of
from qianjun.kernel.sheets.wording import safe_to_write

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_MOST: Final = 32_000  # Excel's own limit is 32,767
WIDEST: Final = 48
NAME_MOST: Final = 31
BARRED: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
FORMATS: Final = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "int": {"num_format": "#,##0", "valign": "top"},
    "decimal": {"num_format": "#,##0.######", "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "valign": "top"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "valign": "top"},
}


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """What stands on every printed page: title, who took it out, when, whether it is a drill."""

    title: str
    by: str
    at: datetime
    drill: str = ""


def workbook(
    table: Table,
    rows: Iterable[object],
    *,
    imprint: Imprint,
    masked: bool = True,
    word: Callable[[str], str] = str,
) -> bytes:
    """An xlsx file of these rows; ``word`` puts titles and choices into the reader's language.

    Telephones are masked unless asked otherwise. Instants are Beijing time, as on screen.
    """
    import xlsxwriter

    held = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(held, options)
    book.set_properties(
        {"title": imprint.title, "author": imprint.by, "created": imprint.at.astimezone(UTC)}
    )
    formats = {name: book.add_format(made) for name, made in FORMATS.items()}
    sheet = book.add_worksheet(_sheet_name(imprint.title))
    titles = [word(column.zh) for column in table.columns]
    widths = [_width(title) for title in titles]
    sheet.write_row(0, 0, titles, formats["head"])
    last = 0
    for last, row in enumerate(rows, start=1):
        for at, column in enumerate(table.columns):
            value = plain_of(row, column, masked=masked)
            widths[at] = max(widths[at], _put(sheet, formats, last, at, value, column, word))
    _finish(sheet, widths=widths, last=last, imprint=imprint)
    book.close()
    return held.getvalue()


def _put(
    sheet: Any,  # noqa: ANN401  # xlsxwriter has no types
    formats: dict[str, Any],
    row: int,
    at: int,
    value: object,
    column: Column,
    word: Callable[[str], str],
) -> int:
    """Write one cell by its type; how wide it is."""
    if value is None or value == "":
        return 0
    if isinstance(value, datetime):
        local = in_beijing(value).replace(tzinfo=None)
        sheet.write_datetime(row, at, local, formats["instant"])
        return 17
    if isinstance(value, date):
        sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001  # Excel knows no zones
        return 11
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        kind = "int" if isinstance(value, int) else "decimal"
        sheet.write_number(row, at, float(value) if kind == "decimal" else value, formats[kind])
        return len(f"{value:,}") + 1
    said = shown_of(value, column)
    text = safe_to_write(word(said) if column.kind in ("choice", "bool") else said)[:CELL_MOST]
    sheet.write_string(row, at, text, formats["text"])
    return max((_width(line) for line in text.splitlines()), default=0)


def _finish(
    sheet: Any,  # noqa: ANN401  # xlsxwriter has no types
    *,
    widths: Sequence[int],
    last: int,
    imprint: Imprint,
) -> None:
    """Widths, a header that stays, a filter; on paper the title, the page, who and when."""
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(WIDEST, width + 2))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(widths) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    when = f"{in_beijing(imprint.at):%Y-%m-%d %H:%M}"
    sheet.set_header(f"&C{_of_page(imprint.drill + imprint.title)}")
    sheet.set_footer(f"&L{_of_page(imprint.by)} {when}&R&P / &N")


def _of_page(text: str) -> str:
    """Text of a page's head or foot: an ampersand would begin a code."""
    return text.replace("&", "&&")[:120]


def _sheet_name(title: str) -> str:
    return title.translate(BARRED).strip("' ")[:NAME_MOST] or "1"


def _width(text: str) -> int:
    """How wide a text is, in digits: a Chinese character takes two."""
    return sum(1 if ord(one) < 0x2E80 else 2 for one in text)
