"""Cells as people write them, and what they mean."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from qianjun.kernel.sheets.model import Cell
from qianjun.kernel.sheets.problems import PROBLEMS, Wrong
from qianjun.kernel.sheets.tables import Column, Kind, Value
from qianjun.kernel.sheets.values import reader_of
from qianjun.kernel.sheets.wording import safe_to_write, starts_a_formula

COMMUNITIES = {"文昌社区": "450202001", "文昌": "450202001", "桥头社区": "450202002"}


def column(kind: Kind, *, required: bool = False) -> Column:
    """A column of this kind, with bounds where the kind has some."""
    bounded = kind in ("int", "decimal")
    return Column(
        field="x",
        zh="某列",
        kind=kind,
        required=required,
        max_chars=20,
        choices=COMMUNITIES if kind == "choice" else {},
        least=-10 if bounded else None,
        most=1_000_000 if bounded else None,
        pattern=r"[0-9A-Z]{6,18}" if kind == "code" else "",
    )


def at(*moment: int) -> datetime:
    """A moment as spreadsheets keep it, without zone."""
    return datetime(*moment)  # type: ignore[arg-type]  # noqa: DTZ001


JUNE = date(2024, 6, 1)
READ: list[tuple[Kind, Cell, Value]] = [
    ("text", "文昌路12号", "文昌路12号"),
    ("text", 12.0, "12"),
    ("text", 1.5, "1.5"),
    ("text", True, "是"),
    ("text", JUNE, "2024-06-01"),
    ("text", "无", "无"),
    ("text", "—", None),
    ("text", None, None),
    ("int", 12.0, 12),
    ("int", "１２", 12),
    ("int", "1,200", 1200),
    ("int", "-3", -3),
    ("int", "12.0", 12),
    ("int", "无", None),
    ("decimal", "1,234.50", Decimal("1234.50")),
    ("decimal", 0.1, Decimal("0.1")),
    ("date", JUNE, JUNE),
    ("date", at(2024, 6, 1), JUNE),
    ("date", "2024.6.1", JUNE),
    ("date", "2024年6月1日", JUNE),
    ("date", "２０２４年６月１日", JUNE),
    ("date", "2024 年 6 月 1 日", JUNE),
    ("date", "2024-06-01", JUNE),
    ("date", "2024/6/1", JUNE),
    ("date", "2024-6-1 00:00:00", JUNE),
    ("date", "2024-06-01T00:00:00", JUNE),
    ("date", "20240601", JUNE),
    ("date", 20240601.0, JUNE),
    ("date", 45444, JUNE),
    ("date", 45444.0, JUNE),
    ("date", "45444", JUNE),
    ("date", "6/1/2024", JUNE),
    ("date", "13/6/2024", date(2024, 6, 13)),
    ("date", "不详", None),
    ("instant", at(2024, 6, 1, 14, 5), datetime(2024, 6, 1, 6, 5, tzinfo=UTC)),
    ("instant", "2024-06-01 14:05", datetime(2024, 6, 1, 6, 5, tzinfo=UTC)),
    ("instant", "2024年6月1日14时5分", datetime(2024, 6, 1, 6, 5, tzinfo=UTC)),
    ("instant", "2024.6.1 下午2点5分", datetime(2024, 6, 1, 6, 5, tzinfo=UTC)),
    ("instant", "2024/6/1 14：05：30", datetime(2024, 6, 1, 6, 5, 30, tzinfo=UTC)),
    ("instant", "2024-06-01T06:05:00Z", datetime(2024, 6, 1, 6, 5, tzinfo=UTC)),
    ("instant", "2024-06-01T14:05:00+08:00", datetime(2024, 6, 1, 6, 5, tzinfo=UTC)),
    ("instant", 45444.5, datetime(2024, 6, 1, 4, 0, tzinfo=UTC)),
    ("phone", 1.0000000001e10, "10000000001"),
    ("phone", "10000000001", "10000000001"),
    ("phone", "１００００００００01", "10000000001"),
    ("phone", "100 0000 0001", "10000000001"),
    ("phone", "100-0000-0001", "10000000001"),
    ("phone", "+86 100 0000 0001", "10000000001"),
    ("phone", "8610000000001", "10000000001"),
    ("phone", "'10000000001", "10000000001"),
    ("phone", "10000000001.0", "10000000001"),
    ("phone", "1.0000000001E+10", "10000000001"),
    ("phone", "0772-2600000", "0772-2600000"),
    ("phone", "(0772)2600000", "0772-2600000"),
    ("phone", "07722600000", "0772-2600000"),
    ("phone", "010-26000000转8001", "010-26000000-8001"),
    ("phone", "2600000", "2600000"),
    ("phone", "119", "119"),
    ("phone", 12350.0, "12350"),
    ("phone", "暂无", None),
    ("code", 450202001.0, "450202001"),
    ("code", "450202001.0", "450202001"),
    ("code", "４５０２０２００１", "450202001"),
    ("code", "00000019900101001X", "00000019900101001X"),
    ("choice", "文昌社区", "450202001"),
    ("choice", " 文 昌 社 区 ", "450202001"),
    ("choice", "文昌", "450202001"),
    ("choice", 450202002.0, "450202002"),
    ("bool", "是", True),
    ("bool", "√", True),
    ("bool", "Ｙ", True),
    ("bool", 1.0, True),
    ("bool", True, True),
    ("bool", "否", False),
    ("bool", "×", False),
    ("bool", "无", False),
    ("bool", 0, False),
]


@pytest.mark.parametrize(("kind", "cell", "value"), READ)
def test_a_cell_is_read_as_people_mean_it(kind: Kind, cell: Cell, value: Value) -> None:
    read = reader_of(column(kind))(cell, [])
    assert read == value
    assert type(read) is type(value)


REFUSED: list[tuple[Kind, Cell, str]] = [
    ("text", "长" * 21, "too_long"),
    ("int", "十二", "not_a_number"),
    ("int", "12人", "not_a_number"),
    ("int", "1e5", "not_a_number"),
    ("int", True, "not_a_number"),
    ("int", float("nan"), "not_a_number"),
    ("int", 12.5, "not_whole"),
    ("int", -11, "out_of_range"),
    ("int", "1000001", "out_of_range"),
    ("decimal", "1.2万", "not_a_number"),
    ("date", "2024年6月", "no_day"),
    ("date", "2024", "no_day"),
    ("date", "24.6.1", "short_year"),
    ("date", "2024-02-30", "not_a_date"),
    ("date", "明天", "not_a_date"),
    ("date", 3.0, "not_a_date"),
    ("date", True, "not_a_date"),
    ("date", at(2024, 6, 1, 14, 5), "not_a_date"),
    ("date", "1024-06-01", "date_out_of_range"),
    ("instant", "2024-06-01", "no_time"),
    ("instant", JUNE, "no_time"),
    ("instant", "2024-06-01 25:00", "not_an_instant"),
    ("instant", "2024-06-01 中午", "not_an_instant"),
    ("phone", "1.00E+10", "damaged"),
    ("phone", "1.0000001e10", "damaged"),
    ("phone", "10000000001/10000000002", "two_phones"),
    ("phone", "10000000001 10000000002", "two_phones"),
    ("phone", "1000000000", "not_a_phone"),
    ("phone", "演示", "not_a_phone"),
    ("phone", 12.5, "not_a_phone"),
    ("code", "4.50202E+17", "damaged"),
    ("code", 4.50202199001011234e17, "damaged"),
    ("code", "不是代码", "not_a_code"),
    ("code", "1" * 21, "too_long"),
    ("choice", "文晶社区", "near_choice"),
    ("choice", "别处", "not_a_choice"),
    ("bool", "也许", "not_a_yes_or_no"),
]


@pytest.mark.parametrize(("kind", "cell", "code"), REFUSED)
def test_a_cell_that_cannot_be_meant_says_why(kind: Kind, cell: Cell, code: str) -> None:
    with pytest.raises(Wrong) as wrong:
        reader_of(column(kind))(cell, [])
    assert wrong.value.code == code
    assert "%" not in PROBLEMS[code] % wrong.value.words


@pytest.mark.parametrize("kind", ["text", "int", "date", "phone", "code", "choice", "bool"])
def test_a_required_cell_is_not_left_empty(kind: Kind) -> None:
    for blank in (None, "-", "N/A"):
        with pytest.raises(Wrong) as wrong:
            reader_of(column(kind, required=True))(blank, [])
        assert wrong.value.code == "missing"


@pytest.mark.parametrize(
    ("kind", "cell", "flags"),
    [
        ("date", "6/1/2024", ["date_order"]),
        ("date", "6/6/2024", []),
        ("date", "6/13/2024", []),
        ("instant", "6/1/2024 14:05", ["date_order"]),
        ("text", "=1+1", ["formula"]),
        ("text", "@SUM(A1)", ["formula"]),
        ("text", "+cmd|'x'", ["formula"]),
        ("text", "-2+3+x", ["formula"]),
        ("text", "＝1+1", ["formula"]),
        ("text", "-5", []),
        ("text", "+86 100 0000 0001", []),
    ],
)
def test_what_is_taken_with_a_word_about_it(kind: Kind, cell: Cell, flags: list[str]) -> None:
    said: list[str] = []
    assert reader_of(column(kind))(cell, said) is not None
    assert said == flags


def test_a_formula_is_written_as_text() -> None:
    assert safe_to_write("=1+1") == "'=1+1"
    assert safe_to_write(" @x") == "' @x"
    assert safe_to_write("-5") == "-5"
    assert safe_to_write("文昌社区") == "文昌社区"
    assert not starts_a_formula(safe_to_write("=1+1"))
