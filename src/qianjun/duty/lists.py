"""Lists of the duty room that are taken out: the roster, the log. 值班清单"""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import get_language, gettext

from qianjun.duty.log.queries import asked_for, every_line
from qianjun.duty.rules.roster import POSTS
from qianjun.duty.shifts.queries import roster
from qianjun.journal.queries import Line
from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.text import mask_phones_in
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.kinds import ROWS_MOST, Asked, listing

KINDS: Final = {_("事实"): "fact", _("命令"): "order", _("反馈"): "feedback", _("系统"): "system"}
SHIFTS: Final = Table(
    name="shifts",
    columns=(
        Column(
            field="post",
            zh=_("岗位"),
            kind="choice",
            choices={word: code for code, word in POSTS.items()},
        ),
        Column(field="person", zh=_("姓名")),
        Column(field="unit", zh=_("单位")),
        Column(field="since", zh=_("起"), kind="instant"),
        Column(field="until", zh=_("止"), kind="instant"),
    ),
)
LOG: Final = Table(
    name="duty_log",
    columns=(
        Column(field="happened_at", zh=_("时间"), kind="instant"),
        Column(field="kind", zh=_("种类"), kind="choice", choices=KINDS),
        Column(field="text", zh=_("内容"), max_chars=5_000),
        Column(field="number", zh=_("事件编号"), kind="code"),
        Column(field="who", zh=_("谁")),
        Column(field="mark", zh=_("标注")),
        Column(field="at", zh=_("记录时间"), kind="instant"),
        Column(field="seq", zh=_("封存序号"), kind="int"),
    ),
)


@listing(name="shifts", zh=_("值班表"), permission="roster.read", table=SHIFTS)
def shift_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """The roster of the month that the page shows. 值班表"""
    for row in roster(seen_by=by, month=asked.get("month", "")).shifts:
        yield {
            "post": row.post.code,
            "person": row.person.name,
            "unit": row.person.unit.short_name,
            "since": row.since,
            "until": row.until,
        }


@listing(name="duty_log", zh=_("值班日志"), permission="duty_log.read", table=LOG)
def log_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """The log of the day that the page shows, whole. 值班日志"""
    part = asked_for(**{name: asked.get(name, "") for name in ("day", "span", "group")})
    english = (get_language() or "").startswith("en")
    for one in every_line(part, seen_by=by, most=ROWS_MOST + 1):
        line = one.line
        yield {
            "happened_at": line.happened_at,
            "kind": line.kind,
            "text": mask_phones_in(line.text_en if english else line.text_zh),
            "number": one.number,
            "who": one.who,
            "mark": gettext(_mark(line)) if _mark(line) else "",
            "at": line.at,
            "seq": line.seq,
        }


def _mark(line: Line) -> str:
    """Whether it was corrected, corrects another, or was written afterwards."""
    if line.corrected_by:
        return _("已更正")
    if line.corrects:
        return _("更正")
    return _("补录") if line.late_entry else ""
