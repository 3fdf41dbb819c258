"""Sheets as people send them. 表格"""

import csv
import io
from collections.abc import Sequence

from tests.kernel.sheets.books import xlsx

HEAD = ("姓名", "工作单位", "联系电话", "邮箱", "是否同意", "签字日期")
UNIT = "城中区应急管理局"


def person(n: int, **changed: str) -> list[str]:
    """A good row, with something else in some columns."""
    row = {
        "name": f"演示人{n}",
        "unit": UNIT,
        "phone": f"100{n:08d}",
        "mail": "",
        "consent": "是",
        "day": "2026-05-01",
    }
    return list((row | changed).values())


def table(*rows: Sequence[str]) -> bytes:
    """An Excel file with the usual headings."""
    return xlsx([HEAD, *rows])


def comma(rows: Sequence[Sequence[str]], *, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode(encoding)
