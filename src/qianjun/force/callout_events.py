"""What call-outs tell: ids, codes and counts. 召集事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.force.rules.answering import ACTS
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
