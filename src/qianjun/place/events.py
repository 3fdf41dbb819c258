"""What the module tells: readings came, one was corrected. 领域事件"""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class ReadingsTaken(Event):
    """Readings of gauges came in; the last is named, the body says it. 收到读数"""

    name: ClassVar[str] = "place.readings_taken"
    says: ClassVar[str] = _("收到水情天气读数 %(count)s 条")
    reading_id: int
    gauge: Code
    count: int


@dataclass(frozen=True, kw_only=True)
class ReadingCorrected(Event):
    """A reading stands for a wrong one; the body says old, new and why. 更正读数"""

    name: ClassVar[str] = "place.reading_corrected"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("更正水情天气读数")
    reading_id: int
    corrected: int
    gauge: Code
