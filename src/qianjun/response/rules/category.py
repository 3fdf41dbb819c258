"""What kind of incident the words speak of. 类型识别"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qianjun.kernel.denial import is_denied


@dataclass(frozen=True, kw_only=True)
class KindWords:
    """Words that speak for one code; ``label`` goes into titles. 类型词"""

    code: str
    label: str
    words: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """All kinds behind one pattern that finds the longest words. 词表"""

    kinds: dict[str, KindWords]
    codes: dict[str, str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """The code that the words speak for, empty without any, and the words. 识别结果"""

    code: str
    words: tuple[str, ...] = ()


def lexicon(kinds: Iterable[KindWords], *, not_these: Iterable[str]) -> Lexicon:
    """The words of all kinds, compiled; ``not_these`` only look like them."""
    known = {kind.code: kind for kind in kinds}
    codes = {word: kind.code for kind in known.values() for word in kind.words}
    codes |= dict.fromkeys(not_these, "")
    longest_first = sorted(codes, key=lambda word: (-len(word), word))
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return Lexicon(kinds=known, codes=codes, pattern=pattern)


def spoken_of(words: Lexicon, text: str) -> Spoken:
    """The kind with the most and longest words; on a tie the one named first. 识别"""
    found: dict[str, list[str]] = {}
    for match in words.pattern.finditer(text):
        code = words.codes[match[0]]
        seen = match[0] in found.get(code, ())
        if code and not seen and not is_denied(text, match.start()):
            found.setdefault(code, []).append(match[0])
    if not found:
        return Spoken(code="")
    best = max(found, key=lambda code: words.kinds[code].weight * sum(map(len, found[code])))
    return Spoken(code=best, words=tuple(found[best]))
