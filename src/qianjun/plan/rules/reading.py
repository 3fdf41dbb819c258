"""From the text of a file to a plan, or to everything that is wrong with it. 读预案"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.kernel.words import noop as _
from qianjun.plan.rules.checking import check
from qianjun.plan.rules.faults import Fault, line_of
from qianjun.plan.rules.shape import (
    ABOVE,
    COLOURS,
    COUNTED,
    DESKS,
    FIGURES,
    FORCES,
    HOW,
    LOCAL,
    WAYS,
    Authority,
    Basis,
    Clause,
    Force,
    HandOver,
    Level,
    Notice,
    Plan,
    Post,
    Question,
    QuestionCard,
    Supply,
    Task,
    Trigger,
    Warned,
    WaterLevel,
)
from qianjun.plan.rules.table import COUNT_MOST, Table

DAY_MIN: Final = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Known:
    """The codes that a plan may use: of units, of roles, of bodies outside. 已知代码"""

    units: frozenset[str]
    roles: frozenset[str]
    bodies: frozenset[str]


class BadPlan(ValueError):
    """A file that is no plan: each fault with file, line, key and what to do. 不合格的预案"""

    def __init__(self, name: str, text: str, faults: Iterable[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        self.lines = tuple(line_of(text, one.path) for one in self.faults)
        super().__init__("\n".join(self.sentences()))

    def sentences(self) -> Iterator[str]:
        """One for each fault."""
        for fault, line in zip(self.faults, self.lines, strict=True):
            key = f" {fault.key}" if fault.key else ""
            yield f"{self.name}:{line}{key}：{fault.zh % fault.words if fault.words else fault.zh}"


def plan_from(name: str, text: str, *, known: Known) -> Plan:
    """The plan in a file of this name; raises BadPlan with everything that is wrong. 读取"""
    try:
        found: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        zh = _("不是 TOML：%(fault)s。")
        raise BadPlan(name, text, [Fault(path=(), zh=zh, words={"fault": fault})]) from fault
    faults: list[Fault] = []
    table = Table(found, path=(), faults=faults)
    plan = _plan(table, known)
    table.done()
    if not faults:
        faults.extend(check(plan, name=name))
    if faults:
        raise BadPlan(name, text, faults)
    return plan


def _plan(table: Table, known: Known) -> Plan:
    return Plan(
        code=table.code("code"),
        title=table.both("title"),
        version=table.text("version", most=40),
        issued=table.day("issued"),
        review_by=table.day("review_by"),
        sample=table.truth("sample"),
        scope=_clause(table.below("scope")),
        categories=table.event_types("categories", least=1),
        but=table.event_types("but"),
        levels=table.each("levels", lambda one: _level(one, known), least=1, most=len(LEVEL_WORDS)),
        posts=table.each("posts", lambda one: _post(one, known), least=1),
        tasks=table.each("tasks", lambda one: _task(one, known), least=1),
        forces=table.each("forces", _force, least=1),
        supplies=table.each("supplies", _supply, least=1),
        cards=table.each("cards", _card, least=1),
        basis=table.each("basis", _basis, least=1),
        texts=table.each("texts", _notice, least=1),
    )


def _clause(table: Table) -> Clause:
    made = Clause(number=table.text("clause", most=40), text=table.both("text"))
    table.done()
    return made


def _level(table: Table, known: Known) -> Level:
    return Level(
        n=table.number("n", least=1, most=len(LEVEL_WORDS)),
        word=table.code("word", of=LEVEL_WORDS.values()),
        authority=_authority(table.below("authority"), known),
        triggers=table.each("triggers", _trigger, least=1),
    )


def _authority(table: Table, known: Known) -> Authority:
    made = Authority(
        role=table.code("role", of=known.roles),
        body=table.code("body", of=known.bodies) if table.has("body") else "",
        title=table.both("title"),
        how=table.code("how", of=HOW),
    )
    if made.how == "recorded" and not made.body:
        table.fault("body", _("由外部机构决定的，要写明是哪个机构。"))
    table.done()
    return made


def _trigger(table: Table) -> Trigger:
    made = Trigger(
        clause=Clause(number=table.text("clause", most=40), text=table.both("text")),
        figures=_figures(table),
        categories=table.event_types("categories"),
        words=table.codes("words"),
        warning=_warned(table.below("warning")) if table.has("warning") else None,
        water_level=_water(table.below("water_level")) if table.has("water_level") else None,
        instruction=frozenset(table.codes("instruction", of=ABOVE)),
    )
    asks = (made.figures, made.categories, made.words, made.instruction)
    if not any(asks) and made.warning is None and made.water_level is None:
        table.fault("", _("没有写条件：数字、类型、词语、预警、水位、上级指令至少写一样。"))
    return made


def _figures(table: Table) -> dict[str, int]:
    if not table.has("figures"):
        return {}
    below = table.below("figures")
    asked = [kind for kind in FIGURES if below.has(kind)]
    found = {kind: below.number(kind, least=1, most=COUNT_MOST) for kind in asked}
    below.done()
    return found


def _warned(table: Table) -> Warned:
    made = Warned(
        hazard=table.event_type("hazard"),
        colours=frozenset(table.codes("colours", of=COLOURS, least=1)),
    )
    table.done()
    return made


def _water(table: Table) -> WaterLevel:
    table.code("unit", of=("m",))
    made = WaterLevel(station=table.code("station"), at_least_m=table.decimal("at_least"))
    table.done()
    return made


def _post(table: Table, known: Known) -> Post:
    return Post(
        code=table.code("code"),
        title=table.both("title"),
        unit=table.code("unit", of=known.units.union(LOCAL)),
    )


def _from_level(table: Table) -> int:
    """From the weakest level on when it is not said."""
    return table.number("from_level", least=1, most=len(LEVEL_WORDS), otherwise=len(LEVEL_WORDS))


def _task(table: Table, known: Known) -> Task:
    return Task(
        code=table.code("code"),
        title=table.both("title"),
        lead=table.code("lead", of=known.units.union(LOCAL)),
        supporting=table.codes("supporting", of=known.units.union(LOCAL)),
        due_min=table.number("due_min", least=1, most=30 * DAY_MIN),
        first=table.truth("first", otherwise=False),
        from_level=_from_level(table),
    )


def _force(table: Table) -> Force:
    return Force(
        kind=table.code("kind", of=FORCES),
        way=table.code("way", of=WAYS),
        count=table.number("count", least=1, most=100_000),
        counted=table.code("counted", of=COUNTED),
        title=table.both("title"),
        from_level=_from_level(table),
    )


def _supply(table: Table) -> Supply:
    return Supply(
        code=table.code("code"),
        title=table.both("title"),
        quantity=table.number("quantity", least=1, most=COUNT_MOST),
        unit=table.both("unit"),
        from_level=_from_level(table),
        months=_months(table),
    )


def _months(table: Table) -> tuple[int, ...]:
    if not table.has("months"):
        return ()
    found = table.found["months"]
    good = isinstance(found, list) and all(type(m) is int and 1 <= m <= 12 for m in found)
    if not good or not found or len(set(found)) != len(found):
        table.fault("months", _("月份写成一列 1 到 12 的数字，不重复：[11, 12, 1]。"))
        return ()
    return tuple(found)


def _card(table: Table) -> QuestionCard:
    return QuestionCard(
        code=table.code("code"),
        title=table.both("title"),
        categories=table.event_types("categories", least=1),
        words=table.codes("words"),
        questions=table.each("questions", _question, least=5, most=8),
        safety=table.both("safety"),
        hand_over=_hand_over(table.below("hand_over")) if table.has("hand_over") else None,
    )


def _question(table: Table) -> Question:
    return Question(code=table.code("code"), text=table.both("text"))


def _hand_over(table: Table) -> HandOver:
    made = HandOver(desk=table.code("desk", of=DESKS), text=table.both("text"))
    table.done()
    return made


def _basis(table: Table) -> Basis:
    return Basis(
        law=table.text("law"), article=table.text("article", most=40), text=table.both("text")
    )


def _notice(table: Table) -> Notice:
    return Notice(code=table.code("code"), text=table.both("text"))
