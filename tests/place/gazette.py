"""Texts as callers spoil them, made from the gazetteer by a seed. 试题

The names of the gazetteer are put between words that callers say; one name in each text is spoilt
in one way. These are our own texts: they show that the method holds, not how people really speak.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qianjun.kernel.text import sound
from qianjun.place.gazetteer import made_of
from qianjun.place.locating import Gazetteer
from qianjun.place.seeding import shipped_aliases, shipped_divisions, shipped_places


def _lines(name: str) -> list[str]:
    return (Path(__file__).parent / "texts" / f"{name}.txt").read_text("utf-8").splitlines()


@cache
def shipped() -> Gazetteer:
    """The gazetteer of the shipped tables, without a database."""
    return made_of(shipped_divisions(), shipped_places(), shipped_aliases())


def own_names() -> list[str]:
    """Names of places, streets, communities and villages of the district."""
    own = [d.short_name for d in shipped_divisions() if d.inside and len(d.code) > 6]
    return sorted([*own, *(place.name for place in shipped_places())])


BEFORE = _lines("before")
AFTER = _lines("after")
# what an input method offers for the same sound
OFTEN = _lines("often")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A text and the name that was put into it."""

    way: str
    text: str
    name: str


def same_sound() -> dict[str, list[str]]:
    """Other characters with the sound of each."""
    by_sound: dict[str, set[str]] = defaultdict(set)
    for char in "".join(OFTEN):
        by_sound[sound(char)].add(char)
    return {c: sorted(by_sound[sound(c)] - {c}) for c in "".join(OFTEN)}


def spoilt(name: str, way: str, dice: random.Random, alike: dict[str, list[str]]) -> str | None:
    """The name with one homophone, one character dropped or two swapped; None if it cannot be.

    As in ``methods.md``: the last character stays, names of up to three are not dropped from.
    """
    chars = list(name)
    if way == "homophone":
        spots = [i for i, c in enumerate(chars) if alike.get(c)]
        if not spots:
            return None
        i = dice.choice(spots)
        chars[i] = dice.choice(alike[chars[i]])
    elif way != "exact":
        if len(chars) <= 3:
            return None
        i = dice.randrange(len(chars) - 1)
        if way == "drop":
            del chars[i]
        else:
            chars[i], chars[i + 1] = chars[i + 1], chars[i]
    return "".join(chars)


def questions(names: Sequence[str], *, way: str, count: int, seed: int) -> Iterator[Question]:
    """So many texts of one way, each name as likely as another."""
    dice, alike, made = random.Random(seed), same_sound(), 0
    while made < count:
        name = dice.choice(names)
        said = spoilt(name, way, dice, alike)
        if said is None or (said == name) != (way == "exact"):
            continue
        made += 1
        yield Question(way=way, text=dice.choice(BEFORE) + said + dice.choice(AFTER), name=name)


# sentences without a place of the gazetteer; none of them is among the background calls
NOWHERE = _lines("nowhere")

# a bare stem that is also a word of the language: never more than unsure
WORDS_LIKE_NAMES = _lines("words_like_names")

ELSEWHERE = _lines("elsewhere")
