"""One word per thing: the tables of the database are called as the glossary says."""

import re

from django.apps import apps

from tests.guard.tree import ROOT, SRC, listed, text_of

ROW = re.compile(r"^\| (?!English|---)(.+?) \| (.+?) \| ?(.*?) ?\|$", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROMAN = re.compile(r"[Ⅰ-Ⅻ]|(?<![A-Za-z])(?:I{1,3}|IV)(?![A-Za-z])")


def rows(text: str) -> list[tuple[str, str, str]]:
    """English, Chinese and note of each row."""
    return ROW.findall(text)


def words(rows_: list[tuple[str, str, str]]) -> set[str]:
    """Every English word that the glossary fixes."""
    return {word.strip() for english, _, _ in rows_ for word in english.split(",")}


def unknown(names: list[str], known: set[str]) -> list[str]:
    """Names of tables that the glossary does not know."""
    return [name for name in names if _spoken(name) not in known]


def _spoken(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def glossary() -> list[tuple[str, str, str]]:
    """The rows of the house, and those that a module has brought."""
    papers = [ROOT / "GLOSSARY.md", *sorted(SRC.glob("*/GLOSSARY.md"))]
    return [row for paper in papers for row in rows(text_of(paper))]


def test_every_table_has_its_word() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("qianjun.")]
    problems = unknown([model.__name__ for model in ours], words(glossary()))
    assert not problems, listed(problems)


def test_every_row_has_both_languages_and_no_word_stands_twice() -> None:
    found = glossary()
    assert len(found) > 80
    assert not [row for row in found if CHINESE.search(row[0]) or not CHINESE.search(row[1])]
    english = [word.strip() for row in found for word in row[0].split(",")]
    assert not {word for word in english if english.count(word) > 1}


def test_a_grade_is_never_a_roman_numeral() -> None:
    assert not [row for row in glossary() if "grade" in row[0] and ROMAN.search(row[1])]


def test_the_check_sees_a_table_without_a_word() -> None:
    text = "| English | 中文 | note |\n|---|---|---|\n| hold, login delay | 未了 | |\n"
    assert rows(text) == [("hold, login delay", "未了", "")]
    assert unknown(["Hold", "LoginDelay", "Thing"], words(rows(text))) == ["Thing"]
