"""Who may decide about a response, and what may be asked of it. 应急响应规则"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qianjun.kernel.errors import FieldError
from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.kernel.words import noop as _

# the permission that stands for the authority of each role that a plan may name
SIGNS: Final[dict[str, str]] = {
    "leader_in_charge": "activation.sign_in_charge",
    "bureau_leader": "activation.sign_bureau",
}
WORDS_MOST: Final = 1_000
DECIDER_MOST: Final = 100
MEASURES_MOST: Final = 40
MEASURE_MOST: Final = 200
LONGEST: Final = timedelta(days=366)
# a decision is written down at most this long after it was taken
OLDEST_DECISION: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A response as it is asked for, already matched with its plan. 拟启动的响应

    ``role`` and ``how`` say who decides; without a role it is somebody else's response that is only
    written down. ``level`` 1 is the gravest.
    """

    plan: str
    plan_title: str
    plan_version: str
    level: int
    authority: str
    role: str
    how: str
    decided_by: str = ""
    why: str = ""
    matters: str = ""
    measures: tuple[str, ...] = ()
    expected_until: datetime | None = None
    warning: str = ""


def faults_of(wanted: Wanted, *, now: datetime) -> list[FieldError]:
    """Everything that is wrong with it, each by its field. 校验"""
    return [fault for fault in (_level(wanted), _words(wanted), _until(wanted, now)) if fault]


def _level(wanted: Wanted) -> FieldError | None:
    if wanted.level in LEVEL_WORDS:
        return None
    return FieldError(field="level", code="unknown_level", zh=_("响应级别须为 1 至 4，1 最重。"))


def _words(wanted: Wanted) -> FieldError | None:
    for field, said, most in (
        ("why", wanted.why, WORDS_MOST),
        ("matters", wanted.matters, WORDS_MOST),
        ("decided_by", wanted.decided_by, DECIDER_MOST),
    ):
        if len(said) > most:
            return FieldError(field=field, code="too_long", zh=_("太长，请缩短。"))
    if len(wanted.measures) > MEASURES_MOST:
        return FieldError(field="measures", code="too_many", zh=_("措施最多 40 条。"))
    if any(not one or len(one) > MEASURE_MOST for one in wanted.measures):
        zh = _("每条措施写 1 至 200 个字。")
        return FieldError(field="measures", code="bad_measure", zh=zh)
    return None


def _until(wanted: Wanted, now: datetime) -> FieldError | None:
    until = wanted.expected_until
    if until is None or now < until <= now + LONGEST:
        return None
    zh = _("预计结束时间要在现在之后、一年之内。")
    return FieldError(field="expected_until", code="bad_until", zh=zh)


def bad_decision_time(at: datetime | None, *, now: datetime) -> FieldError | None:
    """Why a decision cannot have been taken then. 决定时间"""
    if at is None or now - OLDEST_DECISION <= at <= now + timedelta(minutes=5):
        return None
    zh = _("决定时间要在七天之内，且不能在将来。")
    return FieldError(field="decided_at", code="bad_time", zh=zh)
