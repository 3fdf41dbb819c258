"""The same paper gives the same bytes; what people wrote is text and nothing else. 字节"""

import dataclasses
import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from typing import Any

import docx
import pytest
from lxml import etree

from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import Cell, Facts, Foot, Head, Heading, Row, Table, Text, write
from tests.kernel.paper.papers import (
    AT,
    PASSAGE,
    find,
    full,
    paper,
    paragraphs,
    part,
    parts_of,
    said,
    written,
)

# the order in which Word asks for the children of each
ORDER = {
    "pPr": "pStyle keepNext pageBreakBefore pBdr tabs autoSpaceDE autoSpaceDN snapToGrid spacing"
    " ind jc outlineLvl",
    "rPr": "rFonts snapToGrid color spacing sz szCs lang",
    "tblPr": "tblpPr tblOverlap tblW jc tblBorders tblLayout tblCellMar",
    "tcPr": "tcW gridSpan vMerge vAlign",
    "style": "name basedOn next qFormat pPr rPr",
    "font": "altName charset family pitch",
    "sectPr": "pgSz pgMar cols docGrid",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
}
HOSTILE = [
    "\x00\x01\x08\x1b\x7f\x85甲",
    "甲\u202e乙\u2066丙",
    "\ud800甲\udfff",
    "甲\ufffe\uffff\ufeff",
    "</w:t></w:r><w:r><w:instrText>DDEAUTO cmd</w:instrText></w:r>",
    '{ DDEAUTO c:\\\\windows "calc" }',
    "=cmd|'/c calc'!A1",
    "<![CDATA[甲]]>&amp;&#x0;&lt;",
    "_x000D__x0000_",
    "甲\t乙",
    "𠮷野家\U0001f525",
    "a" * 20_000,
    "　　　",
    "",
]


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert write(full(drill=True)) == write(full(drill=True))


def test_another_process_another_day_gives_the_same_bytes() -> None:
    script = (
        "import hashlib; from qianjun.kernel.paper import write;"
        "from tests.kernel.paper.papers import full;"
        "print(hashlib.sha256(write(full())).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path), "TZ": zone, "PYTHONHASHSEED": seed},
        ).stdout
        for zone, seed in (("UTC", "1"), ("Asia/Shanghai", "2"))
    }
    assert len(hashes) == 1


def test_naming_a_paper_loads_nothing_heavy() -> None:
    script = "import sys, qianjun.kernel.paper; print({'docx', 'lxml'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "set()"


def test_nothing_in_the_file_knows_when_it_was_packed() -> None:
    with zipfile.ZipFile(io.BytesIO(write(full()))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_letter_or_a_second_gives_other_bytes() -> None:
    once = write(full())
    assert write(full(note="联系人：演示值班二")) != once
    assert write(dataclasses.replace(full(), made_at=AT + timedelta(seconds=1))) != once


def test_the_properties_are_those_handed_in() -> None:
    core = docx.Document(io.BytesIO(write(full(title="关于火灾的报告")))).core_properties
    assert (core.title, core.author) == ("关于火灾的报告", "城中区应急管理局")
    assert core.created == core.modified == AT.replace(microsecond=0)


def test_a_title_of_any_length_may_be_a_property() -> None:
    core = docx.Document(io.BytesIO(write(paper(title="长" * 1000)))).core_properties
    assert core.title == "长" * 255


def test_the_file_holds_nothing_of_the_template_it_began_with() -> None:
    parts = parts_of(write(full()))
    assert sorted(parts) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/fontTable.xml",
        "word/footer1.xml",
        "word/footer2.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
    ]
    assert b"Macintosh" not in parts["docProps/app.xml"]


def elements(content: bytes) -> list[Any]:
    parts = parts_of(content)
    return [e for n, p in parts.items() if n.endswith(".xml") for e in etree.fromstring(p).iter()]


def test_the_children_stand_in_the_order_word_asks_for() -> None:
    seen = set()
    for element in elements(write(full(drill=True))):
        name = str(element.tag).rpartition("}")[2]
        if name in ORDER and "wordprocessingml" in element.tag:
            allowed = ORDER[name].split()
            names = [child.tag.rpartition("}")[2] for child in element]
            # references to head and foot come first, in any order
            places = [allowed.index(n) for n in names if not n.endswith("Reference")]
            assert places == sorted(places), etree.tostring(element)
            seen.add(name)
    assert seen == set(ORDER)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_wrote_is_text_and_nothing_else(text: str) -> None:
    words: dict[str, Any] = {f.name: text for f in dataclasses.fields(Head) if f.type is str}
    made = full(
        title=text,
        made_by=text,
        to=(text,),
        head=Head(**words),
        body=(
            Text(text=text),
            Heading(text=text, then=text),
            Facts(rows=((text, text),), caption=text),
            Table(shares=(1, 1), rows=(Row(cells=(text, Cell(text=text))),)),
        ),
        attachments=(text,),
        note=text,
        watermark=text,
        foot=Foot(report=(text,), copy=(text,), printed_by=text),
    )
    content = write(made)
    for element in elements(content):
        name = str(element.tag).rpartition("}")[2]
        if name == "instrText":
            assert element.text == " PAGE "
        assert name not in ("fldSimple", "hyperlink", "object", "altChunk", "control")
    assert docx.Document(io.BytesIO(content)).paragraphs


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("“先期处置”——第１２号楼，约３．５米；……", "“先期处置”——第１２号楼，约３．５米；……"),
        ("甲\u202e乙\x07丙\ud800", "甲乙丙"),
        ("甲\t乙", "甲 乙"),
        ("<b>&amp;</b> = 1", "<b>&amp;</b> = 1"),
        ("𠮷", "𠮷"),
    ],
)
def test_what_can_be_printed_is_printed_as_it_was_written(text: str, kept: str) -> None:
    root = written(body=(Text(text=text), Facts(rows=(("要素", text),))))
    assert said(paragraphs(root, "QjBody")[0]) == kept
    assert said(find(root, "tc")[1]) == kept


@pytest.mark.parametrize(
    "parts",
    [
        {"head": Head(mark="机密★10年")},
        {"title": "绝密"},
        {"body": (Text(text="密级：机密"),)},
        {"body": (Table(shares=(1,), rows=(Row(cells=(Cell(text="秘密★1年"),)),)),)},
        {"foot": Foot(copy=("机密",))},
    ],
)
def test_the_mark_of_a_state_secret_is_never_written(parts: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        write(paper(**parts))
    assert refused.value.code == "must_not_be_entered"


def test_a_document_of_fifty_pages_is_whole() -> None:
    sections = [(Heading(text=f"第{n}处"), Text(text=PASSAGE * 8)) for n in range(130)]
    rows = tuple(Row(cells=(str(n), PASSAGE)) for n in range(100))
    table = Table(shares=(1, 5), rows=rows)
    content = write(full(body=(*(block for pair in sections for block in pair), table)))
    root = part(content)
    assert len(paragraphs(root, "QjHeading1")) == 130
    assert len(find(root, "tr")) == 104
    # 22 lines of 28 characters a page
    assert sum(len(said(p)) for p in paragraphs(root, "QjBody")) / (22 * 28) > 100
    assert said(root).count("一三〇、第129处") == 1
