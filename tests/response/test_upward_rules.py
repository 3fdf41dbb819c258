"""What a report to the upper level may say, and how it is called: values alone."""

import pytest

from qianjun.response.queries.upward import upward_rules
from qianjun.response.rules.clocks import clock_table
from qianjun.response.rules.families import FINAL, FIRST, FOLLOW_UP
from qianjun.response.rules.upward import (
    ELEMENTS,
    HURT,
    Known,
    casualties,
    delivery_in,
    digest_of,
    elements_of,
    is_quick,
    lines_of,
    matter_of,
    named,
    next_limit,
    numeral,
    plain_text,
    rules_from,
)


def known(checked: str = "", **values: int) -> dict[str, Known]:
    """Numbers by kind, the named ones checked."""
    return {
        kind: Known(value=n, source="消防", checked=kind in checked.split())
        for kind, n in values.items()
    }


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({}, ""),
        (known(dead=1), "死亡情况正在核实"),
        (known("dead", dead=1), "死亡1人（已核实，来源：消防）"),
        (known("dead", dead=0), "无人死亡"),
        (known(dead=0), "死亡情况正在核实"),
        (known(missing=2), "失联2人（来源：消防，正在核实）"),
        (known(missing=0, injured=0), ""),
        (known("dead missing", dead=0, missing=0, serious=0, injured=0), "无人死亡；无人失联"),
        (known(" ".join(HURT), **dict.fromkeys(HURT, 0)), "无人员伤亡（已核实，来源：消防）"),
    ],
)
def test_a_number_leaves_the_house_only_checked_or_as_being_checked(
    figures: dict[str, Known], said: str
) -> None:
    assert casualties(figures) == said


def test_no_unchecked_number_of_dead_is_in_any_text() -> None:
    for value in range(200):
        said = casualties(known("missing serious injured", dead=value, missing=0, injured=0))
        assert str(value) not in said


def test_follow_ups_are_counted_in_words() -> None:
    assert [numeral(n) for n in (1, 9, 10, 11, 20, 21, 99)] == [
        *("一", "九", "十", "十一", "二十", "二十一", "九十九")
    ]
    assert (numeral(0), numeral(100)) == ("0", "100")
    assert [named(FIRST, 0), named(FOLLOW_UP, 12), named(FINAL, 0)] == ["首报", "续报十二", "终报"]


def test_a_follow_up_repeats_totals_and_not_the_course() -> None:
    assert elements_of(FIRST) == tuple(ELEMENTS)
    assert "course" not in elements_of(FOLLOW_UP)
    assert "casualties" in elements_of(FOLLOW_UP)
    assert "course" in elements_of(FINAL)


def test_a_persons_words_go_before_the_facts_and_what_is_missing_says_so() -> None:
    lines = lines_of(FIRST, derived={"place": "文昌路", "loss": "约5元"}, written={"place": "桥头"})
    by_code = {one.code: one for one in lines}
    assert (by_code["place"].text, by_code["place"].written) == ("桥头", True)
    assert by_code["place"].derived == "文昌路"
    assert by_code["trend"].missing
    assert not by_code["requests"].missing
    text = plain_text(lines)
    assert "发生地点：桥头" in text
    assert "发展趋势：正在核实" in text
    assert "需要支持" not in text
    assert text.startswith("一、接报时间：正在核实")


def test_the_digest_stands_for_every_word_and_every_unit() -> None:
    usual = {"kind": FIRST, "ordinal": 0, "title": "t", "text": "x", "units": ["a", "b"]}
    other = [
        {**usual, "kind": FINAL},
        {**usual, "ordinal": 1},
        {**usual, "title": "tx", "text": ""},
        {**usual, "text": "x "},
        {**usual, "units": ["b", "a"]},
    ]
    seen = {digest_of(**one) for one in [usual, dict(usual), *other]}  # type: ignore[arg-type]
    assert len(seen) == 1 + len(other)


def test_the_rules_are_read_and_graver_is_sooner() -> None:
    rules = upward_rules()
    assert [is_quick(rules, grade) for grade in (None, 4, 3, 1)] == [False, False, True, True]
    assert (
        next_limit(rules, 2).within < next_limit(rules, 3).within == next_limit(rules, None).within
    )
    with pytest.raises(KeyError):
        rules_from(clock_table({"kinds": {}, "rules": [], "at_risk": []}))


def test_the_matter_of_a_message_names_its_delivery() -> None:
    assert delivery_in(matter_of(7)) == 7
    assert [delivery_in(one) for one in ("upward:x", "notice:7", "upward", "upward:１")] == [
        None
    ] * 4
