"""What is told when two incidents prove to be one. 并案事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class IncidentsMerged(Event):
    """Another incident is the same; this one leads. The body is its number and why. 并案"""

    name: ClassVar[str] = "incident.merged"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("并案：另一事件是同一件事，以本事件为主")
    incident_id: int
    merged_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentUnmerged(Event):
    """It was another one after all; the body is its number and why. 拆分并案"""

    name: ClassVar[str] = "incident.unmerged"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("拆分：并入的事件是另一件事")
    incident_id: int
    merged_id: int
