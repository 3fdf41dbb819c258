"""What is due to whom for an incident, and how punctually was reported. 时限页面"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from qianjun.incident.queries import incident_card
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import page, sentence
from qianjun.response.queries.clocks import clocks_of
from qianjun.response.queries.punctuality import (
    STATES,
    Period,
    period_of,
    punctual_rows,
    punctuality,
    state_said,
)
from qianjun.response.rules.clocks import STEPS

Shown = dict[str, Any]


@require_GET
@page("incident.read")
def clocks(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The steps of reporting an incident, each with rule, start and source. 时限"""
    found = clocks_of(seen_by=by, incident_id=incident_id)
    shown: Shown = {
        "clocks": [one for one in found if one.is_ours],
        "theirs": [one for one in found if not one.is_ours],
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "response/clocks/lines.html", shown)
    shown["card"] = incident_card(seen_by=by, incident_id=incident_id)
    return render(request, "response/clocks/incident.html", shown)


def _period(request: HttpRequest) -> tuple[Period, str]:
    """The period that is asked for; else this month, and why not the other."""
    try:
        return period_of(request.GET.get("from", ""), request.GET.get("to", "")), ""
    except Refused as refused:
        return period_of("", ""), sentence(refused)


@require_GET
@page("incident.read")
def sums(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """How punctually was reported, per unit and clock; every number leads to its rows. 时限统计"""
    period, said = _period(request)
    days = {"from": period.since.isoformat(), "to": period.until.isoformat()}
    lines = [
        {"line": one, "to": urlencode({**days, "unit": one.unit, "step": one.step})}
        for one in punctuality(seen_by=by, period=period)
    ]
    shown: Shown = {"lines": lines, "days": days, "said": said}
    return render(request, "response/clocks/sums.html", shown, status=422 if said else 200)


@require_GET
@page("incident.read")
def rows(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The rows behind a number. 时限明细"""
    period, said = _period(request)
    chosen = {name: request.GET.get(name, "") for name in ("unit", "step", "state")}
    found = punctual_rows(seen_by=by, period=period, **chosen)
    days = {"from": period.since.isoformat(), "to": period.until.isoformat()}
    unit = found[0].row.unit.short_name if chosen["unit"] and found else ""
    shown: Shown = {
        "rows": [(one, state_said(one)) for one in found],
        "days": days,
        "back": urlencode(days),
        "said": said,
        "of": [
            word
            for word in (
                unit,
                _word(STEPS, chosen["step"]),
                _word(STATES, chosen["state"]),
            )
            if word
        ],
    }
    return render(request, "response/clocks/rows.html", shown, status=422 if said else 200)


def _word(words: Mapping[str, str], code: str) -> str:
    zh = words.get(code, "")
    return gettext(zh) if zh else ""
