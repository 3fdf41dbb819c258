"""The words that a row is found by, and what a question becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.kernel.search import ASKED_MOST, TEXT_MOST, search_questions, search_terms

FIRE = "静兰街道学院路口民房起火，有浓烟"


def test_a_text_is_found_by_pairs_of_its_characters() -> None:
    terms = set(search_terms(texts=[FIRE]))
    assert {"静兰", "学院", "民房", "起火", "浓烟"} <= terms
    assert "火有" not in terms  # a comma stands between them
    assert not [term for term in terms if term.isascii()]


def test_a_name_is_found_by_the_initials_from_each_character_on() -> None:
    terms = set(search_terms(names=["文昌社区"]))
    assert {"文昌", "昌社", "社区", "wcsq", "csq", "sq", "q"} <= terms


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("重庆路", "cql"),
        ("窑埠古镇", "ybgz"),
        ("长塘镇", "ctz"),
        ("LNG加气站", "lngjqz"),
        ("２号院", "2hy"),
    ],
)
def test_initials_follow_the_local_readings(name: str, initials: str) -> None:
    assert initials in search_terms(names=[name])


def test_a_number_is_found_by_every_end_of_it() -> None:
    terms = search_terms(numbers=["450202-20260601-0012"])
    assert {"450202202606010012", "06010012", "0012", "12"} <= set(terms)


@pytest.mark.parametrize(
    "phone", ["10000000031", "100 0000 0031", "0772-2800000", "+86 100-0000-0031"]
)
def test_a_telephone_in_a_text_is_no_search_word(phone: str) -> None:
    terms = search_terms(texts=[f"报警人{phone}说起火了"])
    assert not [term for term in terms if term.isdigit()]
    assert "起火" in terms


@pytest.mark.parametrize(
    ("q", "questions"),
    [
        ("学院路", ["'学院' & '院路'"]),
        ("火", ["'火':*"]),
        ("wcsq", ["'wcsq':*"]),
        ("ＷＣ  学院", ["'wc':*", "'学院'"]),
        ("文昌LNG站", ["'文昌' & 'lng':* & '站':*"]),
        ("0601-0012", ["'06010012':* | ('0601':* & '0012':*)"]),
        ("", None),
        (" \n\t ", None),
        ("！？'\"\\", [""]),
        ("\0\x1b\ud800", [""]),
        ("' | !'a':* & '", ["'a':*"]),
    ],
)
def test_a_question_becomes_what_must_all_match(q: str, questions: list[str] | None) -> None:
    assert search_questions(q) == questions


def test_ten_megabytes_are_cut_short() -> None:
    long = "火灾" * 5_000_000
    assert len(search_terms(texts=[long], names=[long], numbers=[long])) < TEXT_MOST
    questions = search_questions(long)
    assert questions
    assert questions[0].count("&") < ASKED_MOST
    assert len(search_questions(" ".join("abcdefghijkl")) or ()) == 8


@given(st.text())
def test_no_text_can_leave_the_quotes_of_a_question(q: str) -> None:
    for question in search_questions(q) or ():
        words = question.split("'")[1::2]
        assert all(word and "\\" not in word and "\0" not in word for word in words)
        assert set("".join(question.split("'")[0::2])) <= set(" &|():*")


@given(st.text(min_size=1))
def test_what_a_text_says_finds_it(text: str) -> None:
    terms = search_terms(texts=[text], names=[text])
    assert all(term and "'" not in term and len(term) <= 40 for term in terms)
    assert len(terms) == len(set(terms))
