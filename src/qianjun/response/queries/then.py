"""An incident at a past minute, of all modules together: for whoever reviews it. 当时"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from qianjun.force.queries.then import CallOutThen, TeamThen, callouts_at, teams_at
from qianjun.incident.models import Figure, Incident
from qianjun.incident.queries import incident_seen, timeline
from qianjun.incident.queries.then import (
    CommandThen,
    ResponseThen,
    TaskThen,
    command_at,
    figures_at,
    grade_at,
    incident_state_at,
    reports_at,
    responses_at,
    tasks_at,
)
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.rules import masked_name
from qianjun.response.queries.room import ROUTINE
from qianjun.supply.queries.then import OrderThen, orders_at

LINES: Final = 200
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Then:
    """What was known and how far everything was. 当时的情况

    ``lines`` are the newest first, ``more`` says that older ones are left out; ``earlier`` and
    ``later`` are the instants before and after at which something was said.
    """

    row: Incident
    at: datetime
    state: str
    reports: int
    grade: int | None
    figures: dict[str, Figure]
    responses: list[ResponseThen]
    tasks: list[TaskThen]
    callouts: list[CallOutThen]
    teams: list[TeamThen]
    orders: list[OrderThen]
    command: CommandThen | None
    lines: list[Json]
    more: bool
    earlier: datetime | None
    later: datetime | None


def incident_then(*, seen_by: Actor, incident_id: str | int, at: datetime) -> Then:
    """The incident at this instant; 404 for one he may not see, 422 for a time that is to come."""
    row = incident_seen(seen_by=seen_by, incident_id=incident_id)
    if at > clock.now():
        zh = _("这个时刻还没有到。")
        fault = FieldError(field="at", code="at_in_future", zh=zh)
        raise Refused("at_in_future", zh, fields=(fault,))
    lines, more = timeline(
        seen_by=seen_by, incident_id=row.pk, as_of=at, limit=LINES, newest_first=True, but=ROUTINE
    )
    may_goods, may_people = seen_by.may("supply.read"), seen_by.may("callout.read")
    return Then(
        row=row,
        at=at,
        state=incident_state_at(row, at),
        reports=reports_at(row, at),
        grade=grade_at(row, at),
        figures=figures_at(row, at),
        responses=responses_at(row, at),
        tasks=tasks_at(row, at),
        callouts=callouts_at(row.pk, at) if may_people else [],
        teams=teams_at(row.pk, at) if may_people else [],
        orders=orders_at(seen_by=seen_by, incident_id=row.pk, at=at) if may_goods else [],
        command=command_at(row, at),
        lines=lines,
        more=more is not None,
        earlier=_said(row, at__lt=at - timedelta(seconds=1)),
        later=_said(row, at__gt=at),
    )


def _said(row: Incident, **when: datetime) -> datetime | None:
    """When something was said last before, or first after."""
    rows = Entry.objects.filter(incident=row.pk, **when).values_list("at", flat=True)
    return rows.order_by("-at").first() if "at__lt" in when else rows.order_by("at").first()


# --- for programs ---------------------------------------------------------------------------------


def then_json(told: Then) -> Json:
    """The same as the interface answers it; the timeline has a route of its own. 当时"""
    command = told.command
    return {
        "incident": str(told.row.pk),
        "number": told.row.number,
        "at": told.at.isoformat(),
        "state": told.state,
        "reports": told.reports,
        "grade": told.grade,
        "figures": {kind: _figure(one) for kind, one in told.figures.items()},
        "activations": [_response(one) for one in told.responses],
        "tasks": [_task(one) for one in told.tasks],
        "callouts": [_callout(one) for one in told.callouts],
        "teams": [_team(one) for one in told.teams],
        "orders": [_order(one) for one in told.orders],
        "command_post": None if command is None else _command(command),
        "earlier": _iso(told.earlier),
        "later": _iso(told.later),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _figure(one: Figure) -> Json:
    return {"value": one.value, "at": one.at.isoformat(), "source": one.source}


def _response(one: ResponseThen) -> Json:
    row = one.row
    return {
        "id": str(row.pk),
        "plan": row.plan,
        "level": one.level,
        "authority": row.authority,
        "state": one.state,
    }


def _task(one: TaskThen) -> Json:
    charge = one.charge
    return {
        "id": str(one.row.pk),
        "title": one.row.title,
        "stage": one.stage,
        "lead": charge.lead.code if charge and charge.lead else None,
        "person_masked": masked_name(charge.person.name) if charge and charge.person else None,
        "due_at": _iso(one.row.due_at),
    }


def _callout(one: CallOutThen) -> Json:
    return {
        "id": str(one.row.pk),
        "state": one.state,
        "need": one.row.need,
        "counts": one.counts(),
    }


def _team(one: TeamThen) -> Json:
    row = one.row
    return {"id": str(row.pk), "team": row.team.name, "way": row.way, "state": one.state}


def _order(one: OrderThen) -> Json:
    return {
        "id": str(one.row.pk),
        "number": one.row.number,
        "state": one.state,
        "receiver": one.row.receiver.code if one.row.receiver else None,
        "lines": [
            {"code": line.article.code, "quantity": line.quantity, "unit": line.article.unit}
            for line in one.lines
        ],
    }


def _command(one: CommandThen) -> Json:
    return {
        "id": str(one.row.pk),
        "place": one.row.place,
        "commander": one.on_scene.name if one.on_scene else None,
        "commands": one.commands,
    }
