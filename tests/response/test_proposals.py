"""Numbers that stand in the words: read, quoted, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.response.rules.proposals import proposals_in

KINDS = ("dead", "missing", "serious", "injured", "evacuated")


def read(text: str) -> list[tuple[str, int]]:
    """What is read, in the order of the text."""
    return [(one.kind, one.value) for one in proposals_in(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("车间爆炸，3人死亡，5人受伤", [("dead", 3), ("injured", 5)]),
        ("死亡三人，伤五人", [("dead", 3), ("injured", 5)]),
        ("事故造成2死1伤", [("dead", 2), ("injured", 1)]),
        ("两名工人当场死亡", [("dead", 2)]),
        ("一名12岁男孩受伤", [("injured", 1)]),
        ("失联2人，重伤１人", [("missing", 2), ("serious", 1)]),
        ("两个人没出来，被困五人", [("missing", 2), ("missing", 5)]),
        ("还有3人被困", [("missing", 3)]),
        ("4人下落不明", [("missing", 4)]),
        ("10人重伤，另有十二人轻伤", [("serious", 10), ("injured", 12)]),
        ("重伤2人", [("serious", 2)]),
        ("转移群众一百二十余人", [("evacuated", 120)]),
        ("已疏散86人", [("evacuated", 86)]),
        ("共转移1.2万人", [("evacuated", 12_000)]),
        ("遇难人数为4人", []),  # 人数 stands between: not read rather than misread
        ("遇难4人", [("dead", 4)]),
        ("现场有3名伤员", [("injured", 3)]),
        ("没有人员伤亡", [("dead", 0), ("injured", 0)]),
        ("暂无人员伤亡", [("dead", 0), ("injured", 0)]),
        ("无一人受伤", []),
        ("有人受伤", []),
        ("3号楼着火，5楼有烟", []),
        ("119来电，12层被困", []),
        ("死伤情况不明", []),
        ("伤亡3人", []),
        ("河里死鱼300条", []),
        ("伤5分钟", []),
        ("伤十五分钟", []),
        ("死亡99999999人", []),
        ("", []),
    ],
)
def test_numbers_are_read_from_the_words(text: str, numbers: list[tuple[str, int]]) -> None:
    assert read(text) == numbers


def test_the_quote_is_what_was_said() -> None:
    text = "车间爆炸，３名工人死亡"
    (one,) = proposals_in(text)
    assert one.quote == "３名工人死亡"
    assert one.quote in text


@given(
    n=st.integers(1, 9_999),
    kind=st.sampled_from(["死亡", "失联", "受伤", "重伤", "被困", "遇难"]),
    front=st.sampled_from(["", "现场", "火灾中，"]),
)
def test_a_number_before_or_after_its_word_is_read_the_same(n: int, kind: str, front: str) -> None:
    before, after = read(f"{front}{n}人{kind}"), read(f"{front}{kind}{n}人")
    assert before == after
    assert [value for _kind, value in before] == [n]


@given(
    st.text(
        alphabet="死伤亡困失联重转移疏散人名个0123456789一二三十百千万余无没有，。被了", max_size=60
    )
)
def test_whatever_is_said_every_proposal_is_a_quote_of_it_and_none_overlap(text: str) -> None:
    proposals = proposals_in(text)
    assert all(one.kind in KINDS and one.value >= 0 and one.quote in text for one in proposals)
    if all(one.value for one in proposals):
        assert sum(len(one.quote) for one in proposals) <= len(text)


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    proposals_in(text)
