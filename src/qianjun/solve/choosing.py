"""Whom to call: the smallest set that gives enough people in time. 选人

One goal: the prefix of the ranking. Two goals (so many, of them so many with a skill): the exact
joint probability. More: the union bound, which promises too little rather than too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qianjun.solve.chances import Crowd, Open
from qianjun.solve.tail import Numbers, Rows, Shock, Tally, no_one, one_more

CERTAIN = 0.99  # nobody asks for more, so the ladder ends here
NEAR_BEST = 0.005  # when the target cannot be had, the last half per cent is not worth a call
BLOCK = 256
# what the joint tables of two goals may hold; about 50 MB each
JOINT_CELLS = 6_000_000
JOINT_NEED = 200
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Goal:
    """So many people, or so many of those in the mask. 需求"""

    count: int
    members: Mask | None = None

    def among(self, rows: Rows) -> Mask:
        """Which of these rows count for it; a row of -1 is a stranger and has no skill."""
        if self.members is None:
            return np.ones(len(rows), dtype=bool)
        return np.asarray(self.members[rows] & (rows >= 0))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """People in the order of calling, and the probability after 0, 1, 2 … of them. 名单"""

    order: Rows
    probability: Numbers

    def count_for(self, target: float) -> int | None:
        """How many to call for this probability; None when calling all is not enough."""
        reached = np.flatnonzero(self.probability >= target - 1e-12)
        return int(reached[0]) if len(reached) else None


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that the choice depends on; ``ranking`` has the candidates, the best first."""

    crowd: Crowd
    shock: Shock
    opened: Open
    goals: Sequence[Goal]
    ranking: Rows
    target: float


def choose(asked: Question) -> Choice:
    """The order of calling by the method that fits the number of goals."""
    if len(asked.goals) == 1:
        return in_order(asked, asked.ranking)
    if _is_joint(asked):
        found = Joint(asked).choice()
        if found is not None:
            return found
    return in_order(asked, _scarce_first(asked))


def along(asked: Question, order: Rows) -> Choice:
    """The probability after every prefix of an order, exactly where it can be had."""
    if _is_joint(asked):
        joint = Joint(replace(asked, ranking=order))
        if joint.whole:
            return joint.along()
    return in_order(asked, order)


def _is_joint(asked: Question) -> bool:
    total = asked.goals[0]
    return len(asked.goals) == 2 and total.members is None and total.count <= JOINT_NEED


def in_order(asked: Question, order: Rows) -> Choice:
    """The probability after every prefix of an order."""
    tallies = [_tally(asked, goal) for goal in asked.goals]
    fails = sum((1 - tally.now for tally in tallies), np.zeros(len(asked.shock.at)))
    found = [np.array([np.maximum(0.0, 1 - fails) @ asked.shock.weight])]
    most = len(order)
    for start in range(0, len(order), BLOCK):
        if start >= most:
            break
        found.append(_block(asked, tallies, order[start : start + BLOCK]))
        best = float(found[-1][-1])
        if best >= CERTAIN and best >= asked.target:
            break
        if best >= asked.target and most == len(order):
            most = 2 * (start + BLOCK)  # what is beyond twice the wave is of no interest
    probability = np.maximum.accumulate(np.concatenate(found))
    return Choice(order=order[: len(probability) - 1], probability=probability)


def _tally(asked: Question, goal: Goal) -> Tally:
    opened = asked.opened.given * goal.among(asked.opened.rows)[:, None]
    return Tally(need=goal.count, opened=opened, nodes=len(asked.shock.at))


def _block(asked: Question, tallies: Sequence[Tally], rows: Rows) -> Numbers:
    given = asked.crowd.given(rows, asked.shock)
    fails = np.zeros_like(given)
    for goal, tally in zip(asked.goals, tallies, strict=True):
        fails += 1 - tally.extend(given * goal.among(rows)[:, None])
    return np.asarray(np.maximum(0.0, 1 - fails) @ asked.shock.weight)


def _scarce_first(asked: Question) -> Rows:
    """Enough of each skill first, each with its share of what may go wrong; then the rest."""
    allowed = (1 - asked.target) / len(asked.goals)
    taken: dict[int, None] = {}
    for goal in sorted(asked.goals, key=lambda g: _in_reach(asked, g)):
        if goal.members is None:
            continue
        tally = _tally(asked, goal)
        able = asked.ranking[goal.among(asked.ranking)]
        before = [row for row in able.tolist() if row in taken]
        for row in before + [row for row in able.tolist() if row not in taken]:
            if float(tally.now @ asked.shock.weight) >= 1 - allowed and row not in taken:
                break
            taken[row] = None
            tally.extend(asked.crowd.given(np.array([row]), asked.shock))
    rest = [row for row in asked.ranking.tolist() if row not in taken]
    return np.array([*taken, *rest], dtype=np.intp)


def as_much_as_can_be_had(asked: Question, found: Choice) -> tuple[Choice, int]:
    """Whom to call when the target is out of reach: all hands, but nobody for a lost goal. 尽力

    A skill that nobody can bring in time does not make calling everybody else of any use: those
    who have it are called, and of the others as many as the other goals need.
    """
    lost = [goal for goal in asked.goals if goal.members is not None and not _alone(asked, goal)]
    kept = [goal for goal in asked.goals if goal not in lost]
    if lost and kept:
        able = np.zeros(len(asked.ranking), dtype=bool)
        for goal in lost:
            able |= goal.among(asked.ranking)
        order = np.concatenate([asked.ranking[able], asked.ranking[~able]])
        count = in_order(replace(asked, goals=kept), order).count_for(asked.target)
        if count is None:
            return found, len(found.order)
        order = order[: max(int(able.sum()), count)]
        return along(asked, order), len(order)
    best = float(found.probability[-1])
    count = found.count_for(best - NEAR_BEST) if best > NEAR_BEST else None
    expected = asked.opened.given.sum(axis=0) + asked.crowd.given(found.order, asked.shock).sum(0)
    if count is None or float(expected @ asked.shock.weight) < asked.goals[0].count:
        count = len(found.order)
    return found, count


def _alone(asked: Question, goal: Goal) -> bool:
    """Whether this goal alone could be reached with everybody."""
    chosen = asked.ranking[goal.among(asked.ranking)]
    return in_order(replace(asked, goals=[goal]), chosen).count_for(asked.target) is not None


def _in_reach(asked: Question, goal: Goal) -> float:
    return float(goal.among(asked.ranking).sum()) / max(goal.count, 1)


class Joint:
    """So many people and of them so many with a skill, exactly. 两类同时满足

    Those with the skill and those without are different people, so the joint law is made of two
    recursions: P(m of the first and k of the second are enough) is one sum over both tables.
    """

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        total, skilled = asked.goals
        self.seen: dict[tuple[int, int], float] = {}
        self.need, self.of_them = total.count, skilled.count
        able = skilled.among(asked.ranking)
        self.able, self.others = asked.ranking[able], asked.ranking[~able]
        known = skilled.among(asked.opened.rows)
        self.first, first_all = self._table(self.able, asked.opened.given[known])
        second, second_all = self._table(self.others, asked.opened.given[~known])
        self.whole = first_all and second_all
        # T[k, z, j]: P(at least need - j of the second come), for j of the first
        self.second = np.cumsum(second[:, :, ::-1], axis=2)

    def _table(self, rows: Rows, opened: Numbers) -> tuple[Numbers, bool]:
        """The law of the number after every prefix, and whether all the rows are in it."""
        nodes, weight = len(self.asked.shock.at), self.asked.shock.weight
        counts = no_one(self.need, nodes)
        for chance in opened:
            one_more(counts, chance)
        laws = [counts.copy()]
        limit = JOINT_CELLS // counts.size
        for start in range(0, min(len(rows), limit), BLOCK):
            for chance in self.asked.crowd.given(rows[start : start + BLOCK], self.asked.shock):
                one_more(counts, chance)
                laws.append(counts.copy())
            # whoever is beyond adds nothing that either table could need
            if float(counts[:, -1] @ weight) > max(0.995, 1 - (1 - self.asked.target) / 10):
                return np.stack(laws), True
        return np.stack(laws), len(laws) == len(rows) + 1

    def chance(self, m: int, k: int) -> float:
        """P(enough) when the first m with the skill and the first k without are called."""
        if (m, k) not in self.seen:
            both = self.first[m, :, self.of_them :] * self.second[k, :, self.of_them :]
            self.seen[m, k] = float(both.sum(axis=1) @ self.asked.shock.weight)
        return self.seen[m, k]

    def choice(self) -> Choice | None:
        """The order of calling; None when more people would have to be looked at."""
        found = self._smallest()
        if found is not None:
            return self._path(*found)
        return self.along() if self.whole else None

    def along(self) -> Choice:
        """The probability after every prefix of the ranking."""
        order = self.asked.ranking
        able = np.isin(order, self.able)
        m = np.minimum(np.cumsum(able), len(self.first) - 1)
        k = np.minimum(np.cumsum(~able), len(self.second) - 1)
        pairs = [(0, 0), *zip(m.tolist(), k.tolist(), strict=True)]
        return Choice(order=order, probability=np.array([self.chance(*pair) for pair in pairs]))

    def _smallest(self) -> tuple[int, int] | None:
        """The pair with the smallest sum that reaches the target: one walk down a staircase."""
        k, best = len(self.second) - 1, None
        for m in range(len(self.first)):
            if self.chance(m, k) < self.asked.target:
                continue
            while k > 0 and self.chance(m, k - 1) >= self.asked.target:
                k -= 1
            if best is None or (m + k, -self.chance(m, k)) < best[0]:
                best = (m + k, -self.chance(m, k)), (m, k)
            if k == 0:
                break
        return best[1] if best else None

    def _path(self, m: int, k: int) -> Choice:
        """A way to the pair and on from it, each step the one that loses least or gains most."""
        steps, values = [], [self.chance(m, k)]
        at = (m, k)
        while at != (0, 0):
            ways = [(i, j) for i, j in ((at[0] - 1, at[1]), (at[0], at[1] - 1)) if min(i, j) >= 0]
            before = max(ways, key=lambda way: self.chance(*way))
            steps.append(self._who(before, at))
            values.append(self.chance(*before))
            at = before
        steps.reverse()
        values.reverse()
        at, most = (m, k), 2 * (m + k) + 8
        while values[-1] < CERTAIN and len(steps) < most:
            ways = [(at[0] + 1, at[1]), (at[0], at[1] + 1)]
            ways = [(i, j) for i, j in ways if i < len(self.first) and j < len(self.second)]
            if not ways:
                break
            after = max(ways, key=lambda way: self.chance(*way))
            steps.append(self._who(at, after))
            values.append(self.chance(*after))
            at = after
        return Choice(order=np.array(steps, dtype=np.intp), probability=np.array(values))

    def _who(self, before: tuple[int, int], after: tuple[int, int]) -> int:
        if after[0] > before[0]:
            return int(self.able[before[0]])
        return int(self.others[before[1]])
