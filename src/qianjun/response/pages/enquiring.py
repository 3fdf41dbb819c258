"""What the press asks about an incident: taken, answered, and what may be said. 媒体问询页面"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from qianjun.incident.queries import incident_card, incident_seen
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, done, only_once, page, sent_before
from qianjun.response import actions
from qianjun.response.pages.room import or_404
from qianjun.response.queries.enquiring import enquiries_of, sayable
from qianjun.response.queries.room import choices

Shown = dict[str, Any]
FIELDS = ("asked_by", "medium", "question", "person", "until")


@require_safe
@page("incident.read")
def enquiries(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """What was asked, and what may be said. 媒体问询"""
    return _page(request, by, incident_id)


def _page(
    request: HttpRequest,
    by: Actor,
    incident_id: str,
    *,
    said: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    incident = incident_seen(seen_by=by, incident_id=incident_id)
    may = by.may("incident.task")
    shown: Shown = {
        "card": incident_card(seen_by=by, incident_id=incident_id),
        "rows": list(enquiries_of(seen_by=by, incident_id=incident_id)),
        "sayable": sayable(seen_by=by, incident=incident),
        "people": choices(seen_by=by)["people"] if may else [],
        "typed": typed or {},
        "said": said,
        "may_write": may,
    }
    return render(request, "response/enquiring/page.html", shown, status=status)


@require_POST
@page("incident.task")
def take(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The press asks; what was typed stays when refused. 登记媒体问询"""
    told = {name: request.POST.get(name, "") for name in FIELDS}

    def put() -> None:
        words = {name: told[name] for name in FIELDS if name != "until"}
        until = _instant(told["until"])
        actions.take_enquiry(by=by, incident_id=incident_id, until=until, **words)

    try:
        again = only_once(request, put)
    except Refused as refused:
        said = or_404(refused)
        return _page(request, by, incident_id, said=said, typed=told, status=refused.status)
    done(request, sent_before() if again else gettext("已登记，任务已下达。"))
    return HttpResponseRedirect(reverse("incident_enquiries", args=[incident_id]))


def _instant(said: str) -> datetime | None:
    """What the field of day and time says, in Beijing; none for what cannot be read."""
    try:
        return datetime.fromisoformat(said).replace(tzinfo=clock.BEIJING) if said else None
    except ValueError:
        return None


@require_POST
@page("incident.task")
def answer(request: HttpRequest, *, by: Actor, enquiry_id: str) -> HttpResponse:
    """What the press was told. 答复媒体"""
    words = {"enquiry_id": enquiry_id, "answer": request.POST.get("answer", "")}
    if attempt(request, by, actions.answer_enquiry, **words):
        done(request, gettext("答复已记下，任务办结。"))
    incident = request.POST.get("incident", "")
    if not (incident.isascii() and incident.isdigit()):
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(reverse("incident_enquiries", args=[incident]))
