"""What a show tells. 演示事件"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from qianjun.journal.bus import Event
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class ShowStarted(Event):
    """Somebody has a story played. 演示开始"""

    name: ClassVar[str] = "drill.show_started"
    says: ClassVar[str] = _("演示开始")
    show_id: int


@dataclass(frozen=True, kw_only=True)
class ShowPaused(Event):
    """Somebody has stopped the clock of a show for a while. 演示暂停"""

    name: ClassVar[str] = "drill.show_paused"
    says: ClassVar[str] = _("演示暂停")
    show_id: int
    place: int


@dataclass(frozen=True, kw_only=True)
class ShowResumed(Event):
    """It goes on. 演示继续"""

    name: ClassVar[str] = "drill.show_resumed"
    says: ClassVar[str] = _("演示继续")
    show_id: int
    place: int


@dataclass(frozen=True, kw_only=True)
class ShowOver(Event):
    """It was played to its end, or somebody stopped it. 演示结束"""

    name: ClassVar[str] = "drill.show_over"
    says: ClassVar[str] = _("演示结束")
    show_id: int
    place: int
    how: Literal["played", "stopped"]
