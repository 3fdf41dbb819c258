"""Text in, answer out: names, crossings, other districts, put together. 定位"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from qianjun.kernel.text import normalise
from qianjun.place.matching import TEXT_LIMIT, Index, build, mentions
from qianjun.place.rules import Answer, Candidate, Mention, Named, Point, judged
from qianjun.place.wording import crossing, cue_in, metres_away, plain


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """Everything that locating needs, built once, never changed. 地名库"""

    index: Index
    far: tuple[tuple[str, Named, bool], ...]

    def locate(self, text: str, *, near: Point | None = None, limit: int = 5) -> Answer:
        """Where the text says something is; bounded work for any text. 定位"""
        began = perf_counter()
        normal = normalise(text)[:TEXT_LIMIT]
        words = plain(normal)

        def junction(found: Sequence[Mention]) -> Candidate | None:
            return crossing(words, found)

        word, places = judged(
            mentions(self.index, words),
            cue=cue_in(words, self.far),
            near=near,
            extra_m=metres_away(words),
            junction=junction,
        )
        return Answer(
            answer=word,
            places=tuple(places[: max(0, limit)]),
            text_normalised=normal,
            ms=(perf_counter() - began) * 1000,
        )


def gazetteer_of(named: Iterable[Named], far: Iterable[tuple[str, Named, bool]]) -> Gazetteer:
    """Build the index over these names; ``far`` are words for districts and cities outside."""
    return Gazetteer(index=build(tuple(named)), far=tuple(far))
