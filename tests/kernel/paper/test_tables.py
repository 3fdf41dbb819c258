"""Tables are as wide as the text; forms span columns and rows; a wrong row is an error."""

from typing import Any

import pytest

from qianjun.kernel.paper import Cell, Facts, Row, Table
from tests.kernel.paper.papers import CALL, TEAMS, find, paragraphs, said, written


def table(block: Table | Facts) -> Any:
    return find(written(body=(block,)), "tbl")[0]


@pytest.mark.parametrize("shares", [(1,), (1, 3, 2, 2), (0.1, 0.2, 0.7), (1,) * 7])
def test_the_columns_fill_the_text_block_exactly(shares: tuple[float, ...]) -> None:
    made = table(Table(shares=shares, rows=(Row(cells=("甲",) * len(shares)),)))
    grid = [int(w) for w in find(made, "gridCol/@w")]
    assert sum(grid) == 8844
    assert [int(w) for w in find(made, "tcW/@w")] == grid
    assert find(made, "tblLayout/@type") == ["fixed"]


def test_the_first_rows_are_labels_and_come_again_on_every_page() -> None:
    made = table(TEAMS)
    first, second = find(made, "tr")
    assert find(first, "trPr/tblHeader")
    assert not find(second, "trPr/tblHeader")
    assert set(find(first, "pStyle/@val")) == {"QjLabel"}
    assert set(find(second, "pStyle/@val")) == {"QjCell"}
    assert set(find(made, "r/rPr/sz/@val")) == {"24"}
    assert find(second, "jc/@val") == ["right"]


def test_a_caption_stands_above() -> None:
    assert [said(p) for p in paragraphs(written(body=(TEAMS,)), "QjCaption")] == ["力量一览"]


def test_a_form_spans_columns_and_rows() -> None:
    rows = find(table(CALL), "tr")
    assert [len(find(row, "tc")) for row in rows] == [4, 2, 2]
    assert [find(row, "vMerge/@val") for row in rows] == [[], ["restart"], ["continue"]]
    assert [find(row, "gridSpan/@val") for row in rows] == [[], ["3"], ["3"]]
    assert [sum(map(int, find(row, "tcW/@w"))) for row in rows] == [8844] * 3
    assert said(rows[2]) == "演示值班一"


def test_a_cell_may_hang_over_three_rows_beside_others() -> None:
    rows = (
        Row(cells=("甲", Cell(text="乙", down=3))),
        Row(cells=(Cell(text="丙", down=2),)),
        Row(cells=()),
    )
    made = find(table(Table(shares=(1, 1), rows=rows)), "tr")
    assert [find(row, "vMerge/@val") for row in made] == [
        ["restart"],
        ["restart", "continue"],
        ["continue", "continue"],
    ]


def test_room_for_handwriting_is_at_least_so_high() -> None:
    height = find(table(CALL), "trHeight")[0]
    assert list(height.attrib.values()) == ["1701", "atLeast"]


def test_facts_are_words_and_values() -> None:
    made = table(Facts(rows=(("地点", "学院路"), ("性质", "火灾\n待定级"))))
    assert [said(cell) for cell in find(made, "tc")] == ["地点", "学院路", "性质", "火灾待定级"]
    assert len(find(find(made, "tc")[3], "p")) == 2
    assert [int(w) for w in find(made, "gridCol/@w")] == [2211, 6633]


def test_a_short_row_stays_whole_and_a_long_one_may_go_over_the_page() -> None:
    made = table(Facts(rows=(("短", "话"), ("长", "话" * 2000))))
    assert [bool(find(row, "cantSplit")) for row in find(made, "tr")] == [True, False]
    # and its label is read on the first of them
    assert find(made, "vAlign/@val") == ["center", "center", "top", "top"]


def test_a_small_table_stays_on_one_page_and_a_long_one_does_not() -> None:
    rows = find(table(TEAMS), "tr")
    assert [len(find(row, "keepNext")) for row in rows] == [4, 0]
    long = Table(shares=(1,), rows=(Row(cells=("一",)),) * 11)
    assert not find(table(long), "keepNext")
    assert not find(table(Facts(rows=(("长", "话" * 500), ("短", "话")))), "keepNext")


def test_two_tables_do_not_become_one() -> None:
    root = written(body=(TEAMS, CALL))
    children = [child.tag.split("}")[1] for child in find(root, "body")[0]]
    assert "tbl,tbl" not in ",".join(children)


def test_a_table_without_rows_leaves_nothing() -> None:
    assert not find(written(body=(Facts(rows=(), caption="空"),)), "tbl")
    assert "空" not in said(written(body=(Facts(rows=(), caption="空"),)))


@pytest.mark.parametrize(
    "cells",
    [
        (("甲",),),
        (("甲", "乙", "丙"),),
        ((Cell(text="甲", across=3),),),
        ((Cell(text="甲", across=0), "乙"),),
        ((Cell(text="甲", down=2), "乙"),),
        (("甲", Cell(text="乙", down=2)), ("甲", "乙")),
        (("甲", Cell(text="乙", down=2)), (Cell(text="丙", across=2),)),
    ],
)
def test_rows_that_do_not_fill_the_columns_are_an_error(
    cells: tuple[tuple[Cell | str, ...], ...],
) -> None:
    with pytest.raises(ValueError, match=r"cell|row"):
        Table(shares=(1, 1), rows=tuple(Row(cells=row) for row in cells))


@pytest.mark.parametrize("shares", [(), (1.0,) * 64, (1.0, 0.0), (1.0, -1.0)])
def test_columns_that_word_cannot_show_are_an_error(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="columns"):
        Table(shares=shares, rows=())
