"""What calling teams tells: ids and codes; the body is the team and what it said. 调队事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.force.rules.team_calls import ABOUT, ACTS
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _

WAYS: dict[str, str] = {"order": _("命令"), "request": _("请求"), "invitation": _("邀请")}


@dataclass(frozen=True, kw_only=True)
class TeamProposed(Event):
    """A team is proposed; nobody has been called yet. 建议调队"""

    name: ClassVar[str] = "force.team_proposed"
    says: ClassVar[str] = _("建议调队伍 %(wanted)s 人，待确认")
    team_call_id: int
    team_id: int
    wanted: int


@dataclass(frozen=True, kw_only=True)
class TeamCalled(Event):
    """Somebody confirmed it and the team is being called. 调队"""

    name: ClassVar[str] = "force.team_called"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("已调队伍（%(way)s）%(wanted)s 人")
    team_call_id: int
    team_id: int
    way: Code
    wanted: int

    def words(self) -> Mapping[str, object]:
        """The way in words."""
        return {"way": gettext(WAYS.get(self.way, self.way)), "wanted": self.wanted}


@dataclass(frozen=True, kw_only=True)
class TeamActed(Event):
    """A called team has answered, come or gone; the desk may have noted it. 队伍操作"""

    name: ClassVar[str] = "force.team_acted"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("队伍：%(act)s")
    on_desk: ClassVar[bool] = False
    team_call_id: int
    act: Code
    by_desk: bool

    def words(self) -> Mapping[str, object]:
        """The act in words."""
        return {"act": gettext(ACTS.get(self.act, self.act))}


@dataclass(frozen=True, kw_only=True)
class TeamStoodDown(Event):
    """A called team is wanted no more; who is on the way turns back. 解除队伍"""

    name: ClassVar[str] = "force.team_stood_down"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("解除队伍，通知 %(count)s 人")
    team_call_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class TeamWithdrawn(Event):
    """A proposed team is not called. 撤回调队建议"""

    name: ClassVar[str] = "force.team_withdrawn"
    says: ClassVar[str] = _("撤回调队伍的建议")
    team_call_id: int


@dataclass(frozen=True, kw_only=True)
class TeamStepDue(Event):
    """A simulated team does the next thing now. 模拟队伍下一步"""

    name: ClassVar[str] = "force.team_step_due"
    on_desk: ClassVar[bool] = False
    team_call_id: int
    act: Code

    @property
    def subject(self) -> tuple[str, str]:
        """Whose step it is."""
        return (ABOUT, str(self.team_call_id))
