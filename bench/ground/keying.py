"""The calls of the benches at the keyboard, and their operators by the keystroke-level model.

K is a key, M a thought. P (point) and H (move the hand) stay nought: a call is taken in without the
mouse, which the bench counts in the browser. Words are keyed as 双拼, two keys a syllable, one more
to take a phrase; in full pinyin as many keys as letters.
"""

import tomllib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from pypinyin import lazy_pinyin

FILE: Final = Path(__file__).parent / "intake_calls.toml"
SECONDS: Final = {"K": 0.28, "P": 1.1, "H": 0.4, "M": 1.35}
PHRASE: Final = "|"
THOUGHT: Final = "<M>"
WAIT: Final = "<wait "


@dataclass(frozen=True, kw_only=True)
class Call:
    """What is said on the line: the words by field, and the keys between them. 来电

    A word in angle brackets is a key; ``<wait X>`` waits until the house says X, as one reads it.
    ``shown`` must stand in the room afterwards.
    """

    name: str
    script: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """As the browser is given them: whole words, no thoughts."""
        return tuple(one.replace(PHRASE, "") for one in self.script if one != THOUGHT)

    def operators(self, *, full: bool = False) -> str:
        """K and M, one letter each, in order."""
        return "".join(_operators(one, full=full) for one in self.script)


def calls() -> tuple[Call, ...]:
    """The three calls, in the order of the file."""
    told = tomllib.loads(FILE.read_text("utf-8"))["calls"]
    return tuple(
        Call(name=one["name"], script=tuple(one["keys"]), shown=tuple(one["shown"])) for one in told
    )


def _operators(said: str, *, full: bool) -> str:
    if said == THOUGHT:
        return "M"
    if said.startswith(WAIT):
        return ""
    if said.startswith("<"):
        return "K"
    return "K" * sum(_keys(phrase, full=full) for phrase in said.split(PHRASE))


def _keys(phrase: str, *, full: bool) -> int:
    """How many keys a phrase takes; a mark of punctuation takes the phrase as well."""
    han = [one for one in phrase if "\u4e00" <= one <= "\u9fff"]
    others = len(phrase) - len(han)
    letters = sum(map(len, lazy_pinyin("".join(han)))) if full else 2 * len(han)
    return letters + others + (1 if han and not others else 0)


def seconds(operators: str) -> float:
    """How long an expert takes by the model."""
    return sum(SECONDS[one] for one in operators)


def short(operators: str) -> str:
    """The same to be read: ``M 2K M 10K``."""
    runs = [(one, len(list(group))) for one, group in groupby(operators)]
    return " ".join(one if count == 1 else f"{count}{one}" for one, count in runs)
