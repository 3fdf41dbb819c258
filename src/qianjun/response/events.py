"""What the desk tells of its sorting: ids and counts, never words of people. 领域事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _
from qianjun.response.rules.noticing import WAYS


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


@dataclass(frozen=True, kw_only=True)
class DeskTold(Event):
    """A desk that must know before us was told; the body is who answered there. 先转警"""

    name: ClassVar[str] = "response.desk_told"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("已转 %(desk)s，等对方确认收到")
    incident_id: int
    desk: Code


@dataclass(frozen=True, kw_only=True)
class DeskConfirmed(Event):
    """That desk said that it has it; the body is who said so. 转警已收到"""

    name: ClassVar[str] = "response.desk_confirmed"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("%(desk)s 已收到转警")
    incident_id: int
    desk: Code


@dataclass(frozen=True, kw_only=True)
class HandOverWithdrawn(Event):
    """It was marked by mistake: that desk has not been told. 撤回转警"""

    name: ClassVar[str] = "response.hand_over_withdrawn"
    says: ClassVar[str] = _("撤回“已转 %(desk)s”：还没有转出")
    incident_id: int
    desk: Code


@dataclass(frozen=True, kw_only=True)
class NoticeGiven(Event):
    """A unit that the law names was told of the accident; the body is which one. 事故通报"""

    name: ClassVar[str] = "response.notice_given"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("事故通报，%(way)s")
    incident_id: int
    notice_id: int
    way: Code

    def words(self) -> Mapping[str, object]:
        """The way in words."""
        return {"way": gettext(WAYS.get(self.way, self.way))}


@dataclass(frozen=True, kw_only=True)
class NoticeReceived(Event):
    """That unit has it; the body is which one and who took it. 事故通报已收到"""

    name: ClassVar[str] = "response.notice_received"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("事故通报已收到")
    incident_id: int
    notice_id: int


@dataclass(frozen=True, kw_only=True)
class NoticeWithdrawn(Event):
    """It was marked by mistake: that unit has not been told. 撤回事故通报"""

    name: ClassVar[str] = "response.notice_withdrawn"
    says: ClassVar[str] = _("撤回“已通报”：还没有通报")
    incident_id: int
    notice_id: int
