"""What the duty desk tells. 值班事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class LeaderNotCalled(Event):
    """An incident was opened and nobody holds the leader's post. 无人可叫应"""

    name: ClassVar[str] = "duty.leader_not_called"
    says: ClassVar[str] = _("没有带班领导在岗，未能叫应，请电话报告局领导")
    incident_id: int
