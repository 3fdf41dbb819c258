"""Find names in a text: retrieve by shared pairs, look closely at the best. 地名检索

Retrieval adds up the rarity of unordered skip pairs of loose sounds (so a homophone, a swapped,
dropped or wrong character still shares pairs); rapidfuzz finds the stretch of text; the alignment
weighs it. About 1 ms for a sentence and 2,000 names; an index never changes, so threads share it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from qianjun.kernel.text import normalise
from qianjun.place.alignment import (
    Heard,
    Letter,
    Pattern,
    Reading,
    best_reading,
    heard_in,
    most_worth,
    pattern_of,
)
from qianjun.place.background import Background, background, letters
from qianjun.place.rules import LEAST_LOG_ODDS, Mention, Named
from qianjun.place.wording import begins_generic, generic_in, plain, stem_of

NAMED_SHARE_INSIDE = 0.7  # of calls name a place of the district
NAMED_SHARE_OUTSIDE = 0.05
LOOKED_AT_INSIDE = 14
LOOKED_AT_OUTSIDE = 5
NORM_SOFTENER = 6.0
LEAST_SCORE = 0.12
MARGIN = 2  # characters of text beside the stretch that rapidfuzz proposes
OTHER_ENDING_LOG = -3.0  # 文昌医院 is not 文昌路
SHORT_AND_WRONG_LOG = -2.0
COMMON_STEM = 2  # characters: 山水, 春风, 五星 are words of the language too
SHORT_MOST_LOG = log(0.7 / 0.3)
LONG_SHORT_MOST_LOG = log(0.9 / 0.1)
WHOLE = {"same", "sound"}
OUTSIDE_WHOLE_LOG = -4.0  # an outside community is recognised by its whole name only
NO_RIVAL_LOG = 9.0  # a rival for the same words gets less than 0.0002 of them
TEXT_LIMIT = 5_000

Counts = NDArray[np.float32]
Rows = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Form:
    """One name of one place, ready for comparing."""

    named: Named
    text: str
    code: str
    pattern: Pattern
    prior_log: float
    usual: bool


@dataclass(frozen=True, kw_only=True)
class Index:
    """Forms with postings of their pairs; a value, never changed after it is built. 索引

    The forms of the district come first, ``own`` of them. A posting is the rows that hold a pair,
    and its rarity once for each.
    """

    forms: tuple[Form, ...]
    postings: dict[str, tuple[Rows, Counts]]
    norm: Counts
    own: int
    codes: dict[str, str]


def build(named: Sequence[Named]) -> Index:
    """The index of these names; well under a second for thousands."""
    known = background(form for one in named for form in one.forms)
    codes = _codes(named)
    priors = _priors(named)
    forms = tuple(
        _form(one, text, known=known, codes=codes, prior_log=priors[one.inside])
        for one in sorted(named, key=lambda one: not one.inside)
        for text in dict.fromkeys(one.forms)
    )
    postings, rarity = _postings([pairs(form.code) for form in forms])
    norm = [sum(rarity[pair] for pair in pairs(form.code)) for form in forms]
    return Index(
        forms=forms,
        postings=postings,
        norm=np.asarray(norm, np.float32) + np.float32(NORM_SOFTENER),
        own=sum(form.named.inside for form in forms),
        codes=codes,
    )


def _priors(named: Sequence[Named]) -> dict[bool, float]:
    inside = max(1, sum(one.inside for one in named))
    outside = max(1, len(named) - inside)
    return {
        True: log(NAMED_SHARE_INSIDE / inside),
        False: log(NAMED_SHARE_OUTSIDE / outside),
    }


def _codes(named: Iterable[Named]) -> dict[str, str]:
    """A character of the private area for each loose sound, so that rapidfuzz compares sounds."""
    heard = sorted({x.loose for one in named for form in one.forms for x in letters(plain(form))})
    return {sound: chr(0xE000 + n) for n, sound in enumerate(heard)}


def coded(seen: Sequence[Letter], codes: dict[str, str]) -> str:
    """The text by loose sounds; what no name sounds like stays itself."""
    return "".join(codes.get(letter.loose, letter.char) for letter in seen)


def _form(
    named: Named, text: str, *, known: Background, codes: dict[str, str], prior_log: float
) -> Form:
    written = plain(text)
    seen = letters(written)
    pattern = pattern_of(
        seen,
        stem=stem_of(written),
        generic=generic_in(written),
        char_log=[known.char_log(x) for x in seen],
        sound_log=[known.sound_log(x) for x in seen],
        loose_log=[known.loose_log(x) for x in seen],
    )
    return Form(
        named=named,
        text=written,
        code=coded(seen, codes),
        pattern=pattern,
        prior_log=prior_log,
        usual=text == named.forms[0],
    )


def pairs(code: str) -> set[str]:
    """Neighbours and next neighbours, in either order."""
    found = {min(a, b) + max(a, b) for a, b in pairwise(code)}
    return found | {min(a, b) + max(a, b) for a, b in zip(code, code[2:], strict=False)}


def _postings(
    tokens: Sequence[set[str]],
) -> tuple[dict[str, tuple[Rows, Counts]], dict[str, float]]:
    lists: dict[str, list[int]] = defaultdict(list)
    for row, pairs_of_row in enumerate(tokens):
        for pair in pairs_of_row:
            lists[pair].append(row)
    rarity = {pair: log(1 + len(tokens) / len(rows)) for pair, rows in lists.items()}
    postings = {
        pair: (np.asarray(rows, np.int32), np.full(len(rows), rarity[pair], np.float32))
        for pair, rows in lists.items()
    }
    return postings, rarity


def words_of(text: str) -> str:
    """The text as it is compared: normalised, official endings short, no spaces."""
    return plain(normalise(text)[:TEXT_LIMIT])


def mentions(index: Index, words: str) -> list[Mention]:
    """Names found in the words, at most one mention each, with their odds."""
    seen = letters(words)
    code = coded(seen, index.codes)
    heard = heard_in(seen)
    coincidence = log(max(1, len(words)))  # a long text has more places to hit by chance
    likely = []
    found = []
    for form in (index.forms[row] for row in _likely(index, code)):
        most = _most(form, heard, coincidence)
        if most < LEAST_LOG_ODDS:
            continue
        if read := _whole(form, words):
            found.append(_mention(form, read, words=words))
        else:
            likely.append((form, most))
    sure = [one for one in found if one.named.inside]
    for form, most in likely:
        if closest := _closest(form, seen, code, most=most, sure=sure):
            found.append(_mention(form, closest, words=words))
    return _best_of(found)


def _best_of(found: Iterable[Mention]) -> list[Mention]:
    """The likeliest mention of each place."""
    best: dict[int, Mention] = {}
    for one in found:
        known = best.get(id(one.named))
        if one.log_odds >= LEAST_LOG_ODDS and (known is None or one.log_odds > known.log_odds):
            best[id(one.named)] = one
    return list(best.values())


def _most(form: Form, heard: Heard, coincidence: float) -> float:
    """The odds of the best reading that these characters allow."""
    return most_worth(form.pattern, heard) + form.prior_log - coincidence


def _whole(form: Form, words: str) -> tuple[Reading, int] | None:
    """The reading of a name that stands in the words as it is, and where."""
    first = words.find(form.text)
    whole = form.pattern.whole if first >= 0 else None
    return (whole, first) if whole else None


def _likely(index: Index, code: str) -> list[int]:
    """Rows worth a close look: the best of the district and the best outside."""
    met = [index.postings[pair] for pair in pairs(code) if pair in index.postings]
    if not met:
        return []
    rows = np.concatenate([rows for rows, _ in met])
    rare = np.concatenate([rare for _, rare in met])
    scores = np.bincount(rows, rare, len(index.forms)).astype(np.float64) / index.norm
    away = _best(scores[index.own :], LOOKED_AT_OUTSIDE)
    return [*_best(scores[: index.own], LOOKED_AT_INSIDE), *(index.own + row for row in away)]


def _best(scores: NDArray[np.float64], count: int) -> list[int]:
    rows = np.flatnonzero(scores >= LEAST_SCORE)
    if len(rows) > count:
        rows = rows[np.argpartition(-scores[rows], count - 1)[:count]]
    return [int(row) for row in rows]


def _closest(
    form: Form, seen: list[Letter], code: str, *, most: float, sure: Sequence[Mention]
) -> tuple[Reading, int] | None:
    """The best reading in the stretch that sounds most alike, and where the stretch begins.

    None when a whole name of the district stands there against which it would not count.
    """
    first, end = _stretch(form.code, code)
    for one in sure:
        meets = one.start < end - MARGIN and first + MARGIN < one.end
        if meets and most < one.log_odds - NO_RIVAL_LOG:
            return None
    return best_reading(form.pattern, seen[first:end]), first


def _stretch(name: str, code: str) -> tuple[int, int]:
    if len(code) <= len(name) + 2 * MARGIN:
        return 0, len(code)
    spot = fuzz.partial_ratio_alignment(name, code)
    if spot is None:
        return 0, len(name) + MARGIN
    return max(0, spot.dest_start - MARGIN), spot.dest_end + MARGIN


def _mention(form: Form, closest: tuple[Reading, int], *, words: str) -> Mention:
    reading, first = closest
    how = reading.how if form.usual else f"别名{form.text}"
    coincidence = log(max(1, len(words)))  # a long text has more places to hit by chance
    log_odds = reading.log_ratio + form.prior_log - coincidence
    if not form.named.inside and reading.ways - WHOLE:
        log_odds += OUTSIDE_WHOLE_LOG
    if "short" in reading.ways:
        after = words[first + reading.end :]
        log_odds = min(log_odds + _doubt(reading, after), _most_short(form))
    return Mention(
        named=form.named,
        start=first + reading.start,
        end=first + reading.end,
        log_odds=log_odds,
        how=how,
    )


def _doubt(reading: Reading, after: str) -> float:
    """What speaks against a name without its ending."""
    doubt = OTHER_ENDING_LOG if begins_generic(after) else 0.0
    return doubt + (SHORT_AND_WRONG_LOG if reading.ways - {"same", "short"} else 0.0)


def _most_short(form: Form) -> float:
    """The odds that a bare stem means this and not a word of the language or something unknown."""
    return SHORT_MOST_LOG if form.pattern.stem <= COMMON_STEM else LONG_SHORT_MOST_LOG
