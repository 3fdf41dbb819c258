"""Responses as pages show them. 响应的页面"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from qianjun.incident.activation_models import Activation, LevelStep
from qianjun.incident.models import Incident
from qianjun.incident.queries import activations_of, may_decide, state_of_activation
from qianjun.org.actor import Actor
from qianjun.org.queries import names_of
from qianjun.org.roles import ROLES
from qianjun.plan.queries import bodies, plan_by_code, plans, plans_for, said
from qianjun.response.queries.responding import authority_said, level_word


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One response of an incident, in the reader's language. 响应一行"""

    row: Activation
    state: str
    title: str
    level_word: str
    authority: str
    asked: str
    may_decide: bool
    who: str


def lanes(*, seen_by: Actor, incident_id: str | int) -> list[Lane]:
    """The responses of an incident, what runs first. 并列响应"""
    rows = activations_of(seen_by=seen_by, incident_id=incident_id)
    order = {"active": 0, "proposed": 1, "ended": 2, "refused": 3}
    return sorted(lanes_of(rows, by=seen_by), key=lambda one: order[one.state])


def lanes_of(rows: Sequence[Activation], *, by: Actor) -> list[Lane]:
    """These responses with names; one statement for all names. 响应"""
    names = names_of((row.decider_kind, row.decider_id) for row in rows if row.decider_kind)
    return [_lane(row, by, names) for row in rows]


def _lane(row: Activation, by: Actor, names: dict[tuple[str, str], str]) -> Lane:
    plan = plan_by_code(row.plan)
    return Lane(
        row=row,
        state=state_of_activation(row),
        title=said(plan.title) if plan else row.plan,
        level_word=level_word(row.level),
        authority=_authority(row),
        asked=_role(row.role),
        may_decide=may_decide(by, row.role) if row.role else by.may("activation.propose"),
        who=names.get((row.decider_kind, row.decider_id), ""),
    )


def _authority(row: Activation) -> str:
    """What its authority is called; a unit's name came with the row when the incident was asked."""
    named: str | None = vars(row).get("unit_said")
    known = named is not None and row.authority not in bodies()
    return named if named is not None and known else authority_said(row.authority)


def _role(role: str) -> str:
    return gettext(ROLES[role]) if role in ROLES else ""


def steps_of(row: Activation) -> list[dict[str, Any]]:
    """How its level moved, the latest first."""
    rows = list(LevelStep.objects.filter(activation=row).order_by("-pk"))
    names = names_of((one.by_kind, one.by_id) for one in rows)
    return [{"row": one, "who": names[one.by_kind, one.by_id]} for one in rows]


def plan_choices(incident: Incident | None) -> list[tuple[str, str, bool]]:
    """Plans to choose from: code, title, whether it fits; those that fit first. 可选预案"""
    fit = [plan.code for plan in plans_for(incident.category)] if incident is not None else []
    known: Iterable[Any] = sorted(
        plans(), key=lambda plan: (fit.index(plan.code) if plan.code in fit else 99, plan.code)
    )
    return [(plan.code, said(plan.title), plan.code in fit) for plan in known]
