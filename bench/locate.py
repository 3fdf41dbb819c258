"""Locating among 1,000 places: 300 texts of our own, beside a plain substring. 定位

Names are put together from words of ours and drawn by a seed, with those that are shipped; each
text spoils one of them in one way, or names none, or another district. The substring matcher gets
the same names, other names included, and takes the longest that stands in the text.
"""

import os
import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.ground import frame

if TYPE_CHECKING:
    from qianjun.place.locating import Gazetteer

CALLS = Path(__file__).parent / "ground" / "calls"
PLACES = 1_000
TEXTS = 300
# how many texts of each way
WAYS = {
    "exact": 50,
    "alias": 30,
    "homophone": 50,
    "swapped": 40,
    "dropped": 40,
    "relation": 40,
    "none": 25,
    "elsewhere": 25,
}
RIGHT = 270
TIMES_SUBSTRING = 1.4
MEDIAN_MS = 20
SEED = 20260601
NONE, ELSEWHERE = "none", "elsewhere"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A text, how it was spoilt, and what is right: a name, none, or elsewhere."""

    way: str
    text: str
    right: str


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The places: what is searched, and under which words."""

    gazetteer: "Gazetteer"
    names: tuple[str, ...]
    aliases: dict[str, str]
    outside: tuple[str, ...]


def run(args: list[str]) -> frame.Answer:  # noqa: ARG001 - no choice to make
    """Ask both all the texts in one run."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QIANJUN_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "qianjun.site.settings"
        import django

        django.setup(set_prefix=False)
        ground = _ground()
        calls = list(_calls(ground))
        assert len(calls) == TEXTS
        ours, ms = _ours(ground, calls)
        plain, plain_ms = _plain(ground, calls)
        right = {way: _right(calls, ours, way) for way in WAYS}
        seen: frame.Answer = {
            "places": len(ground.names),
            "texts": len(calls),
            "right": right,
            "right_of_substring": {way: _right(calls, plain, way) for way in WAYS},
            "ms": frame.spread(ms),
            "ms_of_substring": frame.spread(plain_ms),
            "wrong": [f"{c.text} -> {a}" for c, a in zip(calls, ours, strict=True) if a != c.right],
        }
        lost = sum(
            a not in (NONE, ELSEWHERE)
            for c, a in zip(calls, ours, strict=True)
            if c.right in (NONE, ELSEWHERE)
        )
        gates = _gates(right, _all_right(calls, plain), lost=lost, ms=ms)
        return frame.answer("locate", gates=gates, seen=seen, folder=Path(folder), began=began)


def _gates(
    right: dict[str, int], plain: int, *, lost: int, ms: Sequence[float]
) -> list[frame.Gate]:
    times = round(sum(right.values()) / max(1, plain), 2)
    return [
        frame.Gate(what="right of 300", value=sum(right.values()), at_least=RIGHT),
        frame.Gate(what="right of 50 spelt as they are", value=right["exact"], at_least=49),
        frame.Gate(what="a place found where none is named", value=lost, at_most=0),
        frame.Gate(what="right / right of substring", value=times, at_least=TIMES_SUBSTRING),
        frame.Gate(what="median ms", value=round(statistics.median(ms), 2), at_most=MEDIAN_MS),
    ]


def _right(calls: Sequence[Call], answers: Sequence[str], way: str) -> int:
    return sum(c.way == way and c.right == a for c, a in zip(calls, answers, strict=True))


def _all_right(calls: Sequence[Call], answers: Sequence[str]) -> int:
    return sum(_right(calls, answers, way) for way in WAYS)


# --- places ---------------------------------------------------------------------------------------


def _lines(name: str) -> list[str]:
    return (CALLS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def _words(name: str) -> list[str]:
    return [word for line in _lines(name) for word in line.split()]


def _ground() -> Ground:
    from qianjun.place.gazetteer import made_of
    from qianjun.place.models import Place
    from qianjun.place.seeding import shipped_aliases, shipped_divisions, shipped_places

    divisions, aliases = shipped_divisions(), shipped_aliases()
    own = [d for d in divisions if d.inside and len(d.code) > 6]
    places = list(shipped_places())
    known = {*(d.short_name for d in own), *(p.name for p in places)}
    dice = random.Random(SEED)
    made = [s + k for s in _words("stems") for k in _words("kinds")]
    for name in dice.sample(made, len(made)):
        if len(known) == PLACES:
            break
        if name not in known:
            lon, lat = dice.uniform(109.40, 109.50), dice.uniform(24.30, 24.36)
            known.add(name)
            kind = "road" if name.endswith(("路", "巷")) else "site"
            code = dice.choice(own).code
            places.append(
                Place(name=name, kind=kind, division_code=code, lon=lon, lat=lat, radius_m=100)
            )
    other = _other_names(dice, [p.name for p in places])
    aliases |= {name: (*aliases.get(name, ()), text) for text, name in other.items()}
    return Ground(
        gazetteer=made_of(divisions, places, aliases),
        names=tuple(sorted(known)),
        aliases=other,
        outside=tuple(d.short_name for d in divisions if not d.inside),
    )


def _other_names(dice: random.Random, names: Sequence[str]) -> dict[str, str]:
    """Another name in use for some: 老 before the stem, or what stood there before."""
    chosen = dice.sample(list(names), 60)
    return {f"老{name[:2]}{('仓库', '车站', '粮所')[n % 3]}": name for n, name in enumerate(chosen)}


# --- texts ----------------------------------------------------------------------------------------


def _calls(ground: Ground) -> Iterator[Call]:
    dice, alike = random.Random(SEED + 1), _alike(ground)
    spoil: dict[str, Callable[[str], str | None]] = {
        "exact": lambda name: name,
        "homophone": lambda name: _homophone(name, dice, alike),
        "swapped": lambda name: _swapped(name, dice),
        "dropped": lambda name: _dropped(name, dice),
        "relation": lambda name: name,
    }
    for way, change in spoil.items():
        frames = _lines("relations" if way == "relation" else "frames")
        yield from _spoilt(way, change, ground=ground, dice=dice, frames=frames)
    for text, name in dice.sample(sorted(ground.aliases.items()), WAYS["alias"]):
        said = dice.choice(_lines("frames")).replace("@", text)
        yield Call(way="alias", text=said, right=name)
    for way in (NONE, ELSEWHERE):
        yield from (Call(way=way, text=text, right=way) for text in _lines(way))


def _spoilt(
    way: str,
    change: Callable[[str], str | None],
    *,
    ground: Ground,
    dice: random.Random,
    frames: Sequence[str],
) -> Iterator[Call]:
    left, without = WAYS[way], _without_one(ground.names)
    while left:
        name = dice.choice(ground.names)
        said = change(name)
        # what is left must be that of one place alone, or nobody could tell
        if said is None or (said != name and (said in ground.names or without[said] > 1)):
            continue
        left -= 1
        yield Call(way=way, text=dice.choice(frames).replace("@", said), right=name)


def _without_one(names: Sequence[str]) -> Counter[str]:
    """How many names become each word by losing a character."""
    return Counter(
        left for name in names for left in {name[:n] + name[n + 1 :] for n in range(len(name))}
    )


def _alike(ground: Ground) -> dict[str, list[str]]:
    """For each character the others of all names that sound the same."""
    from qianjun.kernel.text import sound

    by_sound: dict[str, set[str]] = defaultdict(set)
    for char in sorted({c for name in (*ground.names, *ground.outside) for c in name}):
        by_sound[sound(char)].add(char)
    return {c: sorted(same - {c}) for same in by_sound.values() for c in same}


def _homophone(name: str, dice: random.Random, alike: dict[str, list[str]]) -> str | None:
    spots = [n for n, c in enumerate(name) if alike.get(c)]
    if not spots:
        return None
    n = dice.choice(spots)
    return name[:n] + dice.choice(alike[name[n]]) + name[n + 1 :]


def _swapped(name: str, dice: random.Random) -> str | None:
    if len(name) < 4:
        return None
    n = dice.randrange(len(name) - 1)
    said = name[:n] + name[n + 1] + name[n] + name[n + 2 :]
    return said if said != name else None


def _dropped(name: str, dice: random.Random) -> str | None:
    if len(name) < 4:
        return None
    n = dice.randrange(len(name) - 1)
    return name[:n] + name[n + 1 :]


# --- both -----------------------------------------------------------------------------------------


def _ours(ground: Ground, calls: Sequence[Call]) -> tuple[list[str], list[float]]:
    answers, ms = [], []
    for call in calls:
        began = time.perf_counter()
        answer = ground.gazetteer.locate(call.text)
        ms.append((time.perf_counter() - began) * 1000)
        sure = answer.answer not in (NONE, ELSEWHERE)
        answers.append(answer.places[0].name if sure and answer.places else answer.answer)
    return answers, ms


def _plain(ground: Ground, calls: Sequence[Call]) -> tuple[list[str], list[float]]:
    words = {name: name for name in ground.names} | ground.aliases
    words |= dict.fromkeys((w for w in ground.outside if len(w) > 1), ELSEWHERE)
    longest_first = sorted(words, key=len, reverse=True)
    answers, ms = [], []
    for call in calls:
        began = time.perf_counter()
        found = next((word for word in longest_first if word in call.text), None)
        ms.append((time.perf_counter() - began) * 1000)
        answers.append(words[found] if found else NONE)
    return answers, ms


if __name__ == "__main__":
    frame.main(run)
