"""What is done in the room beside notes and numbers: grade, corrections, facts. 处置"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from qianjun.incident import actions, queries
from qianjun.incident.categories import event_types
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import done, page
from qianjun.org.undo.offers import offer
from qianjun.place.queries import Candidate, locate
from qianjun.response.forms import LINE_MOST, first_fault, typed_in
from qianjun.response.pages.room import or_404, sent
from qianjun.response.pages.room_forms import CorrectionForm, FactsForm, GradeForm

Facts = dict[str, Any]


def _to_room(incident_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


@require_POST
@page("incident.grade")
def grade(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Confirm the grade, the suggested one or another. 定级"""
    was = queries.incident_seen(seen_by=by, incident_id=incident_id).grade

    def undo(row: Any) -> str:  # noqa: ANN401  # a row of incident
        words = {"incident_id": row.pk, "version": row.version}
        return offer(by, "grade", grade=was, **words) if was else ""

    return sent(
        request,
        by,
        incident_id,
        "grading",
        form=GradeForm(request.POST),
        act=lambda said: actions.confirm_grade(by=by, incident_id=incident_id, **said),
        told=gettext("事件分级已定。"),
        undo=undo,
    )


@require_POST
@page("incident.note")
def correct(request: HttpRequest, *, by: Actor, incident_id: str, entry_id: str) -> HttpResponse:
    """A line was wrong: a new one stands for it. 更正"""
    return sent(
        request,
        by,
        incident_id,
        "correction",
        form=CorrectionForm(request.POST),
        act=lambda said: actions.correct_entry(
            by=by, incident_id=incident_id, entry_id=entry_id, **said
        ),
        told=gettext("已更正，原来的一条划去并保留。"),
        fix=entry_id,
    )


# --- what it is, where and when -----------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page("incident.settle")
def facts(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Settle title, kind, time and place; a GET with words looks for the place. 核定要素"""
    card = queries.incident_card(seen_by=by, incident_id=incident_id)
    if request.method == "GET":
        fields = _shown(card) | typed_in(request.GET)
        return _facts_page(request, card, fields=fields)
    return _settle(request, by, card)


def _shown(card: Facts) -> dict[str, str]:
    """The facts as the form shows them, and shows them again as what they were."""
    fields = {
        "title": card["title"],
        "category": card["category"] or "",
        "occurred": _typed_time(card["occurred_at"]),
    }
    was = {f"was_{name}": value for name, value in fields.items()}
    return fields | was | {"version": str(card["version"]), "where": "", "place": ""}


def _typed_time(told: str | None) -> str:
    if told is None:
        return ""
    at, now = datetime.fromisoformat(told), clock.in_beijing(clock.now())
    local = clock.in_beijing(at)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%m-%d %H:%M}"


def _settle(request: HttpRequest, by: Actor, card: Facts) -> HttpResponse:
    form = FactsForm(request.POST)
    fields = typed_in(request.POST)
    if not form.is_valid():
        return _facts_page(request, card, fields=fields, said=first_fault(form), status=422)
    told = _changed(form.cleaned_data, fields)
    version = form.cleaned_data["version"]
    if told.get("place", 0) is None:
        said = gettext("这个候选地点不是按现在的字找出来的，请再找一次。")
        return _facts_page(request, card, fields=fields, said=said, status=422)
    try:
        row = actions.settle_facts(by=by, incident_id=card["id"], version=version, facts=told)
    except Refused as refused:
        said = or_404(refused)
        if refused.code == "stale":
            return _conflict(request, by, card["id"], fields, said=said)
        return _facts_page(request, card, fields=fields, said=said, status=refused.status)
    undo = offer(by, "facts", incident_id=row.pk, version=row.version)
    done(request, gettext("要素已核定。"), undo=undo)
    return _to_room(card["id"])


def _changed(said: Facts, typed: dict[str, str]) -> Facts:
    """What differs from what the page showed."""
    told: Facts = {}
    if said["title"] != said["was_title"]:
        told["title"] = said["title"]
    if said["category"] != said["was_category"]:
        told["category"] = said["category"]
    if typed.get("occurred", "").strip() != said["was_occurred"]:
        told["occurred_at"] = said["occurred"]
    if said["place"]:
        told["place"] = _place(said["where"], said["place"])
    return told


def key_of(place: Candidate) -> str:
    """What tells a candidate from the others of one answer."""
    return f"{place.code}|{place.name}"


def _place(where: str, chosen: str) -> actions.Place | None:
    found = next((one for one in locate(where).places if key_of(one) == chosen), None)
    if found is None:
        return None
    return actions.Place(
        lon=found.lon, lat=found.lat, name=found.name, code=found.code, radius_m=found.radius_m
    )


def _conflict(
    request: HttpRequest, by: Actor, incident_id: str, fields: dict[str, str], *, said: str
) -> HttpResponse:
    """Somebody was faster: what is now stands beside what was typed; the next send is meant."""
    card = queries.incident_card(seen_by=by, incident_id=incident_id)
    now = _shown(card)
    names = ("title", "category", "occurred")
    untouched = {n: now[n] for n in names if fields.get(n, "") == fields.get(f"was_{n}", "")}
    was = {f"was_{name}": now[name] for name in names} | {"version": now["version"]}
    beside = {n: now[n] for n in names if n not in untouched and now[n] != fields.get(n, "")}
    told = fields | untouched | was
    return _facts_page(request, card, fields=told, said=said, beside=beside, status=409)


def _facts_page(
    request: HttpRequest,
    card: Facts,
    *,
    fields: dict[str, str],
    said: str = "",
    beside: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    where = fields.get("where", "").replace("\0", "").strip()[:LINE_MOST]
    answer = locate(where) if where else None
    shown = {
        "card": card,
        "fields": fields,
        "said": said,
        "beside": beside or {},
        "categories": [code for code in event_types() if code[2:3].isalpha()],
        "answer": answer,
        "places": [(key_of(one), one) for one in answer.places] if answer else [],
    }
    return render(request, "response/room/facts.html", shown, status=status)
