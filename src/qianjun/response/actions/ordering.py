"""Give what a plan asks for, and tell every unit its own lines. 下达预案任务"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet

from qianjun.force.actions import propose_callout
from qianjun.force.queries.callouts import people_wanted
from qianjun.force.rules.wanting import Wanted as CallOutWanted
from qianjun.incident.actions import NewTask, drop_task, give_tasks
from qianjun.incident.activation_models import Activation
from qianjun.incident.models import Charge, Incident, Task
from qianjun.incident.rules.tasks import matter_of_charge
from qianjun.kernel import clock
from qianjun.kernel.text import clean
from qianjun.message.actions import send
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from qianjun.org.contacts import contacts_of, people_in_order
from qianjun.plan.rules import Plan
from qianjun.response.models import PlanTask
from qianjun.response.queries.responding import unit_names
from qianjun.response.rules.measuring import Measures, Planned
from qianjun.response.rules.wording import supporting_lines
from qianjun.supply.actions import Line, propose_orders
from qianjun.supply.queries import asked_for, needs_against_stock

# how soon volunteers whom a plan invites are to be there, until a person says otherwise
BY_THEN: Final = timedelta(minutes=60)
# what a decision about a response carries with it, whoever takes it
_CARRIED = frozenset(
    {
        *("incident.read", "incident.task", "message.send"),
        *("callout.call", "callout.read", "force.read", "supply.propose", "supply.read"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What was given: tasks by code of the plan, and how many were told. 已下达"""

    tasks: Mapping[str, Task] = field(default_factory=dict)
    messages: int = 0
    people: frozenset[int] = frozenset()


def ordering(by: Actor) -> Actor:
    """The same actor, with what his decision carries: it gives tasks and sends orders."""
    return replace(by, permissions=by.permissions | _CARRIED)


def give(
    *,
    by: Actor,
    incident: Incident,
    plan: Plan,
    measures: Measures,
    head: str,
    matter: str,
    activation: Activation | None = None,
) -> Given:
    """Open the tasks that do not stand yet: who leads one signs it, who supports is told its lines.

    Tasks that stand already are kept: nobody is ordered the same thing twice. 下达
    """
    commander = ordering(by)
    standing = standing_of(incident, plan)
    if activation is not None:
        standing.filter(activation=None).update(activation=activation)
    known = {row.code: row.task for row in standing.select_related("task__lead")}
    new = [one for one in measures.tasks if one.code not in known]
    given = _open(commander, incident, plan, new, activation=activation)
    sent, people = _told_leads(given.values())
    told = _tell_supporting(commander, incident, new, head=head, matter=matter)
    kept = {one.code: known[one.code] for one in measures.tasks if one.code in known}
    return Given(
        tasks={**kept, **given},
        messages=sent + len(told),
        people=frozenset(people | told),
    )


def standing_of(incident: Incident, plan: Plan) -> QuerySet[PlanTask]:
    """The tasks of a plan that stand in an incident."""
    return PlanTask.objects.filter(incident=incident, plan=plan.code, withdrawn_at__isnull=True)


def _open(
    by: Actor,
    incident: Incident,
    plan: Plan,
    new: Sequence[Planned],
    *,
    activation: Activation | None,
) -> dict[str, Task]:
    """Give these tasks in one go; a unit that is gone must not stop the others."""
    there = unit_names(code for one in new for code in (one.lead, *one.supporting))
    origin = ("activation", str(activation.pk)) if activation else ("first", str(incident.pk))
    tasks = give_tasks(
        by=by,
        incident_id=incident.pk,
        tasks=[
            NewTask(
                title=one.title.zh,
                lead=one.lead if one.lead in there else "",
                supporting=tuple(code for code in one.supporting if code in there),
                due_at=clock.now() + timedelta(minutes=one.due_min),
                order=f"{incident.title}。",
                first=one.first,
                origin=origin,
            )
            for one in new
        ],
    )
    given = {one.code: task for one, task in zip(new, tasks, strict=True)}
    PlanTask.objects.bulk_create(
        PlanTask(incident=incident, activation=activation, plan=plan.code, code=code, task=task)
        for code, task in given.items()
    )
    return given


def _told_leads(tasks: Iterable[Task]) -> tuple[int, set[int]]:
    """How many orders with a link were queued for these tasks, whatever the ways, and to whom."""
    charges = Charge.objects.filter(task__in=list(tasks)).values_list("pk", flat=True)
    matters = [matter_of_charge(pk) for pk in charges]
    rows = Message.objects.filter(purpose="order", matter__in=matters)
    told = set(rows.values_list("matter", "person"))
    return len(told), {person for _matter, person in told}


def _tell_supporting(
    by: Actor, incident: Incident, new: Sequence[Planned], *, head: str, matter: str
) -> set[int]:
    """One message to each unit that supports, with its own lines and nobody else's; to whom."""
    lines = supporting_lines(new)
    names = unit_names(lines)
    told = set()
    for person, codes in people_in_order(contacts_of(lines)).items():
        body = "".join(f"{names.get(code, code)}：{lines[code]}" for code in codes)
        row = send(
            by=by,
            person=person,
            purpose="order",
            matter=matter,
            text=clean(f"{head}{body}").text,
            rank=0,
            incident=incident.pk,
        )
        if row is not None:
            told.add(person)
    return told


def withdraw(
    *, by: Actor, incident: Incident, plan: Plan, codes: Iterable[str], reason: str
) -> list[Task]:
    """Take back the tasks of these codes that nobody has finished; what is done stays. 撤回"""
    commander, now = ordering(by), clock.now()
    rows = standing_of(incident, plan).filter(code__in=list(codes)).select_related("task__lead")
    taken = []
    for row in rows.filter(task__done_at__isnull=True):
        if row.task.dropped_at is None:
            drop_task(by=commander, incident_id=incident.pk, task_id=row.task_id, reason=reason)
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        taken.append(row.task)
    return taken


def tell_units(
    *, by: Actor, incident: Incident, units: Iterable[str], matter: str, text: str
) -> int:
    """One message to each of these units: stand down, or what was taken back; how many. 通知"""
    commander, sent = ordering(by), 0
    for person in people_in_order(contacts_of(units)):
        row = send(
            by=commander,
            person=person,
            purpose="stand_down",
            matter=matter,
            text=text,
            rank=1,
            incident=incident.pk,
        )
        sent += row is not None
    return sent


def units_with_open_lines(activation: Activation) -> set[str]:
    """The units that lead a task of this response which has not ended."""
    is_open = Q(task__done_at__isnull=True, task__dropped_at__isnull=True)
    rows = PlanTask.objects.filter(is_open, activation=activation, withdrawn_at__isnull=True)
    return {code for code in rows.values_list("task__lead__code", flat=True) if code}


def propose_goods(*, by: Actor, incident: Incident, plan: Plan, level: int) -> None:
    """What the plan needs beyond what was asked for already is asked of the stores. 物资

    The plan asks, not who decided the response: so he may be the second key as well.
    """
    needs = needs_against_stock(plan.supplies, seen_by=ordering(by), level=level)
    asked = asked_for(incident.pk)
    rest = {one.code: one.quantity - asked.get(one.code, 0) for one in needs}
    lines = [Line(code=code, quantity=n) for code, n in rest.items() if n > 0]
    if lines:
        propose_orders(by=system(cause=by.cause, name="plan"), incident=incident, lines=lines)


def propose_people(*, by: Actor, incident: Incident, measures: Measures) -> None:
    """Volunteers whom the plan invites beyond those already wanted are worked out. 召集

    Nobody is called before a second key. Without a place nobody can be chosen: the plan's line
    stays to be seen.
    """
    if incident.lon is None or incident.lat is None:
        return
    standing = people_wanted(incident.pk)
    for one in measures.forces:
        rest = one.count - standing
        if one.kind != "volunteers" or rest <= 0:
            continue
        wanted = CallOutWanted(
            need=rest,
            needed_by=clock.now() + BY_THEN,
            lon=incident.lon,
            lat=incident.lat,
            place=incident.place_name,
            what=one.title.zh,
        )
        propose_callout(by=ordering(by), incident_id=incident.pk, wanted=wanted)
