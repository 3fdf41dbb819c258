"""A show as it is written, and how fast it runs. 演示规则"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FAST: Final = 20.0  # domain seconds in a real one
READ_S: Final = 10.0  # real seconds for which a caption stands at least
READ_LEAST_S, READ_MOST_S = 1.0, 60.0
PACES: Final = (5.0, READ_S, 15.0)
DAY_MIN: Final = 24 * 60
# a late step comes a little early rather than after its place in the story
EARLY: Final = 0.9


@dataclass(frozen=True, kw_only=True)
class Words:
    """A sentence in both languages. 双语"""

    zh: str
    en: str = ""

    def said_in(self, language: str) -> str:
        """In this language; Chinese where there is no other."""
        return self.zh if language.startswith("zh") or not self.en else self.en


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who does what: a verb of the show and its words. 一举"""

    who: str
    verb: str
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One moment of the story: what happens, why it matters, where it is seen. 一步"""

    at_min: int
    said: Words
    why: Words
    page: str
    stop: int = 0
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One of the things to be seen; ``without`` names what of it is not there yet. 看点"""

    n: int
    said: Words
    without: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Script:
    """A whole story. 剧本"""

    code: str
    title: Words
    stops: tuple[Stop, ...]
    steps: tuple[Step, ...]

    def shown(self) -> tuple[Stop, ...]:
        """The stops that some step shows."""
        named = {one.stop for one in self.steps}
        return tuple(one for one in self.stops if one.n in named)

    def left_out(self) -> tuple[Stop, ...]:
        """The stops whose parts do not exist yet. 缺的看点"""
        named = {one.stop for one in self.steps}
        return tuple(one for one in self.stops if one.n not in named)

    def first_of(self, stop: int) -> int:
        """The place of the first step of a stop."""
        return next(n for n, one in enumerate(self.steps) if one.stop == stop)

    def after_s(self, place: int) -> float:
        """How long after the beginning of the story a step comes, in domain seconds."""
        return (self.steps[place].at_min - self.steps[0].at_min) * 60.0


def script_of(told: Mapping[str, Any]) -> Script:
    """A script from its file; ValueError where its times run backwards."""
    steps = tuple(_step(one) for one in told["steps"])
    if [one.at_min for one in steps] != sorted(one.at_min for one in steps):
        raise ValueError(f"{told['code']}: a step comes before the one above it")
    stops = tuple(_stop(one) for one in told["stops"])
    if unknown := {one.stop for one in steps} - {0} - {one.n for one in stops}:
        raise ValueError(f"{told['code']}: no such stop: {sorted(unknown)}")
    return Script(code=told["code"], title=Words(**told["title"]), stops=stops, steps=steps)


def _step(told: Mapping[str, Any]) -> Step:
    hours, minutes = str(told["at"]).split(":")
    return Step(
        at_min=int(hours) * 60 + int(minutes),
        said=Words(zh=told["zh"], en=told["en"]),
        why=Words(zh=told["why_zh"], en=told["why_en"]),
        page=told["page"],
        stop=told.get("stop", 0),
        acts=tuple(Act(**one) for one in told.get("does", ())),
    )


def _stop(told: Mapping[str, Any]) -> Stop:
    without = told.get("without")
    return Stop(
        n=told["n"],
        said=Words(zh=told["zh"], en=told["en"]),
        without=Words(**without) if without else None,
    )


def hhmm(at_min: int) -> str:
    """Minutes of the day as the story tells them."""
    return f"{at_min % DAY_MIN // 60:02d}:{at_min % 60:02d}"


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How the clock gets to the next step: forward at once, then at this speed. 节奏"""

    forward_s: float
    speed: float


def pace(*, gap_s: float, read_s: float) -> Pace:
    """So that a caption can be read, and nothing waits longer than that. 节奏

    The clock runs at most ``FAST`` times; where steps are close together slower, where they are far
    apart it is put forward first. Never slower than real time: a step may then come late.
    """
    most_s = FAST * read_s
    if gap_s >= most_s:
        return Pace(forward_s=gap_s - most_s, speed=FAST)
    return Pace(forward_s=0.0, speed=max(1.0, gap_s / read_s))


def lasts_s(script: Script, *, read_s: float) -> float:
    """About how many real seconds a whole show takes."""
    return len(script.steps) * read_s


def missing_verbs(script: Script, known: Iterable[str]) -> set[str]:
    """Verbs that a script names and nobody has written."""
    return {act.verb for step in script.steps for act in step.acts} - set(known)
