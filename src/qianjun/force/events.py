"""What the module tells of teams and volunteers: ids and codes. 领域事件"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from qianjun.force import callout_events as callout_events  # read with the others
from qianjun.force import team_call_events as team_call_events
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """Something of a team is otherwise; the body is its name. 队伍已改"""

    name: ClassVar[str] = "force.team_changed"
    says: ClassVar[str] = _("修改队伍")
    on_desk: ClassVar[bool] = False
    team_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class MemberAdded(Event):
    """Somebody belongs to a team from now on; the body is the team. 队员加入"""

    name: ClassVar[str] = "force.member_added"
    says: ClassVar[str] = _("队员加入")
    on_desk: ClassVar[bool] = False
    team_id: int
    member_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(Event):
    """Somebody belongs to a team no more; the body is the team. 队员离开"""

    name: ClassVar[str] = "force.member_removed"
    says: ClassVar[str] = _("队员离开")
    on_desk: ClassVar[bool] = False
    team_id: int
    member_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class ReadinessSet(Event):
    """A team says whether it can come; the body is its name. 备勤状态"""

    name: ClassVar[str] = "force.readiness_set"
    says: ClassVar[str] = _("队伍备勤状态变更")
    on_desk: ClassVar[bool] = False
    team_id: int
    state: Code


@dataclass(frozen=True, kw_only=True)
class VolunteerPaused(Event):
    """A volunteer is not called until then. 志愿者暂停"""

    name: ClassVar[str] = "force.volunteer_paused"
    says: ClassVar[str] = _("1 名志愿者暂停召集")
    on_desk: ClassVar[bool] = False
    volunteer_id: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class VolunteerResumed(Event):
    """A volunteer may be called again. 志愿者恢复"""

    name: ClassVar[str] = "force.volunteer_resumed"
    says: ClassVar[str] = _("1 名志愿者恢复召集")
    on_desk: ClassVar[bool] = False
    volunteer_id: int
