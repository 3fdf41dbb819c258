"""First measures, and a plan that is started, changed and ended. 先期处置与启动响应"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianjun.incident import actions as incident_actions
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.activation_models import Activation
from qianjun.incident.models import Incident
from qianjun.message.actions import send
from qianjun.org.actor import Actor, require
from qianjun.org.away.actions import tell_stand_ins
from qianjun.org.queries import answering_or_role
from qianjun.plan.rules import Plan
from qianjun.response.actions.drafting import draft_first
from qianjun.response.actions.ordering import (
    Given,
    give,
    ordering,
    propose_goods,
    propose_people,
    tell_units,
    units_with_open_lines,
    withdraw,
)
from qianjun.response.actions.teaming import propose_teams
from qianjun.response.queries.responding import (
    Asked,
    foreign,
    measures_for,
    moment,
    notice_of,
    plan_for,
    plan_of,
    wanted_of,
)
from qianjun.response.rules.measuring import (
    Difference,
    Measures,
    difference,
    first_forces_of,
    first_measures_of,
)


@dataclass(frozen=True, kw_only=True)
class Started:
    """A response as it stands now, and what its start has given. 启动结果"""

    row: Activation
    given: Given


@transaction.atomic(savepoint=False)
def first_measures(*, by: Actor, incident_id: str | int) -> tuple[Incident, Plan, Given]:
    """What the duty officer may start alone: the first tasks of the kind's plan. 先期处置

    Its nearest teams are only proposed. Again gives only what is not standing. 422 ``no_plan``
    while no plan fits the kind.
    """
    require(by, "activation.first")
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    plan = plan_for(incident)
    given = give(
        by=by,
        incident=incident,
        plan=plan,
        measures=first_measures_of(plan, division=incident.division),
        head=f"【先期处置】{incident.title}（{incident.number}）。",
        matter=f"first:{incident.pk}:{plan.code}",
    )
    propose_teams(by=by, incident=incident, forces=first_forces_of(plan))
    return incident, plan, given


@transaction.atomic(savepoint=False)
def start_response(*, by: Actor, incident_id: str | int, asked: Asked) -> Started:
    """Start a plan at a level when it is the actor's to decide, else ask whoever decides. 启动"""
    require(by, "activation.propose")
    plan = plan_of(asked.plan)
    row = incident_actions.activate(by=by, incident_id=incident_id, wanted=wanted_of(plan, asked))
    if row.started_at is not None:
        return Started(row=row, given=_carry_out(row, plan, by=by))
    return Started(row=row, given=_ask(row, plan, by=by))


def _carry_out(row: Activation, plan: Plan, *, by: Actor) -> Given:
    """The second key: orders go to units; goods, volunteers and teams are only proposed."""
    measures = measures_for(row, plan)
    _propose(row, plan, by=by, measures=measures)
    draft_first(row.incident)
    return give(
        by=by,
        incident=row.incident,
        plan=plan,
        measures=measures,
        head=f"【启动通知】{notice_of(plan, 'activation', row)}",
        matter=f"activation:{row.pk}:{row.version}",
        activation=row,
    )


def _propose(row: Activation, plan: Plan, *, by: Actor, measures: Measures) -> None:
    """Beside the response of somebody else we only carry our own lines."""
    if row.role:
        propose_goods(by=by, incident=row.incident, plan=plan, level=row.level)
        propose_people(by=by, incident=row.incident, measures=measures)
        propose_teams(by=by, incident=row.incident, forces=measures.forces)


def _ask(row: Activation, plan: Plan, *, by: Actor) -> Given:
    """Call whoever decides; without anybody the proposal waits on desk and room."""
    house = ordering(by)
    called = answering_or_role(row.role)
    people = tell_stand_ins(called, by=house, incident=row.incident_id)
    text = (
        f"【请批准】{row.incident.title}（{row.incident.number}）提请启动《{plan.title.zh}》"
        f"响应，级别 {row.level}，预计至{moment(row.expected_until)}。"
        "请登录，在“待批”里批准或退回。"
    )
    sent = 0
    for person in people:
        queued = send(
            by=house,
            person=person,
            purpose="order",
            matter=f"activation:{row.pk}:ask",
            text=text,
            rank=0,
            incident=row.incident_id,
        )
        sent += queued is not None
    return Given(messages=sent, people=frozenset(people))


@transaction.atomic(savepoint=False)
def decide(
    *,
    by: Actor,
    activation_id: str | int,
    approve: bool,
    note: str = "",
    decided_by: str = "",
    decided_at: datetime | None = None,
) -> Started:
    """Whoever the plan names says yes or no; a yes sends the orders. 批准"""
    require(by, "activation.decide")
    held = incident_actions.held_activation(by, activation_id)
    plan = plan_of(held.plan)
    was_running = held.started_at is not None
    row = incident_actions.decide_activation(
        by=by,
        activation_id=activation_id,
        approve=approve,
        title=plan.title.zh,
        note=note,
        decided_by=decided_by,
        decided_at=decided_at,
    )
    if row.started_at is None or was_running:
        return Started(row=row, given=Given())
    return Started(row=row, given=_carry_out(row, plan, by=by))


@transaction.atomic(savepoint=False)
def change_level(
    *, by: Actor, activation_id: str | int, level: int, why: str
) -> tuple[Started, Difference]:
    """Raise or lower: what is new is given, what is no more asked is taken back. 调整级别"""
    require(by, "activation.propose")
    row = incident_actions.held_activation(by, activation_id)
    plan = plan_of(row.plan)
    before = measures_for(row, plan)
    wanted = wanted_of(plan, Asked(plan=plan.code, level=level, authority=foreign(row)))
    row = incident_actions.set_level(by=by, activation_id=activation_id, wanted=wanted, why=why)
    moved = difference(before, measures_for(row, plan))
    given = _carry_out_level(row, plan, by=by, why=why, moved=moved)
    return Started(row=row, given=given), moved


def _carry_out_level(
    row: Activation, plan: Plan, *, by: Actor, why: str, moved: Difference
) -> Given:
    head = f"【响应调整】{notice_of(plan, 'level', row)}"
    matter = f"activation:{row.pk}:{row.version}"
    taken = withdraw(by=by, incident=row.incident, plan=plan, codes=moved.withdrawn, reason=why)
    if taken:
        units = [task.lead.code for task in taken if task.lead is not None]
        lines = "；".join(task.title for task in taken)
        text = f"{head}撤回：{lines}。"
        tell_units(by=by, incident=row.incident, units=units, matter=matter, text=text)
    measures = measures_for(row, plan)
    _propose(row, plan, by=by, measures=measures)
    return give(
        by=by,
        incident=row.incident,
        plan=plan,
        measures=measures,
        head=head,
        matter=matter,
        activation=row,
    )


@transaction.atomic(savepoint=False)
def end_response(*, by: Actor, activation_id: str | int, why: str) -> tuple[Activation, int]:
    """End it, or take a proposal back; units with open lines are told. How many were told. 终止

    Tasks that are still open stay: somebody finishes or drops each of them.
    """
    require(by, "activation.propose")
    held = incident_actions.held_activation(by, activation_id)
    plan = plan_of(held.plan)
    was_over, ran = held.ended_at is not None, held.started_at is not None
    row = incident_actions.end_activation(
        by=by, activation_id=activation_id, why=why, title=plan.title.zh
    )
    if was_over or not ran:
        return row, 0
    told = tell_units(
        by=by,
        incident=row.incident,
        units=units_with_open_lines(row),
        matter=f"activation:{row.pk}:end",
        text=f"【终止响应】{notice_of(plan, 'end', row)}",
    )
    return row, told


@transaction.atomic(savepoint=False)
def start_operation(*, by: Actor, asked: Asked, title: str, area: str = "") -> Started:
    """Open a response without an incident and start its plan, or propose it. 行动"""
    require(by, "activation.propose")
    plan = plan_of(asked.plan)
    incident = incident_actions.open_operation(
        by=by, title=title, place=area, category=plan.categories[0] if plan.categories else ""
    )
    return start_response(by=by, incident_id=incident.pk, asked=asked)
