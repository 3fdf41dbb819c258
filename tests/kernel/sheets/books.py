"""Workbooks made by hand, good and hostile: bytes of xlsx, ods and xls without a library."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from qianjun.kernel.sheets.model import letter

OPEN = "http://" + "schemas.openxmlformats.org"
MAIN = f"{OPEN}/spreadsheetml/2006/main"
DOCUMENT_RELATIONS = f"{OPEN}/officeDocument/2006/relationships"
PACKAGE_RELATIONS = f"{OPEN}/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SERIAL_ZERO = date(1899, 12, 30)
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="3">'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Formula:
    """A formula with the value that the program has kept, or without."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Failed:
    """A cell with an error value."""

    text: str = "#N/A"


Content = str | int | float | bool | date | Formula | Failed | None
Grid = Sequence[Any]  # rows of Content; lists of different content have no narrower type


def xlsx(
    rows: Grid, *, merges: Sequence[str] = (), more: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A workbook with one sheet, and further entries of the archive."""
    return workbook({"Sheet1": sheet_xml(rows, merges=merges)}, more=more)


def sheet_xml(rows: Grid, *, merges: Sequence[str] = ()) -> str:
    """The XML of one worksheet."""
    lines = [
        f'<row r="{n}">{"".join(_cell(value, at=f"{letter(c)}{n}") for c, value in enumerate(row))}'
        "</row>"
        for n, row in enumerate(rows, 1)
    ]
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    return raw_sheet("".join(lines), after=f"<mergeCells>{merged}</mergeCells>" if merged else "")


def raw_sheet(inside: str, *, after: str = "") -> str:
    """A worksheet with these rows as they are."""
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData>{after}</worksheet>'


def _cell(value: Content, *, at: str) -> str:
    match value:
        case None:
            return ""
        case Formula():
            kept = "" if value.value is None else f"<v>{value.value}</v>"
            return f'<c r="{at}"><f>{escape(value.text)}</f>{kept}</c>'
        case Failed():
            return f'<c r="{at}" t="e"><v>{value.text}</v></c>'
        case bool():
            return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
        case datetime():
            days = (value.date() - SERIAL_ZERO).days + (value.hour * 60 + value.minute) / 1440
            return f'<c r="{at}" s="2"><v>{days}</v></c>'
        case date():
            return f'<c r="{at}" s="1"><v>{(value - SERIAL_ZERO).days}</v></c>'
        case str():
            words = f'<t xml:space="preserve">{escape(value)}</t>'
            return f'<c r="{at}" t="inlineStr"><is>{words}</is></c>'
        case _:
            return f'<c r="{at}"><v>{value}</v></c>'


def workbook(
    sheets: Mapping[str, str],
    *,
    hidden: Sequence[str] = (),
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook of these worksheets, given as XML by name."""
    named = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for n, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{DOCUMENT_RELATIONS}/worksheet"'
        f' Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    styles = f'<Relationship Id="rId999" Type="{DOCUMENT_RELATIONS}/styles" Target="styles.xml"/>'
    first = (
        f'<Relationship Id="rId1" Type="{DOCUMENT_RELATIONS}/officeDocument"'
        ' Target="xl/workbook.xml"/>'
    )
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": f"{HEAD}<Types/>",
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE_RELATIONS}">{first}</Relationships>',
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT_RELATIONS}">'
            f"<sheets>{named}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE_RELATIONS}">{related}{styles}</Relationships>'
        ),
        "xl/styles.xml": STYLES,
    }
    entries |= {f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)}
    return archive(entries | dict(more or {}))


def archive(entries: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """A zip archive of these entries, in order."""
    file = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return file.getvalue()


OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def ods(rows: Grid, *, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A sheet of LibreOffice with text cells."""
    lines = "".join(
        f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>" for row in rows
    )
    content = (
        f'{HEAD}<office:document-content xmlns:office="{OASIS}:office:1.0"'
        f' xmlns:table="{OASIS}:table:1.0" xmlns:text="{OASIS}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'{HEAD}<m:manifest xmlns:m="{OASIS}:manifest:1.0"/>',
        "content.xml": content,
    }
    return archive(entries | dict(more or {}), stored=True)


def _open_cell(value: Content) -> str:
    if value is None:
        return "<table:table-cell/>"
    words = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell office:value-type="string">{words}</table:table-cell>'


SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """The old container of Office with these streams, each at least 4096 bytes long."""
    sectors, chains, starts = b"", [FAT, END], []
    for content in streams.values():
        padded = content.ljust(4096, b"\0") + b"\0" * (-len(content.ljust(4096, b"\0")) % SECTOR)
        starts.append(len(chains))
        count = len(padded) // SECTOR
        chains += [*range(len(chains) + 1, len(chains) + count), END]
        sectors += padded
    fat = b"".join(struct.pack("<I", one) for one in chains)
    assert len(fat) <= SECTOR
    root = _entry("Root Entry", kind=5, child=1, start=END, size=0)
    entries = [
        _entry(name, kind=2, start=start, size=max(4096, len(content)), right=n + 2)
        for n, ((name, content), start) in enumerate(zip(streams.items(), starts, strict=True))
    ]
    entries[-1] = entries[-1][:72] + struct.pack("<I", FREE) + entries[-1][76:]
    directory = (root + b"".join(entries)).ljust(SECTOR, b"\0")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    head += struct.pack("<5H6x3I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1)
    head += struct.pack("<6I", 0, 4096, END, 0, END, 0) + struct.pack("<I", 0)
    return head + b"\xff" * (SECTOR - len(head)) + fat.ljust(SECTOR, b"\xff") + directory + sectors


def _entry(
    name: str, *, kind: int, start: int, size: int, child: int = FREE, right: int = FREE
) -> bytes:
    text = name.encode("utf-16-le").ljust(64, b"\0")
    links = struct.pack("<HBB3I", len(name) * 2 + 2, kind, 1, FREE, right, child)
    return text + links + b"\0" * 36 + struct.pack("<IQ", start, size)


def xls(rows: Grid, *, more: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook of Excel 97 with text and numbers."""
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            body += b"" if value is None else _old_cell(value, row=r, column=c)
    body += _record(0x0A, b"")
    name = "Sheet1"
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 6))
    sheet_bytes = 4 + 8 + len(name)
    offset = len(start) + sheet_bytes + 4
    listed = struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name.encode()
    stream = start + _record(0x85, listed) + _record(0x0A, b"") + body
    return compound({"Workbook": stream} | dict(more or {}))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _old_cell(value: Content, *, row: int, column: int) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return _record(0x203, place + struct.pack("<d", value))
    text = str(value)
    return _record(0x204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))
