"""What is told of what follows an incident: ids; words are in the body. 结案之后的事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class LessonAdded(Event):
    """Something is to be done better; the body is what, by whom, until when. 整改事项"""

    name: ClassVar[str] = "response.lesson_added"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("提出整改事项")
    incident_id: int
    lesson_id: int


@dataclass(frozen=True, kw_only=True)
class LessonDone(Event):
    """It has been done; the body is how. 整改完成"""

    name: ClassVar[str] = "response.lesson_done"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("整改事项已完成")
    incident_id: int
    lesson_id: int


@dataclass(frozen=True, kw_only=True)
class LessonWithdrawn(Event):
    """It was put down by mistake. 撤回整改事项"""

    name: ClassVar[str] = "response.lesson_withdrawn"
    says: ClassVar[str] = _("撤回一项整改事项")
    incident_id: int
    lesson_id: int


@dataclass(frozen=True, kw_only=True)
class PurgeNoted(Event):
    """A person says that the personal data of the incident is erased; the body is what. 已清除"""

    name: ClassVar[str] = "response.purge_noted"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("为处置收集的个人信息已清除")
    incident_id: int
