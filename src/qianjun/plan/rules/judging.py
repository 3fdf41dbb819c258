"""Which plan fits, which level it reaches, what to ask. 研判"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from qianjun.kernel.denial import is_said
from qianjun.plan.rules.shape import Clause, Level, Plan, QuestionCard, Trigger

REASONS_MOST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A warning that is in force. 生效中的预警"""

    hazard: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything that a trigger may ask about. 情况"""

    category: str
    figures: Mapping[str, int] = field(default_factory=dict)
    words: str = ""
    warnings: tuple[Standing, ...] = ()
    water_levels_m: Mapping[str, Decimal] = field(default_factory=dict)
    instructed_by: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """A plan, the level it reaches if any, and at most three clauses for it. 建议"""

    plan: Plan
    level: Level | None
    why: tuple[Clause, ...]


def reach(code: str, category: str) -> int:
    """How exactly an event type code means a category: 0 not at all, 5 the very same.

    A code that ends in ``00`` means every code below it: 12G00 all fires, 12000 all accidents.
    """
    digits = 2 if code.endswith("000") else 3 if code.endswith("00") else 5
    return digits if category and category[:digits] == code[:digits] else 0


def best_reach(codes: Iterable[str], category: str) -> int:
    """The most exact of several codes."""
    return max((reach(code, category) for code in codes), default=0)


def plan_reach(plan: Plan, category: str) -> int:
    """How exactly a plan means a category; what it leaves out counts only when more exact."""
    meant = best_reach(plan.categories, category)
    return meant if meant > best_reach(plan.but, category) else 0


def fitting(plans: Iterable[Plan], category: str) -> tuple[Plan, ...]:
    """The plans for a category, the most exact first. 适用预案"""
    meant = [(plan_reach(plan, category), plan) for plan in plans]
    fit = [(exact, plan) for exact, plan in meant if exact]
    return tuple(plan for _exact, plan in sorted(fit, key=lambda pair: (-pair[0], pair[1].code)))


def suggest(plans: Iterable[Plan], situation: Situation) -> Suggested | None:
    """The plan for the situation and the gravest level that it reaches; none without a plan. 建议

    Among plans that fit equally well the one that reaches a level comes first.
    """
    plans = tuple(plans)
    fit = fitting(plans, situation.category)
    if not fit:
        return None
    exact = plan_reach(fit[0], situation.category)
    alike = [plan for plan in fit if plan_reach(plan, situation.category) == exact]
    return min((_of(plan, situation) for plan in alike), key=_gravest_first)


def _gravest_first(one: Suggested) -> tuple[int, str]:
    return (one.level.n if one.level else 99, one.plan.code)


def _of(plan: Plan, situation: Situation) -> Suggested:
    for level in sorted(plan.levels, key=lambda level: level.n):
        pulled = [trigger.clause for trigger in level.triggers if holds(trigger, situation)]
        if pulled:
            return Suggested(plan=plan, level=level, why=tuple(pulled[:REASONS_MOST]))
    return Suggested(plan=plan, level=None, why=(plan.scope,))


def holds(trigger: Trigger, situation: Situation) -> bool:
    """Whether everything that the trigger asks for is so."""
    return all(
        (
            _figures_hold(trigger, situation),
            not trigger.categories or best_reach(trigger.categories, situation.category) > 0,
            not trigger.words or any(is_said(word, situation.words) for word in trigger.words),
            _warning_stands(trigger, situation),
            _water_is_up(trigger, situation),
            not trigger.instruction or bool(trigger.instruction & situation.instructed_by),
        )
    )


def _figures_hold(trigger: Trigger, situation: Situation) -> bool:
    known = situation.figures
    return all(kind in known and known[kind] >= n for kind, n in trigger.figures.items())


def _warning_stands(trigger: Trigger, situation: Situation) -> bool:
    wanted = trigger.warning
    return wanted is None or any(
        reach(wanted.hazard, one.hazard) and one.colour in wanted.colours
        for one in situation.warnings
    )


def _water_is_up(trigger: Trigger, situation: Situation) -> bool:
    wanted = trigger.water_level
    if wanted is None:
        return True
    value_m = situation.water_levels_m.get(wanted.station)
    return value_m is not None and value_m >= wanted.at_least_m


def card_of(plans: Iterable[Plan], *, category: str, words: str = "") -> QuestionCard | None:
    """What to ask: the most exact card, first one whose words are said. 提问卡"""
    found = [
        (bool(card.words), best_reach(card.categories, category), card)
        for plan in fitting(plans, category)
        for card in plan.cards
        if best_reach(card.categories, category)
        and (not card.words or any(is_said(word, words) for word in card.words))
    ]
    return min(found, key=lambda one: (not one[0], -one[1], one[2].code))[2] if found else None
