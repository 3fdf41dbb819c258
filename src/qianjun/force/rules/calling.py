"""Who may be called, and why not. 召集资格"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from qianjun.kernel.words import noop as _

ADULT_YEARS: Final = 18
# in the order in which they are looked at: somebody is counted under the first that holds
REASONS: Final[dict[str, str]] = {
    "no_consent": _("未同意或已失效"),
    "minor": _("未成年或年龄不明"),
    "uninsured": _("没有有效保险"),
    "paused": _("本人暂停"),
    "busy": _("已有任务"),
    "hours": _("当年服务时长已满"),
    "capped": _("当年召集次数已满"),
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much is asked of one person in a year. 年度上限"""

    hours_a_year: int
    calls_a_year: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What decides whether somebody may be called. 召集条件"""

    consented: bool
    adult: bool
    insured: bool
    paused: bool
    busy: bool
    minutes_this_year: int
    calls_this_year: int


def excluded(one: Standing, limits: Limits) -> str | None:
    """The first reason not to call him, or None. 不召集的原因

    Adults only and insured beforehand, by the law on rescue in danger; the rest is his own word
    and the care that nobody is asked too often.
    """
    holds = {
        "no_consent": not one.consented,
        "minor": not one.adult,
        "uninsured": not one.insured,
        "paused": one.paused,
        "busy": one.busy,
        "hours": one.minutes_this_year >= limits.hours_a_year * 60,
        "capped": one.calls_this_year >= limits.calls_a_year,
    }
    return next((reason for reason in REASONS if holds[reason]), None)


def counted(people: Iterable[Standing], limits: Limits) -> dict[str, int]:
    """How many are left out for each reason; every reason is there, also with nobody. 排除计数"""
    found = Counter(excluded(one, limits) for one in people)
    return {reason: found[reason] for reason in REASONS}


def adult_on(born: date) -> date:
    """The day on which somebody comes of age; born on a leap day, on the first of March. 成年日"""
    try:
        return born.replace(year=born.year + ADULT_YEARS)
    except ValueError:
        return date(born.year + ADULT_YEARS, 3, 1)


def surely_adult_on(birth_year: int) -> date:
    """The first day on which everybody born in that year is of age. 只知年份"""
    return date(birth_year + ADULT_YEARS + 1, 1, 1)


def consented(*, consent_at: datetime | None, expires_at: datetime | None, at: datetime) -> bool:
    """Whether he has agreed and the list on which he stands still serves. 同意有效"""
    return consent_at is not None and (expires_at is None or expires_at > at)
