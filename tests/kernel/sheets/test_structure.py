"""Where the header stands, what belongs to it, what is no content."""

from datetime import date, datetime

import pytest

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Sheet, read, read_safely
from tests.kernel.sheets.books import Failed, Formula, Grid, sheet_xml, workbook, xls, xlsx

PEOPLE: Grid = [["演示一", 10000000001, "文昌社区"], ["演示二", 10000000002, "桥头社区"]]


def titles(sheet: Sheet) -> list[str]:
    """The titles of the columns that are used."""
    return [heading.title for heading in sheet.headings]


def notes(sheet: Sheet) -> list[tuple[str, int]]:
    """Code and row of every note."""
    return [(note.code, note.row) for note in sheet.notes]


def as_text(rows: Grid) -> bytes:
    """The rows as comma-separated text."""
    return "\n".join(",".join("" if v is None else str(v) for v in row) for row in rows).encode()


def test_lines_above_the_header_are_noted_and_not_read() -> None:
    rows = [
        ["文昌社区应急人员花名册", None, None],
        [None, None, None],
        ["填报单位：文昌社区", None, "填报日期：2024年6月1日"],
        ["姓名", "电话", "社区"],
        *PEOPLE,
    ]
    for content in (xlsx(rows, merges=["A1:C1"]), as_text(rows), xls(rows)):
        sheet = read(content)
        assert titles(sheet) == ["姓名", "电话", "社区"]
        assert [row.number for row in sheet.rows] == [5, 6]
        assert notes(sheet) == [("title_line", 1), ("title_line", 3)]


def test_the_table_may_begin_far_from_the_corner() -> None:
    rows: Grid = [["姓名", "电话", "社区"], *PEOPLE]
    shifted = [[None, None, *row] for row in rows]
    sheet = read(xlsx([[None] * 5, [None] * 5, *shifted]))
    assert [heading.letter for heading in sheet.headings] == ["C", "D", "E"]
    assert titles(sheet) == ["姓名", "电话", "社区"]
    assert sheet.rows[0].number == 4
    assert sheet.rows[0].cells[2:] == ("演示一", 10000000001.0, "文昌社区")


GROUPED = [
    ["序号", "姓名", "联系方式", None, "住址"],
    [None, None, "电话", "微信", None],
    [1, "演示一", "10000000001", "yanshi1", "文昌路1号"],
    [2, "演示二", "10000000002", "yanshi2", "文昌路2号"],
]
GROUPED_TITLES = ["序号", "姓名", "联系方式/电话", "联系方式/微信", "住址"]


def test_a_header_of_two_rows_is_read_from_merged_cells() -> None:
    sheet = read(xlsx(GROUPED, merges=["A1:A2", "B1:B2", "C1:D1", "E1:E2"]))
    assert titles(sheet) == GROUPED_TITLES
    assert [row.number for row in sheet.rows] == [3, 4]


def test_a_header_of_two_rows_is_read_without_merged_cells() -> None:
    sheet = read(as_text(GROUPED))
    assert titles(sheet) == GROUPED_TITLES
    assert len(sheet.rows) == 2


def test_a_header_of_two_rows_is_found_from_its_lower_row() -> None:
    expected = frozenset(["电话", "微信"])
    assert titles(read(as_text(GROUPED), expected=expected)) == GROUPED_TITLES


def test_a_first_row_of_content_is_not_taken_for_a_second_row_of_header() -> None:
    sheet = read(as_text([["姓名", "电话", None], ["演示一", None, "男"], ["演示二", None, "女"]]))
    assert titles(sheet) == ["姓名", "电话", ""]
    assert len(sheet.rows) == 2


def test_a_merged_cell_of_the_body_is_meant_for_all_its_rows() -> None:
    rows = [
        ["社区", "姓名"],
        ["文昌社区", "演示一"],
        [None, "演示二"],
        [None, None],
        ["桥头社区", "演示三"],
    ]
    sheet = read(xlsx(rows, merges=["A2:A4"]))
    assert [row.cells for row in sheet.rows] == [
        ("文昌社区", "演示一"),
        ("文昌社区", "演示二"),
        ("桥头社区", "演示三"),
    ]


def test_totals_sections_feet_and_repeated_headers_are_noted_and_not_read() -> None:
    header = ["姓名", "电话", "人数"]
    rows = [
        header,
        ["一、文昌社区", None, None],
        ["演示一", "10000000001", 3],
        ["小 计", None, 3],
        header,
        ["演示二", "10000000002", 4],
        [None, "合计：", 7],
        ["合计人数", None, 7],
        ["填表人：", None, None],
    ]
    sheet = read(xlsx(rows))
    assert [row.number for row in sheet.rows] == [3, 6]
    assert notes(sheet) == [
        ("section_line", 2),
        ("total_line", 4),
        ("repeated_header", 5),
        ("total_line", 7),
        ("total_line", 8),
        ("footer_line", 9),
    ]
    assert all(note.zh for note in sheet.notes)


def test_a_person_called_like_a_total_is_read() -> None:
    sheet = read(as_text([["姓名", "电话"], ["合计明", "10000000001"], ["总计华", "10000000002"]]))
    assert len(sheet.rows) == 2


def test_empty_rows_and_columns_are_not_seen() -> None:
    rows = [["姓名", None, "电话", "备用"], [None] * 4, ["演示一", None, "10000000001", None]]
    sheet = read(xlsx(rows))
    assert titles(sheet) == ["姓名", "电话", "备用"]
    assert [row.number for row in sheet.rows] == [3]


def test_a_column_without_title_is_called_by_its_letter() -> None:
    sheet = read(as_text([["姓名", "电话", None], ["演示一", "10000000001", "x"]] * 1))
    assert [heading.name for heading in sheet.headings] == ["姓名", "电话", "C"]


def test_one_column_alone_is_a_table() -> None:
    sheet = read("姓名\n演示一\n演示二\n".encode())
    assert titles(sheet) == ["姓名"]
    assert len(sheet.rows) == 2


def test_content_without_header_is_refused() -> None:
    row = ["演示一", 10000000001, date(2024, 6, 1), 3]
    with pytest.raises(Refused) as refused:
        read(xlsx([row, row]))
    assert refused.value.code == "sheet_no_header"


def test_the_kept_value_of_a_formula_is_read_and_its_absence_is_noted() -> None:
    rows = [
        ["姓名", "人数", "户数", "比例"],
        ["演示一", Formula("1+1", 2), Formula("1+2"), Failed()],
        ["演示二", 1, 1, 1],
    ]
    sheet = read(xlsx(rows))
    assert sheet.rows[0].cells == ("演示一", 2.0, None, None)
    assert {code for code, _row in notes(sheet)} == {"uncounted_formulas", "error_cells"}


def test_days_and_instants_keep_their_type() -> None:
    at = datetime(2024, 6, 1, 14, 5)  # noqa: DTZ001 - a spreadsheet knows no zone
    rows = [["姓名", "日期", "时间"], ["演示一", date(2024, 6, 1), at]]
    for sheet in (read(xlsx(rows)), read_safely(xlsx(rows))):
        assert sheet.rows[0].cells[1:] == (date(2024, 6, 1), at)


def two_sheets() -> bytes:
    """A sheet of instructions, a list, and a hidden one."""
    lists: dict[str, Grid] = {
        "填写说明": [
            ["说明", "请逐行填写"],
            ["一", "不要合并"],
            ["二", "不要空行"],
            ["三", "不要改列"],
        ],
        "名单": [["姓名", "电话"], *[row[:2] for row in PEOPLE]],
        "字典": [["代码", "名称"], ["1", "甲"], ["2", "乙"]],
    }
    sheets = {name: sheet_xml(rows) for name, rows in lists.items()}
    return workbook(sheets, hidden=["字典"])


def test_the_sheet_with_the_expected_titles_is_read_and_the_others_are_named() -> None:
    sheet = read(two_sheets(), expected=frozenset(["姓名", "电话"]))
    assert sheet.name == "名单"
    assert [(note.code, note.words["others"]) for note in sheet.notes] == [
        ("other_sheets", "填写说明"),
        ("hidden_sheets", "字典"),
    ]


def test_a_sheet_is_read_by_its_name() -> None:
    assert read(two_sheets(), sheet="字典").rows[0].cells == ("1", "甲")
    with pytest.raises(Refused) as refused:
        read(two_sheets(), sheet="没有")
    assert refused.value.code == "sheet_unknown_name"
