"""What is told of responses: ids and levels, never words of people. 响应事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.journal.bus import Event
from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class OperationOpened(Event):
    """A response without an incident stands. 行动开始"""

    name: ClassVar[str] = "incident.operation_opened"
    says: ClassVar[str] = _("行动开始")
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class _OfActivation:
    """Something about one response; the body says which plan, and why."""

    kind: ClassVar[str] = "order"
    incident_id: int
    activation_id: int
    level: int

    def words(self) -> Mapping[str, object]:
        """The level in words."""
        return {"level": gettext(LEVEL_WORDS.get(self.level, str(self.level)))}


@dataclass(frozen=True, kw_only=True)
class ActivationProposed(_OfActivation, Event):
    """Whoever decides was asked to start a response. 启动建议"""

    name: ClassVar[str] = "incident.activation_proposed"
    says: ClassVar[str] = _("提请启动%(level)s响应")


@dataclass(frozen=True, kw_only=True)
class ActivationStarted(_OfActivation, Event):
    """A response runs. 启动响应"""

    name: ClassVar[str] = "incident.activation_started"
    says: ClassVar[str] = _("启动%(level)s响应")


@dataclass(frozen=True, kw_only=True)
class ActivationRefused(_OfActivation, Event):
    """Whoever decides said no. 未批准"""

    name: ClassVar[str] = "incident.activation_refused"
    says: ClassVar[str] = _("未批准启动%(level)s响应")


@dataclass(frozen=True, kw_only=True)
class LevelChanged(_OfActivation, Event):
    """A response was raised or lowered to this level. 调整响应级别"""

    name: ClassVar[str] = "incident.level_changed"
    says: ClassVar[str] = _("响应调整为%(level)s")
    before: int


@dataclass(frozen=True, kw_only=True)
class ActivationEnded(_OfActivation, Event):
    """A response is over. 终止响应"""

    name: ClassVar[str] = "incident.activation_ended"
    says: ClassVar[str] = _("终止%(level)s响应")


@dataclass(frozen=True, kw_only=True)
class ProposalWithdrawn(_OfActivation, Event):
    """Whoever proposed a response has taken that back. 撤回建议"""

    name: ClassVar[str] = "incident.proposal_withdrawn"
    says: ClassVar[str] = _("撤回启动%(level)s响应的建议")
