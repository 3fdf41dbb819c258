"""The command post of an incident: set up, hand over, groups, stand down. 指挥部页面"""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from qianjun.incident import actions as incident_actions
from qianjun.incident.queries import command_of, incident_card, last_change
from qianjun.incident.rules.commanding import CITY, DISTRICT, ON_SCENE, SEATS
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import done, page, sentence
from qianjun.response import actions
from qianjun.response.forms import first_fault
from qianjun.response.pages.command_forms import (
    CommanderForm,
    EndForm,
    SeatForm,
    SetUpForm,
    TransferForm,
)
from qianjun.response.queries.commanding import matters_said, open_matters
from qianjun.response.queries.room import choices

Shown = dict[str, Any]
STALE = "stale"


@require_http_methods(["GET", "POST"])
@page("incident.read")
def command(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The command post as it stands (GET); set one up (POST, which its verb allows). 指挥部"""
    if request.method == "GET":
        return _page(request, by, incident_id)
    return _act(
        request,
        by,
        incident_id,
        part="set_up",
        form=SetUpForm(request.POST),
        verb=lambda form: incident_actions.set_up_command_post(
            by=by, incident_id=incident_id, wanted=form.wanted()
        ),
        told=gettext("现场指挥部已成立。"),
    )


@require_POST
@page("command.fill")
def commander(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Hand command on scene over. 现场总指挥交接"""
    return _act(
        request,
        by,
        incident_id,
        part="commander",
        form=CommanderForm(request.POST),
        verb=lambda form: incident_actions.hand_over_scene(
            by=by,
            incident_id=incident_id,
            to=form.whom(),
            **_said(form, "version", "why", "at"),
        ),
        told=gettext("现场总指挥已交接，前任留在经过里。"),
    )


@require_POST
@page("command.fill")
def seats(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Give a seat or a group to somebody, or leave it empty. 指挥职务"""
    return _act(
        request,
        by,
        incident_id,
        part="seats",
        form=SeatForm(request.POST),
        verb=lambda form: incident_actions.fill_seat(
            by=by,
            incident_id=incident_id,
            whom=form.whom(),
            **_said(form, "version", "seat", "instead_of", "why"),
        ),
        told=gettext("指挥部的分工已更新。"),
    )


@require_POST
@page("command.lead")
def transfer(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Hand command to the city, or take it back. 指挥权移交"""
    return _act(
        request,
        by,
        incident_id,
        part="transfer",
        form=TransferForm(request.POST),
        verb=lambda form: actions.hand_over_command(
            by=by,
            incident_id=incident_id,
            **_said(form, "version", "to", "taken_by", "why", "at"),
        ),
        told=gettext("指挥权移交已记下，清单已留存。"),
    )


@require_POST
@page("command.lead")
def end(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Stand the command post down. 撤销"""
    return _act(
        request,
        by,
        incident_id,
        part="end",
        form=EndForm(request.POST),
        verb=lambda form: incident_actions.stand_down_command_post(
            by=by, incident_id=incident_id, **_said(form, "version", "why")
        ),
        told=gettext("现场指挥部已撤销。"),
    )


def _said(form: Form, *names: str) -> Shown:
    return {name: form.cleaned_data[name] for name in names}


def _act(
    request: HttpRequest,
    by: Actor,
    incident_id: str,
    *,
    part: str,
    form: Any,  # noqa: ANN401  # one of the forms of the page
    verb: Callable[[Any], object],
    told: str,
) -> HttpResponse:
    """Do what a form asks and show the page anew; else the page with what was typed and why not."""
    typed = {part: request.POST}
    if not form.is_valid():
        said = first_fault(form)
        return _page(request, by, incident_id, typed=typed, said=said, status=422)
    try:
        verb(form)
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(
            request,
            by,
            incident_id,
            typed=typed,
            said=sentence(refused),
            is_stale=refused.code == STALE,
            status=refused.status,
        )
    done(request, told)
    return HttpResponseRedirect(reverse("command", args=[incident_id]))


def _page(
    request: HttpRequest,
    by: Actor,
    incident_id: str,
    *,
    typed: Shown | None = None,
    said: str = "",
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    told = command_of(seen_by=by, incident_id=incident_id)
    may = {"lead": by.may("command.lead"), "fill": by.may("command.fill")}
    known = choices(seen_by=by) if may["fill"] else {"leads": [], "people": []}
    matters = open_matters(seen_by=by, incident_id=incident_id) if may["lead"] else []
    shown: Shown = {
        "card": incident_card(seen_by=by, incident_id=incident_id),
        "command": told,
        "transfers": [(one, matters_said(one.handed)) for one in told.transfers],
        "matters": matters_said(one.as_json() for one in matters),
        "to": DISTRICT if told.listens else CITY,
        "seats": [(code, seat.zh) for code, seat in SEATS.items() if code != ON_SCENE],
        "leads": known["leads"],
        "people": [(int(key), name) for key, name in known["people"]],
        "may": may,
        "typed": typed or {},
        "said": said,
        "changed": last_change(told.row) if is_stale and told.row else None,
    }
    return render(request, "response/commanding/page.html", shown, status=status)
