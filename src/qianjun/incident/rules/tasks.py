"""Until when a task may be due, what has become of it, and what an act does to it. 任务规则"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from qianjun.kernel.errors import FieldError
from qianjun.kernel.words import noop as _
from qianjun.message.rules import number_in

DEADLINE: Final = "task"
MATTER: Final = "task"
RULE: Final = _("任务时限，由下达人定")
LATEST = timedelta(days=366)
SIGN_WITHIN: Final = timedelta(minutes=10)
REMIND_AGAIN: Final = timedelta(minutes=1)

Kind = Literal["opened", "accepted", "progress", "help", "done"]
Outcome = Literal["taken", "repeated", "too_late", "accepted_late", "not_needed"]
Stage = Literal["open", "unsigned", "accepted", "progress", "help", "done", "dropped", "moved"]
# what a phone calls its acts, and what they are here
ACTS: Final[dict[str, Kind]] = {
    "opened": "opened",
    "accept": "accepted",
    "progress": "progress",
    "done": "done",
    "help": "help",
}
STAGES: Final[dict[str, str]] = {
    "open": _("还没有指定谁办"),
    "unsigned": _("未签收"),
    "accepted": _("已签收"),
    "progress": _("进行中"),
    "help": _("求助"),
    "done": _("已办结"),
    "dropped": _("已撤销"),
    "moved": _("已转交"),
}
STEPS: Final[dict[str, str]] = {
    "opened": _("已读"),
    "accepted": _("签收"),
    "progress": _("进展"),
    "help": _("求助"),
    "done": _("办结"),
}
TAKEN: Final[dict[str, str]] = {
    "opened": "",
    "accepted": _("已签收。"),
    "progress": _("进展已收到。"),
    "help": _("求助已收到，值班员会联系您。"),
    "done": _("办结已收到。"),
}
REPEATED: Final = _("这一条之前已经收到。")
DROPPED: Final = _("这项任务已经撤销，不用再办。")
MOVED: Final = _("这项任务已经转交他人，您不用再办；有情况请打电话。")
ENDED: Final = _("这项任务已经办结；您说的已记下，状态不变。")
SIGNED: Final = _("之前已经签收。")
DONE: Final = _("之前已经办结。")
LATE: Final = _("已签收。时限已经过了，请尽快办理并报进展。")
YES: Final = ("收到", "好", "是", "明白", "马上", "已签收", "ok", "1", "received", "yes")


@dataclass(frozen=True, kw_only=True)
class Doing:
    """One act as it came in; without a time it happened now. 一次操作"""

    act_id: UUID | None = None
    happened_at: datetime | None = None
    claimed_at: datetime | None = None
    clock_off: bool = False
    device: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a task stands for who acts on it. 任务现状"""

    due_at: datetime | None = None
    read: bool = False
    accepted: bool = False
    done: bool = False
    dropped: bool = False
    moved: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is still for him to do."""
        return not (self.done or self.dropped or self.moved)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What an act does, and the catalogue sentence that tells him who acted. 裁定"""

    outcome: Outcome
    says: str = ""

    @property
    def counts(self) -> bool:
        """Whether the task stands otherwise afterwards."""
        return self.outcome in ("taken", "accepted_late")


def judge(kind: Kind, standing: Standing, *, happened_at: datetime) -> Judged:
    """What has been received decides, whatever time the act claims. 按收到的先后裁定"""
    if standing.dropped:
        return Judged(outcome="too_late", says=DROPPED)
    if standing.moved:
        return Judged(outcome="too_late", says=MOVED)
    if kind == "opened":
        return Judged(outcome="not_needed" if standing.read else "taken")
    if standing.done:
        says = DONE if kind == "done" else ENDED
        return Judged(
            outcome="too_late" if kind in ("progress", "help") else "not_needed", says=says
        )
    if kind == "accepted" and standing.accepted:
        return Judged(outcome="not_needed", says=SIGNED)
    if kind == "accepted" and standing.due_at is not None and happened_at > standing.due_at:
        return Judged(outcome="accepted_late", says=LATE)
    return Judged(outcome="taken", says=TAKEN[kind])


def later(known: datetime | None, told: datetime) -> datetime:
    """The later of what is known and what comes in now: an older act overwrites nothing newer."""
    return told if known is None else max(known, told)


def asks_for_help(help_at: datetime | None, progress_at: datetime | None) -> bool:
    """Whether the call for help stands: nothing newer says that it goes on. 求助未消"""
    return help_at is not None and (progress_at is None or progress_at <= help_at)


def says_yes(text: str) -> bool:
    """Whether somebody who was sent an order answers that he has it. 答“收到”"""
    return text.strip().strip("【】。.!！ ").lower().startswith(YES)


def matter_of_charge(charge: int) -> str:
    """What messages about a charge are about. 事项"""
    return f"{MATTER}:{charge}"


def charge_in(matter: str) -> int | None:
    """The charge that a message is about, if it is about one."""
    return number_in(matter, kind=MATTER)


def bad_due(at: datetime | None, *, now: datetime) -> FieldError | None:
    """Why a task cannot be due then. 时限界限"""
    if at is None:
        return None
    if at <= now:
        return FieldError(field="due_at", code="in_the_past", zh=_("时限已经过去，请改。"))
    if at > now + LATEST:
        return FieldError(field="due_at", code="too_far", zh=_("时限在一年以后，请改。"))
    return None
