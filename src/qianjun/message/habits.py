"""How simulated people behave: the same message finds the same behaviour in every run. 应答习惯"""

from dataclasses import dataclass
from hashlib import sha256
from math import exp
from statistics import NormalDist

MEDIAN_S, ACCEPT_RATE = 45.0, 0.9  # until somebody chooses otherwise
SPREAD = 0.5  # sigma of the log-normal delay: 95 of 100 within 0.38 to 2.7 of the median
READ_FROM, READ_TO = 0.2, 0.8  # the share of the delay after which the message is read
YES = {
    "callout": "能到，马上出发",
    "confirm": "收到",
    "link": "收到",
    "order": "收到，马上办",
    "report": "收到",
    "stand_down": "收到",
    "warning": "收到",
}
# only a call-out can be declined; whoever does not take another call stays silent
NO = {"callout": "这次来不了"}


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """When somebody reads and answers, counted from delivery; no words mean silence. 行为"""

    reads_after_s: float
    answers_after_s: float
    words: str


def behaviour(ref: str, *, purpose: str, accept_rate: float, median_s: float) -> Behaviour:
    """What the receiver of this message does, drawn from its name alone. 抽取行为"""
    willing, quick, attentive = (_share(f"{ref}/{what}") for what in ("yes", "delay", "read"))
    answers_s = median_s * exp(SPREAD * NormalDist().inv_cdf(quick))
    words = YES.get(purpose, "") if willing < accept_rate else NO.get(purpose, "")
    return Behaviour(
        reads_after_s=answers_s * (READ_FROM + (READ_TO - READ_FROM) * attentive),
        answers_after_s=answers_s,
        words=words,
    )


def _share(text: str) -> float:
    """A number in (0, 1) that is the same for the same text."""
    return (int.from_bytes(sha256(text.encode()).digest()[:6]) + 0.5) / 2**48
