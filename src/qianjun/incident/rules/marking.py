"""Which record may carry which mark, and what a mark allows. 标记规则"""

from typing import Final

from qianjun.journal.rules import MARKS, RECORDS
from qianjun.kernel.words import noop as _

WHY_MOST: Final = 200
NO_SUCH_RECORD: Final = ("unknown_kind", _("没有这种记录。"), 422)
NO_SUCH_MARK: Final = ("unknown_mark", _("没有这种标记，请从列表中选择。"), 422)
NOT_WHOLE: Final = (
    "not_whole",
    _("整个事件不能标为不得录入：请逐条标记有问题的接报、条目或文件。"),
    422,
)
SAME: Final = ("already_marked", _("已经是这个标记。"), 409)
KEPT_BACK: Final = ("kept_back", _("这条记录标为不得录入后不再放出，只能依法删除。"), 409)
# what can be put back from the journal: lines themselves, reports, letters
SHOWN_AGAIN: Final = (
    "report",
    "incident.fact_noted",
    "incident.feedback_noted",
    "incident.order_noted",
    "incident.report_joined",
    "incident.report_taken",
    "message.answered",
    "message.received",
)
Fault = tuple[str, str, int]


def marking_fault(kind: str, *, old: str, new: str, name: str) -> Fault | None:
    """Code, sentence and status when this record may not go from one mark to the other. 能否标记"""
    if kind not in RECORDS:
        return NO_SUCH_RECORD
    if new not in MARKS:
        return NO_SUCH_MARK
    if new == old:
        return SAME
    if new == "barred" and kind == "incident":
        return NOT_WHOLE
    if old == "barred" and name not in SHOWN_AGAIN:
        return KEPT_BACK
    return None


def marks_for(kind: str) -> dict[str, str]:
    """The marks that a record of this kind can have. 可选标记"""
    return {mark: zh for mark, zh in MARKS.items() if (kind, mark) != ("incident", "barred")}


def may_be_copied(kind: str, mark: str) -> bool:
    """Whether its words may be passed on: public ones, and never a report's. 能否复制"""
    return mark == "public" and kind == "entry"
