"""The list before an incident is closed, and the lessons after it. 结案页面"""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.incident.queries import incident_card
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, back, done, only_once, page, sent_before
from qianjun.org.undo.offers import offer
from qianjun.response import actions
from qianjun.response.pages.room import or_404
from qianjun.response.queries.closing import (
    DONE,
    LATE,
    OPEN,
    closing_of,
    lessons,
    state_of_lesson,
    whose_lesson,
)
from qianjun.response.queries.room import choices

Shown = dict[str, Any]
STATES = {OPEN: _("未完成"), LATE: _("已超期"), DONE: _("已完成"), "": _("全部")}


@require_GET
@page("incident.read")
def closing(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """What is left before the incident is closed, what is due after. 结案清单"""
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
    found = closing_of(seen_by=by, incident_id=incident_id)
    may_write = by.may("lesson.write")
    offered = choices(seen_by=by) if may_write else {"leads": [], "people": []}
    shown: Shown = {
        "card": incident_card(seen_by=by, incident_id=incident_id),
        "closing": found,
        "lines": found.lines,
        "lessons": [_shown(row) for row in found.lessons],
        "leads": offered["leads"],
        "people": offered["people"],
        "typed": typed or {},
        "said": said,
        "may": {
            "close": by.may("incident.close"),
            "reopen": by.may("incident.reopen"),
            "write": may_write,
        },
    }
    return render(request, "response/closing/page.html", shown, status=status)


def _shown(row: Any) -> Shown:  # noqa: ANN401  # a row with its names
    return {"row": row, "whose": whose_lesson(row), "state": state_of_lesson(row)}


@require_POST
@page("lesson.write")
def add(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Put down a lesson; what was typed stays when refused. 提出整改事项"""
    told = {name: request.POST.get(name, "") for name in ("text", "unit", "person", "due_on")}
    undo = ""

    def put() -> None:
        nonlocal undo
        words = {name: told[name] for name in ("text", "unit", "person")}
        due_on = _day(told["due_on"])
        row = actions.add_lesson(by=by, incident_id=incident_id, due_on=due_on, **words)
        undo = offer(by, "lesson", lesson_id=row.pk)

    try:
        again = only_once(request, put)
    except Refused as refused:
        said = or_404(refused)
        return _page(request, by, incident_id, said=said, typed=told, status=refused.status)
    done(request, sent_before() if again else gettext("已记下整改事项。"), undo=undo)
    return HttpResponseRedirect(reverse("incident_closing", args=[incident_id]))


def _day(said: str) -> date:
    """The day of a date field; what is none is in the past and refused as such."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return date.min


@require_POST
@page("lesson.write")
def finish(request: HttpRequest, *, by: Actor, lesson_id: str) -> HttpResponse:
    """It has been done, or it was put down by mistake. 整改完成"""
    if request.POST.get("act") == "withdraw":
        if attempt(request, by, actions.withdraw_lesson, lesson_id=lesson_id):
            done(request, gettext("已撤回这项整改。"))
    elif attempt(
        request, by, actions.finish_lesson, lesson_id=lesson_id, how=request.POST.get("how", "")
    ):
        done(request, gettext("整改已记为完成。"))
    return back(request)


@require_POST
@page("lesson.write")
def purged(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Say that the personal data is erased. 已清除"""
    what = request.POST.get("what", "")
    if attempt(request, by, actions.note_purged, incident_id=incident_id, what=what):
        done(request, gettext("已记下：个人信息已清除。"))
    return HttpResponseRedirect(reverse("incident_closing", args=[incident_id]))


@require_GET
@page("incident.read")
def listed(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The lessons of all incidents. 整改清单"""
    state = request.GET.get("state", OPEN)
    state = state if state in STATES else OPEN
    shown: Shown = {
        "rows": [_shown(row) for row in lessons(seen_by=by, state=state)[:500]],
        "state": state,
        "states": {code: gettext(word) for code, word in STATES.items()},
        "may_write": by.may("lesson.write"),
        "here": request.get_full_path(),
    }
    return render(request, "response/closing/lessons.html", shown)
