"""Whom to call out now, so that enough are on scene in time and few are disturbed. 召集

Ranked by the chance of being there in time, not by distance; the smallest prefix that reaches the
probability asked for, with what earlier answers say counted in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from qianjun.solve.chances import Asked, Assumed, Crowd, Open, People, crowd_of, metres_from, prior
from qianjun.solve.choosing import Choice, Goal, Question, as_much_as_can_be_had, choose
from qianjun.solve.tail import Numbers, Rows, Shock

# in this order: the first that holds is the reason that is given
BARRED = ("minor", "uninsured", "hours", "busy", "paused")
LEAST_CHANCE = 0.001  # nobody is disturbed for less
LEVELS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
LOOK_MIN = 3.0


@dataclass(frozen=True, kw_only=True)
class Need:
    """So many people at a place by a time, of them so many with each skill. 需求"""

    now: datetime
    by: datetime
    lon: float
    lat: float
    count: int
    skills: tuple[tuple[str, int], ...] = ()
    probability: float = 0.95
    cap_per_year: int = 3
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Whom to call and what that promises; rows are places among the people. 召集建议"""

    rows: list[int]
    chances: list[float]
    etas: list[datetime]
    probability: float
    enough: bool
    best_possible: float | None
    ladder: list[tuple[int, float]]
    expected_arrivals: float
    next_look_at: datetime
    excluded: dict[str, list[int]] = field(repr=False)
    rate: float
    strength: float

    @property
    def count(self) -> int:
        """How many are called."""
        return len(self.rows)


def plan(
    need: Need, people: People, *, asked: Sequence[Asked] = (), assumed: Assumed | None = None
) -> Plan:
    """The wave to call now; the same input gives the same answer. 下一批"""
    assumed = assumed or Assumed()
    fitted = prior(people.asked, people.accepted, assumed)
    minutes = (need.by - need.now).total_seconds() / 60
    metres = metres_from(need.lon, need.lat, people)
    crowd = crowd_of(people, metres=metres, minutes=minutes, fitted=fitted, assumed=assumed)
    shock = Shock.normal(assumed.sigma)
    opened = Open(
        asked,
        places=_places(people) if asked else {},
        crowd=crowd,
        mean=fitted[0],
        now=need.now,
        by=need.by,
        assumed=assumed,
        shock=shock,
    )
    if asked:
        shock = shock.learned(opened.log_likelihood)
    goals = goals_of(need, people)
    chances = crowd.chances(shock)
    excluded, ranking = _ranked(need, people, asked, goals, chances)
    question = Question(
        crowd=crowd,
        shock=shock,
        opened=opened,
        goals=goals,
        ranking=ranking,
        target=need.probability,
    )
    return _answer(need, question, chances, excluded, fitted, assumed)


def goals_of(need: Need, people: People) -> list[Goal]:
    """What must hold at once; a skill that everybody needs replaces the mere number."""
    skills = [Goal(count=count, members=people.skills[name]) for name, count in need.skills]
    skills = [goal for goal in skills if goal.count > 0]
    if any(goal.count >= need.count for goal in skills):
        return skills
    return [Goal(count=need.count), *skills]


def _places(people: People) -> dict[str, int]:
    return dict(zip(reversed(people.ids), range(len(people) - 1, -1, -1), strict=True))


def _ranked(
    need: Need, people: People, asked: Sequence[Asked], goals: list[Goal], chances: Numbers
) -> tuple[dict[str, list[int]], Rows]:
    """Who is left out and why, and the others with the best chance first. 排除与排序"""
    out = {
        "asked": _among(people, {one.id for one in asked}),
        "duplicate": _twice(people.ids),
        **{reason: people.barred[reason] for reason in BARRED if reason in people.barred},
        "capped": people.calls_this_year >= need.cap_per_year,
    }
    if all(goal.members is not None for goal in goals):
        able = np.zeros(len(people), dtype=bool)
        for goal in goals:
            able |= goal.among(np.arange(len(people)))
        out["unskilled"] = ~able
    out["too_far"] = chances < LEAST_CHANCE
    left, excluded = np.ones(len(people), dtype=bool), {}
    for reason, who in out.items():
        excluded[reason] = np.flatnonzero(left & who).tolist()
        left &= ~who
    rows = np.flatnonzero(left)
    # among equals those who were called least, and then by lot, so that no list decides for ever
    lot = np.random.default_rng(need.seed).permutation(len(people))[rows]
    order = np.lexsort((lot, people.calls_this_year[rows], -np.round(chances[rows], 9)))
    return excluded, rows[order]


def _among(people: People, ids: set[str]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    if not ids:
        return np.zeros(len(people), dtype=bool)
    return np.array([one in ids for one in people.ids], dtype=bool)


def _twice(ids: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether the same person has stood in an earlier line."""
    again = np.zeros(len(ids), dtype=bool)
    if len(set(ids)) < len(ids):
        seen: set[str] = set()
        for row, one in enumerate(ids):
            again[row] = one in seen
            seen.add(one)
    return again


def _answer(
    need: Need,
    asked: Question,
    chances: Numbers,
    excluded: dict[str, list[int]],
    fitted: tuple[float, float],
    assumed: Assumed,
) -> Plan:
    found = choose(asked)
    count = found.count_for(need.probability)
    best = None if count is not None else float(found.probability[-1])
    already = float((asked.opened.given @ asked.shock.weight).sum())
    if count is None:
        found, count = as_much_as_can_be_had(asked, found)
    rows = found.order[:count]
    return Plan(
        rows=rows.tolist(),
        chances=chances[rows].tolist(),
        etas=_etas(need.now, asked.crowd, rows, assumed),
        probability=float(found.probability[count]),
        enough=count == 0 and best is None,
        best_possible=best,
        ladder=_ladder(found, need.probability),
        expected_arrivals=already + float(chances[rows].sum()),
        next_look_at=_next_look(need),
        excluded=excluded,
        rate=fitted[0],
        strength=fitted[1],
    )


def _etas(now: datetime, crowd: Crowd, rows: Rows, assumed: Assumed) -> list[datetime]:
    minutes = (crowd.needed_min[rows] + assumed.answer_median_min).tolist()
    return [(now + timedelta(minutes=m)).replace(microsecond=0) for m in minutes]


def _ladder(found: Choice, target: float) -> list[tuple[int, float]]:
    """How many for which probability: one more line is what a few more calls would buy. 阶梯"""
    steps: dict[int, float] = {}
    for level in sorted({*LEVELS, target}):
        count = found.count_for(level)
        if count is not None:
            steps[count] = float(found.probability[count])
    if not steps or found.count_for(target) is None:
        steps[len(found.order)] = float(found.probability[-1])
    return sorted(steps.items())


def _next_look(need: Need) -> datetime:
    """When the answers so far are worth a new plan: three minutes, sooner when time is short."""
    left = (need.by - need.now).total_seconds() / 60
    return (need.now + timedelta(minutes=min(LOOK_MIN, left / 4))).replace(microsecond=0)
