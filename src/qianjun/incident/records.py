"""A report and a task as a document. 接报单、任务单"""

from datetime import datetime
from typing import Final

from qianjun.incident.models import Task
from qianjun.incident.queries.codes import category_name
from qianjun.incident.queries.seen import incidents_seen, report_seen
from qianjun.incident.queries.tasks import last_word, overdue, stage_of, supporting_of, whole
from qianjun.incident.rules.tasks import STAGES
from qianjun.incident.rules.told import SOURCES
from qianjun.journal.marking import mark_of
from qianjun.journal.rules import MARKS
from qianjun.kernel.clock import in_beijing
from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import Facts, Heading, Text
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.listing.records import Told, recorded
from qianjun.org.queries import names_of
from qianjun.org.rules import masked_name

NOT_KNOWN: Final = "不详"
NOTHING: Final = "无"
BARRED: Final = _("这条记录标为“不得录入”，不能导出。")


@recorded(name="report", zh=_("接报单"), permission="report.read")
def report_told(by: Actor, ident: str) -> Told:
    """What somebody told us, as it stands; names and telephones are masked. 接报单"""
    row = report_seen(seen_by=by, report_id=ident)
    mark = mark_of(("report", str(row.pk)))
    if mark == "barred":
        raise Refused("barred", BARRED, status=409)
    who = masked_name(row.caller_name) if row.caller_name else NOT_KNOWN
    phone = masked_phone(row.caller_phone) if row.caller_phone else NOT_KNOWN
    taken = names_of([(row.by_kind, row.by_id)])[row.by_kind, row.by_id]
    facts = (
        ("接报编号", row.number),
        ("接报时间", moment(row.received_at)),
        ("来源", SOURCES.get(row.source, NOT_KNOWN)),
        ("报告人", f"{who}，电话 {phone}"),
        ("发生时间", moment(row.occurred_at)),
        ("地点", row.place_name or "待核"),
        ("类型", category_name(row.category) or "待核"),
        ("并入事件", f"{row.incident.number} {row.incident.title}"),
        ("接报人", taken or ""),
    )
    return Told(
        title="接报单",
        number=row.number,
        mark=MARKS[mark],
        body=(Facts(rows=facts), Heading(text="报告内容"), Text(text=mask_phones_in(row.text))),
    )


@recorded(name="task", zh=_("任务单"), permission="incident.read")
def task_told(by: Actor, ident: str) -> Told:
    """What was to be done, by whom, and what came of it. 任务单"""
    row = whole(Task.objects.filter(pk=key_of(ident))).first()
    if row is None or not incidents_seen(by).filter(pk=row.incident_id).exists():
        raise not_found()
    who = [row.lead.name if row.lead else "", masked_name(row.person.name) if row.person else ""]
    given = names_of([(row.by_kind, row.by_id)])[row.by_kind, row.by_id]
    facts = (
        ("事件", f"{row.incident.number} {row.incident.title}"),
        ("任务", row.title),
        ("承办", "，".join(one for one in who if one) or NOT_KNOWN),
        ("配合单位", "、".join(name for _code, name in supporting_of(row)) or NOTHING),
        ("下达", f"{moment(row.opened_at)}，{given or ''}"),
        ("时限", f"{moment(row.due_at)}{'（已超时）' if overdue(row) else ''}"),
        ("签收", moment(row.accepted_at)),
        ("办结", moment(row.done_at)),
        ("状态", STAGES[stage_of(row)]),
        ("最后一句", mask_phones_in(last_word(row)) or NOTHING),
        ("结果", mask_phones_in(row.outcome) or NOTHING),
    )
    body = (Facts(rows=facts), *_order(row))
    return Told(title="任务单", number=f"{row.incident.number}-{row.pk}", body=body)


def _order(row: Task) -> tuple[Heading | Text, ...]:
    return (Heading(text="要求"), Text(text=mask_phones_in(row.order))) if row.order else ()


def moment(at: datetime | None) -> str:
    """An instant on paper, in Beijing time; a dash without one. 时刻"""
    return f"{in_beijing(at):%Y年%m月%d日 %H:%M}" if at is not None else "—"
