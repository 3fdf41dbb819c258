"""Lists of reporting that are taken out: punctuality, and the rows behind it. 报送清单"""

from collections.abc import Iterator
from typing import Any, Final

from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.kinds import Asked, listing
from qianjun.response.queries.closing import lessons, whose_lesson
from qianjun.response.queries.punctuality import (
    period_of,
    punctual_rows,
    punctuality,
    state_said,
)

SUMS: Final = Table(
    name="punctuality",
    columns=(
        Column(field="step_said", zh=_("时限")),
        Column(field="unit_said", zh=_("单位")),
        Column(field="due", zh=_("应报"), kind="int"),
        Column(field="met", zh=_("按时"), kind="int"),
        Column(field="late", zh=_("超时"), kind="int"),
        Column(field="open", zh=_("未到期"), kind="int"),
        Column(field="median_min", zh=_("用时中位数（分钟）"), kind="int"),
    ),
)
ROWS: Final = Table(
    name="punctuality-rows",
    columns=(
        Column(field="number", zh=_("编号"), kind="code"),
        Column(field="title", zh=_("事件")),
        Column(field="unit", zh=_("单位")),
        Column(field="step", zh=_("时限")),
        Column(field="rule", zh=_("规则")),
        Column(field="basis", zh=_("依据")),
        Column(field="start", zh=_("起算")),
        Column(field="started_at", zh=_("起算时间"), kind="instant"),
        Column(field="due_at", zh=_("到期"), kind="instant"),
        Column(field="met_at", zh=_("完成"), kind="instant"),
        Column(field="state", zh=_("状态")),
        Column(field="took_min", zh=_("用时（分钟）"), kind="int"),
    ),
)
LESSONS: Final = Table(
    name="lessons",
    columns=(
        Column(field="text", zh=_("要改什么"), max_chars=1_000),
        Column(field="whose", zh=_("谁负责")),
        Column(field="due_on", zh=_("哪天前"), kind="date"),
        Column(field="done_at", zh=_("完成"), kind="instant"),
        Column(field="done_how", zh=_("怎样完成"), max_chars=500),
        Column(field="number", zh=_("编号"), kind="code"),
        Column(field="title", zh=_("事件")),
    ),
)


@listing(name="lessons", zh=_("整改事项"), permission="incident.read", table=LESSONS)
def lesson_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """The lessons of all incidents by ``state``. 整改事项"""
    for row in lessons(seen_by=by, state=asked.get("state", "")):
        yield {
            "text": row.text,
            "whose": whose_lesson(row),
            "due_on": row.due_on,
            "done_at": row.done_at,
            "done_how": row.done_how,
            "number": row.incident.number,
            "title": row.incident.title,
        }


@listing(name="punctuality", zh=_("时限统计"), permission="incident.read", table=SUMS)
def punctuality_rows(by: Actor, asked: Asked) -> Iterator[object]:
    """What was due per unit and step, between ``from`` and ``to``. 时限统计"""
    yield from punctuality(seen_by=by, period=period_of(asked.get("from", ""), asked.get("to", "")))


@listing(name="punctuality-rows", zh=_("时限明细"), permission="incident.read", table=ROWS)
def clock_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """The rows behind it, by ``unit``, ``step`` and ``state``. 时限明细"""
    period = period_of(asked.get("from", ""), asked.get("to", ""))
    chosen = {name: asked.get(name, "") for name in ("unit", "step", "state")}
    for one in punctual_rows(seen_by=by, period=period, **chosen):
        yield {
            "number": one.row.incident.number,
            "title": one.row.incident.title,
            "unit": one.row.unit.short_name,
            "step": one.step,
            "rule": one.title,
            "basis": one.rule,
            "start": one.start,
            "started_at": one.row.started_at,
            "due_at": one.row.due_at,
            "met_at": one.row.met_at,
            "state": state_said(one),
            "took_min": one.took_min,
        }
