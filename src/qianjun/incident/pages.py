"""The page of a task behind its link, and a unit's own sheet of tasks. 任务页与任务单"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST, require_safe

from qianjun.incident import actions
from qianjun.incident.queries.instructions import (
    REFERRAL,
    referral_of_link,
    stage_of_referral,
)
from qianjun.incident.queries.instructions import shown_to_link as referral_shown
from qianjun.incident.queries.sheets import (
    sheet_of,
    shown_to_link,
    stage_for,
    task_of_link,
)
from qianjun.incident.queries.tasks import LINK
from qianjun.incident.rules import instructions as referrals
from qianjun.incident.rules.tasks import ACTS, Doing
from qianjun.org.actor import Actor
from qianjun.org.linked import Act, Door, act_of, acted, by_link, link_json, link_page, wants_json
from qianjun.org.pages import page

TEXT_MOST = 500
FED_MOST = referrals.WORD_MOST


@require_safe
@by_link(LINK)
def task(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """One task or referral, for who has it; looking changes nothing. 任务页"""
    if by.scope.about[0] == REFERRAL:
        return _referral(request, by, link)
    row, charge = task_of_link(by)
    shown = shown_to_link(by, row, charge)
    if wants_json(request):
        return link_json(_plain(shown))
    return link_page(
        "incident/link/task.html", {"task": shown, "opened": row.read_at is not None}, link=link
    )


def _referral(request: HttpRequest, by: Actor, link: Door) -> HttpResponse:
    row = referral_of_link(by)
    shown = referral_shown(by, row)
    if wants_json(request):
        return link_json(_plain(shown))
    told = {"referral": shown, "opened": row.read_at is not None}
    return link_page("incident/link/referral.html", told, link=link)


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    shown |= {"message_zh": ""}
    plain: dict[str, Any] = json.loads(json.dumps(shown, cls=DjangoJSONEncoder))
    return plain


@require_POST
@by_link(LINK)
def act(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """What a phone sends about its task or referral. 办理"""
    if by.scope.about[0] == REFERRAL:
        return _fed_back(request, by, link)
    told = act_of(request, link=link, acts=ACTS)
    done = actions.act_by_link(by=by, kind=ACTS[told.name], doing=_doing(told))
    answer = {
        "state": stage_for(done.task, done.step.charge),
        "outcome": done.judged.outcome,
        "message": done.judged.says,
        "happened_at": done.step.happened_at.isoformat(),
    }
    return acted(request, answer, link=link, act=told)


def _fed_back(request: HttpRequest, by: Actor, link: Door) -> HttpResponse:
    told = act_of(request, link=link, acts=referrals.ACTS)
    doing = _doing(told, most=FED_MOST)
    done = actions.feed_back_by_link(by=by, kind=referrals.ACTS[told.name], doing=doing)
    answer = {
        "state": stage_of_referral(done.referral),
        "outcome": done.judged.outcome,
        "message": done.judged.says,
        "happened_at": done.step.happened_at.isoformat(),
    }
    return acted(request, answer, link=link, act=told)


def _doing(told: Act, *, most: int = TEXT_MOST) -> Doing:
    return Doing(
        act_id=told.act_id,
        happened_at=told.happened_at,
        claimed_at=told.claimed_at,
        clock_off=told.clock_off,
        device=told.device,
        text=told.words("text", most=most),
    )


@require_GET
@page("task.sheet")
def sheet(request: HttpRequest, *, by: Actor, incident_id: str, unit: str) -> HttpResponse:
    """What one unit has to do, and nothing of the others; made to be printed. 任务单"""
    found = sheet_of(seen_by=by, incident_id=incident_id, unit=unit)
    return render(request, "incident/sheet.html", {"sheet": found})
