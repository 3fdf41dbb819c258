"""What this module tells the others. 对外通告的事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _
from qianjun.message.rules import INBOUND_STATES, InboundState, Purpose


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


@dataclass(frozen=True, kw_only=True)
class MessageAnswered(Event):
    """Somebody has answered a message that expected it; the body holds his words. 已应答"""

    name: ClassVar[str] = "message.answered"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("1 人已应答")
    message_id: int
    inbound_id: int
    purpose: Purpose


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event):
    """Something came in that answers no open question; the body holds the words. 收到来信"""

    name: ClassVar[str] = "message.received"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("收到 1 条%(state)s")
    inbound_id: int
    state: InboundState

    def words(self) -> Mapping[str, object]:
        """The state in words."""
        return {"state": gettext(INBOUND_STATES[self.state])}


@dataclass(frozen=True, kw_only=True)
class LinkFollowed(Event):
    """A simulated person has opened the link in a message and will act there. 模拟点开链接"""

    name: ClassVar[str] = "message.link_followed"
    says: ClassVar[str] = _("模拟人员点开了链接")
    on_desk: ClassVar[bool] = False
    message_id: int


@dataclass(frozen=True, kw_only=True)
class PeopleSwitched(Event):
    """The simulated people now behave like this. 模拟人员设置"""

    name: ClassVar[str] = "message.people_switched"
    says: ClassVar[str] = _("模拟人员的设置已更改")
    on_desk: ClassVar[bool] = False
    auto: bool
    accept_permille: int
    delay_ms: int
    silent_count: int
