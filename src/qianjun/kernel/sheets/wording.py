"""Text of cells: tidied for keeping, folded for comparing, guarded for writing. 单元格文字"""

import re
import unicodedata
from functools import lru_cache

# what neither prints nor breaks a line: C0, C1, soft hyphen, zero width, bidi, lone surrogates
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]|_x000[dD]_\n?")
# letters, digits and spaces as machines write them; Chinese punctuation stays as people write it
_SPACES = (0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F)
_PLAIN = {0xFEE0 + c: c for c in (*range(48, 58), *range(65, 91), *range(97, 123))}
_PLAIN |= dict.fromkeys(_SPACES, 0x20)
_NUMBER_OR_PHONE = re.compile(r"[+-]?[\d\s().,-]*\d%?")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


_UNTIDY = re.compile(f"{_UNSEEN.pattern}|[\r\u2028\u2029{''.join(map(chr, _PLAIN))}]|_x000")


def tidy(text: str) -> str | None:
    """The text to keep: seen characters, plain digits and letters; None when nothing is left."""
    if _UNTIDY.search(text):
        text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).translate(_PLAIN)
    return text.strip() or None


def plain(text: str) -> str:
    """The text with all its full-width forms made plain, for numbers, dates and codes."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


_IN_BRACKETS = re.compile(r"[(\[{【〔「].*?[)\]}】〕」]", re.DOTALL)
_NO_LETTERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=5_000)
def title_key(title: str) -> str:
    """A title without spaces, signs and case: ``* 联系 电话：`` is 联系电话. 列名归一"""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", title).lower())


@lru_cache(maxsize=5_000)
def bare_key(title: str) -> str:
    """The same without what stands in brackets: 联系电话（手机） is 联系电话."""
    return title_key(_IN_BRACKETS.sub("", unicodedata.normalize("NFKC", title)))


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula; signed numbers are none."""
    return text.startswith(FORMULA_STARTS) and not _NUMBER_OR_PHONE.fullmatch(text)


def safe_to_write(text: str) -> str:
    """The text as it may be written into a sheet: a formula gets a quote in front. 防公式注入"""
    return f"'{text}" if starts_a_formula(text.lstrip()) else text
