"""The tables of words for kinds and of what sources are asked, read once a process. 词表"""

import tomllib
from functools import cache
from importlib import resources

from django.utils.translation import get_language

from qianjun.incident.queries import category_said
from qianjun.plan.queries import plans
from qianjun.plan.rules import Words
from qianjun.response.rules.category import KindWords, Lexicon, lexicon
from qianjun.response.rules.sources import SourceForm, source_forms

TABLES = resources.files("qianjun.response") / "tables"
TABLE = TABLES / "categories.toml"
SOURCE_TABLE = TABLES / "sources.toml"


@cache
def words_of_kinds() -> Lexicon:
    """Which words speak for which code. 词表"""
    found = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    kinds = (KindWords(**{**kind, "words": tuple(kind["words"])}) for kind in found["kinds"])
    return lexicon(kinds, not_these=found["not_these"])


def label_of(code: str) -> str:
    """How titles call this kind; empty for one without words."""
    kind = words_of_kinds().kinds.get(code)
    return kind.label if kind else ""


def kinds_said() -> list[tuple[str, str]]:
    """Each kind that has words, as the reader calls it: the label is Chinese. 类型选项"""
    latin = (get_language() or "").startswith("en")
    kinds = words_of_kinds().kinds.items()
    return [(code, category_said(code) if latin else kind.label) for code, kind in kinds]


@cache
def forms_of_sources() -> dict[str, SourceForm]:
    """What each source is asked, by its code, in the order of the page. 来源表"""
    found = tomllib.loads(SOURCE_TABLE.read_text(encoding="utf-8"))
    return {form.code: form for form in source_forms(found)}


@cache
def questions_of_cards() -> dict[tuple[str, str], Words]:
    """Every question of every plan's cards, by card and code. 追问"""
    cards = (card for plan in plans() for card in plan.cards)
    return {(card.code, one.code): one.text for card in cards for one in card.questions}


def question(code: str, *, card: str) -> Words | None:
    """The question with this code, of this card when it has one. 追问原文"""
    known = questions_of_cards()
    named = (words for (_card, one), words in known.items() if one == code)
    return known.get((card, code)) or next(named, None)
