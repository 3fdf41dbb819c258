"""Files made to harm, or merely not what they are called: one sentence each, and nothing more."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Limits, read, read_safely
from qianjun.kernel.sheets.refusals import REFUSALS
from tests.kernel.sheets.books import (
    DOCUMENT_RELATIONS,
    PACKAGE_RELATIONS,
    archive,
    compound,
    ods,
    raw_sheet,
    workbook,
    xls,
    xlsx,
)

LIST = [["姓名", "电话"], ["演示一", "10000000001"]]
CELL = "<c><v>1</v></c>"


def far_away(reference: str) -> bytes:
    """Two cells, the second far out."""
    row = "".join(c for c in reference if c.isdigit())
    second = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>'
    inside = f'<row r="1"><c r="A1"><v>1</v></c></row>{second}'
    return workbook({"S": raw_sheet(inside)})


def lying() -> bytes:
    """An entry that unpacks to far more than the archive says."""
    honest = xlsx(LIST, more={"xl/media/a.bin": b"\0" * 100_000})
    size = struct.pack("<I", 100_000)
    assert honest.count(size) >= 2
    return honest.replace(size, struct.pack("<I", 1_000))


def overlong() -> bytes:
    """A list with a cell of more than ten thousand characters."""
    return xlsx([["姓名", "备注"], ["演示一", "长" * 10_001]])


def encrypted_entry() -> bytes:
    """An archive whose entries say that they are encrypted."""
    content = bytearray(xlsx(LIST))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + at] |= 1
            start += 4
    return bytes(content)


def linked(kind: str) -> bytes:
    """A sheet with a relation of this kind to somewhere outside."""
    relation = (
        f'<Relationship Id="rId1" Type="{DOCUMENT_RELATIONS}/{kind}" Target="file:///x"'
        ' TargetMode="External"/>'
    )
    relations = f'<Relationships xmlns="{PACKAGE_RELATIONS}">{relation}</Relationships>'
    return xlsx(LIST, more={"xl/worksheets/_rels/sheet1.xml.rels": relations})


def old_page() -> bytes:
    """What many systems call .xls."""
    return "<html><head></head><body><table><tr><td>姓名</td></tr></table></body></html>".encode()


def with_entry(name: str) -> Callable[[], bytes]:
    """A list in an archive that holds one thing more."""
    return lambda: xlsx(LIST, more={name: "<a/>"})


def torn() -> bytes:
    """An old workbook whose directory points far behind its end."""
    content = bytearray(xls(LIST))
    at = content.find("Workbook".encode("utf-16-le")) + 116
    content[at : at + 4] = struct.pack("<I", 0x00ABCDEF)
    return bytes(content)


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("sheet_empty", lambda: b""),
    "only spaces": ("sheet_empty", lambda: b"\xef\xbb\xbf \r\n\r\n"),
    "a sheet without cells": ("sheet_empty", lambda: xlsx([])),
    "a picture": ("sheet_not_a_sheet", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "a photo": ("sheet_not_a_sheet", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 100),
    "a paper": ("sheet_not_a_sheet", lambda: b"%PDF-1.7\n"),
    "a program": ("sheet_not_a_sheet", lambda: b"MZ\x90\0\x03" + b"\0" * 100),
    "random bytes": ("sheet_not_a_sheet", lambda: b"abc,def\n\x01\x02\x03,x\n"),
    "an archive of other things": ("sheet_not_a_sheet", lambda: archive({"a.txt": "x"})),
    "a letter of Word": ("sheet_not_a_sheet", lambda: archive({"word/document.xml": "<a/>"})),
    "an old letter of Word": ("sheet_not_a_sheet", lambda: compound({"WordDocument": b"x"})),
    "a binary workbook": ("sheet_not_a_sheet", lambda: archive({"xl/workbook.bin": "x"})),
    "a page called xls": ("sheet_is_page", old_page),
    "a page in UTF-16": ("sheet_is_page", lambda: old_page().decode().encode("utf-16")),
    "an XML table of 2003": ("sheet_is_page", lambda: b'<?xml version="1.0"?><Workbook/>'),
    "a saved page": (
        "sheet_is_page",
        lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Book\r\n",
    ),
    "a workbook with password": ("sheet_encrypted", lambda: compound({"EncryptedPackage": b"x"})),
    "an encrypted archive": ("sheet_encrypted", encrypted_entry),
    "an encrypted sheet of LibreOffice": (
        "sheet_encrypted",
        lambda: ods(LIST, more={"META-INF/x.xml": "<m:encryption-data/>"}),
    ),
    "macros": ("sheet_macros", with_entry("xl/vbaProject.bin")),
    "old macros": ("sheet_macros", lambda: xls(LIST, more={"_VBA_PROJECT": b"x"})),
    "macro sheets": (
        "sheet_macros",
        with_entry("xl/macrosheets/sheet1.xml"),
    ),
    "macros of LibreOffice": (
        "sheet_macros",
        lambda: ods(LIST, more={"Basic/a.xml": "x"}),
    ),
    "links to other books": (
        "sheet_external_links",
        with_entry("xl/externalLinks/a.xml"),
    ),
    "a connection": (
        "sheet_external_links",
        with_entry("xl/connections.xml"),
    ),
    "a linked object": ("sheet_external_links", lambda: linked("oleObject")),
    "a dynamic exchange": (
        "sheet_external_links",
        lambda: ods(LIST, more={"settings.xml": "<office:dde-source/>"}),
    ),
    "an embedded file": ("sheet_embedded", with_entry("xl/embeddings/a.bin")),
    "a control": ("sheet_embedded", with_entry("xl/activeX/activeX1.xml")),
    "an old embedded file": ("sheet_embedded", lambda: xls(LIST, more={"\x01Ole10Native": b"x"})),
    "a bomb by ratio": ("sheet_bomb", lambda: xlsx(LIST, more={"xl/a.xml": bytes(2**25)})),
    "a bomb in a picture": (
        "sheet_bomb",
        lambda: xlsx(LIST, more={"xl/media/a": bytes(2**25)}),
    ),
    "a bomb by entities": ("sheet_bomb", lambda: xlsx(LIST, more={"xl/a.xml": '<!ENTITY a "b">'})),
    "a bomb by entries": (
        "sheet_bomb",
        lambda: xlsx(LIST, more={f"xl/{n}.xml": "" for n in range(2_001)}),
    ),
    "a size that lies": ("sheet_damaged", lying),
    "half a file": ("sheet_damaged", lambda: xlsx(LIST)[:-200]),
    "an empty archive": ("sheet_not_a_sheet", lambda: archive({})),
    "a million columns": ("sheet_too_many_columns", lambda: far_away("BDWGN1")),
    "the last column of Excel": ("sheet_too_many_columns", lambda: far_away("XFD1")),
    "one column too many": ("sheet_too_many_columns", lambda: far_away("SG2")),
    "a wide text": ("sheet_too_many_columns", lambda: b"a," * 501),
    "the last row of Excel": ("sheet_too_many_rows", lambda: far_away("A1048576")),
    "one row too many": ("sheet_too_many_rows", lambda: far_away("A200001")),
    "a long text": ("sheet_too_many_rows", lambda: b"a,b\n" * 200_001),
    "an empty square": ("sheet_too_many_cells", lambda: far_away("CV90000")),
    "a long cell": ("sheet_cell_too_long", overlong),
    "a long cell of text": ("sheet_cell_too_long", lambda: b"a,b\nc," + b"x" * 10_001),
    "a very long cell of text": ("sheet_cell_too_long", lambda: b"a,b\nc," + b"x" * 200_000),
    "broken XML": ("sheet_unreadable", lambda: workbook({"S": "<worksheet><sheetData><row"})),
    "a torn old workbook": ("sheet_unreadable", torn),
    "many sheets": (
        "sheet_too_many_sheets",
        lambda: workbook({f"S{n}": raw_sheet("") for n in range(31)}),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_code(name: str) -> None:
    code, make = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        read(make())
    assert refused.value.code == code
    assert refused.value.zh % refused.value.words


def test_every_sentence_about_a_file_is_seen_here() -> None:
    elsewhere = {
        "sheet_file_too_large",
        "sheet_too_large",
        "sheet_too_slow",
        "sheet_encoding",
        "sheet_quotes",
        "sheet_no_header",
        "sheet_unknown_name",
        "must_not_be_entered",
    }
    assert {code for code, _make in HOSTILE.values()} | elsewhere == set(REFUSALS)


def test_links_in_cells_and_pictures_are_no_harm() -> None:
    content = linked("hyperlink")
    assert read(content).rows
    assert read(xlsx(LIST, more={"xl/media/image1.png": zlib.compress(b"x" * 1000)})).rows


def test_a_list_that_repeats_itself_is_no_bomb() -> None:
    rows = [["姓名", "住址", "备注"], *[["演示", "文昌路", "无"]] * 60_000]
    assert len(read(xlsx(rows)).rows) == 60_000


# --- in the child ---------------------------------------------------------------------------------


def test_the_child_reads_what_the_parent_would(tmp_path: Path) -> None:
    content = xlsx([["姓名", "备注"], ["演示一", "=1+1"], ["演示二", 'a"b\n，']])
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert read_safely(content) == read_safely(path) == read(content)


def test_a_refusal_of_the_child_arrives_with_its_words() -> None:
    with pytest.raises(Refused) as refused:
        read_safely(overlong())
    assert refused.value.code == "sheet_cell_too_long"
    assert refused.value.words == {"row": 2, "column": "B", "limit": 10_000}


def test_a_file_beyond_the_size_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(b"a,b\n" * 100)
    for source in (path, path.read_bytes()):
        with pytest.raises(Refused) as refused:
            read_safely(source, limits=Limits(file_bytes=399))
        assert refused.value.code == "sheet_file_too_large"


def hidden_square() -> bytes:
    """A square that no attribute announces: a wide row, then many narrow ones."""
    return workbook({"S": raw_sheet(f"<row>{CELL * 20_000}</row>" + f"<row>{CELL}</row>" * 20_000)})


def test_a_file_that_eats_memory_ends_its_child_and_nobody_else() -> None:
    with pytest.raises(Refused) as refused:
        read_safely(hidden_square(), limits=replace(Limits(), entry_ratio=1_000))
    assert refused.value.code == "sheet_too_large"


def test_a_file_that_eats_time_ends_its_child_and_nobody_else() -> None:
    with pytest.raises(Refused) as refused:
        read_safely(xlsx(LIST), limits=Limits(wall_s=0))
    assert refused.value.code == "sheet_too_slow"


def test_an_answer_that_fills_the_disk_is_cut() -> None:
    rows = [["姓名", "住址"], *[["演示", f"文昌路{n}"] for n in range(5_000)]]
    with pytest.raises(Refused) as refused:
        read_safely(xlsx(rows), limits=Limits(answer_bytes=50_000))
    assert refused.value.code in ("sheet_too_large", "sheet_unreadable")
