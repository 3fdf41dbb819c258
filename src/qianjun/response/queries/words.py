"""The table of words for kinds, read once a process. 类型词表"""

import tomllib
from functools import cache
from importlib import resources

from qianjun.response.rules.category import KindWords, Lexicon, lexicon

TABLE = resources.files("qianjun.response") / "tables" / "categories.toml"


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
