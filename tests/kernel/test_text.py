"""Chinese text: compared, sounded, sorted, cleaned, masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.kernel.errors import Refused
from qianjun.kernel.text import (
    bigrams,
    clean,
    initials,
    mask_phones_in,
    masked_phone,
    normalise,
    number_of,
    pinyin,
    sort_key,
)

any_text = st.text(max_size=300)


@pytest.mark.parametrize(
    ("said", "compared"),
    [
        ("三中路一百二十号", "三中路120号"),
        ("八一路三号", "八一路3号"),
        ("一百零五号", "105号"),
        ("一百二号", "120号"),
        ("3栋二单元三零二室", "3栋2单元302室"),
        ("二〇五室", "205室"),
        ("十一楼", "11楼"),
        ("往东两百米", "往东200米"),
        ("第十三号杆", "第13号杆"),
        ("１２３号Ａ栋", "123号A栋"),
        ("  喂 \t\n 你好  ", "喂 你好"),
        ("喂\u200b你\u202e好\ufeff", "喂你好"),
    ],
)
def test_texts_are_brought_to_one_form(said: str, compared: str) -> None:
    assert normalise(said) == compared


@pytest.mark.parametrize(
    "name",
    [
        "三中路",
        "五星步行街",
        "八一路",
        "三门江林场",
        "九洲国际",
        "阳光一百",
        "六一号召",
        "几十号人",
    ],
)
def test_numerals_in_names_stay(name: str) -> None:
    assert normalise(name) == name


@given(any_text)
def test_the_one_form_stays_when_made_again(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("二十", 20), ("九千九百九十九", 9999), ("一千零一", 1001), ("两百", 200)],
)
def test_numerals_are_read(numeral: str, value: int) -> None:
    assert number_of(numeral) == value


@pytest.mark.parametrize("numeral", ["", "百十", "十十", "二百三百", "人"])
def test_what_is_no_numeral_is_not_read(numeral: str) -> None:
    assert number_of(numeral) is None


def test_a_long_run_of_numerals_costs_no_more_than_its_length() -> None:
    assert normalise("十" * 5_000).startswith("十")


# --- cleaning ------------------------------------------------------------------------------------


def test_direction_controls_go_and_are_counted() -> None:
    cleaned = clean("三中路\u202e着火\u2066了\n第二行\t好")
    assert cleaned.text == "三中路着火了\n第二行\t好"
    assert cleaned.removed_bidi == 2


def test_other_controls_go_and_line_ends_become_one() -> None:
    assert clean("a\x07b\x1bc\x7fd\x85e\r\nf\rg").text == "abcde\nf\ng"


def test_emoji_and_formulas_stay_as_they_are() -> None:
    text = "=SUM(A1) '; DROP TABLE x;-- 👩‍👩‍👧 <b>"
    assert clean(text).text == text


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "\udfff"])
def test_what_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clean(text)
    assert (refused.value.code, refused.value.status) == ("bad_character", 422)


@given(any_text.filter(lambda text: "\0" not in text))
def test_a_clean_text_can_be_stored_and_is_clean(text: str) -> None:
    cleaned = clean(text).text
    cleaned.encode("utf-8")
    assert clean(cleaned).text == cleaned


# --- sounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("柳州", "liu zhou"),
        ("窑埠", "yao bu"),
        ("长塘镇", "chang tang zhen"),
        ("村长", "cun zhang"),
        ("大厦", "da sha"),
        ("拉堡", "la bao"),
        ("圩", "xu"),
        ("覃", "qin"),
        ("阳光100社区", "yang guang 100 she qu"),
        ("", ""),
    ],
)
def test_local_readings_win(name: str, sounds: str) -> None:
    assert " ".join(pinyin(name)) == sounds


def test_initials_keep_digits_whole() -> None:
    assert initials("阳光100社区") == "yg100sq"
    assert initials("文昌社区") == "wcsq"


def test_search_words_are_pairs_of_characters_and_whole_other_words() -> None:
    assert bigrams("文昌社区ABC 12路") == ("文昌", "昌社", "社区", "abc", "12", "路")
    assert bigrams("，。！") == ()


def test_names_sort_by_sound_and_numbers_by_value() -> None:
    names = ["长塘", "3栋", "12栋", "文昌", "东门", "安全"]
    assert sorted(names, key=sort_key) == ["3栋", "12栋", "安全", "长塘", "东门", "文昌"]


@given(any_text)
def test_any_text_sounds_and_sorts(text: str) -> None:
    assert isinstance(sort_key(text), str)
    assert all(isinstance(syllable, str) for syllable in pinyin(text))
    initials(text), bigrams(text)


# --- telephones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("10012340000", "100****0000"),
        ("+86 100 1234 0000", "100****0000"),
        ("100-1234-0000", "100****0000"),
        ("１００１２３４００００", "100****0000"),
        ("0772-2800000", "0772*****00"),
        ("010-62800000", "010******00"),
        ("119", "119"),
        ("12345", "12345"),
        ("2800000", "*****00"),
        ("abcd", "**cd"),
        ("a", "*"),
        ("", ""),
    ],
)
def test_a_telephone_shows_no_more_than_its_ends(phone: str, masked: str) -> None:
    assert masked_phone(phone) == masked


def test_a_mobile_as_the_contract_shows_it() -> None:
    assert masked_phone("138" + "1234" + "0000") == "138****0000"


def test_numbers_in_a_text_are_masked_and_the_rest_stays() -> None:
    text = "我电话10012340000，家里0772-2800000，座机：2800000，3栋502，拨打119，共1234567元"
    assert mask_phones_in(text) == (
        "我电话100****0000，家里0772*****00，座机：*****00，3栋502，拨打119，共1234567元"
    )


def test_masking_leaves_other_full_width_digits_alone() -> None:
    assert mask_phones_in("３栋，电话１００１２３４００００") == "３栋，电话100****0000"
    assert mask_phones_in("100.1234.0000") == "100****0000"


def test_a_long_number_is_no_telephone() -> None:
    assert mask_phones_in("证号000000199001011234") == "证号000000199001011234"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), any_text, any_text)
def test_no_mobile_survives_whatever_stands_around(phone: str, before: str, after: str) -> None:
    text = f"{before} {phone} {after}"
    assert f" {phone} " not in mask_phones_in(text)
