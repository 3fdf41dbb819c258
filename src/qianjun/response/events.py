"""What the desk tells of its sorting: ids and counts, never words of people. 领域事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class ReportsAnswered(Event):
    """Reports of an incident have got their answer; the body is the answer. 已答复"""

    name: ClassVar[str] = "response.reports_answered"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("%(count)s 份报告办结并答复")
    incident_id: int
    step_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class RepliesWithdrawn(Event):
    """The answers of one step stand no more. 撤回答复"""

    name: ClassVar[str] = "response.replies_withdrawn"
    says: ClassVar[str] = _("撤回 %(count)s 份答复")
    incident_id: int
    step_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class CallerTold(Event):
    """A caller was told the answer on the telephone. 已电话告知"""

    name: ClassVar[str] = "response.caller_told"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("已电话答复报告人")
    incident_id: int
    report_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentKeptApart(Event):
    """A person judged that a suggested join is none; told once in each incident. 不是一件"""

    name: ClassVar[str] = "response.kept_apart"
    says: ClassVar[str] = _("经核对，与 %(others)s 个疑似重复的事件不是一件")
    incident_id: int
    step_id: int
    others: int
