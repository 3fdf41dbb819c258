"""Words that a row is found by: pairs of characters, initials, pieces of numbers. 检索词

Most Chinese search words have two characters. A row keeps every overlapping pair of characters of
its texts, of its names the initials of the syllables from each character on, of its numbers every
end; a question matches the beginning of a word, so a piece out of the middle is found as well.
Trap: a question and a row are cut by the same rules; who changes one of them fills all rows again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from qianjun.kernel import readings
from qianjun.kernel.text import mask_phones_in, sound

TEXT_MOST: Final = 5_000  # characters of a text that are looked at
NAME_MOST: Final = 60
NUMBER_MOST: Final = 40
WORD_MOST: Final = 32  # characters of one word in Latin letters or digits
INITIALS_MOST: Final = 12  # nobody types more of them
ASKED_MOST: Final = 100  # characters of a question
WORDS_MOST: Final = 8  # words of a question
OPEN: Final = "~"  # stands in no word
PHONE_DIGITS: Final = 7  # whoever looks for a telephone is written down, so it is no search word

_CHINESE: Final = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN: Final = re.compile(rf"([{_CHINESE}]+)|([^\W_{_CHINESE}]+)")
_MANY_DIGITS: Final = re.compile(rf"(?:[0-9][-. ]?){{{PHONE_DIGITS},}}")
_MASKED: Final = re.compile(r"[0-9]*\*+[0-9]*")
_NUMBER: Final = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)+")
_APART: Final = re.compile(r"[\W_]+")


class _Initials(dict[int, str]):
    """The first letter of each character's one reading, for ``str.translate``; filled as asked."""

    def __missing__(self, code: int) -> str:
        """Digits and Latin letters are themselves, what has no sound is nothing."""
        first = sound(chr(code))[:1].lower()
        self[code] = first if first.isascii() and first.isalnum() else ""
        return self[code]


_INITIALS: Final = _Initials()
# words that are read otherwise than their characters one by one
_LOCAL: Final = {
    word: letters
    for word, syllables in readings.WORDS.items()
    if (letters := "".join(s[0] for s in syllables)) != word.translate(_INITIALS)
}
_LOCAL_WORD: Final = re.compile("|".join(map(re.escape, _LOCAL)))


def search_terms(
    *, names: Iterable[str] = (), texts: Iterable[str] = (), numbers: Iterable[str] = ()
) -> list[str]:
    """The words of a row, each once; texts lose whole telephone numbers. 检索词

    A text of 60 characters takes about 20 µs, a name of 10 about 10 µs.
    """
    found: set[str] = set()
    for text in texts:
        found.update(_words(_without_phones(_plain(text[:TEXT_MOST]))))
    for name in names:
        plain = _plain(name[:NAME_MOST])
        found.update(_words(plain))
        found.update(_ends(_initials(plain), most=INITIALS_MOST))
    for number in numbers:
        found.update(_ends(_APART.sub("", _plain(number[:NUMBER_MOST])), most=NUMBER_MOST))
    return list(found)


def open_ends(front: str) -> list[str]:
    """The ends of a number of which this is known and the count not yet, ``OPEN`` in its place."""
    plain = _APART.sub("", _plain(front))
    return [*(f"{end}{OPEN}" for end in _ends(plain, most=NUMBER_MOST)), OPEN] if plain else []


def search_questions(q: str) -> list[str] | None:
    """What must all match, one PostgreSQL ``tsquery`` a word; None when nothing is asked. 检索式

    A question without anything to look for, such as punctuation alone, is the list of the empty
    ``tsquery``, which matches nothing. Work is bounded for any text.
    """
    words = _plain(q[:ASKED_MOST]).split()[:WORDS_MOST]
    if not words:
        return None
    return [asked for word in words if (asked := _question(word))] or [""]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _without_phones(text: str) -> str:
    if not _MANY_DIGITS.search(text):
        return text
    return _MANY_DIGITS.sub(" ", _MASKED.sub(" ", mask_phones_in(text)))


def _words(plain: str) -> Iterator[str]:
    for chinese, other in _RUN.findall(plain):
        if chinese:
            yield from map(str.__add__, chinese, chinese[1:])
            yield chinese[-1]
        else:
            yield other[:WORD_MOST]


def _initials(plain: str) -> str:
    known = _LOCAL_WORD.sub(lambda word: _LOCAL[word[0]], plain)
    return known.translate(_INITIALS)


def _ends(word: str, *, most: int) -> Iterator[str]:
    for start in range(len(word)):
        yield word[start : start + most]


def _question(word: str) -> str:
    parts = " & ".join(_asked(*run) for run in _RUN.findall(word))
    if _NUMBER.fullmatch(word):
        return f"{_begins(word.replace('-', ''))} | ({parts})"
    return parts


def _asked(chinese: str, other: str) -> str:
    if len(chinese) < 2:
        return _begins(chinese or other)
    return " & ".join(f"'{a}{b}'" for a, b in pairwise(chinese))


def _begins(word: str) -> str:
    return f"'{word[:WORD_MOST]}':*"
