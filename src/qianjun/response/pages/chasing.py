"""Remind everybody who owes an answer: first who, then the second key. 一键催办页面"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from qianjun.incident.queries import incident_card
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import done, only_once, page, sent_before
from qianjun.response import actions
from qianjun.response.pages.room import or_404
from qianjun.response.queries.chasing import owing_of
from qianjun.response.rules.chasing import KINDS

Shown = dict[str, Any]


@require_http_methods(["GET", "POST"])
@page("incident.task")
def chase(request: HttpRequest, *, by: Actor, incident_id: str = "") -> HttpResponse:
    """Who owes an answer (GET), then everybody is reminded once (POST). 一键催办"""
    if request.method == "GET":
        return _page(request, by, incident_id)
    told: list[int] = []

    def put() -> None:
        told.append(len(actions.remind_everybody(by=by, incident_id=incident_id or None)))

    try:
        again = only_once(request, put)
    except Refused as refused:
        return _page(request, by, incident_id, said=or_404(refused), status=refused.status)
    said = gettext("已提醒 %(count)s 人次。") % {"count": sum(told)}
    done(request, sent_before() if again else said)
    where = reverse("incident", args=[incident_id]) if incident_id else "/"
    return HttpResponseRedirect(where)


def _page(
    request: HttpRequest, by: Actor, incident_id: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    found = owing_of(seen_by=by, incident_id=incident_id or None)
    now = clock.now()
    shown: Shown = {
        "card": incident_card(seen_by=by, incident_id=incident_id) if incident_id else None,
        "owing": [(one, gettext(KINDS[one.kind]), one.is_ready(now)) for one in found],
        "ready": sum(one.is_ready(now) for one in found),
        "said": said,
    }
    return render(request, "response/chasing/page.html", shown, status=status)
