"""What a plan at a level asks for in one place: a value, nothing is written. 应急处置措施"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from qianjun.plan.rules import Plan
from qianjun.plan.rules.shape import Force, Supply, Task, Words

STREET, COMMUNITY = "@street", "@community"
STREET_DIGITS: Final = 9
COMMUNITY_DIGITS: Final = 12


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A task of a plan with its units found; ``lead`` is empty where the place is unknown. 任务"""

    code: str
    title: Words
    lead: str
    supporting: tuple[str, ...]
    due_min: int
    first: bool


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Tasks, forces and goods of a plan at a level. 措施"""

    tasks: tuple[Planned, ...]
    forces: tuple[Force, ...]
    supplies: tuple[Supply, ...]

    def units(self) -> tuple[str, ...]:
        """Every unit that has a line, the leading ones first, each once."""
        leads = [one.lead for one in self.tasks if one.lead]
        others = [code for one in self.tasks for code in one.supporting]
        return tuple(dict.fromkeys([*leads, *others]))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a change of level adds, withdraws and keeps, by code of task. 差异"""

    added: tuple[str, ...]
    withdrawn: tuple[str, ...]
    kept: tuple[str, ...]


def first_measures_of(plan: Plan, *, division: str) -> Measures:
    """What the duty officer starts alone, at whatever level. 先期处置"""
    tasks = (task for task in plan.tasks if task.first)
    return Measures(tasks=_planned(tasks, division), forces=(), supplies=())


def first_forces_of(plan: Plan) -> tuple[Force, ...]:
    """The forces that the plan names at its mildest level, which may be put forward at once."""
    mildest = max(one.n for one in plan.levels)
    return tuple(one for one in plan.forces if mildest <= one.from_level)


def measures_of(plan: Plan, *, level: int, division: str, month: int, only: str = "") -> Measures:
    """What the plan asks for at this level and in all milder ones, in this month.

    ``only`` keeps the lines of one unit: where somebody else commands, we carry our own.
    """
    tasks = _planned((one for one in plan.tasks if level <= one.from_level), division)
    if only:
        mine = tuple(one for one in tasks if only == one.lead or only in one.supporting)
        return Measures(tasks=mine, forces=(), supplies=())
    return Measures(
        tasks=tasks,
        forces=tuple(one for one in plan.forces if level <= one.from_level),
        supplies=tuple(
            one
            for one in plan.supplies
            if level <= one.from_level and (not one.months or month in one.months)
        ),
    )


def difference(before: Measures, after: Measures) -> Difference:
    """By code of task, in the order of the plan."""
    had, has = [one.code for one in before.tasks], [one.code for one in after.tasks]
    return Difference(
        added=tuple(code for code in has if code not in had),
        withdrawn=tuple(code for code in had if code not in has),
        kept=tuple(code for code in has if code in had),
    )


def _planned(tasks: Iterable[Task], division: str) -> tuple[Planned, ...]:
    return tuple(
        Planned(
            code=one.code,
            title=one.title,
            lead=_unit(one.lead, division),
            supporting=_others(one, division),
            due_min=one.due_min,
            first=one.first,
        )
        for one in tasks
    )


def _others(task: Task, division: str) -> tuple[str, ...]:
    lead = _unit(task.lead, division)
    found = (_unit(code, division) for code in task.supporting)
    return tuple(dict.fromkeys(code for code in found if code and code != lead))


def _unit(code: str, division: str) -> str:
    """A unit's code; the local ones are those of the place, empty while it is not known."""
    if code == STREET:
        return division[:STREET_DIGITS] if len(division) >= STREET_DIGITS else ""
    if code == COMMUNITY:
        return division if len(division) == COMMUNITY_DIGITS else ""
    return code
