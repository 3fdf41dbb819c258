"""How well a name explains a stretch of text, as log odds against coincidence. 名称比对

A noisy channel: the caller names the place, an input method or a slip spoils it. Every character
of the name that is found weighs by how rare it is in ordinary calls; errors cost their rate. The
score is the best way to read the name out of the text, ends free.

Trap: generic words (社区, 大学, 大桥) stand in many names, so each weighs ENDING_LOG and no more,
wherever it stands: 广西科技大学 must not be worth more inside 广西科技大学社区. Leaving the ending
out ("文昌着火") costs little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log as ln

EXACT_LOG = ln(0.9)
SAME_SOUND_LOG = ln(0.06)
NEAR_SOUND_LOG = ln(0.02)
WRONG_LOG = ln(0.01)
MISSING_LOG = ln(0.03)
ADDED_LOG = ln(0.005)
SWAPPED_LOG = ln(0.006)
ENDING_LOG = 5.0
ENDING_SOUND = 0.9  # of it when only the sound agrees
NO_ENDING_LOG = ln(0.25)
NO_ENDING_NEXT_LOG = ln(0.6)
NEVER = -1e9

HOW = {
    "same": "名称",
    "sound": "同音",
    "near": "近音",
    "wrong": "错一字",
    "missing": "漏字",
    "added": "多字",
    "swapped": "前后颠倒",
    "short": "简称",
}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One character of a name or a text, with its sound and its sound as loosely heard."""

    char: str
    sound: str
    loose: str


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A name ready for comparing: letters, what each is worth, what leaving it out costs."""

    letters: tuple[Letter, ...]
    char_log: tuple[float, ...]
    sound_log: tuple[float, ...]
    loose_log: tuple[float, ...]
    missing_log: tuple[float, ...]
    stem: int  # letters before the generic ending

    @cached_property
    def worth(self) -> tuple[tuple[str, str, str, float, float, float, float], ...]:
        """Of each letter: itself, its sounds, the most it is worth if met so, sounding so, or not.

        The last four are for the character met, its sound, its loose sound, and neither.
        """
        return tuple(
            (letter.char, letter.sound, letter.loose, *self._most(i))
            for i, letter in enumerate(self.letters)
        )

    def _most(self, i: int) -> tuple[float, float, float, float]:
        other = max(WRONG_LOG, self.missing_log[i])
        near = max(self.loose_log[i] + NEAR_SOUND_LOG, other)
        same = max(self.sound_log[i] + SAME_SOUND_LOG, near)
        return max(self.char_log[i] + EXACT_LOG, same), same, near, other

    @cached_property
    def whole(self) -> "Reading | None":
        """Its reading where it stands letter by letter; None when a slip might read better."""
        exact = [log + EXACT_LOG for log in self.char_log]
        if any(log < most[3] for log, most in zip(exact, self.worth, strict=True)):
            return None
        end = len(self.letters)
        return Reading(log_ratio=sum(exact), start=0, end=end, ways=frozenset({"same"}))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The best way to read a name out of a text."""

    log_ratio: float
    start: int
    end: int
    ways: frozenset[str]

    @property
    def how(self) -> str:
        """In Chinese."""
        said = [HOW[way] for way in HOW if way in self.ways and way != "same"]
        return "、".join(said) or HOW["same"]


Heard = tuple[frozenset[str], frozenset[str], frozenset[str]]


def heard_in(text: Sequence[Letter]) -> Heard:
    """The characters of a text, their sounds, their sounds as loosely heard."""
    return (
        frozenset(one.char for one in text),
        frozenset(one.sound for one in text),
        frozenset(one.loose for one in text),
    )


def most_worth(pattern: Pattern, heard: Heard) -> float:
    """What no reading of the name can exceed in a text of these characters, in any order."""
    chars, sounds, loosely = heard
    total = 0.0
    for char, sound, loose, met, same, near, other in pattern.worth:
        if char in chars:
            total += met
        elif sound in sounds:
            total += same
        elif loose in loosely:
            total += near
        else:
            total += other
    return total


Cell = tuple[float, int, int, str]  # score, previous row and column, what happened


def best_reading(pattern: Pattern, text: Sequence[Letter]) -> Reading:
    """Align the whole name with any stretch of the text."""
    rows = _table(pattern, text)
    last = rows[-1]
    end = max(range(len(last)), key=lambda j: last[j][0])
    return _traced(rows, end, stem=pattern.stem)


def _table(pattern: Pattern, text: Sequence[Letter]) -> list[list[Cell]]:
    letters = pattern.letters
    rows: list[list[Cell]] = [[(0.0, 0, j, "") for j in range(len(text) + 1)]]
    for i, letter in enumerate(letters):
        above = rows[i]
        missing = pattern.missing_log[i]
        left_out = "short" if i >= pattern.stem else "missing"
        row: list[Cell] = [(above[0][0] + missing, i, 0, left_out)]
        for j, seen in enumerate(text):
            log_ratio, what = _met(pattern, i, letter, seen)
            best: Cell = (above[j][0] + log_ratio, i, j, what)
            if above[j + 1][0] + missing > best[0]:
                best = (above[j + 1][0] + missing, i, j + 1, left_out)
            if row[j][0] + ADDED_LOG > best[0] and i + 1 < len(letters):
                best = (row[j][0] + ADDED_LOG, i + 1, j, "added")
            if i and j and letter.char == text[j - 1].char and letters[i - 1].char == seen.char:
                swapped = rows[i - 1][j - 1][0] + SWAPPED_LOG
                swapped += pattern.char_log[i] + pattern.char_log[i - 1]
                best = max(best, (swapped, i - 1, j - 1, "swapped"), key=lambda cell: cell[0])
            row.append(best)
        rows.append(row)
    return rows


def _met(pattern: Pattern, i: int, letter: Letter, seen: Letter) -> tuple[float, str]:
    """What it is worth to read this character as that letter of the name."""
    if letter.char == seen.char:
        return pattern.char_log[i] + EXACT_LOG, "same"
    if letter.sound == seen.sound:
        return pattern.sound_log[i] + SAME_SOUND_LOG, "sound"
    if letter.loose == seen.loose:
        return pattern.loose_log[i] + NEAR_SOUND_LOG, "near"
    return WRONG_LOG, "wrong"


def _traced(rows: list[list[Cell]], end: int, *, stem: int) -> Reading:
    """Walk back: where the reading starts and what happened on the way."""
    i, j = len(rows) - 1, end
    happened: set[str] = set()
    ending_met = False
    while i > 0:
        _score, i_before, j_before, what = rows[i][j]
        happened.add(what)
        ending_met |= i > stem and what in ("same", "sound", "swapped")
        i, j = i_before, j_before
    if ending_met and "short" in happened:  # 窑埠镇 for 窑埠古镇: not short, a slip
        happened = happened - {"short"} | {"missing"}
    return Reading(
        log_ratio=rows[-1][end][0], start=j, end=max(end, j + 1), ways=frozenset(happened)
    )


def pattern_of(
    letters: Sequence[Letter],
    *,
    stem: int,
    generic: Sequence[int],
    char_log: Sequence[float],
    sound_log: Sequence[float],
    loose_log: Sequence[float],
) -> Pattern:
    """A pattern whose letters are worth the given logs.

    ``generic`` says for each letter how long the generic word is that it stands in, 0 for none;
    the letters of such a word share ENDING_LOG.
    """
    shares = [ENDING_LOG / size if size else 0.0 for size in generic]
    endless = [NO_ENDING_LOG] + [NO_ENDING_NEXT_LOG] * len(letters)
    return Pattern(
        letters=tuple(letters),
        char_log=tuple(share or log for share, log in zip(shares, char_log, strict=True)),
        sound_log=_capped(shares, sound_log),
        loose_log=_capped(shares, loose_log),
        missing_log=(*[MISSING_LOG] * stem, *endless[: len(letters) - stem]),
        stem=stem,
    )


def _capped(shares: Sequence[float], logs: Sequence[float]) -> tuple[float, ...]:
    return tuple(share * ENDING_SOUND or log for share, log in zip(shares, logs, strict=True))
