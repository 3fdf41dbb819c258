"""The list of incidents. 事件列表"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qianjun.incident import queries
from qianjun.incident.models import Incident
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.org.actor import Actor
from qianjun.org.http import page_of
from qianjun.org.pages import page

STATES = (*Incident.State.values, "all")
SEARCH_MOST = 100


@require_GET
@page("incident.read")
def incidents(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Incidents by state and words, the newest first. 事件"""
    asked = request.GET.get("state", Incident.State.OPEN)
    state = asked if asked in STATES else Incident.State.OPEN
    q = request.GET.get("q", "").replace("\0", "").strip()[:SEARCH_MOST]
    rows = queries.incidents(seen_by=by, state=None if state == "all" else state, q=q)
    found, more = page_of(rows, after=request.GET.get("after"))
    shown = {
        "incidents": [{**card, "due": due} for card, due in _with_due(found)],
        "state": state,
        "q": q,
        "more": more,
        "live": not q and not request.GET.get("after"),
    }
    part = "response/incidents/rows.html" if request.htmx else "response/incidents/page.html"  # type: ignore[attr-defined]
    return render(request, part, shown)


def _with_due(rows: list[Incident]) -> Iterator[tuple[dict[str, Any], Deadline | None]]:
    """Each card with its next open deadline, else its last one."""
    due = deadlines_of(*(("incident", str(row.pk)) for row in rows)) if rows else {}
    for card in queries.cards(rows):
        known = due["incident", card["id"]]
        still_open = [one for one in known if one.met_at is None]
        yield card, next(iter([*still_open, *reversed(known)]), None)
