"""What a list shows cell by cell, in the reader's language. 清单单元格"""

from collections.abc import Callable, Iterable

from qianjun.kernel.sheets import Table
from qianjun.kernel.sheets.tables import plain_of, shown_of

Cells = tuple[tuple[str, ...], ...]


def cells_of(table: Table, rows: Iterable[object], *, word: Callable[[str], str] = str) -> Cells:
    """Every row as texts; telephones are masked, choices put into words by ``word``."""
    return tuple(
        tuple(
            word(said) if column.kind in ("choice", "bool") else said
            for column in table.columns
            for said in (shown_of(plain_of(row, column, masked=True), column),)
        )
        for row in rows
    )
