"""Who must be told of an accident by law, and by when. 事故通报规则"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from qianjun.kernel.words import noop as _
from qianjun.message.rules import number_in

DEADLINE: Final = "accident_notice"
MESSAGE, PHONE = "message", "phone"
WAYS: Final[dict[str, str]] = {MESSAGE: _("发消息"), PHONE: _("打电话")}
TOLD, RECEIVED, WITHDRAWN = "told", "received", "withdrawn"
ACTS: Final = (TOLD, RECEIVED, WITHDRAWN)
TAKEN_BY_MOST: Final = 60
MATTER: Final = "notice"


@dataclass(frozen=True, kw_only=True)
class NoticeRule:
    """Which accidents, which units in which order, within which time of the first report. 规则

    ``categories`` are beginnings of codes; ``units`` are codes of units.
    """

    code: str
    zh: str
    en: str
    basis_zh: str
    basis_en: str
    categories: tuple[str, ...]
    within: timedelta
    units: tuple[str, ...]


def notice_rules(found: Mapping[str, Any]) -> tuple[NoticeRule, ...]:
    """The rules of a table; KeyError names what one lacks. 读规则表"""
    return tuple(_rule(row) for row in found["rules"])


def _rule(row: Mapping[str, Any]) -> NoticeRule:
    words = {name: str(row[name]) for name in ("code", "zh", "en", "basis_zh", "basis_en")}
    return NoticeRule(
        **words,
        categories=tuple(row["categories"]),
        within=timedelta(minutes=int(row["within_min"])),
        units=tuple(row["units"]),
    )


def rule_for(category: str, rules: Iterable[NoticeRule]) -> NoticeRule | None:
    """The first rule that this category falls under. 适用规则"""
    return next((rule for rule in rules if category.startswith(rule.categories)), None)


def is_complete(rule: NoticeRule, told: Sequence[str]) -> bool:
    """Whether every unit of the rule has been told."""
    return set(rule.units) <= set(told)


def matter_of(notice: int) -> str:
    """What the message of a notice is about."""
    return f"{MATTER}:{notice}"


def notice_in(matter: str) -> int | None:
    """The notice that a message is about, if it is about one."""
    return number_in(matter, kind=MATTER)
