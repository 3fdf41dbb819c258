"""Who is reminded by one key, and who was only just. 一键催办规则"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from qianjun.kernel.words import noop as _

AGAIN_AFTER: Final = timedelta(minutes=5)
TASK, LATE_TASK, NOTICE = "task", "late_task", "notice"
UPWARD, SIGNATURE, CALL = "upward", "signature", "call"
KINDS: Final[dict[str, str]] = {
    TASK: _("任务未签收"),
    LATE_TASK: _("任务超时未办结"),
    NOTICE: _("事故通报没有回执"),
    UPWARD: _("信息报送没有回执"),
    SIGNATURE: _("待签发"),
    CALL: _("叫应没有应答"),
}


@dataclass(frozen=True, kw_only=True)
class Owing:
    """Somebody who owes an answer: to what, since when, how often he was reminded. 欠答复的人

    ``message`` is the last one that went to him; a reminder says the same again.
    """

    kind: str
    incident: int
    incident_title: str
    what: str
    who: str
    since: datetime
    message: int
    reminders: int
    last_at: datetime

    def is_ready(self, now: datetime) -> bool:
        """Whether the last message lies back long enough."""
        return now - self.last_at >= AGAIN_AFTER
