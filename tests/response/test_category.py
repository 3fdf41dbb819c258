"""Words in a caller's mouth, and the code they speak for: a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.incident.categories import event_types
from qianjun.response.queries.words import label_of, words_of_kinds
from qianjun.response.rules.category import spoken_of


def code_of(text: str) -> str:
    """The code that the text speaks for."""
    return spoken_of(words_of_kinds(), text).code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("静兰街道一车间起火，明火，已派3站", "12G00"),
        ("楼上冒浓烟，快来", "12G00"),
        ("后山着火了，火势很大", "11G00"),
        ("滨江东路积水很深，车过不去", "11A00"),
        ("暴雨导致小区内涝，地下车库进水", "11A00"),
        ("路边大树倒了，压到车", "11B00"),
        ("两车相撞，有人受伤", "12H00"),
        ("有辆货车翻了", "12H00"),
        ("两车相撞后起火", "12H00"),
        ("山体滑坡，路断了", "11D00"),
        ("山上石头滚下来", "11D00"),
        ("闻到很重的煤气味", "12P00"),
        ("家里煤气中毒，两个人昏迷", "13C00"),
        ("化工厂储罐泄漏，有刺鼻气味", "12D00"),
        ("电梯困人", "12N00"),
        ("工地脚手架倒了", "12C00"),
        ("学校几十人上吐下泻，怀疑食物中毒", "13B00"),
        ("全区大面积停电", "12U00"),
        ("有人持刀砍人", "14B00"),
        ("河里好多死鱼", "12Q00"),
        ("地震了，楼在晃", "11C00"),
        ("火锅店老板问路", ""),
        ("火车站怎么走", ""),
        ("没有起火，是放烟花的味道", ""),
        ("喂，听得到吗", ""),
        ("", ""),
    ],
)
def test_the_words_of_a_caller_speak_for_a_kind(text: str, code: str) -> None:
    assert code_of(text) == code


def test_the_reason_names_the_words() -> None:
    assert spoken_of(words_of_kinds(), "楼上起火，冒浓烟").words == ("起火", "浓烟")


def test_every_kind_of_the_table_is_a_code_of_the_second_level_with_a_label() -> None:
    for code in words_of_kinds().kinds:
        assert code in event_types(), code
        assert code.endswith("00"), code
        assert label_of(code), code


def test_no_word_speaks_for_two_kinds() -> None:
    kinds = words_of_kinds().kinds.values()
    listed = [word for kind in kinds for word in kind.words]
    assert len(listed) == len(set(listed))


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    code = code_of(text)
    assert code == "" or code in event_types()
