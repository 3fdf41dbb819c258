"""What was merged into an incident, seen from the one that leads; take apart. 并案页面"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.incident import actions
from qianjun.incident.queries import incident_card, incident_seen, reports_of, timeline
from qianjun.incident.queries.merging import merged_into
from qianjun.incident.rules.figures import FIGURES
from qianjun.kernel.text import mask_phones_in
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, done, page
from qianjun.org.undo.offers import offer
from qianjun.response.queries.room import choices

Shown = dict[str, Any]
LINES: Final = 30


@require_GET
@page("incident.read")
def merged(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The other incidents: their reports, lines and figures, which do not count twice. 并案"""
    card = incident_card(seen_by=by, incident_id=incident_id)
    may = by.may("report.sort")
    others = choices(seen_by=by)["others"] if may else []
    shown: Shown = {
        "card": card,
        "merged": [_other(by, row.pk) for row in merged_into(seen_by=by, incident_id=incident_id)],
        "others": [(key, name) for key, name in others if key != card["id"]],
        "may_sort": may,
    }
    return render(request, "response/merging/page.html", shown)


def _other(by: Actor, pk: int) -> Shown:
    card = incident_card(seen_by=by, incident_id=pk)
    lines, _more = timeline(seen_by=by, incident_id=pk, limit=LINES, newest_first=True)
    return {
        "card": card,
        "figures": [(zh, card["figures"][kind]) for kind, zh in FIGURES.items()],
        "reports": [
            (row.number, row.received_at, mask_phones_in(row.text))
            for row in reports_of(seen_by=by, incident_id=pk)
        ],
        "lines": lines,
    }


@require_POST
@page("report.sort")
def merge(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Another incident is the same; this one leads. 并案"""
    told = {"other": request.POST.get("other", ""), "why": request.POST.get("why", "")}
    if attempt(request, by, actions.merge_incident, incident_id=incident_id, **told):
        undo = offer(by, "merge", merged=told["other"])
        done(request, gettext("已并案，两个编号都保留，数字以本事件为准。"), undo=undo)
    return HttpResponseRedirect(reverse("incident_merged", args=[incident_id]))


@require_POST
@page("report.sort")
def unmerge(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """It is another one after all: it is open again. 拆分"""
    why = request.POST.get("why", "")
    lead = incident_seen(seen_by=by, incident_id=incident_id).merged_into_id
    if attempt(request, by, actions.unmerge_incident, incident_id=incident_id, why=why):
        undo = offer(by, "unmerge", lead=lead, merged=incident_id)
        done(request, gettext("已拆分，这个事件重新打开。"), undo=undo)
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))
