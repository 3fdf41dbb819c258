"""Names, marks and waits of messages, from values alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.message import rules


def test_a_key_names_purpose_matter_person_channel_and_reminder() -> None:
    call = {"purpose": "report", "matter": "incident:1", "person": 7, "channel": "sms"}
    assert rules.key_of(**call) == "report:incident:1:7:sms"  # type: ignore[arg-type]
    assert rules.key_of(**call, reminder=2) == "report:incident:1:7:sms:2"  # type: ignore[arg-type]


@given(st.text(st.characters(exclude_characters="#")), st.integers(1, 99))
def test_a_provider_name_leads_back_to_key_and_copy(key: str, copies: int) -> None:
    assert rules.split_ref(rules.ref_of(key, copies=copies)) == (key, copies)


@pytest.mark.parametrize(
    ("text", "copies", "reminder", "shown"),
    [
        ("撤离", 1, 0, "撤离"),
        ("【演练】撤离", 1, 0, "【演练】撤离"),
        ("撤离", 2, 0, "【重发】撤离"),
        ("【演练】撤离", 2, 0, "【演练】【重发】撤离"),
        ("【演练】撤离", 1, 2, "【演练】【提醒2】撤离"),
        ("【演练】撤离", 3, 2, "【演练】【重发】【提醒2】撤离"),
    ],
)
def test_marks_stand_in_front_and_the_exercise_first(
    text: str, copies: int, reminder: int, shown: str
) -> None:
    marked = rules.outgoing_text(text, copies=copies, reminder=reminder, max_chars=99)
    assert marked == shown


def test_a_text_that_is_too_long_says_that_it_is_cut() -> None:
    text = rules.outgoing_text("【演练】" + "水" * 500, copies=2, reminder=0, max_chars=70)
    assert len(text) == 70
    assert text.startswith("【演练】【重发】水")
    assert text.endswith(rules.CUT_MARK)


def test_waits_grow_to_a_minute_and_are_spread() -> None:
    waits = [rules.back_off(attempts=n, key="a").total_seconds() for n in range(1, 12)]
    assert [60 <= w <= 90 for w in waits[-3:]] == [True] * 3
    spread = {rules.back_off(attempts=5, key=f"{n}").total_seconds() for n in range(50)}
    assert len(spread) == 50
    assert min(spread) >= 16
    assert max(spread) <= 24


def test_every_purpose_and_reason_has_a_chinese_word() -> None:
    for word in [*rules.PURPOSES.values(), *rules.REASONS.values()]:
        assert any("\u4e00" <= c <= "\u9fff" for c in word)
