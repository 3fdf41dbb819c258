"""Texts that carry the mark of a state secret are refused: this house may not hold them. 涉密

The words stand in ``tables/secrecy.toml``; what makes a mark of them is decided here. Ordinary
words stay ordinary: 秘密地点, 商业秘密, 有人捡到一份机密文件.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _

CODE: Final = "must_not_be_entered"
MUST_NOT = _(
    "文字带有国家秘密的密级标志，本系统不得处理国家秘密：没有保存任何内容。"
    "请按保密规定另行报送；若只是店名等普通文字，去掉标志再填。"
)
TABLE: Final = resources.files("qianjun.kernel") / "tables" / "secrecy.toml"
SURE: Final = "密"  # every mark holds it, so most texts need no second look
_TERM: Final = r"\d{1,3}\s*(?:年|个月|月|日|天)"
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True, kw_only=True)
class _Marks:
    """The table as patterns."""

    text: re.Pattern[str]
    name: re.Pattern[str]
    alike: dict[int, str]


def is_marked(text: str) -> bool:
    """Whether the text carries the mark of a state secret. 是否带密级标志"""
    if not _may_be(text):
        return False
    marks = _marks()
    return marks.text.search(_plain(text, marks)) is not None


def is_marked_name(name: str) -> bool:
    """The same for the name of a file: 机密_名单.xlsx, 通知（秘密）.docx. 文件名"""
    if not _may_be(name):
        return False
    marks = _marks()
    stem = re.sub(r"(?:\.[A-Za-z0-9]{1,8})+\s*$", "", _plain(name, marks))
    return bool(marks.name.search(stem) or marks.text.search(stem))


def refuse_marked(*texts: str, field: str = "") -> None:
    """Refuse with 422 what must not be entered; the sentence repeats none of it. 拒绝录入"""
    if any(is_marked(text) for text in texts):
        raise must_not_be_entered(field)


def refuse_marked_name(name: str, *, field: str = "") -> None:
    """The same for the name of a file."""
    if is_marked_name(name):
        raise must_not_be_entered(field)


def must_not_be_entered(field: str = "") -> Refused:
    """The one sentence for it."""
    fields = (FieldError(field=field, code=CODE, zh=MUST_NOT),) if field else ()
    return Refused(CODE, MUST_NOT, fields=fields)


def _may_be(text: str) -> bool:
    return SURE in text


def _plain(text: str, marks: _Marks) -> str:
    """Full-width forms, other characters and line ends made one."""
    lines = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", lines)).translate(marks.alike)


@cache
def _marks() -> _Marks:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    alike = {ord(other): plain for other, plain in table["alike"].items()}
    return _Marks(
        text=re.compile("|".join(_of_texts(table)), re.MULTILINE),
        name=re.compile("|".join(_of_names(table))),
        alike=alike,
    )


def _spaced(word: str) -> str:
    """The word, also set with spaces or line ends between its characters: 机 密."""
    return r"\s{0,4}".join(map(re.escape, word))


def _one_of(words: list[str]) -> str:
    return f"(?:{'|'.join(_spaced(word) for word in sorted(words, key=len, reverse=True))})"


def _of_texts(table: dict[str, Any]) -> list[str]:
    level, papers, heads = (_one_of(table[name]) for name in ("levels", "papers", "heads"))
    term = f"(?:{_TERM}|{_one_of(table['terms'])})"
    star = f"[{table['stars']}]"
    edge = r"[^\w\n]*"
    selves, told = _one_of(table["selves"]), _one_of(table["told"])
    return [
        rf"{level}\s{{0,4}}{star}",
        # an asterisk is also bold type: only with a term
        rf"{level}\s{{0,4}}\*\s{{0,4}}{term}",
        # alone on a line, with term, urgency or kind of paper
        rf"^{edge}{level}\s?级?{edge}(?:{term}{edge}|{papers}{edge}){{0,3}}$",
        rf"^[^\S\n]*{level}\s?\d{{1,3}}\s?年(?=\s|$)",
        rf"^{edge}{heads}{edge}$",
        rf"{_one_of(table['labels'])}\s{{0,4}}[:是为]?\s{{0,4}}[\[(【〔]?\s{{0,4}}{star}?{level}",
        rf"[\[【〔「『<{{]\s{{0,4}}{level}\s?[级件]?\s{{0,4}}(?:{term})?\s{{0,4}}[\]】〕」』>}}]",
        rf"^[^\S\n]*\(\s?{level}[级件]?\s?\)|\(\s?{level}[级件]?\s?\)[^\w\n]*$",
        rf"[本此该附]{selves}[^。;!?\n]{{0,8}}?(?<![不未无非])(?:属于?|系|定?为|是|涉及){told}",
    ]


def _of_names(table: dict[str, Any]) -> list[str]:
    level, papers = _one_of(table["levels"]), _one_of(table["papers"])
    gap = r"[\s_\-—–.,+~()\[\]【】〔〕]"
    return [
        rf"^{level}级?(?:{gap}|$)",
        rf"(?:^|{gap}){level}级?(?:{gap}|$)",
        rf"^{level}级?{papers}",
    ]
