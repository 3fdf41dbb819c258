"""Who would be on scene in time, with which chance. 按时到场的可能

A person comes in time when he accepts (a Beta prior and his own past), answers soon enough
(log-normal delay), has time to prepare and to travel, and does not stay away after all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from qianjun.kernel.geometry import EARTH_RADIUS_M
from qianjun.solve.tail import Numbers, Rows, Shock, logistic, normal_cdf

# of those who do not come, this share never answers
SILENT = 0.5
# how much of its own the prior needs before the people's own record outweighs the default rate
PRIOR_CALLS = 50.0
LEAST_STRENGTH, MOST_STRENGTH = 2.0, 50.0


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is assumed where nothing is known; ``rate`` None is read from the people. 假设

    Minutes, km/h; ``answer_spread`` is the standard deviation of the log of the delay; ``strength``
    says how many past calls the prior is worth.
    """

    rate: float | None = None
    strength: float | None = None
    sigma: float = 0.7
    answer_median_min: float = 3.0
    answer_spread: float = 0.8
    no_show: float = 0.08
    detour: float = 1.35
    speed_kmh: float = 18.0
    prepare_min: float = 8.0


DEFAULT_RATE, DEFAULT_STRENGTH = 0.30, 4.0


@dataclass(frozen=True, kw_only=True)
class People:
    """The people who might be called, one array a column; NaN where a person has no own value.

    ``barred`` holds per reason who may not be called; ``skills`` per needed skill who has it.
    """

    ids: Sequence[str]
    lon: Numbers
    lat: Numbers
    asked: Numbers
    accepted: Numbers
    calls_this_year: Numbers
    speed_kmh: Numbers
    prepare_min: Numbers
    barred: dict[str, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]
    skills: dict[str, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody who has been called already, and what came of it. 已通知的人"""

    id: str
    at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    eta_at: datetime | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Per person: log-odds of accepting, chance of being in time if so, minutes needed. 人群"""

    log_odds: Numbers
    ready: Numbers
    needed_min: Numbers  # preparing and travelling

    def given(self, rows: Rows, shock: Shock) -> Numbers:
        """The chance of each of these people at each node of the shock."""
        accepts = logistic(self.log_odds[rows][:, None] + shock.at[None, :])
        return np.asarray(accepts * self.ready[rows][:, None])

    def chances(self, shock: Shock) -> Numbers:
        """The chance of everybody, the shock integrated out."""
        # few people differ in their record, so few log-odds are worth computing
        kinds, which = np.unique(self.log_odds, return_inverse=True)
        accepts = logistic(kinds[:, None] + shock.at[None, :]) @ shock.weight
        return np.asarray(accepts[which] * self.ready)


def prior(asked: Numbers, accepted: Numbers, assumed: Assumed) -> tuple[float, float]:
    """Mean and strength of the Beta prior, fitted to the record of these people. 先验

    The mean leans on the default until the record is larger than it; the strength is that of the
    moments of a beta-binomial, within bounds.
    """
    mean = assumed.rate
    if mean is None:
        kept = DEFAULT_RATE * PRIOR_CALLS
        mean = float((accepted.sum() + kept) / (asked.sum() + PRIOR_CALLS))
    mean = min(max(mean, 0.001), 0.999)
    if assumed.strength is not None:
        return mean, assumed.strength
    known = asked >= 2
    pairs = float((asked[known] * (asked[known] - 1)).sum()) * mean * (1 - mean)
    if known.sum() < 30 or pairs <= 0:
        return mean, DEFAULT_STRENGTH
    off = (accepted[known] - asked[known] * mean) ** 2 - asked[known] * mean * (1 - mean)
    alike = max(float(off.sum()) / pairs, 1e-6)
    return mean, min(max(1 / alike - 1, LEAST_STRENGTH), MOST_STRENGTH)


def answered_within(minutes: Numbers, assumed: Assumed) -> Numbers:
    """The share of the answers that has come after so many minutes."""
    safe = np.maximum(minutes, 1e-9)
    share = normal_cdf(np.log(safe / assumed.answer_median_min) / assumed.answer_spread)
    return np.where(minutes > 0, share, 0.0)


def metres_from(lon: float, lat: float, people: People) -> Numbers:
    """Great-circle distances of everybody from a point."""
    north, other = np.radians(people.lat), np.radians(lat)
    east = np.radians(people.lon - lon)
    half = np.sin((north - other) / 2) ** 2
    half += np.cos(north) * np.cos(other) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def crowd_of(
    people: People,
    *,
    metres: Numbers,
    minutes: float,
    fitted: tuple[float, float],
    assumed: Assumed,
) -> Crowd:
    """Everybody's chance when called now, with so many minutes left."""
    mean, strength = fitted
    rate = (mean * strength + people.accepted) / (strength + people.asked)
    rate = np.clip(rate, 1e-6, 1 - 1e-6)
    speed = np.where(np.isnan(people.speed_kmh), assumed.speed_kmh, people.speed_kmh)
    prepare = np.where(np.isnan(people.prepare_min), assumed.prepare_min, people.prepare_min)
    needed = prepare + metres * assumed.detour / (speed * 1000 / 60)
    ready = answered_within(minutes - needed, assumed) * (1 - assumed.no_show)
    return Crowd(log_odds=np.log(rate / (1 - rate)), ready=ready, needed_min=needed)


class Open:
    """Those who were asked before: whether they come, and what their answers say. 已通知者

    ``given`` has a row each; ``rows`` is their place among the people, -1 when not among them;
    nobody's silence counts for ever, for it decays with the law of the answer times.
    """

    def __init__(
        self,
        asked: Sequence[Asked],
        *,
        places: dict[str, int],
        crowd: Crowd,
        mean: float,
        now: datetime,
        by: datetime,
        assumed: Assumed,
        shock: Shock,
    ) -> None:
        self.crowd, self.mean, self.now, self.by = crowd, mean, now, by
        self.assumed, self.nodes = assumed, shock.at
        self.rows = np.array([places.get(one.id, -1) for one in asked], dtype=np.intp)
        self.given = np.zeros((len(asked), len(shock.at)))
        self.log_likelihood = np.zeros(len(shock.at))
        for line, one in enumerate(asked):
            self.given[line], seen = self._one(one, int(self.rows[line]))
            self.log_likelihood += np.log(np.maximum(seen, 1e-12))

    def _one(self, one: Asked, row: int) -> tuple[Numbers, Numbers]:
        """Chance of coming, and likelihood of what has been seen, at each node."""
        odds = self.crowd.log_odds[row] if row >= 0 else np.log(self.mean / (1 - self.mean))
        accepts = logistic(odds + self.nodes)
        if one.arrived_at is not None:
            return np.ones_like(accepts), accepts
        if one.answer == "accept":
            return np.full_like(accepts, self._comes(one, row)), accepts
        if one.answer == "decline":
            return np.zeros_like(accepts), 1 - accepts
        return self._silent(one, row, accepts)

    def _comes(self, one: Asked, row: int) -> float:
        stays = 1 - self.assumed.no_show
        if one.eta_at is not None:
            return stays if one.eta_at <= self.by else 0.0
        if row < 0:
            return stays
        left = one.answered_at or self.now
        arrives = left + timedelta(minutes=float(self.crowd.needed_min[row]))
        return stays if arrives <= self.by else 0.0

    def _silent(self, one: Asked, row: int, accepts: Numbers) -> tuple[Numbers, Numbers]:
        waited = (self.now - one.at).total_seconds() / 60
        # of somebody whose place nobody knows, silence promises nothing
        limit = 0.0
        if row >= 0:
            limit = (self.by - one.at).total_seconds() / 60 - float(self.crowd.needed_min[row])
        heard, in_time = answered_within(np.array([waited, limit]), self.assumed)
        quiet = accepts * (1 - heard) + (1 - accepts) * (SILENT + (1 - SILENT) * (1 - heard))
        comes = accepts * max(0.0, in_time - heard) * (1 - self.assumed.no_show)
        return comes / quiet, quiet
