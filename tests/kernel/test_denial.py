"""What is denied was not said."""

import pytest

from qianjun.kernel.denial import is_said


@pytest.mark.parametrize(
    ("word", "text", "said"),
    [
        ("爆炸", "发生爆炸", True),
        ("爆炸", "没有爆炸", False),
        ("爆炸", "未发生爆炸，随后爆炸", True),
        ("被困", "无人员被困", False),
        ("被困", "没有人被困", False),
        ("被困", "有人被困", True),
        ("危化", "不涉及危化品", False),
        ("坠落", "无人机坠落", True),
        ("火", "", False),
    ],
)
def test_a_word_is_said_unless_it_is_denied_each_time(word: str, text: str, said: bool) -> None:
    assert is_said(word, text) is said
