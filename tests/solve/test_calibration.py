"""A promise of 0.95 holds in worlds where everybody's mood moves together."""

import numpy as np
import pytest

from qianjun.solve.callout_file import answer
from tests.solve.worlds import LAT, LON, crowd, need

WORLDS, MOODS = 60, 100


def delivered(count: int, *, true_sigma: float, assumed_sigma: float, seed: int) -> float:
    """How often enough people come, over worlds and moods; their readiness is never told.

    The readiness of each person is drawn from what his record leaves open, as it is in life.
    """
    draw = np.random.default_rng(seed)
    enough = 0
    for world in range(WORLDS):
        pool = crowd(40 * count, seed=1000 * seed + world)
        said = answer(need(count, pool, assume={"sigma": assumed_sigma}))
        assert said["best_possible"] is None
        by_id = {one["id"]: one for one in pool}
        called = [by_id[one["id"]] for one in said["wave"]]
        past = np.array([(one["accepted"], one["asked"]) for one in called], dtype=float)
        far = np.array([(one["lon"] - LON, one["lat"] - LAT) for one in called])
        metres = np.hypot(far[:, 0] * np.cos(np.radians(LAT)), far[:, 1]) * 111_195
        for _mood in range(MOODS):
            rates = draw.beta(1.5 + past[:, 0], 3.5 + past[:, 1] - past[:, 0])
            odds = np.log(rates / (1 - rates)) + draw.normal(0, true_sigma)
            accepts = draw.random(len(called)) < 1 / (1 + np.exp(-odds))
            minutes = draw.lognormal(np.log(3), 0.8, len(called)) + 8 + metres * 1.35 / 300
            there = accepts & (minutes <= 60) & (draw.random(len(called)) > 0.08)
            enough += int(there.sum() >= count)
    return enough / (WORLDS * MOODS)


@pytest.mark.parametrize("count", [5, 20, 60])
def test_what_is_promised_is_delivered_under_a_common_shock(count: int) -> None:
    assert delivered(count, true_sigma=0.7, assumed_sigma=0.7, seed=count) >= 0.93


def test_the_default_holds_in_a_calm_world() -> None:
    assert delivered(20, true_sigma=0.0, assumed_sigma=0.7, seed=3) >= 0.95


def test_independence_would_promise_too_much() -> None:
    assert delivered(20, true_sigma=0.7, assumed_sigma=0.0, seed=4) < 0.90
