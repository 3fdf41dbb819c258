"""The same small list in every format and encoding that people have."""

import pytest

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Sheet, read
from tests.kernel.sheets.books import ods, xls, xlsx

LIST = [["姓名", "住址"], ["演示一", "文昌路１２号"], ["演示二", "桥头；东侧"]]
TEXT = "姓名,住址\n演示一,文昌路１２号\n演示二,桥头；东侧\n"


def cells(sheet: Sheet) -> list[tuple[object, ...]]:
    """Titles and content, as one list."""
    return [tuple(h.title for h in sheet.headings), *(row.cells for row in sheet.rows)]


READ = [("姓名", "住址"), ("演示一", "文昌路12号"), ("演示二", "桥头；东侧")]


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_a_workbook_is_read_in_every_format(make: object) -> None:
    assert callable(make)
    assert cells(read(make(LIST))) == READ


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("gb18030"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16-le", "utf-16-be", "gb18030"],
)
def test_text_is_read_in_every_encoding(content: bytes) -> None:
    assert cells(read(content)) == READ


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found(delimiter: str, line_end: str) -> None:
    text = line_end.join(delimiter.join(row) for row in LIST)
    assert cells(read(text.encode())) == READ


def test_the_delimiter_may_be_said_in_the_first_line() -> None:
    text = "sep=;\n姓名;备注\n演示一;a,b,c\n演示二;d,e,f\n"
    assert cells(read(text.encode()))[1] == ("演示一", "a,b,c")


def test_a_quoted_cell_may_hold_delimiters_line_ends_and_quotes() -> None:
    sheet = read('姓名,备注\r\n演示一,"第一行\r\n第二行，""引号"",完"\r\n'.encode())
    assert sheet.rows[0].cells == ("演示一", '第一行\n第二行，"引号",完')


def test_characters_beyond_the_old_code_page_are_read() -> None:
    name = "演示\U00020bb7"
    assert read(f"姓名,住址\n{name},桥头\n".encode("gb18030")).rows[0].cells[0] == name


def test_damaged_utf_8_is_refused_and_not_read_as_something_else() -> None:
    broken = TEXT.encode() * 20 + "演示".encode()[:-1] + b",x\n"
    with pytest.raises(Refused) as refused:
        read(broken)
    assert refused.value.code == "sheet_encoding"


def test_unseen_characters_go_and_line_ends_stay() -> None:
    odd = "姓名,备注\n\u200b演示\u202e一\u3000,\u00a0甲\t乙\u0085\n".encode()
    assert read(odd).rows[0].cells == ("演示一", "甲\t乙")


def test_an_open_quote_is_named_with_its_row() -> None:
    with pytest.raises(Refused) as refused:
        read('姓名,备注\n演示一,"没有写完\n演示二,无\n'.encode())
    assert (refused.value.code, refused.value.words["row"]) == ("sheet_quotes", 2)
