"""How common characters and sounds are in ordinary calls: what coincidence can do. 背景词频

A name is recognised by what is rare. Rarity is estimated from sentences as callers say them
(``tables/call_words.txt``, written for this purpose), from all names of the gazetteer (other places
are talked about too), and a floor for what neither holds.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

from qianjun.kernel.text import sound
from qianjun.place.alignment import Letter

CALLS = Path(__file__).parent / "tables" / "call_words.txt"
CALL_SHARE, NAME_SHARE, FLOOR_SHARE = 0.5, 0.3, 0.2
CHARACTERS = 3500  # in daily use
SOUNDS = 400
DIGIT_NAMES = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


@lru_cache(maxsize=20_000)
def letter(char: str) -> Letter:
    """A character with its sound; digits sound as they are read, so 81路 meets 八一路."""
    heard = sound(DIGIT_NAMES.get(char, char))
    return Letter(char=char, sound=heard, loose=loosely(heard))


def letters(text: str) -> list[Letter]:
    """Every character with its sound."""
    return [letter(char) for char in text]


def loosely(heard: str) -> str:
    """The sound as southern speakers and noisy lines blur it: zh z, ch c, sh s, l n, -ng -n."""
    for clear, blurred in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")):
        if heard.startswith(clear):
            heard = blurred + heard[len(clear) :]
            break
    return heard[:-1] if heard.endswith("ng") else heard


@dataclass(frozen=True, kw_only=True)
class Background:
    """Rarity of characters, sounds and loose sounds: minus the log of their share."""

    chars: dict[str, float]
    sounds: dict[str, float]
    loose: dict[str, float]

    def char_log(self, seen: Letter) -> float:
        """Rarity of the character."""
        return self.chars.get(seen.char) or -log(FLOOR_SHARE / CHARACTERS)

    def sound_log(self, seen: Letter) -> float:
        """Rarity of the sound."""
        return self.sounds.get(seen.sound) or -log(FLOOR_SHARE / SOUNDS)

    def loose_log(self, seen: Letter) -> float:
        """Rarity of the blurred sound."""
        return self.loose.get(seen.loose) or -log(FLOOR_SHARE / SOUNDS)


def background(names: Iterable[str]) -> Background:
    """Rarity from the shipped calls and these names."""
    calls = [letter(c) for c in CALLS.read_text("utf-8") if not c.isspace()]
    named = [letter(c) for name in names for c in name]
    return Background(
        chars=_rarity([x.char for x in calls], [x.char for x in named], CHARACTERS),
        sounds=_rarity([x.sound for x in calls], [x.sound for x in named], SOUNDS),
        loose=_rarity([x.loose for x in calls], [x.loose for x in named], SOUNDS),
    )


def _rarity(calls: list[str], named: list[str], kinds: int) -> dict[str, float]:
    in_calls, in_names = Counter(calls), Counter(named)
    return {
        one: -log(
            CALL_SHARE * in_calls[one] / max(1, len(calls))
            + NAME_SHARE * in_names[one] / max(1, len(named))
            + FLOOR_SHARE / kinds
        )
        for one in in_calls.keys() | in_names.keys()
    }
