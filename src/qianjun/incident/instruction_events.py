"""What is told of instructions and calls: ids and codes; words are in the body. 来文与电话事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.incident.rules.instructions import HOW, REPLY_WAYS, WAYS
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class InstructionTaken(Event):
    """An order from above was taken in; the body is from whom and what. 收到来文"""

    name: ClassVar[str] = "incident.instruction_taken"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("收到%(way)s")
    instruction_id: int
    way: Code

    def words(self) -> Mapping[str, object]:
        """The way in words."""
        return {"way": gettext(WAYS.get(self.way, self.way))}


@dataclass(frozen=True, kw_only=True)
class InstructionLinked(Event):
    """An instruction is about this incident; the body is its number and title. 来文关联事件"""

    name: ClassVar[str] = "incident.instruction_linked"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("关联来文")
    instruction_id: int
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class _OfInstruction:
    """Something about one instruction."""

    instruction_id: int


@dataclass(frozen=True, kw_only=True)
class InstructionCorrected(_OfInstruction, Event):
    """What was taken in read otherwise; the body is old and new, and why. 更正来文"""

    name: ClassVar[str] = "incident.instruction_corrected"
    says: ClassVar[str] = _("更正来文登记")


@dataclass(frozen=True, kw_only=True)
class InstructionProposed(_OfInstruction, Event):
    """An officer has said what he proposes; the body is it. 拟办"""

    name: ClassVar[str] = "incident.instruction_proposed"
    says: ClassVar[str] = _("拟办意见")
    opinion_id: int


@dataclass(frozen=True, kw_only=True)
class InstructionDirected(_OfInstruction, Event):
    """A leader has directed what is done; the body is who and what. 批示"""

    name: ClassVar[str] = "incident.instruction_directed"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("领导批示（%(how)s）")
    opinion_id: int
    how: Code

    def words(self) -> Mapping[str, object]:
        """How it reached the desk, in words."""
        return {"how": gettext(HOW.get(self.how, self.how))}


@dataclass(frozen=True, kw_only=True)
class OpinionWithdrawn(_OfInstruction, Event):
    """A proposal or a directive was recorded by mistake. 撤回意见"""

    name: ClassVar[str] = "incident.opinion_withdrawn"
    says: ClassVar[str] = _("撤回意见")
    opinion_id: int


@dataclass(frozen=True, kw_only=True)
class InstructionClosed(_OfInstruction, Event):
    """It is done with; the body is what came of it, and why something was left open. 办结来文"""

    name: ClassVar[str] = "incident.instruction_closed"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("来文办结")


@dataclass(frozen=True, kw_only=True)
class InstructionReopened(_OfInstruction, Event):
    """It is being handled again; the body is why. 重新办理"""

    name: ClassVar[str] = "incident.instruction_reopened"
    says: ClassVar[str] = _("来文重新办理")


@dataclass(frozen=True, kw_only=True)
class InstructionOverdue(_OfInstruction, Event):
    """The sender wanted an answer by now and has none. 超时未回复"""

    name: ClassVar[str] = "incident.instruction_overdue"
    says: ClassVar[str] = _("来文回复超时")


@dataclass(frozen=True, kw_only=True)
class InstructionReplied(_OfInstruction, Event):
    """The sender has an answer; the body is what, and who took it. 回复来文单位"""

    name: ClassVar[str] = "incident.instruction_replied"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("已回复来文单位，%(way)s")
    reply_id: int
    way: Code

    def words(self) -> Mapping[str, object]:
        """The way in words."""
        return {"way": gettext(REPLY_WAYS.get(self.way, self.way))}


@dataclass(frozen=True, kw_only=True)
class ReplyWithdrawn(_OfInstruction, Event):
    """An answer was noted by mistake: the sender has none. 撤回回复"""

    name: ClassVar[str] = "incident.reply_withdrawn"
    says: ClassVar[str] = _("撤回“已回复”")
    reply_id: int


@dataclass(frozen=True, kw_only=True)
class _OfReferral:
    """Something about one referral; the body says whose, and what was said."""

    instruction_id: int
    referral_id: int


@dataclass(frozen=True, kw_only=True)
class InstructionReferred(_OfReferral, Event):
    """Somebody has to do something about it. 转办"""

    name: ClassVar[str] = "incident.instruction_referred"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("转办")


@dataclass(frozen=True, kw_only=True)
class ReferralAccepted(_OfReferral, Event):
    """Whoever has it has signed for it. 签收转办"""

    name: ClassVar[str] = "incident.referral_accepted"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("签收转办")
    step_id: int


@dataclass(frozen=True, kw_only=True)
class ReferralProgressed(_OfReferral, Event):
    """Whoever has it says how it goes. 转办进展"""

    name: ClassVar[str] = "incident.referral_progressed"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("转办进展")
    step_id: int


@dataclass(frozen=True, kw_only=True)
class ReferralAnswered(_OfReferral, Event):
    """Whoever has it says what was done. 转办反馈"""

    name: ClassVar[str] = "incident.referral_answered"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("转办反馈")
    step_id: int


@dataclass(frozen=True, kw_only=True)
class ReferralReminded(_OfReferral, Event):
    """Whoever has it was reminded. 催办转办"""

    name: ClassVar[str] = "incident.referral_reminded"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("催办，第 %(reminder)s 次")
    reminder: int


@dataclass(frozen=True, kw_only=True)
class ReferralWithdrawn(_OfReferral, Event):
    """He need not do it; the body is why. 撤回转办"""

    name: ClassVar[str] = "incident.referral_withdrawn"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("撤回转办")


@dataclass(frozen=True, kw_only=True)
class ReferralOverdue(_OfReferral, Event):
    """It was to be answered by now and is not. 转办超时"""

    name: ClassVar[str] = "incident.referral_overdue"
    says: ClassVar[str] = _("转办超时未反馈")


@dataclass(frozen=True, kw_only=True)
class PhoneRecorded(Event):
    """A call that is no incident was written down; the body is who and what. 电话记录"""

    name: ClassVar[str] = "incident.phone_recorded"
    says: ClassVar[str] = _("电话记录")
    record_id: int


@dataclass(frozen=True, kw_only=True)
class PhoneRecordCorrected(Event):
    """The record of a call read otherwise; the body is old and new, and why. 更正电话记录"""

    name: ClassVar[str] = "incident.phone_record_corrected"
    says: ClassVar[str] = _("更正电话记录")
    record_id: int


@dataclass(frozen=True, kw_only=True)
class PhoneRecordTurned(Event):
    """The call became an instruction or a report. 电话记录转办"""

    name: ClassVar[str] = "incident.phone_record_turned"
    says: ClassVar[str] = _("电话记录已转办")
    record_id: int
    instruction_id: int | None = None
    report_id: int | None = None
