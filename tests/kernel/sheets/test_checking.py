"""A list with everything that goes wrong: each row has its sentence, the good ones their values."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import (
    Column,
    ColumnMapping,
    Preview,
    Sheet,
    Table,
    check_rows,
    match_columns,
    read_safely,
)
from tests.kernel.sheets.books import Grid, xlsx

PEOPLE = Table(
    name="people",
    key=("name", "phone"),
    columns=(
        Column(field="name", zh="姓名", required=True, max_chars=20),
        Column(field="phone", zh="联系电话", kind="phone", titles=("手机",), required=True),
        Column(field="unit", zh="社区", kind="choice", choices={"文昌社区": "1", "桥头社区": "2"}),
        Column(field="born", zh="出生日期", kind="date"),
        Column(field="joined_at", zh="加入时间", kind="instant"),
        Column(field="households", zh="户数", kind="int", least=0, most=999),
        Column(field="area", zh="面积", kind="decimal", blank="正在核实"),
        Column(field="code", zh="证号", kind="code", pattern=r"[0-9]{17}[0-9X]"),
        Column(field="insured", zh="参保", kind="bool"),
    ),
)
HEADER = ["姓名", "手机", "社区", "出生日期", "加入时间", "户数", "面积", "证号", "参保", "备注"]
GOOD = [
    "演示一",
    1.0000000001e10,
    "文昌社区",
    "1990.6.1",
    "2024-06-01 14:05",
    "１２",
    "1,234.5",
    "000000199006010019",
    "√",
    "不用的列",
]
BAD: list[tuple[str, object, str]] = [
    ("姓名", None, "missing"),
    ("姓名", "很" * 21, "too_long"),
    ("手机", "演示", "not_a_phone"),
    ("手机", "1.00E+10", "damaged"),
    ("手机", "10000000001、10000000002", "two_phones"),
    ("社区", "文晶社区", "near_choice"),
    ("社区", "某处", "not_a_choice"),
    ("出生日期", "1990年6月", "no_day"),
    ("出生日期", "90.6.1", "short_year"),
    ("出生日期", "1990-02-30", "not_a_date"),
    ("加入时间", "2024-06-01", "no_time"),
    ("户数", "十二", "not_a_number"),
    ("户数", 1.5, "not_whole"),
    ("户数", 1000, "out_of_range"),
    ("证号", 1.99006010019e17, "damaged"),
    ("证号", "12345", "not_a_code"),
    ("参保", "也许", "not_a_yes_or_no"),
]


def changed(number: int, **cells: object) -> list[object]:
    """A good row of another person, with these cells changed."""
    row = dict(zip(HEADER, GOOD, strict=True)) | {"手机": 10000001000 + number} | cells
    return list(row.values())


def preview(rows: list[list[object]]) -> Preview:
    """What becomes of these rows below the header."""
    return checked([HEADER, *rows])


def checked(rows: Grid) -> Preview:
    """Read, match, check."""
    sheet = read_safely(xlsx(rows), expected=PEOPLE.expected)
    mapping = match_columns(sheet.headings, table=PEOPLE, sample=sheet.rows)
    return check_rows(sheet, table=PEOPLE, mapping=mapping)


def test_a_good_row_is_taken_with_its_values() -> None:
    outcome = preview([GOOD]).rows[0]
    assert (outcome.row_number, outcome.status, outcome.problems) == (2, "taken", ())
    assert outcome.values == {
        "name": "演示一",
        "phone": "10000000001",
        "unit": "1",
        "born": date(1990, 6, 1),
        "joined_at": datetime(2024, 6, 1, 6, 5, tzinfo=UTC),
        "households": 12,
        "area": Decimal("1234.5"),
        "code": "000000199006010019",
        "insured": True,
    }


def test_each_kind_of_bad_row_is_refused_with_its_code() -> None:
    assert len({code for _title, _cell, code in BAD}) >= 12
    found = preview([changed(n, **{title: cell}) for n, (title, cell, _code) in enumerate(BAD)])
    assert [(p.row, p.column, p.code) for p in found.problems()] == [
        (n, title, code) for n, (title, _cell, code) in enumerate(BAD, 2)
    ]
    assert found.counts == {"taken": 0, "refused": len(BAD), "duplicate": 0}
    assert all("%" not in p.detail_zh for p in found.problems())


def test_a_row_repeats_only_one_that_was_taken() -> None:
    rows = [changed(1, 户数="x"), changed(1), changed(2), changed(1), changed(1, 姓名="演示二")]
    found = preview(rows)
    assert [o.status for o in found.rows] == ["refused", "taken", "taken", "duplicate", "taken"]
    repeated = found.rows[3].problems[0]
    assert (repeated.code, repeated.words["row"], repeated.row) == ("duplicate", 3, 5)


def test_a_formula_is_taken_as_text_and_said() -> None:
    outcome = preview([changed(1, 姓名="=1+1")]).rows[0]
    assert (outcome.status, outcome.values["name"]) == ("taken", "=1+1")
    assert [problem.code for problem in outcome.problems] == ["formula"]


def test_the_preview_is_shown_as_the_contract_says() -> None:
    shown = preview([changed(1), changed(1), changed(2, 户数="x")]).as_json()
    assert {key: shown[key] for key in ("rows", "taken", "refused")} == {
        "rows": 3,
        "taken": 1,
        "refused": 2,
    }
    assert shown["problems"] == [
        {"row": 3, "column": "", "code": "duplicate", "detail_zh": "与第 2 行重复。"},
        {"row": 4, "column": "户数", "code": "not_a_number", "detail_zh": "不是数字。"},
    ]
    assert shown["mapping"]["手机"] == "phone"
    assert "备注" not in shown["mapping"]


def test_no_sentence_repeats_a_telephone_or_a_number_of_a_person() -> None:
    several, short = "10000000001/2600000", "45020219900101"
    rows = [changed(1, 手机="1000000009", 证号=short), changed(2, 手机=several)]
    said = str(preview(rows).as_json()["problems"])
    assert "10000000" not in said
    assert "450202" not in said


def test_a_list_without_a_required_column_is_refused_as_a_whole() -> None:
    with pytest.raises(Refused) as refused:
        checked([["姓名", "社区"], ["演示一", "文昌社区"]])
    assert refused.value.code == "columns_missing"
    assert refused.value.words == {"columns": "联系电话"}


def test_a_key_that_is_not_wholly_in_the_list_repeats_nothing() -> None:
    columns = (Column(field="a", zh="甲"), Column(field="b", zh="乙"))
    table = Table(name="t", key=("a", "b"), columns=columns)
    sheet = read_safely("甲,丙\nx,1\nx,1\n".encode())
    mapping = match_columns(sheet.headings, table=table)
    assert check_rows(sheet, table=table, mapping=mapping).counts["taken"] == 2


def test_rows_shorter_than_the_header_are_filled_with_nothing() -> None:
    text = "姓名,手机,社区\n演示一,10000000001\n演示二,10000000002,桥头社区\n"
    sheet = read_safely(text.encode())
    mapping = match_columns(sheet.headings, table=PEOPLE)
    found = check_rows(sheet, table=PEOPLE, mapping=mapping)
    assert [outcome.values["unit"] for outcome in found.rows] == [None, "2"]


def test_an_empty_sheet_has_an_empty_preview() -> None:
    sheet = Sheet(kind="text", name="", headings=(), rows=())
    found = check_rows(sheet, table=PEOPLE, mapping=ColumnMapping(headings={}, how={}))
    assert (found.rows, found.counts["taken"]) == ((), 0)


def test_a_table_with_a_key_that_is_no_field_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="key"):
        Table(name="t", key=("b",), columns=(Column(field="a", zh="甲"),))


# --- the same table on screen ---------------------------------------------------------------------


def test_a_declared_table_is_what_a_list_shows() -> None:
    taken = preview([changed(1, 户数=998, 参保="否"), changed(2, 面积=None, 社区=None)]).rows
    shown = PEOPLE.shown([outcome.values for outcome in taken])
    assert shown.header == tuple(column.zh for column in PEOPLE.columns)
    same = ("1990-06-01", "2024-06-01 14:05")
    assert shown.cells == (
        ("演示一", "100****1001", "文昌社区", *same, "998", "1,234.5", GOOD[7], "否"),
        ("演示一", "100****1002", "–", *same, "12", "正在核实", GOOD[7], "是"),
    )


def test_rows_of_the_database_are_shown_as_well_and_telephones_whole_when_allowed() -> None:
    class Person:
        name, phone = "演示一", "10000000001"

    table = Table(name="t", columns=PEOPLE.columns[:2])
    assert table.shown([Person()], masked=False).cells == (("演示一", "10000000001"),)
