"""The incident room at a past minute. 当时的事件室"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from qianjun.force.rules.team_calls import STATES as TEAM_STATES
from qianjun.incident.queries import incident_seen
from qianjun.incident.rules.commanding import COMMANDS
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.tasks import STAGES
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import page, sentence
from qianjun.plan.queries import bodies, plan_by_code, said
from qianjun.response.queries.commanding import CALLOUT_STATES
from qianjun.response.queries.responding import level_word, unit_names
from qianjun.response.queries.then import Then, incident_then
from qianjun.supply.rules import STATES as ORDER_STATES

MINUTE: Final = "%Y-%m-%dT%H:%M"
SECOND: Final = "%Y-%m-%dT%H:%M:%S"


@require_GET
@page("incident.read")
def then(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """How the incident stood at ``at``, minutes or seconds as people here write them. 当时"""
    row = incident_seen(seen_by=by, incident_id=incident_id)
    typed = request.GET.get("at", "")
    at = _instant(typed) if typed else clock.now()
    if at is None:
        return _refused(request, row, typed, gettext("时间写成 2026-06-01 14:05 这样。"))
    try:
        told = incident_then(seen_by=by, incident_id=incident_id, at=min(at, _whole_now(at)))
    except Refused as refused:
        return _refused(request, row, typed, sentence(refused))
    return render(request, "response/then/page.html", _shown(told))


def _whole_now(at: datetime) -> datetime:
    """A minute that runs is looked at as far as it has run."""
    now = clock.now()
    return now if now < at < now + timedelta(minutes=1) else at


def _instant(typed: str) -> datetime | None:
    """The end of the minute or second that was typed."""
    for shape, length in ((MINUTE, timedelta(minutes=1)), (SECOND, timedelta(seconds=1))):
        try:
            local = datetime.strptime(typed.replace(" ", "T"), shape)  # noqa: DTZ007
            begins = local.replace(tzinfo=clock.BEIJING)
            return begins + length - timedelta(microseconds=1)
        except (ValueError, OverflowError):
            continue
    return None


def _refused(request: HttpRequest, row: object, typed: str, why: str) -> HttpResponse:
    shown = {"row": row, "typed": typed, "why": why}
    return render(request, "response/then/page.html", shown, status=422)


def _shown(told: Then) -> dict[str, Any]:
    units = unit_names({one.row.authority for one in told.responses})
    return {
        "told": told,
        "row": told.row,
        "typed": _typed(told.at, MINUTE),
        "earlier": _typed(told.earlier, SECOND),
        "later": _typed(told.later, SECOND),
        "figures": [(zh, told.figures.get(kind)) for kind, zh in FIGURES.items()],
        "responses": [_response(one, units) for one in told.responses],
        "tasks": [(one, STAGES[one.stage]) for one in told.tasks],
        "callouts": [(one, CALLOUT_STATES.get(one.state, one.state)) for one in told.callouts],
        "teams": [(one, TEAM_STATES[one.state]) for one in told.teams],
        "orders": [(one, ORDER_STATES[one.state]) for one in told.orders],
        "commands": COMMANDS[told.command.commands] if told.command else "",
        "lines": told.lines,
    }


def _typed(at: datetime | None, shape: str) -> str:
    return clock.in_beijing(at).strftime(shape) if at is not None else ""


def _response(one: Any, units: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401
    plan, body = plan_by_code(one.row.plan), bodies().get(one.row.authority)
    return {
        "title": said(plan.title) if plan else one.row.plan,
        "row": {"level": one.level},
        "level_word": level_word(one.level),
        "authority": said(body) if body else units.get(one.row.authority, one.row.authority),
        "state": one.state,
    }
