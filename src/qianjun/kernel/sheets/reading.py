"""Read a messy sheet, in this process or safely in a child with limits. 读表"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from json import dumps
from pathlib import Path
from typing import IO, Any

from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import CODE, is_marked
from qianjun.kernel.sheets import contents, delimited, wire, workbooks
from qianjun.kernel.sheets.limits import DEFAULT, Limits
from qianjun.kernel.sheets.model import Cell, Note, Row, Sheet
from qianjun.kernel.sheets.refusals import NOTES, REFUSALS, refuse
from qianjun.kernel.sheets.structure import Layout

CHILD = "qianjun.kernel.sheets.child"
# what a child that reads foreign bytes needs of the environment: no address, no key
ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL")
OUT_OF_TIME = -24  # SIGXCPU
OUT_OF_ROOM = (-6, -9, -11, -25)  # SIGABRT, SIGKILL, SIGSEGV, SIGXFSZ


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sheet being read: first all its rows, then what is known when they are read. 读取中"""

    kind: str
    name: str
    layout: Layout
    notes: tuple[Note, ...] = ()

    def closed(self, rows: tuple[Row, ...]) -> Sheet:
        """The sheet with these rows; call it after the last of ``layout.rows()``."""
        return Sheet(
            kind=self.kind,
            name=self.name,
            headings=self.layout.headings,
            rows=rows,
            notes=(*self.notes, *self.layout.notes),
        )


def begin(
    content: bytes, *, sheet: str | None, expected: frozenset[str], limits: Limits
) -> Reading:
    """Inspect and open; nothing of the rows is kept."""
    inspected = contents.inspect(content, limits=limits)
    if inspected.kind == "text":
        grid = (list[Cell](cells) for cells in delimited.rows_of(content, limits=limits))
        layout = Layout(grid=_unmarked(grid), merges=(), expected=expected, limits=limits)
        return Reading(kind="text", name="", layout=layout)
    opened = workbooks.open_sheet(content, name=sheet, expected=expected, limits=limits)
    seen = (Note(code=code) for code in sorted(inspected.notes))
    return Reading(
        kind=inspected.kind,
        name=opened.name,
        layout=Layout(
            grid=_unmarked(opened.rows), merges=opened.merges, expected=expected, limits=limits
        ),
        notes=(*seen, *opened.notes),
    )


def _unmarked(rows: Iterable[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows, titles and foot included, as long as none carries the mark of a state secret."""
    for cells in rows:
        if any(isinstance(cell, str) and is_marked(cell) for cell in cells):
            raise refuse(CODE)
        yield cells


def read(
    content: bytes,
    *,
    sheet: str | None = None,
    expected: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Sheet:
    """The sheet in these bytes; trap: foreign bytes belong into ``read_safely``. 读取

    ``sheet`` names a worksheet; ``expected`` are folded titles (``Table.expected``) by which the
    header and the right worksheet are found more surely.
    """
    reading = begin(content, sheet=sheet, expected=expected, limits=limits)
    rows = tuple(reading.layout.rows())
    return reading.closed(rows)


def read_safely(
    source: Path | bytes,
    *,
    sheet: str | None = None,
    expected: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Sheet:
    """The same in a child that may use only so much memory, time and room. 隔离读取

    Takes about 0.2 s more than reading here. Whatever ends the child, the caller gets a sheet or a
    ``Refused``.
    """
    with tempfile.TemporaryFile() as answer, _opened(source, limits=limits) as given:
        asked = {"sheet": sheet, "expected": sorted(expected), "limits": asdict(limits)}
        ended = _run(given, answer=answer, asked=dumps(asked), limits=limits)
        answer.seek(0)
        return _heard(answer, ended=ended)


def _opened(source: Path | bytes, *, limits: Limits) -> IO[bytes]:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.file_bytes:
        raise refuse("sheet_file_too_large", limit=limits.file_bytes // 1_000_000)
    if isinstance(source, Path):
        return source.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(source)
    file.seek(0)
    return file


def _run(given: IO[bytes], *, answer: IO[bytes], asked: str, limits: Limits) -> int:
    try:
        return subprocess.run(  # noqa: S603 - our own module, nothing of the file in the words
            [sys.executable, "-P", "-m", CHILD, asked],
            stdin=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env={key: os.environ[key] for key in ENVIRONMENT if key in os.environ},
            timeout=limits.wall_s,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return OUT_OF_TIME


def _heard(answer: IO[bytes], *, ended: int) -> Sheet:
    """What the child has written: its sentences are ours by code, never its own words."""
    if ended == OUT_OF_TIME:
        raise refuse("sheet_too_slow")
    if ended in OUT_OF_ROOM:
        raise refuse("sheet_too_large")
    rows: list[Row] = []
    try:
        for line in wire.lines_of(answer):
            if isinstance(line, list):
                rows.append(wire.row_of(line))
            elif "refused" in line:
                raise _refused(line)
            else:
                return _checked(wire.sheet_of(line["sheet"], rows=tuple(rows)))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as wrong:
        raise refuse("sheet_unreadable") from wrong
    raise refuse("sheet_unreadable")


def _refused(line: dict[str, Any]) -> Refused:
    code = str(line["refused"])
    return refuse(code if code in REFUSALS else "sheet_unreadable", **line.get("words", {}))


def _checked(sheet: Sheet) -> Sheet:
    if any(note.code not in NOTES for note in sheet.notes):
        raise refuse("sheet_unreadable")
    return sheet
