"""Handing over first, from the form and from the room. 先转警"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, back, done, page, sentence
from qianjun.response.actions import hand_over, hand_over_form
from qianjun.response.actions.handing import CONFIRMED, TOLD
from qianjun.response.forms import typed
from qianjun.response.pages.seen import seen
from qianjun.response.queries.maps import OWN_CRS


@require_POST
@page("report.hand_over")
def from_form(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Mark a desk for the form that is being filled, and draw its first line anew. 接报单"""
    fields = typed(request.POST)
    fault = ""
    try:
        hand_over_form(
            by=by,
            form=fields.get("key", ""),
            desk=request.POST.get("desk", ""),
            act=request.POST.get("act", ""),
            taken_by=request.POST.get("taken_by", ""),
        )
    except Refused as refused:
        fault = sentence(refused)
    shown = {"fields": fields, "first_fault": fault, **seen(by, fields, crs=OWN_CRS)}
    return render(request, "response/intake/first.html", shown)


@require_POST
@page("report.hand_over")
def from_room(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Mark a desk for an incident that stands. 事件室"""
    told = {name: request.POST.get(name, "") for name in ("desk", "act", "taken_by")}
    if attempt(request, by, hand_over, incident_id=incident_id, **told):
        done(request, _told(told["act"]) % {"desk": told["desk"]})
    if request.POST.get("next"):
        return back(request)
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


def _told(act: str) -> str:
    if act == TOLD:
        return gettext("已记下转 %(desk)s，等对方确认。")
    if act == CONFIRMED:
        return gettext("%(desk)s 已确认收到。")
    return gettext("已撤回，%(desk)s 仍待转。")
