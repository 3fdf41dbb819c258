"""The grade of an incident from its figures; a person confirms it. 事件分级建议

Work-safety accidents and fires: deaths 3/10/30, serious injuries 10/50/100, direct loss 10 M/50 M/
100 M yuan; the gravest of the three counts. People who are missing, or hurt to an unknown degree,
move no grade.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from qianjun.incident.rules.figures import FIGURES
from qianjun.kernel.words import noop as _

GRADES: Final[dict[int, str]] = {1: _("特别重大"), 2: _("重大"), 3: _("较大"), 4: _("一般")}
# at least this many: grade 3, 2, 1
STEPS: Final[dict[str, tuple[int, int, int]]] = {
    "dead": (3, 10, 30),
    "serious": (10, 50, 100),
    "loss_yuan": (10_000_000, 50_000_000, 100_000_000),
}
ACCIDENTS = "12"  # 事故灾难
FIRES = ("12G", "11G")  # 火灾事故, 森林草原火灾


@dataclass(frozen=True, kw_only=True)
class Why:
    """A catalogue sentence and what fills its places; ``terms`` are catalogue words. 理由"""

    zh: str
    words: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Grade:
    """A suggested grade, 1 the gravest, and the reason. 分级建议"""

    grade: int | None
    why: Why


@dataclass(frozen=True, kw_only=True)
class Said:
    """A number as far as it matters for the grade: said then, withdrawn perhaps. 报数"""

    kind: str
    value: int
    at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """From this instant on the figures spoke for this grade. 建议的变化"""

    at: datetime
    grade: int | None
    why: Why


def has_table(category: str) -> bool:
    """Whether there is a table for this kind of incident."""
    return category.startswith((ACCIDENTS, *FIRES))


def suggest_grade(*, category: str, figures: Mapping[str, int]) -> Grade:
    """The grade that the figures speak for, or none where no table holds."""
    if not category:
        return Grade(grade=None, why=Why(zh=_("类型未定，不建议分级。")))
    if not has_table(category):
        return Grade(grade=None, why=Why(zh=_("这类事件没有按数字分级的表。")))
    reached = {kind: _grade_of(kind, figures[kind]) for kind in STEPS if kind in figures}
    if not reached:
        return Grade(
            grade=4, why=Why(zh=_("还没有死亡、重伤或损失数字，先按一般；失联、受伤不计入。"))
        )
    kind = min(reached, key=lambda k: reached[k])
    return Grade(grade=reached[kind], why=_because(kind, figures[kind], reached[kind]))


def _grade_of(kind: str, value: int) -> int:
    return 4 - sum(value >= least for least in STEPS[kind])


def _because(kind: str, value: int, grade: int) -> Why:
    return Why(
        zh=_("%(figure)s %(value)s，达到%(grade)s标准。"),
        words={"value": value},
        terms={"figure": FIGURES[kind], "grade": GRADES[grade]},
    )


def suggested_steps(*, category: str, since: datetime, said: Iterable[Said]) -> tuple[Step, ...]:
    """How the suggestion moved as numbers came and were withdrawn; ``said`` in order. 建议过程"""
    told = list(said)
    moments = sorted(
        {since}
        | {one.recorded_at for one in told}
        | {one.withdrawn_at for one in told if one.withdrawn_at}
    )
    steps: list[Step] = []
    for moment in moments:
        grade = suggest_grade(category=category, figures=_standing(told, moment))
        if not steps or steps[-1].grade != grade.grade:
            steps.append(Step(at=moment, grade=grade.grade, why=grade.why))
    return tuple(steps)


def _standing(told: Iterable[Said], moment: datetime) -> dict[str, int]:
    """The latest number of each kind that was known at this moment."""
    known = (
        one
        for one in told
        if one.recorded_at <= moment and not (one.withdrawn_at and one.withdrawn_at <= moment)
    )
    return {one.kind: one.value for one in sorted(known, key=lambda one: one.at)}
