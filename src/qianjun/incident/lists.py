"""Lists of incidents that are taken out: incidents, the log and the tasks of one. 事件清单"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.utils.translation import get_language

from qianjun.incident.models import Incident
from qianjun.incident.queries import incidents, tasks_of, timeline
from qianjun.incident.queries.cards import cards
from qianjun.incident.queries.instructions import (
    due_next,
    instructions,
    open_instructions,
    stage_now,
    standing,
)
from qianjun.incident.queries.phone_records import phone_records
from qianjun.incident.queries.tasks import last_word, overdue, stage_of, supporting_of
from qianjun.incident.rules import instructions as rules
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.grading import GRADES
from qianjun.incident.rules.tasks import STAGES
from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.kinds import ROWS_MOST, Asked, listing
from qianjun.org.rules import masked_name

STATES: Final = {_("处置中"): "open", _("已结案"): "closed"}
LINES_AT_ONCE: Final = 200
KINDS: Final = {_("事实"): "fact", _("命令"): "order", _("反馈"): "feedback", _("系统"): "system"}

INCIDENTS: Final = Table(
    name="incidents",
    columns=(
        Column(field="number", zh=_("编号"), kind="code"),
        Column(field="title", zh=_("标题")),
        Column(field="category_name", zh=_("类型")),
        Column(
            field="grade",
            zh=_("事件分级"),
            kind="choice",
            choices={word: str(n) for n, word in GRADES.items()},
        ),
        Column(field="place_name", zh=_("地点")),
        Column(field="occurred_at", zh=_("发生时间"), kind="instant"),
        Column(field="received_at", zh=_("接报时间"), kind="instant"),
        Column(field="closed_at", zh=_("结案时间"), kind="instant"),
        Column(field="state", zh=_("状态"), kind="choice", choices=STATES),
        Column(field="reports", zh=_("接报份数"), kind="int"),
        *(Column(field=kind, zh=zh, kind="int") for kind, zh in FIGURES.items()),
        Column(field="tasks_open", zh=_("未办结任务"), kind="int"),
        Column(field="tasks_done", zh=_("已办结任务"), kind="int"),
    ),
)
LOG: Final = Table(
    name="log",
    columns=(
        Column(field="happened_at", zh=_("时间"), kind="instant"),
        Column(field="recorded_at", zh=_("记录时间"), kind="instant"),
        Column(field="kind", zh=_("种类"), kind="choice", choices=KINDS),
        Column(field="text", zh=_("内容"), max_chars=5_000),
        Column(field="who", zh=_("谁")),
        Column(field="late_entry", zh=_("补录"), kind="bool"),
        Column(field="seq", zh=_("封存序号"), kind="int"),
    ),
)
TASKS: Final = Table(
    name="tasks",
    columns=(
        Column(field="title", zh=_("任务")),
        Column(field="lead", zh=_("牵头单位")),
        Column(field="supporting", zh=_("配合单位")),
        Column(field="person", zh=_("负责人")),
        Column(
            field="stage",
            zh=_("状态"),
            kind="choice",
            choices={word: code for code, word in STAGES.items()},
        ),
        Column(field="opened_at", zh=_("下达时间"), kind="instant"),
        Column(field="due_at", zh=_("时限"), kind="instant"),
        Column(field="accepted_at", zh=_("签收时间"), kind="instant"),
        Column(field="done_at", zh=_("办结时间"), kind="instant"),
        Column(field="late", zh=_("超时"), kind="bool"),
        Column(field="said", zh=_("最后一句"), max_chars=2_000),
    ),
)


def _choice(field: str, zh: str, words: dict[str, str]) -> Column:
    return Column(
        field=field, zh=zh, kind="choice", choices={word: code for code, word in words.items()}
    )


INSTRUCTIONS: Final = Table(
    name="instructions",
    columns=(
        Column(field="number", zh=_("编号"), kind="code"),
        Column(field="title", zh=_("标题")),
        Column(field="sender", zh=_("来文单位")),
        Column(field="their_number", zh=_("来文字号")),
        _choice("way", _("方式"), rules.WAYS),
        _choice("urgency", _("紧急程度"), rules.URGENCIES),
        Column(field="received_at", zh=_("收到时间"), kind="instant"),
        _choice("stage", _("环节"), rules.STAGES),
        Column(field="referrals", zh=_("转办"), kind="int"),
        Column(field="unanswered", zh=_("未反馈"), kind="int"),
        Column(field="due_at", zh=_("时限"), kind="instant"),
        Column(field="replied_at", zh=_("回复时间"), kind="instant"),
        Column(field="closed_at", zh=_("办结时间"), kind="instant"),
        Column(field="outcome", zh=_("办理结果"), max_chars=1_000),
    ),
)
CALLS: Final = Table(
    name="phone-records",
    columns=(
        Column(field="number", zh=_("编号"), kind="code"),
        Column(field="at", zh=_("时间"), kind="instant"),
        _choice("direction", _("来去电"), rules.DIRECTIONS),
        Column(field="who", zh=_("对方")),
        Column(field="phone", zh=_("对方号码")),
        _choice("matter", _("事由"), rules.MATTERS),
        Column(field="text", zh=_("内容"), max_chars=5_000),
        Column(field="done_text", zh=_("处理情况"), max_chars=1_000),
        Column(field="turned", zh=_("转办")),
    ),
)


@listing(name="incidents", zh=_("事件"), permission="incident.read", table=INCIDENTS)
def incident_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """Incidents by state and words, as the page lists them. 事件"""
    wanted = asked.get("state", Incident.State.OPEN)
    state = wanted if wanted in Incident.State.values else None
    q = asked.get("q", "").replace("\0", "").strip()
    rows = list(incidents(seen_by=by, state=state, q=q)[: ROWS_MOST + 1])
    for row, card in zip(rows, cards(rows), strict=True):
        figures = {kind: (card["figures"][kind] or {}).get("value") for kind in FIGURES}
        yield {
            **figures,
            "number": row.number,
            "title": row.title,
            "category_name": card["category_name"],
            "grade": str(row.grade) if row.grade else "",
            "place_name": row.place_name,
            "occurred_at": row.occurred_at,
            "received_at": row.received_at,
            "closed_at": row.closed_at,
            "state": row.state,
            "reports": card["reports"],
            "tasks_open": card["tasks"]["open"],
            "tasks_done": card["tasks"]["done"],
        }


@listing(name="incident-log", zh=_("事件记录"), permission="incident.read", table=LOG)
def log_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """Every line of one incident, the oldest first; ``incident`` names it. 事件记录"""
    after: str | None = None
    latin = (get_language() or "").startswith("en")
    while True:
        lines, after = timeline(
            seen_by=by, incident_id=asked.get("incident", ""), after=after, limit=LINES_AT_ONCE
        )
        yield from (_line(one, latin=latin) for one in lines)
        if after is None:
            return


def _line(one: dict[str, Any], *, latin: bool) -> dict[str, Any]:
    return {
        "happened_at": datetime.fromisoformat(one["happened_at"]),
        "recorded_at": datetime.fromisoformat(one["recorded_at"]),
        "kind": one["kind"],
        "text": one["text_en" if latin else "text_zh"],
        "who": one["by"]["name_masked"],
        "late_entry": one["late_entry"],
        "seq": one["seq"],
    }


@listing(name="incident-tasks", zh=_("任务"), permission="incident.read", table=TASKS)
def task_rows(by: Actor, asked: Asked) -> Iterable[dict[str, Any]]:
    """The tasks of one incident; ``incident`` names it. 任务"""
    for row in tasks_of(seen_by=by, incident_id=asked.get("incident", "")):
        yield {
            "title": row.title,
            "lead": row.lead.short_name if row.lead else "",
            "supporting": "、".join(name for _code, name in supporting_of(row)),
            "person": masked_name(row.person.name) if row.person else "",
            "stage": stage_of(row),
            "opened_at": row.opened_at,
            "due_at": row.due_at,
            "accepted_at": row.accepted_at,
            "done_at": row.done_at,
            "late": overdue(row),
            "said": last_word(row),
        }


@listing(name="instructions", zh=_("来文"), permission="instruction.read", table=INSTRUCTIONS)
def instruction_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """Instructions by state and words, as the page lists them. 来文"""
    state, q = asked.get("state", "open"), asked.get("q", "").replace("\0", "").strip()
    found = instructions(seen_by=by, state=state, q=q).order_by("-pk")
    rows = open_instructions(seen_by=by) if state == "open" and not q else found
    for row in rows[: ROWS_MOST + 1]:
        due, seen = due_next(row), standing(row)
        plain = ("number", "sender", "their_number", "way", "urgency", "received_at")
        yield {
            **{name: getattr(row, name) for name in (*plain, "replied_at", "closed_at", "outcome")},
            "title": mask_phones_in(row.title),
            "stage": stage_now(row),
            "referrals": seen.referrals,
            "unanswered": seen.unanswered,
            "due_at": due.due_at if due else None,
        }


@listing(name="phone-records", zh=_("电话记录"), permission="phone_record.read", table=CALLS)
def call_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """Calls by what they were about and by words, as the page lists them. 电话记录"""
    q = asked.get("q", "").replace("\0", "").strip()
    matter = asked.get("matter", "")
    rows = phone_records(seen_by=by, matter=matter if matter in rules.MATTERS else "", q=q)
    for row in rows[: ROWS_MOST + 1]:
        turned = row.instruction.number if row.instruction else ""
        yield {
            **{name: getattr(row, name) for name in ("number", "at", "direction", "who", "matter")},
            "phone": masked_phone(row.phone),
            "text": mask_phones_in(row.text),
            "done_text": mask_phones_in(row.done_text),
            "turned": turned or (row.report.number if row.report else ""),
        }
