"""The tail of the number of people that come, beside every way it can happen."""

from itertools import pairwise, product
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.solve.tail import Shock, Tally, normal_cdf

CHANCES = st.lists(st.floats(0, 1), min_size=0, max_size=9)


def by_hand(chances: list[float], need: int) -> float:
    """P(at least so many come), as the sum over all that can happen."""
    total = 0.0
    for way in product((0, 1), repeat=len(chances)):
        if sum(way) >= need:
            chance = [p if came else 1 - p for p, came in zip(chances, way, strict=True)]
            total += float(np.prod(chance))
    return total


def tails(chances: list[float], need: int, *, steps: int | None = None) -> list[float]:
    """What the tally says after each of them; with no steps left by the approximation."""
    tally = Tally(need=need, opened=np.zeros((0, 1)), nodes=1)
    if steps is not None:
        tally.steps = steps
    return [float(tail) for tail in tally.extend(np.array(chances, dtype=float)[:, None])[:, 0]]


@given(chances=CHANCES, need=st.integers(1, 10))
def test_the_recursion_is_every_way_it_can_happen_after_every_prefix(
    chances: list[float], need: int
) -> None:
    for length, tail in enumerate(tails(chances, need), start=1):
        assert tail == pytest.approx(by_hand(chances[:length], need), abs=1e-9)


@given(chances=CHANCES, need=st.integers(1, 10), cut=st.integers(0, 9))
def test_people_may_be_added_in_parts(chances: list[float], need: int, cut: int) -> None:
    told = np.array(chances, dtype=float)[:, None]
    parts = Tally(need=need, opened=told[:cut], nodes=1)
    parts.extend(told[cut:])
    assert float(parts.now[0]) == pytest.approx(by_hand(chances, need), abs=1e-9)


@pytest.mark.parametrize("need", [40, 90, 100, 110, 150])
def test_the_approximation_is_within_a_thousandth_of_the_recursion(need: int) -> None:
    chances = np.random.default_rng(2).beta(2, 4, 300).tolist()
    exact, near = tails(chances, need), tails(chances, need, steps=0)
    assert max(abs(a - b) for a, b in zip(exact[100:], near[100:], strict=True)) < 0.002
    seam = tails(chances, need, steps=150)
    assert all(a <= b for a, b in pairwise(seam))


def test_a_need_beyond_the_recursion_is_approximated() -> None:
    tally = Tally(need=1000, opened=np.zeros((0, 1)), nodes=1)
    found = tally.extend(np.full((4000, 1), 0.3))[:, 0]
    assert tally.counts.shape[1] <= 401
    assert found[999] < 1e-6
    assert found[3332] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("x", [-4.0, -1.3, 0.0, 0.2, 2.5])
def test_the_normal_law_is_that_of_the_library(x: float) -> None:
    assert float(normal_cdf(np.array([x]))[0]) == pytest.approx(
        (1 + erf(x / sqrt(2))) / 2, abs=2e-7
    )


def test_the_shock_is_a_law_and_answers_move_it() -> None:
    shock = Shock.normal(0.7)
    assert shock.weight.sum() == pytest.approx(1)
    assert (shock.at**2) @ shock.weight == pytest.approx(0.49, abs=1e-3)
    assert len(Shock.normal(0).at) == 1
    seen = shock.learned(np.where(shock.at > 0, 0.0, -1e9))
    assert seen.weight[shock.at < -1e-9].sum() == 0
    assert seen.weight.sum() == pytest.approx(1)
