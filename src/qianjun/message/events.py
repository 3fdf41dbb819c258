"""What this module tells the others. 对外通告的事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _
from qianjun.message.rules import Purpose


@dataclass(frozen=True, kw_only=True)
class MessagesQueued(Event):
    """Texts to this many people wait in the outbox. 消息已排队"""

    name: ClassVar[str] = "message.queued"
    says: ClassVar[str] = _("已向 %(count)s 人发送消息")
    count: int
    purpose: Purpose
    rank: int


@dataclass(frozen=True, kw_only=True)
class PeopleCalled(MessagesQueued):
    """People who must answer are being called. 已发出叫应"""

    name: ClassVar[str] = "message.called"
    says: ClassVar[str] = _("已叫应 %(count)s 人")


@dataclass(frozen=True, kw_only=True)
class PeopleUnreached(Event):
    """Messages to this many people have failed for good and wait for a person. 未达"""

    name: ClassVar[str] = "message.unreached"
    says: ClassVar[str] = _("有 %(count)s 人未能通知到")
    count: int
    purpose: Purpose


@dataclass(frozen=True, kw_only=True)
class MessageRetried(Event):
    """An officer has put a failed message back into the outbox. 重新发送"""

    name: ClassVar[str] = "message.retried"
    says: ClassVar[str] = _("重新通知 1 人")
    message_id: int


@dataclass(frozen=True, kw_only=True)
class MessageDropped(Event):
    """An officer has settled a failed message by other means; the body says how. 人工了结"""

    name: ClassVar[str] = "message.dropped"
    says: ClassVar[str] = _("未达 1 人，已人工处理")
    message_id: int


@dataclass(frozen=True, kw_only=True)
class CarrierSwitched(Event):
    """The simulated carrier now serves a channel like this. 模拟运营商切换"""

    name: ClassVar[str] = "message.carrier_switched"
    says: ClassVar[str] = _("模拟通道 %(channel)s 的设置已更改")
    channel: Code
    down: bool
    delay_ms: int
    loss_permille: int
    repeat_receipts: int
