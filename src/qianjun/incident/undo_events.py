"""What is told when an act is taken back. 撤销事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from qianjun.incident.rules.figures import FIGURES
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class FigureWithdrawn(Event):
    """Whoever had recorded a number took it back; it stays in the series, struck. 撤回数字"""

    name: ClassVar[str] = "incident.figure_withdrawn"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("%(figure)s %(value)s 已撤回，不再采用")
    incident_id: int
    figure_id: int
    figure_kind: Code
    value: int

    def words(self) -> Mapping[str, object]:
        """The number by its word."""
        return {
            "figure": gettext(FIGURES.get(self.figure_kind, self.figure_kind)),
            "value": self.value,
        }


@dataclass(frozen=True, kw_only=True)
class TaskReopened(Event):
    """A task was not done after all; the body says which and why. 任务恢复办理"""

    name: ClassVar[str] = "incident.task_reopened"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("任务恢复办理")
    incident_id: int
    task_id: int


@dataclass(frozen=True, kw_only=True)
class LetterRestored(Event):
    """A letter that was put aside waits on the desk again. 来信放回"""

    name: ClassVar[str] = "incident.letter_restored"
    says: ClassVar[str] = _("来信放回待分拣")
    letter_id: int
