"""When the desk makes a sound: only when somebody must act, few at night, seldom ever. 声音规则"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qianjun.kernel.clock import in_beijing

NIGHT_FROM, NIGHT_TO = 22, 6  # hours of the day in Beijing
CLOCK_WITHIN: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why there is a sound: 1 is the gravest rank; whether it is heard at night. 声音起因"""

    rank: int
    at_night: bool = False


CAUSES: Final[dict[str, Cause]] = {
    "danger": Cause(rank=1, at_night=True),  # somebody asks for help
    "call_failed": Cause(rank=1, at_night=True),  # nobody answers, nothing arrives
    "clock": Cause(rank=2, at_night=True),  # five minutes left, or late
    "first": Cause(rank=3),  # not handed over yet
    "decide": Cause(rank=3),  # waits for his decision
    "letter": Cause(rank=4),
    "join": Cause(rank=4),
}


@dataclass(frozen=True, kw_only=True)
class Sound:
    """What may be heard: of which card, how grave. 声音"""

    key: str
    rank: int


def is_night(at: datetime) -> bool:
    """Whether only the gravest is heard. 夜间"""
    hour = in_beijing(at).hour
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def is_close(due_at: datetime, *, at: datetime) -> bool:
    """Whether a clock is so near its end that it is heard. 时限将到"""
    return due_at - at <= CLOCK_WITHIN


def heard(told: Iterable[tuple[str, str]], *, at: datetime) -> list[Sound]:
    """Of these cards with their causes those that may be heard now, the gravest first. 可响的"""
    night = is_night(at)
    sounds = (
        Sound(key=key, rank=CAUSES[cause].rank)
        for key, cause in told
        if cause in CAUSES and (CAUSES[cause].at_night or not night)
    )
    return sorted(sounds, key=lambda one: (one.rank, one.key))
