"""Which place is meant, judged from values alone. 地点研判

What an index finds in a text are mentions; here mentions that claim the same words compete, hints
move weight, and the answer gets its word. Probabilities are calibrated on seeded texts, see
``tests/place/test_calibration.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, log, prod
from typing import Literal

from qianjun.kernel.geometry import distance_m

Word = Literal["found", "unsure", "none", "elsewhere"]
Kind = Literal["community", "village", "road", "junction", "site", "point", "division"]

FOUND_FROM = 0.8
FOUND_WITHIN_M = 6_000.0  # the whole district is no place to drive to
UNSURE_FROM = 0.2
SHOWN_FROM = 0.01
# odds of a mention against coincidence, log: below it a claim is not even weighed
LEAST_LOG_ODDS = -6.0
SURE_MENTION = 0.5
# the smaller the area, the likelier it is what the caller means among several that are named
BLUR_M = 100.0
LATER_WEIGHT = 1.3  # Chinese addresses go from large to small
WITHIN_BONUS = 2.0  # log: named together with the street or community it lies in
AROUND_WEIGHT = 0.05
NEAR_M = 1500.0  # callers mostly stand by what they report
NEAR_SHARE = 0.9
NEAR_USUAL = 0.3  # the share that a place of no known distance would get
INSIDE_LEFT = 0.05  # of an own place when another district is named
CUE_SURE = 0.95


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something that a caller may name. 有名字的地方

    ``forms`` are its names, the usual first; ``division_code`` is its own code or that of the
    division it lies in; without a point it can be recognised but not shown.
    """

    name: str
    kind: Kind
    division_code: str
    forms: tuple[str, ...]
    inside: bool
    lon: float | None = None
    lat: float | None = None
    radius_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A name found in the text, from character ``start`` up to ``end``.

    ``log_odds`` weighs it against coincidence; ``how`` says in Chinese how it was recognised.
    """

    named: Named
    start: int
    end: int
    log_odds: float
    how: str
    probability: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Cue:
    """Another district, city or province that the text names; ``sure`` if by its full name."""

    named: Named
    sure: bool
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One place that may be meant; ``code`` is of the division, own or around. 候选地点"""

    name: str
    code: str
    kind: Kind
    lon: float
    lat: float
    radius_m: float
    probability: float
    why: str

    def as_json(self) -> dict[str, str | float]:
        """As the contract writes it."""
        return {
            "name": self.name,
            "code": self.code,
            "kind": self.kind,
            "lon": round(self.lon, 6),
            "lat": round(self.lat, 6),
            "radius_m": round(self.radius_m),
            "probability": round(self.probability, 4),
            "why": self.why,
        }


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a text says about where. 定位结果"""

    answer: Word
    places: tuple[Candidate, ...]
    text_normalised: str
    ms: float

    def as_json(self) -> dict[str, object]:
        """As the contract writes it."""
        return {
            "answer": self.answer,
            "places": [place.as_json() for place in self.places],
            "text_normalised": self.text_normalised,
            "ms": round(self.ms, 3),
        }


Point = tuple[float, float]
Junction = Callable[[Sequence[Mention]], Candidate | None]


def weighed(mentions: Sequence[Mention], *, near: Point | None) -> list[Mention]:
    """Mentions with the probability that each is really made, rivals for its words considered."""
    hinted = [_hinted(m, mentions, near) for m in mentions]
    odds = [exp(log_odds) for log_odds in hinted]
    return [
        replace(m, log_odds=log_odds, probability=own / (1 + _claims_of(m, mentions, odds)))
        for m, log_odds, own in zip(mentions, hinted, odds, strict=True)
    ]


def _claims_of(mention: Mention, rivals: Sequence[Mention], odds: Sequence[float]) -> float:
    """The odds of all that claim the same words; coincidence has odds of 1."""
    return sum(own for other, own in zip(rivals, odds, strict=True) if _overlap(mention, other))


def _overlap(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _hinted(mention: Mention, others: Sequence[Mention], near: Point | None) -> float:
    """Its odds when the area around it is named too, and by the distance to the caller."""
    around = any(
        lies_in(mention.named, other.named) and other.log_odds > 0 and not _overlap(mention, other)
        for other in others
    )
    return (
        mention.log_odds
        + (WITHIN_BONUS if around else 0.0)
        + (_near_log(mention.named, near) if near else 0.0)
    )


def lies_in(small: Named, large: Named) -> bool:
    """Whether the second is a division that holds the first."""
    if large.kind not in ("division", "community", "village") or small is large:
        return False
    holds = small.division_code.startswith(large.division_code)
    return holds and (small.division_code != large.division_code or small.kind in ("site", "road"))


def _near_log(named: Named, near: Point) -> float:
    if named.lon is None or named.lat is None:
        return 0.0
    off_m = max(0.0, distance_m(*near, named.lon, named.lat) - named.radius_m)
    return log((1 - NEAR_SHARE + NEAR_SHARE * exp(-off_m / NEAR_M)) / NEAR_USUAL)


def ranked(mentions: Sequence[Mention]) -> list[Candidate]:
    """Which of the mentions is the place, the likeliest first; the rest to one is none of them.

    A mention is the place if it is made and is meant rather than what is named elsewhere in the
    text. Of rivals for the same words at most one is made, so their chances add up.
    """
    groups = _rivals(mentions)
    places = [
        _candidate(m, m.probability * _meant(m, [g for g in groups if m not in g]))
        for m in mentions
    ]
    return sorted((p for p in places if p is not None), key=lambda p: -p.probability)


def _rivals(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Mentions in groups that claim the same words, chains of overlaps included."""
    groups: list[list[Mention]] = []
    for mention in sorted(mentions, key=lambda m: m.start):
        if groups and any(_overlap(mention, other) for other in groups[-1]):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _meant(mention: Mention, groups: Sequence[Sequence[Mention]]) -> float:
    """The probability that none of the other groups holds what is meant instead."""
    return prod(
        1 - min(1.0, sum(other.probability * _loses(mention, other) for other in group))
        for group in groups
    )


def _loses(mention: Mention, other: Mention) -> float:
    """How likely the other is meant when both are named: the smaller, the later, the inner one."""
    own = 1 / (BLUR_M + mention.named.radius_m)
    rival = 1 / (BLUR_M + other.named.radius_m)
    own *= AROUND_WEIGHT if lies_in(other.named, mention.named) else 1.0
    rival *= AROUND_WEIGHT if lies_in(mention.named, other.named) else 1.0
    own, rival = (
        (own, rival * LATER_WEIGHT) if other.start > mention.start else (own * LATER_WEIGHT, rival)
    )
    return rival / (own + rival)


def _any_of(mentions: Sequence[Mention]) -> float:
    """How sure it is that one of them is named: the best group of rivals for the same words."""
    best = 0.0
    for mention in mentions:
        group = sum(m.probability for m in mentions if _overlap(m, mention))
        best = max(best, min(1.0, group))
    return best


def _candidate(mention: Mention, probability: float) -> Candidate | None:
    named = mention.named
    if named.lon is None or named.lat is None:
        return None
    return Candidate(
        name=named.name,
        code=named.division_code,
        kind=named.kind,
        lon=named.lon,
        lat=named.lat,
        radius_m=named.radius_m,
        probability=probability,
        why=f"{named.name}: {mention.how}",
    )


def judged(
    mentions: Sequence[Mention],
    *,
    cue: Cue | None,
    near: Point | None,
    extra_m: float,
    junction: Junction,
) -> tuple[Word, list[Candidate]]:
    """The word and the ranked places for what was found in a text. 判定"""
    cue = None if cue and _better_explained(mentions, cue) else cue
    sure = weighed([m for m in mentions if cue is None or not _claims(m, cue)], near=near)
    own = with_junction(ranked([m for m in sure if m.named.inside]), junction(sure))
    if extra_m:
        own = [replace(place, radius_m=place.radius_m + extra_m) for place in own]
    away = ranked([m for m in sure if not m.named.inside])
    own_best = own[0].probability if own else 0.0
    if cue is not None and (cue.sure or own_best < SURE_MENTION):
        return "elsewhere", _elsewhere(own, away, cue)
    gone = _any_of([m for m in sure if not m.named.inside])
    if gone > max(SURE_MENTION, own_best):
        return "elsewhere", _shown([*away, *_scaled(own, min(1.0, 1 - gone))])
    return _word(own), _shown(own) if _word(own) != "none" else []


def _better_explained(mentions: Sequence[Mention], cue: Cue) -> bool:
    """Whether a bare word for another district is part of an own name: 三江 in 三江门社区."""
    claims = (m for m in mentions if m.named.inside and _claims(m, cue))
    return not cue.sure and any(m.log_odds > 0 for m in claims)


def _claims(mention: Mention, cue: Cue) -> bool:
    """Whether a mention lives on the words that name the other district."""
    return mention.start < cue.end and cue.start < mention.end


def with_junction(places: list[Candidate], junction: Candidate | None) -> list[Candidate]:
    """The places with the crossing of two of them in front; it takes its share from all."""
    if junction is None:
        return places
    return [junction, *_scaled(places, 1 - junction.probability)]


def _scaled(places: Sequence[Candidate], share: float) -> list[Candidate]:
    return [replace(place, probability=place.probability * share) for place in places]


def _elsewhere(own: list[Candidate], away: list[Candidate], cue: Cue) -> list[Candidate]:
    """Places of the named district, then the district itself, then own ones of the same name."""
    there = [p for p in away if p.code.startswith(cue.named.division_code)]
    share = CUE_SURE if cue.sure else SURE_MENTION
    left = share * max(0.0, 1 - sum(p.probability for p in there))
    mention = Mention(named=cue.named, start=cue.start, end=cue.end, log_odds=0, how="区划名称")
    district = _candidate(mention, left)
    places = [*_scaled(there, share), *([district] if district else [])]
    return _shown(sorted([*places, *_scaled(own, INSIDE_LEFT)], key=lambda p: -p.probability))


def _shown(places: Sequence[Candidate]) -> list[Candidate]:
    """Those worth showing; chains of overlapping names can claim too much, so it is cut to one."""
    kept = [place for place in places if place.probability >= SHOWN_FROM]
    claimed = sum(place.probability for place in kept)
    return _scaled(kept, 1 / claimed) if claimed > 1 else kept


def _word(own: Sequence[Candidate]) -> Word:
    best = own[0].probability if own else 0.0
    if best >= FOUND_FROM and own[0].radius_m <= FOUND_WITHIN_M:
        return "found"
    together = sum(place.probability for place in own)
    return "unsure" if together >= UNSURE_FROM else "none"
