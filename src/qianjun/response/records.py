"""An incident with everything about it, and a response, as documents. 事件档案、响应记录"""

from collections.abc import Sequence
from typing import Any, Final

from qianjun.incident.activation_models import Activation
from qianjun.incident.lists import TASKS, task_rows
from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_card, incident_seen, timeline
from qianjun.incident.queries.activating import activation_seen, state_of_activation
from qianjun.incident.queries.figures import figure_series
from qianjun.incident.records import moment
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.grading import GRADES
from qianjun.journal.marking import mark_of
from qianjun.journal.rules import MARKS
from qianjun.kernel.paper import Block, Facts, Heading, Table, Text
from qianjun.kernel.sheets import Table as Columns
from qianjun.kernel.words import noop as _
from qianjun.media.queries import files_of
from qianjun.org.actor import Actor
from qianjun.org.listing.cells import cells_of
from qianjun.org.listing.paper import grid_of
from qianjun.org.listing.records import Told, recorded
from qianjun.response.queries.responses import Lane, lanes, lanes_of
from qianjun.response.queries.upward import name_said
from qianjun.response.upward_models import UpwardReport

LINES_MOST: Final = 1_000
LINES_AT_ONCE: Final = 200
NOTHING: Final = "无。"
STATES: Final = {"proposed": "待批准", "active": "响应中", "refused": "未批准", "ended": "已终止"}
TOLD: Final = Columns(
    name="told",
    columns=tuple(TASKS.by_field[name] for name in ("title", "lead", "stage", "due_at", "done_at")),
)
KINDS: Final = {"fact": "事实", "order": "命令", "feedback": "反馈", "system": "系统"}


@recorded(name="incident", zh=_("事件档案"), permission="incident.read")
def incident_told(by: Actor, ident: str) -> Told:
    """An incident from its first report to its end: facts, figures, what was done. 事件档案"""
    row = incident_seen(seen_by=by, incident_id=ident)
    body: tuple[Block, ...] = (
        Facts(rows=_facts(incident_card(seen_by=by, incident_id=ident), row)),
        Heading(text="数字变化"),
        *_or_nothing(_figures(by, ident)),
        Heading(text="应急响应"),
        *_or_nothing(_responses(lanes(seen_by=by, incident_id=ident))),
        Heading(text="任务"),
        *_or_nothing(_tasks(by, ident)),
        Heading(text="信息上报"),
        *_or_nothing(_upward(row)),
        Heading(text="记录"),
        *_log(by, ident),
        Heading(text="照片和文件"),
        *_or_nothing(_files(by, ident)),
    )
    mark = MARKS[mark_of(("incident", str(row.pk)))]
    return Told(title=f"{row.title}处置档案", number=row.number, mark=mark, body=body)


def _facts(card: dict[str, Any], row: Incident) -> tuple[tuple[str, str], ...]:
    figures = [
        f"{zh} {card['figures'][kind]['value']}"
        for kind, zh in FIGURES.items()
        if card["figures"][kind]
    ]
    grade = GRADES.get(row.grade, "未定") if row.grade else "未定"
    return (
        ("事件编号", row.number),
        ("类型", card["category_name"] or "待核"),
        ("事件分级", grade),
        ("地点", row.place_name or "待核"),
        ("发生时间", moment(row.occurred_at)),
        ("接报时间", moment(row.received_at)),
        ("结案时间", moment(row.closed_at)),
        ("接报份数", str(card["reports"])),
        ("最新数字", "，".join(figures) or "正在核实"),
    )


def _or_nothing(block: Table | None) -> tuple[Block, ...]:
    return (block,) if block is not None else (Text(text=NOTHING),)


def _table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table | None:
    return grid_of(titles, tuple(rows)) if rows else None


def _figures(by: Actor, ident: str) -> Table | None:
    rows = [
        (moment(one.at), FIGURES[one.kind], str(one.value), one.source, one.explanation or "—")
        for one in figure_series(seen_by=by, incident_id=ident)
        if one.stands and one.withdrawn_at is None
    ]
    return _table(("截至", "项目", "数字", "来源", "说明"), rows)


def _responses(found: list[Lane]) -> Table | None:
    rows = [
        (
            f"{one.title} {one.level_word}",
            one.authority,
            STATES[one.state],
            moment(one.row.started_at),
            moment(one.row.ended_at),
        )
        for one in found
    ]
    return _table(("预案和级别", "决定机关", "状态", "启动", "终止"), rows)


def _tasks(by: Actor, ident: str) -> Table | None:
    cells = cells_of(TOLD, task_rows(by, {"incident": ident}))
    return _table(tuple(column.zh for column in TOLD.columns), cells)


def _upward(row: Incident) -> Table | None:
    signed = UpwardReport.objects.filter(incident=row, signed_at__isnull=False).order_by("pk")
    rows = [(name_said(one.kind, one.ordinal), one.number, moment(one.signed_at)) for one in signed]
    return _table(("报告", "编号", "签发"), rows)


def _log(by: Actor, ident: str) -> tuple[Block, ...]:
    lines: list[dict[str, Any]] = []
    after: str | None = None
    while len(lines) < LINES_MOST:
        some, after = timeline(seen_by=by, incident_id=ident, after=after, limit=LINES_AT_ONCE)
        lines += some
        if after is None:
            break
    rows = tuple(
        (one["happened_at"][5:16].replace("T", " "), KINDS[one["kind"]], one["text_zh"], _who(one))
        for one in lines
    )
    more = () if after is None else (Text(text=f"只印前 {LINES_MOST} 条，其余请导出 Excel。"),)
    return (grid_of(("时间", "种类", "内容", "谁"), rows), *more) if rows else (Text(text=NOTHING),)


def _who(line: dict[str, Any]) -> str:
    return str(line["by"]["name_masked"] or "系统")


def _files(by: Actor, ident: str) -> Table | None:
    if not by.may("media.read"):
        return None
    rows = [
        (one.name or one.get_kind_display(), moment(one.received_at), one.sha256[:16])
        for one in files_of(seen_by=by, incident=ident)
    ]
    return _table(("名称", "收到", "摘要（前 16 位）"), rows)


@recorded(name="activation", zh=_("响应记录"), permission="incident.read")
def activation_told(by: Actor, ident: str) -> Told:
    """A response with its four elements: matters, level, expected duration, measures. 响应记录"""
    row: Activation = activation_seen(seen_by=by, activation_id=ident)
    (lane,) = lanes_of([row], by=by)
    facts = (
        ("事件", f"{row.incident.number} {row.incident.title}"),
        ("预案", f"{lane.title}（{row.plan_version}）"),
        ("响应级别", lane.level_word),
        ("决定机关", lane.authority),
        ("状态", STATES[state_of_activation(row)]),
        ("响应事项", row.matters or "—"),
        ("理由", row.why or "—"),
        ("提请", moment(row.proposed_at)),
        ("批准人", row.decided_by or lane.who or "—"),
        ("启动", moment(row.started_at)),
        ("预计至", moment(row.expected_until)),
        ("终止", moment(row.ended_at)),
        ("终止理由", row.end_why or "—"),
    )
    measures: tuple[Block, ...] = tuple(Text(text=one) for one in row.measures)
    body = (Facts(rows=facts), Heading(text="应急处置措施"), *(measures or (Text(text=NOTHING),)))
    title = f"{lane.title}{lane.level_word}响应记录"
    return Told(title=title, number=f"{row.incident.number}-{row.pk}", body=body)
