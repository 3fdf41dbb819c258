"""Reports to the upper level: what they hold, when they are due, how they read. 信息报送规则"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from qianjun.kernel.words import noop as _
from qianjun.message.rules import number_in
from qianjun.response.rules.clocks import STARTS, ClockRule, ClockTable
from qianjun.response.rules.families import (
    COUNTED,
    ELEMENTS_OF,
    FINAL,
    FIRST,
    FOLLOW_UP,
    KINDS,
    MORE_ELEMENTS,
    SUPPLEMENT,
    family_of,
)

NUMERALS: Final = "〇一二三四五六七八九"
TEXT_MOST: Final = 2_000
WHY_MOST: Final = 500
TAKEN_BY_MOST: Final = 60
MATTER: Final = "upward"
UNKNOWN: Final = "正在核实"

# in the order in which they are read; a first report names them all
ELEMENTS: Final[dict[str, str]] = {
    "received": _("接报时间"),
    "source": _("信息来源"),
    "occurred": _("发生时间"),
    "place": _("发生地点"),
    "nature": _("事件性质"),
    "scope": _("影响范围"),
    "casualties": _("人员伤亡"),
    "loss": _("直接经济损失"),
    "course": _("简要经过"),
    "trend": _("发展趋势"),
    "leader": _("现场负责人"),
    "measures": _("已采取措施"),
    "requests": _("需要支持的事项"),
}
ELEMENT_WORDS: Final = ELEMENTS | MORE_ELEMENTS
# a follow-up repeats the totals of now and not the course
_NOT_AGAIN: Final = ("received", "source", "course")
NOT_IN: Final[dict[str, tuple[str, ...]]] = {
    FIRST: (),
    FOLLOW_UP: _NOT_AGAIN,
    FINAL: ("received",),
    SUPPLEMENT: _NOT_AGAIN,
}
# what a report may do without and is not called incomplete
FREE: Final = ("requests",)

PHONE, MESSAGE = "phone", "message"
WAYS: Final[dict[str, str]] = {
    PHONE: _("电话"),
    MESSAGE: _("消息通知查收"),
    "paper": _("书面送达"),
    "fax": _("传真"),
    "system": _("对方系统"),
}
TOLD, RECEIVED, WITHDRAWN = "told", "received", "withdrawn"
DELIVERED: Final = (TOLD, RECEIVED, WITHDRAWN)
PHONE_REPORT, WRITTEN_REPORT = "phone_report", "written_report"
CLOCKS: Final = (PHONE_REPORT, WRITTEN_REPORT, FOLLOW_UP, SUPPLEMENT)
HURT: Final = ("dead", "missing", "serious", "injured")
HURT_WORDS: Final = {"dead": "死亡", "missing": "失联", "serious": "重伤", "injured": "受伤"}
CHECKED: Final = ("dead", "missing", "serious", "injured")


@dataclass(frozen=True, kw_only=True)
class Known:
    """A number as it is known: value, where from, whether a person has checked it. 已知数字"""

    value: int
    source: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One element of a report: ``text`` is empty while it is missing. 要素

    ``derived`` is what the facts say; ``written`` when a person has put his own words instead.
    """

    code: str
    text: str
    derived: str
    written: bool

    @property
    def missing(self) -> bool:
        """Whether a reader must be told that it is not known yet."""
        return not self.text and self.code not in FREE

    def as_json(self) -> dict[str, Any]:
        """As the interface answers it, and as it is frozen."""
        return {
            "element": self.code,
            "title_zh": ELEMENT_WORDS[self.code],
            "text": self.text or None,
            "derived": self.derived or None,
            "written": self.written,
            "missing": self.missing,
        }


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One rule in words, with its start and source, and how long it gives. 时限规则"""

    zh: str
    en: str
    within: timedelta


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What of the table of clocks the reports themselves ask. 报送规则表

    A grade is as grave as its number is small: 1 is 特别重大.
    """

    units: tuple[str, ...]
    phone: Limit
    written: Limit
    quick_from: int
    follow_up: Limit
    grave: Limit
    grave_from: int
    changed: Limit


def rules_from(table: ClockTable) -> Rules:
    """The rules of a table; KeyError names what it lacks. 读规则表"""
    quick, grave = table.by_code("quick_phone"), table.by_code("follow_up_grave")
    return Rules(
        units=table.by_code("upward").units,
        phone=limit_of(quick),
        written=limit_of(table.by_code("quick_written")),
        quick_from=quick.grade_from,
        follow_up=limit_of(table.by_code("follow_up")),
        grave=limit_of(grave),
        grave_from=grave.grade_from,
        changed=limit_of(table.by_code("changed")),
    )


def limit_of(rule: ClockRule) -> Limit:
    """A row of so many minutes as a limit; it says its start and its source. 时限"""
    assert rule.within is not None
    return Limit(zh=said_of(rule), en=f"{rule.en} ({rule.basis_en})", within=rule.within)


def said_of(rule: ClockRule) -> str:
    """A row in one line: what, from when, where it is written. 时限、起算、依据"""
    sample = "示例：" if rule.is_sample else ""
    return f"{rule.zh}（自{STARTS[rule.start]}起；{sample}{rule.basis_zh}）"


def is_quick(rules: Rules, grade: int | None) -> bool:
    """Whether the grade alone switches the quick clocks on. 是否快报"""
    return grade is not None and grade <= rules.quick_from


def next_limit(rules: Rules, grade: int | None) -> Limit:
    """How soon the next follow-up is due at this grade. 续报时限"""
    return rules.grave if grade is not None and grade <= rules.grave_from else rules.follow_up


def named(kind: str, ordinal: int) -> str:
    """What a report is called: 首报, 续报一 … 续报十二, 终报. 报告名称"""
    return f"{KINDS[kind]}{numeral(ordinal)}" if kind in COUNTED else KINDS[kind]


def numeral(n: int) -> str:
    """A number below a hundred in Chinese; larger ones in digits. 汉字数"""
    if not 0 < n < 100:
        return str(n)
    tens, ones = divmod(n, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return front + (NUMERALS[ones] if ones else "")


def elements_of(kind: str) -> tuple[str, ...]:
    """The elements that a report of this kind holds, in order. 要素"""
    if kind in ELEMENTS_OF:
        return ELEMENTS_OF[kind]
    return tuple(code for code in ELEMENTS if code not in NOT_IN[kind])


def lines_of(
    kind: str, *, derived: Mapping[str, str], written: Mapping[str, str]
) -> tuple[Line, ...]:
    """The report as it reads now: a person's words go before what the facts say. 成文"""
    return tuple(
        Line(
            code=code,
            text=written.get(code) or derived.get(code, ""),
            derived=derived.get(code, ""),
            written=bool(written.get(code)),
        )
        for code in elements_of(kind)
    )


def casualties(known: Mapping[str, Known]) -> str:
    """People, as far as a number may leave the house; empty when nothing is known. 人员伤亡

    A number of dead goes out only when a person has checked it; that nobody is hurt only when
    all four numbers were checked to be none. An unchecked number of others says so.
    """
    if _nobody(known):
        sources = "、".join(dict.fromkeys(known[kind].source for kind in HURT))
        return f"无人员伤亡（已核实，来源：{sources}）"
    said = [_people(kind, known[kind]) for kind in HURT if kind in known]
    told = [one for one in said if one]
    return "；".join(told)


def _nobody(known: Mapping[str, Known]) -> bool:
    return all(kind in known and known[kind].value == 0 and known[kind].checked for kind in HURT)


def _people(kind: str, one: Known) -> str:
    word = HURT_WORDS[kind]
    if one.checked:
        return f"{word}{one.value}人（已核实，来源：{one.source}）" if one.value else f"无人{word}"
    if kind == "dead":
        return f"死亡情况{UNKNOWN}"
    return f"{word}{one.value}人（来源：{one.source}，{UNKNOWN}）" if one.value else ""


def plain_text(lines: Iterable[Line]) -> str:
    """The elements as numbered lines; what is missing says so. 正文"""
    shown = [one for one in lines if one.text or one.missing]
    return "\n".join(
        f"{numeral(n)}、{ELEMENT_WORDS[one.code]}：{one.text or UNKNOWN}"
        for n, one in enumerate(shown, start=1)
    )


def digest_of(*, kind: str, ordinal: int, title: str, text: str, units: Sequence[str]) -> str:
    """What a signature stands for: the same words to the same units, 64 digits. 摘要"""
    whole = [kind, ordinal, title, text, list(units)]
    return sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


def title_of(*, incident: str, kind: str, ordinal: int) -> str:
    """What stands above the report. 标题"""
    return f"关于{incident}的{family_of(kind).title}（{named(kind, ordinal)}）"


def matter_of(delivery: int) -> str:
    """What the message to a recipient is about."""
    return f"{MATTER}:{delivery}"


def delivery_in(matter: str) -> int | None:
    """The delivery that a message is about, if it is about one."""
    return number_in(matter, kind=MATTER)
