"""Words around names: endings, crossings, distances, other districts. 地址用语"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from qianjun.kernel.geometry import distance_m
from qianjun.place.rules import Candidate, Cue, Kind, Mention, Named

# generic endings, the longest that fits is taken; what stands before is the stem
ENDINGS = """
    街道 社区 大道 步行街 新区 大桥 公园 市场 农贸市场 古镇 城楼 林场 博物馆 大学 中学 小学 幼儿园
    医院 养老院 加油站 物流园 化工仓库 仓库 大厦 广场 城市广场 小区 花园 生活区 镇 乡 村 路 街 巷 桥
    厂 园 馆 寺 祠 庙 塔 山 江
"""
OTHER_ENDINGS = "小区 花园 家园 新村 苑 商店 超市 饭店 宾馆 派出所 车站 公司 工地 楼 号"


def _any(words: str, *, least: int = 1) -> str:
    longest_first = sorted(words.split(), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(word for word in longest_first if len(word) >= least) + ")"


_ENDING = re.compile(_any(ENDINGS) + "$")
_KNOWN_FIRST = re.compile(_any(ENDINGS))
_ENDING_FIRST = re.compile(_any(ENDINGS + OTHER_ENDINGS))
_GENERIC = re.compile(_any(ENDINGS, least=2))
LEAST_STEM = 2

_OFFICIAL = (
    (re.compile(r"社区居?民?委员?会|居民委员会|居委会"), "社区"),
    (re.compile(r"村民委员会|村委会"), "村"),
    (re.compile(r"街道办(?:事处)?"), "街道"),
    (re.compile(r"\s+"), ""),
)


def plain(text: str) -> str:
    """Lower case without spaces, official endings as people say them: 居委会 is 社区."""
    text = text.casefold()
    for pattern, short in _OFFICIAL:
        text = pattern.sub(short, text)
    return text


def stem_of(name: str) -> int:
    """How many characters stand before the longest generic ending that leaves two, else all."""
    starts = (found.start() for size in range(len(name)) if (found := _ENDING.match(name, size)))
    return next((start for start in starts if start >= LEAST_STEM), len(name))


def generic_in(name: str) -> list[int]:
    """For each character the length of the generic word it stands in; 0 outside such words.

    A name that is such a word and nothing else (步行街) is here on purpose and keeps its stem.
    """
    stem = stem_of(name)
    sizes = [0] * stem + [len(name) - stem] * (len(name) - stem)
    for found in _GENERIC.finditer(name, 0, 0 if _ENDING.fullmatch(name) else stem):
        sizes[found.start() : found.end()] = [len(found[0])] * len(found[0])
    return sizes


def begins_ending(text: str) -> bool:
    """Whether the text begins with an ending that names of the gazetteer have."""
    return _KNOWN_FIRST.match(text) is not None


def begins_generic(text: str) -> bool:
    """Whether the text begins with a generic ending: what stands before has that name."""
    return _ENDING_FIRST.match(text) is not None


# --- distances -----------------------------------------------------------------------------------

_AWAY = re.compile(r"(\d{1,5})\s*(米|公里|千米|m|km)(?!\d)", re.IGNORECASE)
MOST_AWAY_M = 5_000.0


def metres_away(text: str) -> float:
    """How far from the named place, as said: 往东200米 is 200; 0 when nothing is said.

    The point is not moved, for directions of callers are weak; the circle grows.
    """
    said = [
        float(n) * (1.0 if unit.lower() in ("米", "m") else 1000.0)
        for n, unit in _AWAY.findall(text)
    ]
    return max((m for m in said if m <= MOST_AWAY_M), default=0.0)


# --- crossings -----------------------------------------------------------------------------------

_CROSSING = re.compile(r"交叉路口|交叉口|交汇处?|交界处?|交会处?|十字路口|丁字路口|路口|岔口|相交")
_JOINED = re.compile(r"^[与和跟及同、,/.\-的]{0,3}$")
_REST = re.compile(r"^(?:路|街|大道|的|交叉|十字|丁字|处){0,3}$")
CROSSING_RADIUS_M = 200.0
CROSSABLE: tuple[Kind, ...] = ("road", "site")
LEAST_MENTION = 0.3


def crossing(words: str, mentions: Sequence[Mention]) -> Candidate | None:
    """The crossing of two named roads, A与B交叉口: between their points, blurred by half their gap.

    One of the two must be a road, both must be recognised and joined in the text.
    """
    word = _CROSSING.search(words)
    if word is None:
        return None
    named = sorted(_crossable(mentions), key=lambda m: m.start)
    for first, second in pairwise(named):
        joined = _JOINED.match(words[first.end : second.start])
        close = (
            _REST.match(words[second.end : word.start()]) if second.end <= word.start() else True
        )
        if joined and close and "road" in (first.named.kind, second.named.kind):
            return _between(first, second)
    return None


def _crossable(mentions: Sequence[Mention]) -> list[Mention]:
    """The best mention of every stretch of text that names something with a middle."""
    kept: list[Mention] = []
    for m in sorted(mentions, key=lambda m: -m.probability):
        free = all(m.end <= other.start or other.end <= m.start for other in kept)
        if m.named.kind in CROSSABLE and m.probability >= LEAST_MENTION and free:
            kept.append(m)
    return kept


def _between(a: Mention, b: Mention) -> Candidate | None:
    one, other = a.named, b.named
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    gap_m = distance_m(one.lon, one.lat, other.lon, other.lat)
    return Candidate(
        name=f"{one.name}与{other.name}路口",
        code=one.division_code,
        kind="junction",
        lon=(one.lon + other.lon) / 2,
        lat=(one.lat + other.lat) / 2,
        radius_m=CROSSING_RADIUS_M + gap_m / 2,
        probability=0.95 * a.probability * b.probability,
        why=f"{one.name}: {a.how}；{other.name}: {b.how}；路口",
    )


# --- other districts -----------------------------------------------------------------------------

HOME = ("城中区",)
_GOING = re.compile(r"(?:开?往|去|通往|开向|前往|来自|从)$")
_COMING = re.compile(
    r"^(?:方向|开?过来|那边过来|来的|开来|人|籍|车牌|牌照|米粉|口音|老乡|回来|的(?:人|车|朋友))"
)
_BLOCKED = re.compile(
    r"^(?:[东西南北中]?(?:路|街|大道|大桥|桥|巷)|米粉|菜|饭店|宾馆|酒店|人|话|游客|老乡|籍|登记|宾|小吃)"
)
_PLACED = re.compile(r"(?:在|到|位于|地点是?|这里是|这是|:|^)$")


def cue_in(words: str, far: Iterable[tuple[str, Named, bool]]) -> Cue | None:
    """Another district or city that the words name, unless ours is named too.

    ``far`` are (word, what it names, whether the word alone settles it). Trap: 桂林路, 桂林米粉,
    往柳北区方向 are not where the call comes from, 来宾 is also a guest, 柳江 is also our river.
    """
    if any(home in words for home in HOME):
        return None
    found: Cue | None = None
    for word, named, sure in far:
        at = words.find(word)
        if at < 0 or not _names_a_place(words[:at], words[at + len(word) :], sure=sure):
            continue
        cue = Cue(named=named, sure=sure, start=at, end=at + len(word))
        if sure:
            return cue
        found = found or cue
    return found


def _names_a_place(before: str, after: str, *, sure: bool) -> bool:
    if _COMING.match(after) or (_GOING.search(before) and not _PLACED.search(before)):
        return False
    named_after = _BLOCKED.match(after) or begins_ending(after)
    return sure or (not named_after and _PLACED.search(before) is not None)
