"""A sheet as lines of JSON from the child to its parent: values, never objects. 传递格式"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, TextIO

from qianjun.kernel.sheets.model import Cell, Heading, Note, Row, Sheet

READ_BACK: dict[str, Callable[[str], Cell]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def row_line(row: Row) -> str:
    """``[number, cells, [[index, type], ...]]``; the last part only where cells are dates."""
    dated = [
        [n, cell.__class__.__name__]
        for n, cell in enumerate(row.cells)
        if cell.__class__ in (date, datetime, time)
    ]
    written = [row.number, row.cells] if not dated else [row.number, _texts(row.cells), dated]
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def _texts(cells: tuple[Cell, ...]) -> list[str | int | float | bool | None]:
    return [cell.isoformat() if isinstance(cell, date | time) else cell for cell in cells]


def row_of(written: list[Any]) -> Row:
    """The row that such a line holds."""
    number, cells, *dated = written
    for index, name in dated[0] if dated else ():
        cells[index] = READ_BACK[name](cells[index])
    return Row(int(number), tuple(cells))


def write_closing(sheet: Sheet, *, to: TextIO) -> None:
    """All but the rows, as the last line."""
    closing = {
        "kind": sheet.kind,
        "name": sheet.name,
        "headings": [[heading.index, heading.parts] for heading in sheet.headings],
        "notes": [[note.code, note.row, dict(note.words)] for note in sheet.notes],
    }
    to.write(json.dumps({"sheet": closing}, ensure_ascii=False) + "\n")


def refusal_line(code: str, *, words: dict[str, Any]) -> str:
    """A refusal as the last line."""
    return json.dumps({"refused": code, "words": words}, ensure_ascii=False) + "\n"


def lines_of(file: Iterable[bytes]) -> Iterator[Any]:
    """The values of all lines."""
    return (json.loads(line) for line in file)


def sheet_of(closing: dict[str, Any], *, rows: tuple[Row, ...]) -> Sheet:
    """The sheet that the last line closes."""
    return Sheet(
        kind=str(closing["kind"]),
        name=str(closing["name"]),
        headings=tuple(
            Heading(index=int(n), parts=tuple(map(str, parts))) for n, parts in closing["headings"]
        ),
        rows=rows,
        notes=tuple(
            Note(code=str(code), row=int(row), words=words) for code, row, words in closing["notes"]
        ),
    )
