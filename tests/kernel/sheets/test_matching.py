"""Columns find their fields; what could be meant twice is asked, never guessed."""

from datetime import date

import pytest

from qianjun.kernel.sheets import Column, Heading, Row, Table, Unsure, match_columns

PEOPLE = Table(
    name="people",
    columns=(
        Column(field="name", zh="姓名", titles=("人员姓名",), required=True),
        Column(field="phone", zh="联系电话", kind="phone", titles=("电话", "手机", "手机号码")),
        Column(field="unit", zh="所属社区", titles=("社区", "单位名称")),
        Column(field="post", zh="职务"),
        Column(field="born", zh="出生日期", kind="date", titles=("出生年月日",)),
    ),
)


def headings(*titles: str) -> list[Heading]:
    """Columns with these titles; a slash parts the rows of a header."""
    return [Heading(index=n, parts=tuple(t.split("/")) if t else ()) for n, t in enumerate(titles)]


def rows(*cells: object) -> list[Row]:
    """Five rows with these cells."""
    return [Row(n, cells) for n in range(2, 7)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "name", "how"),
    [
        ("姓名", "name", "exact"),
        ("手机", "phone", "exact"),
        ("* 姓 名：", "name", "normalised"),
        ("联系电话（手机）", "phone", "normalised"),
        ("姓名\n(必填)", "name", "normalised"),
        ("联系方式/电话", "phone", "exact"),
        ("联系/电话", "phone", "exact"),
        ("出生年月日期", "born", "fuzzy"),
        ("联系电话号", "phone", "fuzzy"),
    ],
)
def test_a_column_is_found_by_its_title(title: str, name: str, how: str) -> None:
    mapping = match_columns(headings(title), table=PEOPLE)
    assert list(mapping.headings) == [name]
    assert mapping.how[name] == how
    assert not mapping.unknown
    assert not mapping.unsure


@pytest.mark.parametrize("title", ["备注", "名称", "负责人", "序号", "日期", ""])
def test_an_unknown_column_stays_unknown(title: str) -> None:
    mapping = match_columns(headings("姓名", title), table=PEOPLE)
    assert [heading.title for heading in mapping.unknown] == [title]
    assert not mapping.missing


def test_a_missing_required_column_is_named() -> None:
    assert match_columns(headings("电话"), table=PEOPLE).missing == ("name",)


def test_two_columns_with_one_title_are_asked() -> None:
    columns = headings("姓名", "电话", "电话")
    mapping = match_columns(columns, table=PEOPLE, sample=rows("演示一", "119", "120"))
    assert list(mapping.headings) == ["name"]
    assert mapping.unsure == (Unsure(headings=(columns[1], columns[2]), fields=("phone",)),)
    assert not mapping.unknown


def test_of_two_columns_with_one_title_the_one_with_fitting_content_is_taken() -> None:
    columns = headings("姓名", "电话", "电话")
    empty = match_columns(columns, table=PEOPLE, sample=rows("演示一", None, "10000000001"))
    other = match_columns(columns, table=PEOPLE, sample=rows("演示一", "无号码", "10000000001"))
    assert empty.headings["phone"] == other.headings["phone"] == columns[2]


def test_one_column_for_two_fields_is_asked() -> None:
    table = Table(
        name="t",
        columns=(
            Column(field="home", zh="家庭电话（白天）"),
            Column(field="work", zh="单位电话", titles=("家庭电话（晚上）",)),
        ),
    )
    mapping = match_columns(headings("家庭电话"), table=table)
    assert not mapping.headings
    assert mapping.unsure or mapping.unknown


def test_a_likely_title_over_other_content_is_not_taken() -> None:
    columns = headings("联系电话号")
    mapping = match_columns(columns, table=PEOPLE, sample=rows("文昌路1号"))
    assert mapping.unknown == tuple(columns)


def test_the_only_column_of_telephones_is_found_by_its_content() -> None:
    columns = headings("姓名", "扣扣", "甲")
    sample = rows("演示一", 10000000001.0, date(1990, 1, 1))
    mapping = match_columns(columns, table=PEOPLE, sample=sample)
    assert mapping.how == {"name": "exact", "phone": "content", "born": "content"}


def test_two_columns_of_telephones_are_not_guessed() -> None:
    columns = headings("姓名", "甲", "乙")
    sample = rows("演示一", "10000000001", "10000000002")
    assert list(match_columns(columns, table=PEOPLE, sample=sample).headings) == ["name"]


def test_what_a_person_has_matched_is_remembered() -> None:
    first = match_columns(headings("姓名", "街居", "备注"), table=PEOPLE)
    assert [h.title for h in first.unknown] == ["街居", "备注"]
    remembered = first.to_remember() | {"街居": "unit", "备注": ""}
    again = match_columns(headings("备注", "姓名", "街 居"), table=PEOPLE, remembered=remembered)
    assert again.how == {"name": "remembered", "unit": "remembered"}
    assert [h.title for h in again.ignored] == ["备注"]
    assert not again.unknown
    assert again.to_remember() == remembered


def test_a_remembered_field_that_is_gone_is_forgotten() -> None:
    mapping = match_columns(headings("姓名"), table=PEOPLE, remembered={"姓名": "gone"})
    assert mapping.how == {"name": "exact"}


def test_the_mapping_is_shown_as_the_contract_says() -> None:
    columns = headings("姓名", "", "负责人/电话", "社区")
    mapping = match_columns(columns, table=PEOPLE, sample=rows("a", "b", "119", "c"))
    assert mapping.as_json() == {"姓名": "name", "负责人/电话": "phone", "社区": "unit"}
