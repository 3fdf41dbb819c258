"""Sheets: read a messy one, map its columns, check its rows, show a declared table. 表格

>>> sheet = read_safely(path, expected=PEOPLE.expected)
>>> mapping = match_columns(sheet.headings, table=PEOPLE, remembered=kept, sample=sheet.rows)
>>> preview = check_rows(sheet, table=PEOPLE, mapping=mapping)
"""

from qianjun.kernel.sheets.checking import Preview, RowOutcome, check_rows, outcomes
from qianjun.kernel.sheets.limits import Limits
from qianjun.kernel.sheets.matching import ColumnMapping, Unsure, match_columns
from qianjun.kernel.sheets.model import Heading, Note, Row, Sheet
from qianjun.kernel.sheets.problems import Problem
from qianjun.kernel.sheets.reading import read, read_safely
from qianjun.kernel.sheets.tables import Column, Shown, Table
from qianjun.kernel.sheets.wording import safe_to_write
from qianjun.kernel.sheets.writing import Imprint, workbook

__all__ = [
    "Column",
    "ColumnMapping",
    "Heading",
    "Imprint",
    "Limits",
    "Note",
    "Preview",
    "Problem",
    "Row",
    "RowOutcome",
    "Sheet",
    "Shown",
    "Table",
    "Unsure",
    "check_rows",
    "match_columns",
    "outcomes",
    "read",
    "read_safely",
    "safe_to_write",
    "workbook",
]
