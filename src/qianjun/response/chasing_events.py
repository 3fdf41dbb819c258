"""What is told when everybody is reminded by one key. 一键催办事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class EverybodyReminded(Event):
    """Whoever owed an answer about an incident was reminded, once each. 一键催办"""

    name: ClassVar[str] = "response.everybody_reminded"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("一键催办，提醒 %(count)s 人次")
    incident_id: int
    count: int
