"""What call-outs tell: ids, codes and counts. 召集事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.force.rules.answering import ACTS
from qianjun.force.rules.mandates import ENDS
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class WaveProposed(Event):
    """A wave is proposed; nobody has been called yet. 建议召集"""

    name: ClassVar[str] = "force.wave_proposed"
    says: ClassVar[str] = _("建议召集：需 %(need)s 人，第 %(rank)s 批通知 %(count)s 人")
    callout_id: int
    rank: int
    need: int
    count: int
    permille: int


@dataclass(frozen=True, kw_only=True)
class WaveSent(Event):
    """Somebody confirmed a wave and its people are being called. 发出召集"""

    name: ClassVar[str] = "force.wave_sent"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("已召集第 %(rank)s 批 %(count)s 人")
    callout_id: int
    rank: int
    count: int


@dataclass(frozen=True, kw_only=True)
class CallActed(Event):
    """Somebody who was called has answered, come or gone. 应召"""

    name: ClassVar[str] = "force.call_acted"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("1 名志愿者：%(act)s")
    on_desk: ClassVar[bool] = False
    callout_id: int
    called_id: int
    act: Code

    def words(self) -> Mapping[str, object]:
        """The act in words."""
        return {"act": gettext(ACTS.get(self.act, self.act))}


@dataclass(frozen=True, kw_only=True)
class CallOutEnough(Event):
    """Enough people come; everybody else need not. 够了停召"""

    name: ClassVar[str] = "force.callout_enough"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("够了，停止召集；通知 %(count)s 人不用来")
    callout_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class CallOutStoodDown(Event):
    """Nobody is wanted any more; who is on his way turns back. 解除召集"""

    name: ClassVar[str] = "force.callout_stood_down"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("解除召集；通知 %(count)s 人返回")
    callout_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class CallOutEnded(Event):
    """Everybody is accounted for; the body says how, when some had not said so. 召集结束"""

    name: ClassVar[str] = "force.callout_ended"
    says: ClassVar[str] = _("召集结束，到场 %(came)s 人")
    callout_id: int
    came: int
    unaccounted: int


@dataclass(frozen=True, kw_only=True)
class StepDue(Event):
    """A simulated volunteer does the next thing now. 模拟志愿者下一步"""

    name: ClassVar[str] = "force.step_due"
    on_desk: ClassVar[bool] = False
    callout_id: int
    called_id: int
    act: Code

    @property
    def subject(self) -> tuple[str, str]:
        """Whose step it is."""
        return ("called", str(self.called_id))


@dataclass(frozen=True, kw_only=True)
class MandateGiven(Event):
    """An officer lets the house confirm further waves, so far and so long. 授权续召"""

    name: ClassVar[str] = "force.mandate_given"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("授权系统续召：总共最多邀请 %(max_people)s 人，到 %(until)s 为止")
    callout_id: int
    mandate_id: int
    max_people: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class MandateEnded(Event):
    """The house confirms no further wave. 续召授权结束"""

    name: ClassVar[str] = "force.mandate_ended"
    says: ClassVar[str] = _("自动续召结束（%(why)s），总共邀请 %(invited)s 人")
    callout_id: int
    mandate_id: int
    why: Code
    invited: int

    def words(self) -> Mapping[str, object]:
        """The reason in words."""
        return {"why": gettext(ENDS.get(self.why, self.why)), "invited": self.invited}


@dataclass(frozen=True, kw_only=True)
class WaveSentByMandate(Event):
    """The house called a wave within a mandate; the body is the officer, masked. 自动续召"""

    name: ClassVar[str] = "force.wave_sent_by_mandate"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _(
        "系统按授权召集第 %(rank)s 批 %(count)s 人，还可召集 %(left)s 人，授权人"
    )
    callout_id: int
    mandate_id: int
    rank: int
    count: int
    left: int


@dataclass(frozen=True, kw_only=True)
class LookDue(Event):
    """The answers of a call-out are looked at again, within a mandate. 该看答复"""

    name: ClassVar[str] = "force.look_due"
    on_desk: ClassVar[bool] = False
    mandate_id: int
    look: int

    @property
    def subject(self) -> tuple[str, str]:
        """Whose look it is."""
        return ("mandate", str(self.mandate_id))
