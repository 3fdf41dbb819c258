"""What the incident module tells: ids, codes and numbers, never words of people. 领域事件"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.utils.translation import gettext

from qianjun.incident.categories import category_said
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.grading import GRADES
from qianjun.incident.rules.told import CHANNELS, JOINED, SOURCES
from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _

NO_CATEGORY: Final = "none"
UNSETTLED: Final = _("未定")


def _category_word(code: str | None) -> str:
    if code in (None, NO_CATEGORY):
        return gettext(UNSETTLED)
    return category_said(code or "") or str(code)


def _figure_word(kind: str) -> str:
    return gettext(FIGURES.get(kind, kind))


@dataclass(frozen=True, kw_only=True)
class ReportTaken(Event):
    """A report was taken in; the body is what was said. 接报"""

    name: ClassVar[str] = "incident.report_taken"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("%(whose)s报告（%(how)s）")
    report_id: int
    incident_id: int
    joined: Code
    channel: Code
    source: Code

    def words(self) -> Mapping[str, object]:
        """Who told it, and what became of it."""
        whose = SOURCES.get(self.source) or CHANNELS.get(self.channel, self.channel)
        return {"whose": gettext(whose), "how": gettext(JOINED.get(self.joined, self.joined))}


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(Event):
    """A new incident stands. 立案"""

    name: ClassVar[str] = "incident.opened"
    says: ClassVar[str] = _("事件立案")
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class ReportJoined(Event):
    """A person moved a report here from another incident. 归并"""

    name: ClassVar[str] = "incident.report_joined"
    says: ClassVar[str] = _("一份报告归入本事件")
    report_id: int
    incident_id: int
    from_incident_id: int


@dataclass(frozen=True, kw_only=True)
class ReportSplit(Event):
    """A person moved a report from here to another incident. 拆出"""

    name: ClassVar[str] = "incident.report_split"
    says: ClassVar[str] = _("一份报告从本事件拆出")
    report_id: int
    incident_id: int
    to_incident_id: int


@dataclass(frozen=True, kw_only=True)
class JoinConfirmed(Event):
    """A person agreed to an automatic join. 确认归并"""

    name: ClassVar[str] = "incident.join_confirmed"
    says: ClassVar[str] = _("自动归并已由人工确认")
    report_id: int
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class FactNoted(Event):
    """Somebody noted what is. 事实"""

    name: ClassVar[str] = "incident.fact_noted"
    kind: ClassVar[str] = "fact"
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class OrderNoted(Event):
    """Somebody noted an order that was given. 命令"""

    name: ClassVar[str] = "incident.order_noted"
    kind: ClassVar[str] = "order"
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class FeedbackNoted(Event):
    """Somebody noted what came back on an order. 反馈"""

    name: ClassVar[str] = "incident.feedback_noted"
    kind: ClassVar[str] = "feedback"
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class FigureRecorded(Event):
    """A number became known; the body is its source and explanation. 报数"""

    name: ClassVar[str] = "incident.figure_recorded"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("%(figure)s %(value)s")
    incident_id: int
    figure_id: int
    figure_kind: Code
    value: int

    def words(self) -> Mapping[str, object]:
        """The number by its word."""
        return {"figure": _figure_word(self.figure_kind), "value": self.value}


@dataclass(frozen=True, kw_only=True)
class FiguresReported(Event):
    """A report brought numbers; ``waiting`` ones jump and wait for an explanation. 随报数字"""

    name: ClassVar[str] = "incident.figures_reported"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _(
        "报告中的数字：%(figures)s（采用 %(standing)s 项，待说明 %(waiting)s 项）"
    )
    incident_id: int
    report_id: int
    dead: int | None = None
    missing: int | None = None
    serious: int | None = None
    injured: int | None = None
    evacuated: int | None = None
    loss_yuan: int | None = None
    standing: int = 0
    waiting: int = 0

    def words(self) -> Mapping[str, object]:
        """The numbers by their words."""
        told = {kind: getattr(self, kind) for kind in FIGURES}
        shown = (f"{_figure_word(k)} {v}" for k, v in told.items() if v is not None)
        return {"figures": " · ".join(shown), "standing": self.standing, "waiting": self.waiting}


@dataclass(frozen=True, kw_only=True)
class GradeConfirmed(Event):
    """A person confirmed the grade; the body is why. 定级"""

    name: ClassVar[str] = "incident.grade_confirmed"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("事件分级定为%(grade)s")
    incident_id: int
    grade: int
    suggested: int | None = None

    def words(self) -> Mapping[str, object]:
        """The grade by its word."""
        return {"grade": gettext(GRADES.get(self.grade, str(self.grade)))}


@dataclass(frozen=True, kw_only=True)
class TaskOpened(Event):
    """Somebody was given something to do; the body says what, whom and until when. 下达任务"""

    name: ClassVar[str] = "incident.task_opened"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("任务")
    incident_id: int
    task_id: int


@dataclass(frozen=True, kw_only=True)
class TaskDone(Event):
    """A task is done; the body says which and what came of it. 任务办结"""

    name: ClassVar[str] = "incident.task_done"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("任务办结")
    incident_id: int
    task_id: int


@dataclass(frozen=True, kw_only=True)
class TaskDropped(Event):
    """A task need not be done; the body says which and why. 撤销任务"""

    name: ClassVar[str] = "incident.task_dropped"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("任务撤销")
    incident_id: int
    task_id: int


@dataclass(frozen=True, kw_only=True)
class TaskAccepted(Event):
    """Somebody has signed for a task; the body says which and who. 任务签收"""

    name: ClassVar[str] = "incident.task_accepted"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("任务已签收")
    incident_id: int
    task_id: int
    step_id: int


@dataclass(frozen=True, kw_only=True)
class TaskProgressed(Event):
    """Somebody told how a task goes; the body says which and how. 任务进展"""

    name: ClassVar[str] = "incident.task_progressed"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("任务进展")
    incident_id: int
    task_id: int
    step_id: int


@dataclass(frozen=True, kw_only=True)
class TaskHelpAsked(Event):
    """Somebody cannot do a task alone; the body says which and what he needs. 任务求助"""

    name: ClassVar[str] = "incident.task_help_asked"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("任务求助")
    incident_id: int
    task_id: int
    step_id: int


@dataclass(frozen=True, kw_only=True)
class TaskReassigned(Event):
    """A task was given to somebody else; the body says which, to whom and why. 任务转交"""

    name: ClassVar[str] = "incident.task_reassigned"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("任务转交")
    incident_id: int
    task_id: int
    charge_id: int


@dataclass(frozen=True, kw_only=True)
class TaskReminded(Event):
    """Who has not signed was reminded; the body says of which task. 催办"""

    name: ClassVar[str] = "incident.task_reminded"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("第 %(reminder)s 次催办")
    incident_id: int
    task_id: int
    reminder: int


@dataclass(frozen=True, kw_only=True)
class TaskOverdue(Event):
    """The time of a task went by and it is not done; the body says which. 任务超时"""

    name: ClassVar[str] = "incident.task_overdue"
    says: ClassVar[str] = _("任务超时")
    incident_id: int
    task_id: int


@dataclass(frozen=True, kw_only=True)
class FactsSettled(Event):
    """A person settled title, category, place or time; the body says what they are now. 核定要素

    ``category`` is the code it has now, ``none`` when it was emptied, nothing when it was left
    alone; entries of version 1 have its Chinese name in the body.
    """

    name: ClassVar[str] = "incident.facts_settled"
    version: ClassVar[int] = 2
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("事件要素已核定")
    says_category: ClassVar[str] = _("事件要素已核定，类型为%(category)s")
    incident_id: int
    category: Code | None = None

    @property
    def sentence(self) -> str:
        """With the category when it was settled."""
        return self.says if self.category is None else self.says_category

    def words(self) -> Mapping[str, object]:
        """The category by its name."""
        return {"category": _category_word(self.category)}

    @staticmethod
    def upcast_v1(payload: dict[str, Any]) -> dict[str, Any]:
        """Version 1 did not tell the category apart."""
        return {**payload, "category": None}


@dataclass(frozen=True, kw_only=True)
class SettlingUndone(Event):
    """A person took the last settling back; the body says what the facts are again. 撤回核定

    ``category`` as in ``FactsSettled``.
    """

    name: ClassVar[str] = "incident.settling_undone"
    version: ClassVar[int] = 2
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("撤回上次核定，恢复为")
    says_category: ClassVar[str] = _("撤回上次核定，类型恢复为%(category)s")
    incident_id: int
    category: Code | None = None

    @property
    def sentence(self) -> str:
        """With the category when it is another again."""
        return self.says if self.category is None else self.says_category

    def words(self) -> Mapping[str, object]:
        """The category by its name."""
        return {"category": _category_word(self.category)}

    @staticmethod
    def upcast_v1(payload: dict[str, Any]) -> dict[str, Any]:
        """Version 1 did not tell the category apart."""
        return {**payload, "category": None}


@dataclass(frozen=True, kw_only=True)
class LetterWaits(Event):
    """Something came in that may be a report and waits for a person. 来信待分拣"""

    name: ClassVar[str] = "incident.letter_waits"
    says: ClassVar[str] = _("一条来信待分拣")
    letter_id: int
    inbound_id: int


@dataclass(frozen=True, kw_only=True)
class LetterTaken(Event):
    """A letter was taken in as a report. 来信立案"""

    name: ClassVar[str] = "incident.letter_taken"
    says: ClassVar[str] = _("由来信录入")
    letter_id: int
    report_id: int


@dataclass(frozen=True, kw_only=True)
class LetterPutAside(Event):
    """A letter is no report; the body is why. 来信不立案"""

    name: ClassVar[str] = "incident.letter_put_aside"
    says: ClassVar[str] = _("来信未立案")
    letter_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(Event):
    """The incident is over; ``merged_into`` when it turned out to be another one. 结案"""

    name: ClassVar[str] = "incident.closed"
    says: ClassVar[str] = _("事件结案")
    incident_id: int
    merged_into: int | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentReopened(Event):
    """The incident is open again; the body is the reason. 重新启动"""

    name: ClassVar[str] = "incident.reopened"
    says: ClassVar[str] = _("事件重新打开")
    incident_id: int
