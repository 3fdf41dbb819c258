"""What is to be done in incidents, by whom, and how far it is. 任务查询"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from qianjun.confirm.models import Confirmation
from qianjun.incident.models import Charge, Task, TaskStep
from qianjun.incident.queries.seen import incident_seen, incidents_seen
from qianjun.incident.rules.tasks import SIGN_WITHIN, Stage, Standing, asks_for_help
from qianjun.kernel import clock
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.links import Purpose
from qianjun.org.queries import names_of
from qianjun.org.rules import masked_name

OPEN = Q(done_at__isnull=True, dropped_at__isnull=True)
GIVEN = Q(lead__isnull=False) | Q(person__isnull=False) | ~Q(post="")
UNSIGNED = OPEN & GIVEN & Q(accepted_at__isnull=True)
HELP = Q(help_at__isnull=False) & (Q(progress_at__isnull=True) | Q(progress_at__lte=F("help_at")))
LINK: Final[Purpose] = "t"
CHARGE: Final = "charge"
INSTANTS: Final = (
    *("opened_at", "read_at", "accepted_at", "progress_at", "help_at", "reminded_at"),
    *("done_at", "dropped_at"),
)


def about(row: Task) -> tuple[str, str]:
    """What holds, deadlines and entries of a task are about."""
    return ("task", str(row.pk))


def about_charge(charge: Charge) -> tuple[str, str]:
    """What the links of who has a task are about: handed on, they say so. 链接所指"""
    return (CHARGE, str(charge.pk))


def whole(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with everything that is shown of them."""
    return _with_supporting(rows).prefetch_related(
        Prefetch("charges", Charge.objects.order_by("pk")),
        Prefetch("steps", TaskStep.objects.order_by("received_at", "pk")),
    )


def _with_supporting(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with their rows beside them, and the units that support them as code and name."""
    helping = Task.supporting.through.objects.filter(task=OuterRef("pk")).order_by("pk")
    said = JSONObject(code="unit__code", name="unit__short_name")
    annotated = rows.annotate(supporting_said=ArraySubquery(helping.values_list(said)))
    return annotated.select_related("lead", "person", "incident")


def supporting_of(row: Task) -> list[tuple[str, str]]:
    """The units that support whoever leads, by code and name. 配合单位"""
    known: list[dict[str, str]] | None = vars(row).get("supporting_said")
    if known is None:
        return [(unit.code, unit.short_name) for unit in row.supporting.order_by("pk")]
    return [(one["code"], one["name"]) for one in known]


def tasks_of(*, seen_by: Actor, incident_id: str | int) -> QuerySet[Task]:
    """The tasks of an incident: open ones by their time, then the others, last ended first. 任务"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = whole(Task.objects.filter(incident=incident))
    open_first = (F("done_at").desc(nulls_first=True), F("dropped_at").desc(nulls_first=True))
    return rows.order_by(*open_first, F("due_at").asc(nulls_last=True), "pk")


def task_seen(*, seen_by: Actor, incident_id: str | int, task_id: str | int) -> Task:
    """One task of an incident that he sees, with who has it; else 404. 一项任务"""
    rows = tasks_of(seen_by=seen_by, incident_id=incident_id)
    row = rows.filter(pk=key_of(task_id)).first()
    if row is None:
        raise not_found()
    return row


def unsigned_tasks(*, seen_by: Actor, incident_id: int | None = None) -> QuerySet[Task]:
    """Tasks that somebody was given and nobody has signed for, the oldest first. 未签收"""
    rows = whole(Task.objects.filter(UNSIGNED))
    seen = incidents_seen(seen_by).order_by().values("pk")
    rows = rows.filter(incident__in=seen)
    if incident_id is not None:
        rows = rows.filter(incident=incident_id)
    return rows.order_by("opened_at", "pk")


def current_charge(row: Task) -> Charge | None:
    """Who has the task now; nothing for a task that is older than charges are. 现承办"""
    return max(row.charges.all(), key=lambda charge: charge.pk, default=None)


def standing_of(row: Task, charge: Charge) -> Standing:
    """How the task stands for who has, or had, this charge."""
    return Standing(
        due_at=row.due_at,
        read=row.read_at is not None,
        accepted=row.accepted_at is not None,
        done=row.done_at is not None,
        dropped=row.dropped_at is not None,
        moved=charge.until is not None,
    )


def state_of(row: Task) -> str:
    """Open, done or dropped."""
    if row.done_at is not None:
        return "done"
    return "dropped" if row.dropped_at is not None else "open"


def stage_of(row: Task) -> Stage:
    """How far it is, by the furthest instant. 进度"""
    if row.done_at is not None:
        return "done"
    if row.dropped_at is not None:
        return "dropped"
    if asks_for_help(row.help_at, row.progress_at):
        return "help"
    if row.progress_at is not None:
        return "progress"
    if row.accepted_at is not None:
        return "accepted"
    return "unsigned" if row.lead_id or row.person_id or row.post else "open"


def overdue(row: Task) -> bool:
    """Whether its time went by before its end. 超时"""
    ended = row.done_at or row.dropped_at
    return row.due_at is not None and (ended or clock.now()) > row.due_at


def waits_long(row: Task) -> bool:
    """Whether nobody has signed for longer than is usual. 久未签收"""
    return stage_of(row) == "unsigned" and clock.now() - _since(row) > SIGN_WITHIN


def _since(row: Task) -> datetime:
    charge = current_charge(row)
    return charge.since if charge else row.opened_at


def told_of(row: Task) -> int:
    """To how many people the order went; none is a gap to be seen. 已通知人数"""
    charge = current_charge(row)
    return charge.told if charge else 0


def has_no_contact(row: Task) -> bool:
    """Whether it was given to somebody whom no message reaches. 没有联系人"""
    given = bool(row.lead_id or row.person_id or row.post)
    return state_of(row) == "open" and given and not told_of(row)


def from_another(row: Task) -> bool:
    """Whether one of those who have it now answered from another telephone. 另一部手机"""
    charge = current_charge(row)
    steps = row.steps.all() if charge else ()
    return any(step.other_device and charge and step.charge_id == charge.pk for step in steps)


def last_word(row: Task) -> str:
    """What was said of it last."""
    said = sorted((s.received_at, s.pk, s.text) for s in row.steps.all() if s.text)
    return said[-1][2] if said else ""


def calls_of(rows: Iterable[Task]) -> dict[int, Confirmation]:
    """The calls about whoever has these tasks now, by task; one statement. 任务的叫应"""
    charges = {str(charge.pk): row.pk for row in rows if (charge := current_charge(row))}
    if not charges:
        return {}
    calls = Confirmation.objects.filter(about_kind=CHARGE, about_id__in=charges).order_by("pk")
    return {charges[call.about_id]: call for call in calls}


def task_json(row: Task, *, calls: Mapping[int, Confirmation] | None = None) -> dict[str, Any]:
    """A task for programs: names masked, ``late`` when its time went by before its end. 任务

    ``confirmation`` is the call to whoever has it, ``step`` how far it has got, from 1.
    """
    call = (calls_of([row]) if calls is None else calls).get(row.pk)
    signed_by = (row.accepted_by_kind, row.accepted_by_id)
    supporting = supporting_of(row)
    return {
        "id": str(row.pk),
        "title": row.title,
        "order": row.order or None,
        "lead": row.lead.code if row.lead else None,
        "lead_name": row.lead.short_name if row.lead else None,
        "supporting": [code for code, _name in supporting],
        "supporting_names": [name for _code, name in supporting],
        "person": str(row.person_id) if row.person_id else None,
        "person_masked": masked_name(row.person.name) if row.person else None,
        "post": row.post or None,
        "first": row.first,
        "origin": {"kind": row.origin_kind, "id": row.origin_id} if row.origin_kind else None,
        "state": state_of(row),
        "stage": stage_of(row),
        "due_at": _iso(row.due_at),
        "late": overdue(row),
        **{name: _iso(getattr(row, name)) for name in INSTANTS},
        "accepted_how": row.accepted_how or None,
        "accepted_by": names_of([signed_by])[signed_by] if row.accepted_at else None,
        "reminders": row.reminders,
        "told": told_of(row),
        "confirmation": _call_json(call),
        "no_contact": has_no_contact(row),
        "other_device": from_another(row),
        "last_word": last_word(row) or None,
        "outcome": row.outcome or None,
    }


def _call_json(call: Confirmation | None) -> dict[str, Any] | None:
    if call is None:
        return None
    return {
        "id": str(call.pk),
        "state": call.state,
        "step": call.step + 1,
        "next_at": _iso(call.next_at),
    }


def until_said(due_at: datetime) -> str:
    """Until when, as people write it today."""
    local, today = clock.in_beijing(due_at), clock.in_beijing(clock.now()).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
