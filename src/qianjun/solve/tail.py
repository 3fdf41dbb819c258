"""How many of many uncertain people come: exact tails of their number. 到场人数的尾概率

Given a shock that moves everybody's readiness together, people come independently of one another,
and the number that comes is Poisson-binomial. Its truncated recursion is exact and gives the tail
after every person in one pass; integrating over the shock makes the dependence count. Arrays have
one row a person and one column a node of the shock.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]

REACH_SIGMAS = 4.0
STEP_SIGMAS = 0.2
# beyond these the refined normal approximation is within 0.001 and a thousand times cheaper
EXACT_NEED = 400
EXACT_STEPS = 12_000
EXACT_CELLS = 40_000_000
_SQRT2 = float(np.sqrt(2.0))


def normal_cdf(x: Numbers) -> Numbers:
    """Distribution function of the normal law, within 1.5e-7 (Abramowitz & Stegun 7.1.26)."""
    size = np.abs(x) / _SQRT2
    t = 1.0 / (1.0 + 0.3275911 * size)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    upper: Numbers = 0.5 * series * np.exp(-(size**2))
    return np.where(x >= 0, 1.0 - upper, upper)


def logistic(x: Numbers) -> Numbers:
    """Log-odds to probability."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


@dataclass(frozen=True, kw_only=True)
class Shock:
    """What moves everybody's log-odds together: weather, hour; nodes and their weights. 共同冲击"""

    at: Numbers
    weight: Numbers

    @classmethod
    def normal(cls, sigma: float) -> "Shock":
        """Normal around 0; the trapezoid is exact to many digits on a normal density."""
        if sigma <= 0:
            return cls(at=np.zeros(1), weight=np.ones(1))
        steps = np.arange(-REACH_SIGMAS, REACH_SIGMAS + STEP_SIGMAS / 2, STEP_SIGMAS)
        density = np.exp(-(steps**2) / 2)
        return cls(at=steps * sigma, weight=density / density.sum())

    def learned(self, log_likelihood: Numbers) -> "Shock":
        """The shock after answers have been seen. 从回答中学"""
        seen = self.weight * np.exp(log_likelihood - log_likelihood.max())
        return Shock(at=self.at, weight=seen / seen.sum())


def no_one(need: int, nodes: int) -> Numbers:
    """The distribution of 0 … need people (the last means "or more") when nobody is asked."""
    counts = np.zeros((nodes, need + 1))
    counts[:, 0] = 1.0
    return counts


def one_more(counts: Numbers, chance: Numbers) -> None:
    """Add a person to the distribution in place: one step of the recursion."""
    moved = counts[:, :-1] * chance[:, None]
    counts[:, :-1] -= moved
    counts[:, 1:] += moved


class Tally:
    """P(at least so many come) at every node, as people are added one after another. 累计

    Exact by recursion; beyond ``EXACT_NEED`` people or ``EXACT_STEPS`` steps by the normal law
    with its skewness term (Volkova 1996).
    """

    def __init__(self, *, need: int, opened: Numbers, nodes: int) -> None:
        self.need = need
        self.steps = min(EXACT_STEPS, EXACT_CELLS // (nodes * (need + 1)))
        if need > EXACT_NEED:
            self.steps = 0
        self.counts = no_one(min(need, EXACT_NEED), nodes)
        self.moments = np.zeros((3, nodes))
        self.now = np.full(nodes, 1.0 if need <= 0 else 0.0)
        if len(opened):
            self.extend(opened)

    def extend(self, given: Numbers) -> Numbers:
        """Add these people; the tails after each of them."""
        if self.need <= 0 or not len(given):
            return np.ones_like(given)
        exact = min(len(given), self.steps)
        self.steps -= exact
        parts = [self._exactly(given[:exact])] if exact else []
        moments = self._moments(given)
        if exact < len(given):
            parts.append(self._nearly(moments[:, exact:]))
        tails: Numbers = np.maximum(np.concatenate(parts), self.now)
        if len(tails):
            np.maximum.accumulate(tails, axis=0, out=tails)
            self.now = tails[-1]
        return tails

    def _exactly(self, given: Numbers) -> Numbers:
        tails = np.empty_like(given)
        for row, chance in enumerate(given):
            one_more(self.counts, chance)
            tails[row] = self.counts[:, -1]
        return tails

    def _moments(self, given: Numbers) -> Numbers:
        variance = given * (1 - given)
        steps = np.stack([given, variance, variance * (1 - 2 * given)])
        sums = np.cumsum(steps, axis=1) + self.moments[:, None, :]
        self.moments = sums[:, -1, :]
        return np.asarray(sums)

    def _nearly(self, moments: Numbers) -> Numbers:
        mean, variance, third = moments
        spread = np.sqrt(np.maximum(variance, 1e-12))
        x = (self.need - 0.5 - mean) / spread
        bend = third / spread**3 * (1 - x**2) * np.exp(-(x**2) / 2) / (6 * np.sqrt(2 * np.pi))
        return np.asarray(np.clip(1.0 - normal_cdf(x) - bend, 0.0, 1.0))
