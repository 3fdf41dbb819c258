"""A declared table in Excel: typed, harmless, the same each time, read back by our own reader."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from qianjun.kernel.sheets import Column, Imprint, Table, workbook
from tests.kernel.sheets.cells import cells_of

TABLE = Table(
    name="t",
    columns=(
        Column(field="name", zh="名称"),
        Column(field="count", zh="数量", kind="int"),
        Column(field="share", zh="比例", kind="decimal"),
        Column(field="at", zh="时间", kind="instant"),
        Column(field="day", zh="日期", kind="date"),
        Column(field="phone", zh="电话", kind="phone"),
        Column(field="state", zh="状态", kind="choice", choices={"处置中": "open"}),
        Column(field="late", zh="超时", kind="bool"),
    ),
)
AT = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)
IMPRINT = Imprint(title="事件", by="演示小王", at=AT, drill="【演练】")
ROW = {
    "name": "演示",
    "count": 1234,
    "share": Decimal("1.5"),
    "at": AT,
    "day": date(2026, 6, 1),
    "phone": "10012345678",
    "state": "open",
    "late": True,
}


def written(**changed: object) -> bytes:
    """One row, some of it otherwise."""
    return workbook(TABLE, [ROW | changed], imprint=IMPRINT)


def test_numbers_and_times_are_typed_and_telephones_masked() -> None:
    header, row = cells_of(written())
    assert header == ["名称", "数量", "比例", "时间", "日期", "电话", "状态", "超时"]
    assert row[0] == "演示"
    assert row[1:3] == [1234, 1.5]
    assert row[3] == datetime(2026, 6, 1, 14, 5)  # noqa: DTZ001  # Beijing, as Excel has it
    assert str(row[4]).startswith("2026-06-01")
    assert row[5:] == ["100****5678", "处置中", "是"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-1+1", "http://example.test", "＝1"]
)
def test_nothing_that_people_wrote_becomes_a_formula_or_a_link(text: str) -> None:
    content = written(name=text)
    with ZipFile(BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
    assert str(cells_of(content)[1][0]).lstrip("'") == text


def test_a_title_or_a_cell_of_any_kind_breaks_nothing() -> None:
    imprint = Imprint(title="a[b]:*?/\\&P" * 9, by="&R&&", at=AT)
    content = workbook(
        TABLE, [ROW | {"name": "长" * 50_000}, {**ROW, "name": None}], imprint=imprint
    )
    assert len(str(cells_of(content)[1][0])) == 32_000
    with ZipFile(BytesIO(content)) as parts:
        assert "&amp;&amp;R" in parts.read("xl/worksheets/sheet1.xml").decode()


def test_the_same_rows_at_the_same_instant_are_the_same_file() -> None:
    assert written() == written()
    assert written() != written(count=1)


def test_an_empty_list_is_a_header_and_every_page_says_who_and_when() -> None:
    content = workbook(TABLE, [], imprint=IMPRINT)
    assert len(cells_of(content)) == 1
    with ZipFile(BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "&amp;C【演练】事件" in sheet
    assert "演示小王 2026-06-01 14:05" in sheet
