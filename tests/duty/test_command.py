"""What a line of the command line means."""

import pytest

from qianjun.duty.rules.command import LINE_MOST, phone_tail, understood


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (
            "接 城中区文昌路 火 2伤",
            {"where": "城中区文昌路", "text": "火，2人受伤", "injured": "2"},
        ),
        ("接城中区文昌路 火", {"where": "城中区文昌路", "text": "火"}),
        (
            "j 静兰桥 货车侧翻 1死 3重伤",
            {
                "where": "静兰桥",
                "text": "货车侧翻，1人死亡，3人重伤",
                "dead": "1",
                "serious": "3",
            },
        ),
        ("接 文昌路", {"where": "文昌路"}),
        ("接 火灾", {"text": "火灾"}),
        (
            "接　弯塘社区　起火　２人受伤",
            {"where": "弯塘社区", "text": "起火，2人受伤", "injured": "2"},
        ),
        ("接", {}),
    ],
)
def test_a_report_is_read_as_place_matter_and_who_is_hurt(
    typed: str, fields: dict[str, str]
) -> None:
    line = understood(typed)
    assert line.verb == "take"
    assert line.fields == fields


@pytest.mark.parametrize(
    ("typed", "verb", "rest"),
    [
        ("水位 80.12", "level", "80.12"),
        ("水位８０.12", "level", "80.12"),
        ("sw 80.12", "level", "80.12"),
        ("去 物资", "go", "物资"),
        ("去物资", "go", "物资"),
        ("q wz", "go", "wz"),
        ("找 王", "find", "王"),
        ("z wxm", "find", "wxm"),
        ("0001", "", "0001"),
        ("wcl", "", "wcl"),
        ("j", "", "j"),
        ("接触", "", "接触"),
        ("", "", ""),
    ],
)
def test_a_verb_is_a_word_its_initials_or_a_letter(typed: str, verb: str, rest: str) -> None:
    line = understood(typed)
    assert (line.verb, line.rest) == (verb, rest)


def test_any_line_is_bounded() -> None:
    assert len(understood("接 " + "路" * 10_000).where) <= LINE_MOST
    assert len(understood("甲 " * 5_000).rest) <= LINE_MOST


def test_four_digits_or_more_may_be_the_end_of_a_number() -> None:
    assert phone_tail(" ００３１ ") == "0031"
    assert [phone_tail(one) for one in ("031", "0601-0012", "100000000311", "3a31")] == [""] * 4
