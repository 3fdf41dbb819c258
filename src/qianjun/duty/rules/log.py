"""Which entries a duty log holds, by day or by shift. 值班日志规则"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from qianjun.duty.rules.roster import SHIFT_HOUR
from qianjun.kernel.clock import BEIJING
from qianjun.kernel.words import noop as _

DAY, SHIFT = "day", "shift"
SPANS: Final[dict[str, str]] = {DAY: _("0 时至 24 时"), SHIFT: _("8 时至次日 8 时")}
KINDS: Final = ("fact", "order", "feedback")
NOTED: Final = "duty.noted"
# each of many people answers a call-out; waves and sums are in the log
NOT_LOGGED: Final = ("force.call_acted",)
# what the house does by itself and a log must say nevertheless
BESIDE: Final = (
    *("confirm.exhausted", "confirm.met", "confirm.step_taken", "duty.bulletin_drafted"),
    *("duty.leader_not_called", "duty.shift_began", "duty.shift_changed", "duty.shift_entered"),
    *("duty.shift_removed", "duty.shift_restored", "incident.closed", "incident.letter_put_aside"),
    *("incident.letter_taken", "incident.opened", "incident.operation_opened"),
    *("incident.reopened", "incident.task_overdue", "journal.body_erased"),
    *("journal.deadline_passed", "media.attached", "message.called", "message.dropped"),
    *("message.unreached", "response.delivery_withdrawn", "response.hand_over_withdrawn"),
    "response.notice_withdrawn",
)
# what a reader asks for; the names of their entries, or how they begin
GROUPS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "taken": (
        _("接报"),
        ("incident.report_", "incident.opened", "incident.operation_", "incident.letter_"),
    ),
    "ordered": (_("指令"), ()),
    "reported": (
        _("报送"),
        ("response.upward_", "response.notice_", "response.desk_", "duty.bulletin_"),
    ),
    "called": (_("叫应"), ("confirm.", "message.", "duty.leader_", "force.wave_", "force.team_")),
    "closed": (_("办结"), ("incident.closed", "incident.reopened", "incident.task_done")),
    "duty": (_("值守"), ("duty.shift_", "duty.hand_over_")),
    "noted": (_("手记"), (NOTED, "incident.fact_", "incident.order_", "incident.feedback_")),
}
ORDERED: Final = "ordered"


def day_of(word: str, *, now: datetime) -> date:
    """The day that ``YYYY-MM-DD`` names, else today's in Beijing. 日期"""
    try:
        return date.fromisoformat(word) if len(word) == 10 and word.isascii() else _today(now)
    except ValueError:
        return _today(now)


def _today(now: datetime) -> date:
    return now.astimezone(BEIJING).date()


def span_of(day: date, span: str) -> tuple[datetime, datetime]:
    """From when to when a day or the shift that begins on it lasts. 起止"""
    hour = SHIFT_HOUR if span == SHIFT else 0
    since = datetime.combine(day, time(hour), tzinfo=BEIJING)
    return since.astimezone(UTC), (since + timedelta(days=1)).astimezone(UTC)
