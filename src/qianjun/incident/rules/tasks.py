"""Until when a task may be due. 任务规则"""

from datetime import datetime, timedelta
from typing import Final

from qianjun.kernel.errors import FieldError
from qianjun.kernel.words import noop as _

DEADLINE: Final = "task"
RULE: Final = _("任务时限，由下达人定")
LATEST = timedelta(days=366)


def bad_due(at: datetime | None, *, now: datetime) -> FieldError | None:
    """Why a task cannot be due then. 时限界限"""
    if at is None:
        return None
    if at <= now:
        return FieldError(field="due_at", code="in_the_past", zh=_("时限已经过去，请改。"))
    if at > now + LATEST:
        return FieldError(field="due_at", code="too_far", zh=_("时限在一年以后，请改。"))
    return None
