"""When what must be reported to whom: rows of kind, grade and recipient. 时限规则"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from qianjun.kernel.words import noop as _
from qianjun.response.rules.days import end_of_day

PHONE_REPORT, WRITTEN_REPORT, FOLLOW_UP = "phone_report", "written_report", "follow_up"
NOTICE, SUPPLEMENT, WATCH = "accident_notice", "supplement", "casualty_watch"
DISASTER_FIRST, ZERO_REPORT = "disaster_first", "zero_report"
ENTERPRISE_REPORT = "enterprise_report"
STEPS: Final[dict[str, str]] = {
    PHONE_REPORT: _("电话报告"),
    WRITTEN_REPORT: _("书面报告"),
    FOLLOW_UP: _("续报"),
    NOTICE: _("事故通报"),
    SUPPLEMENT: _("补报"),
    WATCH: _("伤亡变化期"),
    DISASTER_FIRST: _("灾情初报"),
    ZERO_REPORT: _("零报告"),
    ENTERPRISE_REPORT: _("企业报告"),
    "institution_report": _("机构报告"),
    "department_report": _("部门报告"),
    "government_report": _("政府报告"),
}
HAPPENED, RECEIVED, VERIFIED = "happened", "received", "verified"
ACTIVATED, REPORTED, CHANGED = "activated", "reported", "changed"
STARTS: Final[dict[str, str]] = {
    HAPPENED: _("事发"),
    RECEIVED: _("接报"),
    VERIFIED: _("定级或核实"),
    ACTIVATED: _("启动响应"),
    REPORTED: _("上一份报告"),
    CHANGED: _("伤亡变化"),
}
OURS: Final = "ours"
WHOSE: Final[dict[str, str]] = {
    OURS: _("本局"),
    "enterprise": _("企业"),
    "institution": _("医疗、疾控机构"),
    "health": _("卫健局"),
    "government": _("区政府"),
}
ALWAYS, QUICK, AT_RISK = "always", "quick", "at_risk"
NEEDS: Final = (ALWAYS, QUICK, AT_RISK)
EVERYBODY: Final = "*"
USUAL_GRADE: Final = 4  # until somebody has judged it
GRAVEST, LEAST_GRAVE = 1, 4


@dataclass(frozen=True, kw_only=True)
class ClockRule:
    """One row: what is due to whom, from when, for which incidents. 一条时限

    ``days`` counts to the end of that day; else ``within`` says how long. ``grade_from`` is the
    least grave grade that it holds for, ``grade_to`` the gravest.
    """

    code: str
    step: str
    start: str
    within: timedelta | None
    days: int | None
    categories: tuple[str, ...]
    grade_from: int
    grade_to: int
    needs: str
    units: tuple[str, ...]
    whose: str
    is_sample: bool
    zh: str
    en: str
    basis_zh: str
    basis_en: str

    def due_at(self, started_at: datetime) -> datetime:
        """When it is due, counted from this instant."""
        if self.days is not None:
            return end_of_day(started_at, days=self.days)
        assert self.within is not None
        return started_at + self.within


@dataclass(frozen=True, kw_only=True)
class Danger:
    """One way to be 较大涉险: every number at least so large. 涉险条件"""

    zh: str
    en: str
    least: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class ClockTable:
    """All rows, and what makes an accident one of grave danger. 时限规则表"""

    rules: tuple[ClockRule, ...]
    dangers: tuple[Danger, ...]

    def by_code(self, code: str) -> ClockRule:
        """The row of this code; KeyError when there is none."""
        return {one.code: one for one in self.rules}[code]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What of an incident the rules ask; an instant is None while it has not been. 时限要素

    ``gradings`` are grade and instant of each time that a person confirmed one, in order;
    ``at_risk_at`` is since when the figures speak of grave danger.
    """

    category: str
    grade: int | None
    received_at: datetime
    happened_at: datetime | None = None
    gradings: tuple[tuple[int, datetime], ...] = ()
    at_risk_at: datetime | None = None
    activated_at: datetime | None = None
    reported_at: datetime | None = None
    changed_at: datetime | None = None
    quick: bool = False

    def instant_of(self, rule: ClockRule) -> datetime | None:
        """When the start of this rule was; what happened at an unknown time counts from receipt."""
        starts = {
            HAPPENED: self.happened_at or self.received_at,
            RECEIVED: self.received_at,
            ACTIVATED: self.activated_at,
            REPORTED: self.reported_at,
            CHANGED: self.changed_at,
        }
        return starts[rule.start] if rule.start in starts else self._verified_at(rule)

    def _verified_at(self, rule: ClockRule) -> datetime | None:
        if rule.needs == AT_RISK:
            return self.at_risk_at
        graver = (at for grade, at in self.gradings if grade <= rule.grade_from)
        return next(graver, None)


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is due to one recipient. 到期"""

    rule: ClockRule
    unit: str
    started_at: datetime
    due_at: datetime


def clock_table(found: Mapping[str, Any]) -> ClockTable:
    """The rows of a table; KeyError or ValueError names what is wrong with one. 读规则表"""
    kinds = {name: tuple(codes) for name, codes in found["kinds"].items()}
    dangers = tuple(
        Danger(zh=str(row["zh"]), en=str(row["en"]), least=tuple(row["least"].items()))
        for row in found["at_risk"]
    )
    return ClockTable(rules=tuple(_rule(row, kinds) for row in found["rules"]), dangers=dangers)


def _rule(row: Mapping[str, Any], kinds: Mapping[str, tuple[str, ...]]) -> ClockRule:
    rule = ClockRule(
        **{name: str(row[name]) for name in ("code", "step", "start", "zh", "en")},
        basis_zh=str(row["basis_zh"]),
        basis_en=str(row["basis_en"]),
        within=timedelta(minutes=int(row["minutes"])) if "minutes" in row else None,
        days=int(row["days"]) if "days" in row else None,
        categories=tuple(one for name in row.get("kinds", ()) for one in kinds[name]),
        grade_from=int(row.get("grade_from", LEAST_GRAVE)),
        grade_to=int(row.get("grade_to", GRAVEST)),
        needs=str(row.get("needs", ALWAYS)),
        units=tuple(row["units"]),
        whose=str(row.get("whose", OURS)),
        is_sample=bool(row.get("sample", False)),
    )
    if fault := _fault(rule):
        raise ValueError(f"{rule.code}: {fault}")
    return rule


def _fault(rule: ClockRule) -> str:
    if rule.step not in STEPS or rule.start not in STARTS:
        return "unknown step or start"
    if rule.whose not in WHOSE or rule.needs not in NEEDS:
        return "unknown whose or needs"
    if (rule.within is None) == (rule.days is None):
        return "either minutes or days"
    return "" if rule.units else "no units"


def is_at_risk(table: ClockTable, figures: Mapping[str, int]) -> Danger | None:
    """Which way these figures make it an accident of grave danger, if any. 较大涉险"""
    treated = figures.get("serious", 0) + figures.get("injured", 0)
    known = {**figures, "treated": treated, "hurt": treated + figures.get("missing", 0)}
    return next(
        (one for one in table.dangers if all(known.get(k, 0) >= n for k, n in one.least)), None
    )


def holds_for(rule: ClockRule, facts: Facts) -> bool:
    """Whether this row asks for something in such an incident, at any time. 是否适用

    What ``quick`` asks for is on by the leader's word too, whatever the grade.
    """
    if rule.categories and not facts.category.startswith(rule.categories):
        return False
    if rule.needs == QUICK:
        return facts.quick
    if rule.needs == AT_RISK and facts.at_risk_at is None:
        return False
    return rule.grade_to <= (facts.grade or USUAL_GRADE) <= rule.grade_from


def due_of(
    facts: Facts, rules: Iterable[ClockRule], *, everybody: Iterable[str] = ()
) -> tuple[Due, ...]:
    """What is due to whom, the strictest of each recipient and step. 时限

    ``everybody`` are those to whom this incident is reported. A row whose start has not been is
    not due yet.
    """
    strictest: dict[tuple[str, str, str], Due] = {}
    for rule in rules:
        started_at = facts.instant_of(rule) if holds_for(rule, facts) else None
        if started_at is None:
            continue
        for unit in units_of(rule, everybody):
            due = Due(rule=rule, unit=unit, started_at=started_at, due_at=rule.due_at(started_at))
            key = (unit, rule.step, rule.whose)
            if key not in strictest or due.due_at < strictest[key].due_at:
                strictest[key] = due
    return tuple(sorted(strictest.values(), key=lambda one: (one.due_at, one.unit, one.rule.step)))


def units_of(rule: ClockRule, everybody: Iterable[str]) -> tuple[str, ...]:
    """The recipients of a row."""
    named = (everybody if one == EVERYBODY else (one,) for one in rule.units)
    return tuple(dict.fromkeys(unit for some in named for unit in some))


def recipients_of(facts: Facts, rules: Iterable[ClockRule]) -> tuple[str, ...]:
    """To whom a report of such an incident goes, in the order of the rows. 报送单位"""
    asked = [
        rule
        for rule in rules
        if rule.step == WRITTEN_REPORT and rule.whose == OURS and holds_for(rule, facts)
    ]
    return tuple(dict.fromkeys(unit for rule in asked for unit in rule.units))


State = Literal["met", "late", "overdue", "open", "void"]


def state_of(
    *, due_at: datetime, met_at: datetime | None, void_at: datetime | None, now: datetime
) -> State:
    """Met in time, met late, overdue, still open, or asked no more. 时限状态"""
    if met_at is not None:
        return "met" if met_at <= due_at else "late"
    if void_at is not None:
        return "void"
    return "overdue" if now > due_at else "open"


def minutes_between(started_at: datetime, met_at: datetime) -> int:
    """How long it took, in whole minutes; what came before its start took none."""
    return max(0, int((met_at - started_at).total_seconds() // 60))
