"""What a response would do, does and has done. 响应查询"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.force.callout_models import CallOut
from qianjun.force.queries.callouts import callout_json
from qianjun.incident.activation_models import Activation
from qianjun.incident.models import Incident, Task
from qianjun.incident.queries import activation_seen, incident_seen, state_of_activation
from qianjun.incident.rules.activating import Wanted, faults_of
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.contacts import BUREAU, contacts_of, people_in_order
from qianjun.org.models import Unit
from qianjun.org.queries import names_of, unit_by_code
from qianjun.org.rules import masked_name
from qianjun.plan.queries import bodies, plan_by_code, plans_for, said
from qianjun.plan.rules import Level, Plan
from qianjun.response.models import PlanTask
from qianjun.response.queries.brief import upward_brief
from qianjun.response.queries.teaming import called_json, meant_json, teams_meant
from qianjun.response.rules.measuring import (
    Difference,
    Measures,
    Planned,
    difference,
    first_forces_of,
    first_measures_of,
    measures_of,
)
from qianjun.response.rules.wording import filled, joined
from qianjun.supply.models import TransferOrder
from qianjun.supply.queries.orders import order_cards

Json = dict[str, Any]
MEASURES_SAID: Final = 6


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A response as somebody asks for it; ``authority`` empty means the plan's own. 启动请求"""

    plan: str
    level: int
    authority: str = ""
    matters: str = ""
    expected_until: datetime | None = None
    measures: tuple[str, ...] = ()
    why: str = ""
    decided_by: str = ""
    warning: str = ""


# --- plans and authorities ------------------------------------------------------------------------


def plan_of(code: str) -> Plan:
    """The plan with this code; 422 ``unknown_plan``. 预案"""
    found = plan_by_code(code)
    if found is None:
        fault = FieldError(field="plan", code="unknown_plan", zh=_("没有这个预案。"))
        raise Refused("unknown_plan", _("没有这个预案，请从预案清单里选。"), fields=(fault,))
    return found


def plan_for(incident: Incident) -> Plan:
    """The plan that fits the incident best; 422 ``no_plan`` without one. 适用预案"""
    fit = plans_for(incident.category) if incident.category else ()
    if not fit:
        zh = _("这类事件没有适用的预案：请先核定事件类型，或逐项下达任务。")
        raise Refused("no_plan", zh)
    return fit[0]


def authority_of(level: Level) -> str:
    """Who decides a level: a body outside, or the bureau itself. 决定机关"""
    return level.authority.body or BUREAU


def authority_said(code: str) -> str:
    """What an authority is called; 422 for one that nobody knows. 机关名称"""
    known = bodies().get(code)
    if known is not None:
        return said(known)
    unit = unit_by_code(code) if code and "\0" not in code else None
    if unit is None:
        zh = _("没有这个决定机关：请用预案里的机关代码或单位代码。")
        fault = FieldError(field="authority", code="unknown_authority", zh=zh)
        raise Refused("unknown_authority", zh, fields=(fault,))
    return unit.short_name


def level_of(plan: Plan, n: int) -> Level | None:
    """One level of a plan."""
    return next((one for one in plan.levels if one.n == n), None)


def wanted_of(plan: Plan, asked: Asked) -> Wanted:
    """The response with who decides it: the plan says, unless somebody else's is recorded."""
    level = next((one for one in plan.levels if one.n == asked.level), None)
    if level is None:
        words = {"levels": "、".join(str(one.n) for one in plan.levels)}
        fault = FieldError(field="level", code="unknown_level", zh=_("这个预案没有这一级。"))
        zh = _("这个预案只有这些级别：%(levels)s。")
        raise Refused("unknown_level", zh, words=words, fields=(fault,))
    own = authority_of(level)
    authority = asked.authority or own
    is_own = authority == own
    if not is_own:
        authority_said(authority)  # refuses what nobody knows
    return Wanted(
        plan=plan.code,
        plan_title=plan.title.zh,
        plan_version=plan.version,
        level=level.n,
        authority=authority,
        role=level.authority.role if is_own else "",
        how=level.authority.how if is_own else "recorded",
        decided_by=_said(asked.decided_by) or _decider(level.authority.title.zh, authority, is_own),
        why=_said(asked.why),
        matters=_said(asked.matters),
        measures=tuple(_said(one) for one in asked.measures),
        expected_until=asked.expected_until,
        warning=_said(asked.warning),
    )


def _said(text: str) -> str:
    return clean(text).text.strip()


def _decider(title: str, authority: str, is_own: bool) -> str:
    return title if is_own else authority_said(authority)


def measures_for(row: Activation, plan: Plan) -> Measures:
    """What the plan asks for at the level of this response; of others only our own lines. 措施"""
    return measures_of(
        plan,
        level=row.level,
        division=row.incident.division,
        month=clock.in_beijing(clock.now()).month,
        only="" if row.role else BUREAU,
    )


def notice_of(plan: Plan, code: str, row: Activation) -> str:
    """A text of the plan as it is sent about this response. 通知"""
    text = next((one.text.zh for one in plan.texts if one.code == code), "")
    lines = row.measures or [one.title.zh for one in measures_for(row, plan).tasks]
    more = f"等 {len(lines)} 项" if len(lines) > MEASURES_SAID else ""
    places = {
        "authority": row.decided_by or authority_said(row.authority),
        "expected_until": moment(row.expected_until),
        "level": LEVEL_WORDS[row.level],
        "measures": joined(lines[:MEASURES_SAID]) + more,
        "number": row.incident.number,
        "place": row.incident.place_name or row.incident.title,
        "time": _from_when(row) if code == "activation" else moment(clock.now()),
        "title": plan.title.zh,
    }
    return filled(text, places)


def _from_when(row: Activation) -> str:
    return moment(row.started_at) if row.started_at is not None else "批准时"


def moment(at: datetime | None) -> str:
    """An instant as a notice says it. 时刻"""
    return f"{clock.in_beijing(at):%m月%d日%H:%M}" if at is not None else "另行通知"


# --- for programs ---------------------------------------------------------------------------------


def first_json(
    measures: Measures,
    *,
    tasks: Mapping[str, Task] | None = None,
    messages: int = 0,
    people: Iterable[int] = (),
    teams: Iterable[Json] = (),
) -> Json:
    """First measures as in contract 7; without ``tasks`` they are only looked at. 先期处置"""
    reach = _reach(measures) if tasks is None else {"count": messages, "people": len(set(people))}
    return {
        "tasks": tasks_json(measures.tasks, tasks or {}),
        "messages": reach,
        "callouts": [],
        "teams": list(teams),
        "orders": [],
    }


def look_at_first(*, seen_by: Actor, incident_id: str | int) -> Json:
    """What first measures would give; nothing is written. 预览先期处置"""
    require(seen_by, "activation.first")
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    plan = plan_for(incident)
    meant = teams_meant(seen_by=seen_by, incident=incident, forces=first_forces_of(plan))
    teams = [meant_json(one) for one in meant]
    return first_json(first_measures_of(plan, division=incident.division), teams=teams)


def activation_json(row: Activation, *, messages: int = 0, people: Iterable[int] = ()) -> Json:
    """A response as in contract 7. 响应"""
    plan = plan_of(row.plan)
    given = {one.code: one.task for one in given_of(row)}
    measures = measures_for(row, plan)
    return {
        **_head(row),
        "id": str(row.pk) if row.pk else None,
        "incident": str(row.incident_id),
        "tasks": tasks_json(measures.tasks, given),
        "messages": {"count": messages, "people": len(set(people))},
        **_proposed(row),
        "upward_report": upward_brief(row),
        "why": row.why or None,
        "warning": row.warning or None,
    }


def _proposed(row: Activation) -> Json:
    """What was proposed in its incident and waits for a second key of its own. 待确认"""
    if row.started_at is None:
        return {"callouts": [], "teams": [], "orders": []}
    calls = CallOut.objects.filter(incident=row.incident_id).order_by("pk")
    orders = TransferOrder.objects.filter(incident=row.incident_id).order_by("pk")
    return {
        "callouts": [
            {"id": str(one.pk), "need": one.need, "state": callout_json(one)["state"]}
            for one in calls
        ],
        "teams": called_json(row.incident_id),
        "orders": [one.as_json() for one in order_cards(list(orders))],
    }


def preview_json(row: Activation) -> Json:
    """The same before anything is written: ids null, how many would be told. 预览"""
    measures = measures_for(row, plan_of(row.plan))
    reach = _reach(measures)
    return {**activation_json(row), "state": "proposed", "id": None, "messages": reach}


def look_at_response(*, seen_by: Actor, incident_id: str | int, asked: Asked) -> Activation:
    """The response that would be proposed or started, not written. 预览响应"""
    require(seen_by, "activation.propose")
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    wanted = wanted_of(plan_of(asked.plan), asked)
    if faults := faults_of(wanted, now=clock.now()):
        raise Refused(faults[0].code, faults[0].zh, fields=tuple(faults))
    return Activation(
        incident=incident,
        plan=wanted.plan,
        plan_version=wanted.plan_version,
        authority=wanted.authority,
        level=wanted.level,
        role=wanted.role,
        how=wanted.how,
        decided_by=wanted.decided_by,
        why=wanted.why,
        matters=wanted.matters,
        measures=list(wanted.measures),
        expected_until=wanted.expected_until,
    )


def look_at_level(*, seen_by: Actor, activation_id: str | int, level: int) -> Difference:
    """What a change of level would add, withdraw and keep; nothing is written. 预览调整"""
    require(seen_by, "activation.propose")
    row = activation_seen(seen_by=seen_by, activation_id=activation_id)
    plan = plan_of(row.plan)
    before = measures_for(row, plan)
    row.level = wanted_of(plan, Asked(plan=plan.code, level=level, authority=foreign(row))).level
    return difference(before, measures_for(row, plan))


def difference_json(row: Activation, moved: Difference) -> Json:
    """What a change of level adds, withdraws and keeps, as tasks. 差异"""
    plan = plan_of(row.plan)
    words = {one.code: said(one.title) for one in plan.tasks}
    return {
        name: [{"code": code, "title": words.get(code, code)} for code in getattr(moved, name)]
        for name in ("added", "withdrawn", "kept")
    }


def foreign(row: Activation) -> str:
    """The authority to keep when the response is somebody else's; else each level has its own."""
    return "" if row.role else row.authority


def _head(row: Activation) -> Json:
    decider = names_of([(row.decider_kind, row.decider_id)]) if row.decider_kind else {}
    return {
        "state": state_of_activation(row),
        "plan": row.plan,
        "plan_version": row.plan_version,
        "level": row.level,
        "authority": row.authority,
        "asked_of": [row.role] if row.role else [],
        "decided_by_masked": decider.get((row.decider_kind, row.decider_id)),
        "decided_by": row.decided_by or None,
        "started_at": _iso(row.started_at),
        "refused_at": _iso(row.refused_at),
        "ended_at": _iso(row.ended_at),
        "expected_until": _iso(row.expected_until),
        "matters": row.matters or None,
        "note": row.note or None,
        "version": row.version,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def given_of(row: Activation) -> list[PlanTask]:
    """The tasks that this response has given and not taken back."""
    if not row.pk:
        return []
    rows = PlanTask.objects.filter(activation=row, withdrawn_at__isnull=True)
    return list(rows.select_related("task__lead", "task__person"))


def tasks_json(planned: Iterable[Planned], given: Mapping[str, Task]) -> list[Json]:
    """Tasks of a plan with the rows that stand for them; ids null for what is only planned."""
    return [_task_json(one, given.get(one.code)) for one in planned]


def _task_json(one: Planned, task: Task | None) -> Json:
    due_at = task.due_at if task else clock.now() + timedelta(minutes=one.due_min)
    person = task.person if task else None
    return {
        "id": str(task.pk) if task else None,
        "code": one.code,
        "title": said(one.title),
        "lead": one.lead or None,
        "supporting": list(one.supporting),
        "person_masked": masked_name(person.name) if person else None,
        "due_at": _iso(due_at),
    }


def _reach(measures: Measures) -> Json:
    """How many messages would leave, to how many people: who leads, then who supports."""
    contacts = contacts_of(measures.units())
    leads = [contacts[one.lead][0].pk for one in measures.tasks if contacts.get(one.lead)]
    helping = dict.fromkeys(code for one in measures.tasks for code in one.supporting)
    supporters = people_in_order({code: contacts[code] for code in helping})
    return {"count": len(leads) + len(supporters), "people": len({*leads, *supporters})}


def unmanned(measures: Measures) -> list[str]:
    """The units with a line whom nobody answers for: a gap to be seen. 没有联系人的单位"""
    return [code for code, people in contacts_of(measures.units()).items() if not people]


def unit_names(codes: Iterable[str]) -> dict[str, str]:
    """How papers and pages call these units; one that is gone is left out. 单位名称"""
    rows = Unit.objects.filter(code__in=list(codes)).values_list("code", "short_name")
    return dict(rows)


def said_measures(measures: Measures) -> Json:
    """Forces by the way in which they are moved, and goods, in the reader's language. 力量和物资"""
    return {
        "forces": [
            {"way": one.way, "count": one.count, "counted": one.counted, "title": said(one.title)}
            for one in measures.forces
        ],
        "supplies": [
            {"title": said(one.title), "quantity": one.quantity, "unit": said(one.unit)}
            for one in measures.supplies
        ],
    }


def level_word(n: int) -> str:
    """A level in the reader's language."""
    return gettext(LEVEL_WORDS[n])
