"""First measures, starting and deciding a response, operations. 响应页面"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianjun.incident.models import Incident
from qianjun.incident.queries import (
    activation_seen,
    incident_card,
    incident_seen,
    latest_figures,
    waiting_activations,
)
from qianjun.incident.queries.instructions import asked_instructions
from qianjun.kernel.errors import Refused
from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.org.actor import Actor
from qianjun.org.http import once_for_form
from qianjun.org.pages import attempt, done, page, sent_before, sentence
from qianjun.plan.queries import plan_by_code, proposal
from qianjun.response import actions
from qianjun.response.forms import first_fault
from qianjun.response.pages.response_forms import ResponseForm
from qianjun.response.queries import responding as seen
from qianjun.response.queries.responses import lanes, lanes_of, plan_choices, steps_of
from qianjun.response.queries.upward import name_said, waiting_upward
from qianjun.response.upward_models import UpwardReport

Shown = dict[str, Any]
WAITING_MOST: Final = 50


@require_http_methods(["GET", "POST"])
@page("activation.propose")
def response(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Look at what a plan would do at a level (GET), then start or propose it (POST). 启动响应"""
    incident = incident_seen(seen_by=by, incident_id=incident_id)
    form = ResponseForm(request.POST if request.method == "POST" else _asked_for(request, incident))
    if request.method == "GET":
        return _page(request, by, incident, form)
    if not form.is_valid():
        return _page(request, by, incident, form, said=first_fault(form), status=422)
    try:
        return _started_once(
            request,
            lambda: actions.start_response(by=by, incident_id=incident_id, asked=form.asked()),
        )
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(request, by, incident, form, said=sentence(refused), status=refused.status)


def _started_once(request: HttpRequest, start: Callable[[], Any]) -> HttpResponse:
    """Start what a form asks unless its key says that it was; then to that response. 只启动一次"""
    known: list[Any] = []

    def run() -> tuple[int, Shown]:
        known.append(start())
        return 201, {"activation": known[0].row.pk}

    key = request.POST.get("key", "")
    told = once_for_form(request, run, key=key)[1] if key else run()[1]
    done(request, _told(known[0]) if known else sent_before())
    return HttpResponseRedirect(reverse("activation", args=[told["activation"]]))


def _told(started: Any) -> str:  # noqa: ANN401  # response.actions.responding.Started
    words = {"n": len(started.given.tasks), "people": len(started.given.people)}
    if started.row.started_at is not None:
        return gettext("响应已启动：下达 %(n)s 项任务，通知 %(people)s 人。") % words
    return gettext("已报请批准，通知 %(people)s 人。") % words


def _asked_for(request: HttpRequest, incident: Incident) -> dict[str, str]:
    """What the address asks to look at; without it what the triggers reach now. 默认"""
    told = {name: request.GET.get(name, "") for name in ("plan", "level", "authority")}
    if told["plan"]:
        return told
    found = proposal(category=incident.category, figures=_figures(incident), words=incident.title)
    if found is None:
        return told
    plan = plan_by_code(found.plan)
    mildest = str(max(one.n for one in plan.levels)) if plan else ""
    return {**told, "plan": found.plan, "level": str(found.level or mildest)}


def _figures(incident: Incident) -> dict[str, int]:
    return latest_figures([incident.pk])[incident.pk].values()


def _page(
    request: HttpRequest,
    by: Actor,
    incident: Incident,
    form: ResponseForm,
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    looked, fault = _looked(by, incident, form)
    plan = plan_by_code(form.data.get("plan", ""))
    shown: Shown = {
        "card": incident_card(seen_by=by, incident_id=incident.pk),
        "form": form,
        "typed": form.data,
        "said": said or fault,
        "plans": plan_choices(incident),
        "levels": [(one.n, LEVEL_WORDS[one.n]) for one in plan.levels] if plan else [],
        "looked": looked,
        "lanes": lanes(seen_by=by, incident_id=incident.pk),
    }
    return render(request, "response/responding/page.html", shown, status=status)


def _looked(by: Actor, incident: Incident, form: ResponseForm) -> tuple[Shown | None, str]:
    """The preview of what the form asks, or why there is none."""
    if not form.data.get("plan") or not form.data.get("level"):
        return None, ""
    if not form.is_valid():
        return None, first_fault(form)
    try:
        row = seen.look_at_response(seen_by=by, incident_id=incident.pk, asked=form.asked())
        (lane,) = lanes_of([row], by=by)
    except Refused as refused:
        return None, sentence(refused)
    measures = seen.measures_for(row, seen.plan_of(row.plan))
    shown = {
        "lane": lane,
        "what": seen.preview_json(row),
        "units": seen.unit_names(measures.units()),
        "unmanned": seen.unmanned(measures),
        "measures": seen.said_measures(measures),
        "notice": seen.notice_of(seen.plan_of(row.plan), "activation", row),
    }
    return shown, ""


@require_POST
@page("activation.first")
def measures(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Start what the duty officer may start alone. 先期处置"""

    def start(*, by: Actor, incident_id: str) -> None:
        _incident, _plan, given = actions.first_measures(by=by, incident_id=incident_id)
        words = {"n": len(given.tasks), "people": len(given.people)}
        if given.people:
            said = gettext("先期处置已开始：%(n)s 项任务，通知 %(people)s 人。")
        else:
            said = gettext("先期处置的 %(n)s 项任务都已下达过，没有重复通知。")
        done(request, said % words)

    attempt(request, by, start, incident_id=incident_id)
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


@require_GET
@page("activation.decide")
def decisions(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """What waits for this leader, a card each. 待批"""
    rows = list(waiting_activations(seen_by=by)[:WAITING_MOST])
    waiting = [(lane, seen.preview_json(lane.row)) for lane in lanes_of(rows, by=by)]
    mine = [pair for pair in waiting if pair[0].may_decide]
    reports = waiting_upward(seen_by=by)[:WAITING_MOST] if by.may("upward.sign") else []
    directs = by.may("instruction.direct") and by.may("instruction.read")
    shown = {
        "waiting": mine,
        "others": len(waiting) - len(mine),
        "reports": _to_sign(reports),
        "instructions": list(asked_instructions(seen_by=by)[:WAITING_MOST]) if directs else [],
    }
    return render(request, "response/responding/decisions.html", shown)


def _to_sign(rows: Iterable[UpwardReport]) -> list[tuple[UpwardReport, str]]:
    """Reports to the upper level that wait for a signature, each with what it is called."""
    return [(row, name_said(row.kind, row.ordinal)) for row in rows]


@require_GET
@page("incident.read")
def activation(request: HttpRequest, *, by: Actor, activation_id: str) -> HttpResponse:
    """One response: what was decided by whom, its tasks, and what may be done now. 响应"""
    return _activation(request, by, activation_id)


def _activation(
    request: HttpRequest, by: Actor, activation_id: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    row = activation_seen(seen_by=by, activation_id=activation_id)
    (lane,) = lanes_of([row], by=by)
    plan = seen.plan_of(row.plan)
    measures = seen.measures_for(row, plan)
    shown: Shown = {
        "lane": lane,
        "card": incident_card(seen_by=by, incident_id=row.incident_id),
        "what": seen.preview_json(row) if lane.state == "proposed" else seen.activation_json(row),
        "units": seen.unit_names(measures.units()),
        "measures": seen.said_measures(measures),
        "notice": seen.notice_of(plan, "activation", row),
        "steps": steps_of(row),
        "levels": [(one.n, LEVEL_WORDS[one.n]) for one in plan.levels if one.n != row.level],
        "moved": _moved(request, by, row),
        "said": said,
        "typed": request.POST,
        "may": {
            "propose": by.may("activation.propose"),
            "decide": lane.may_decide,
            "callout": by.may("callout.call"),
        },
    }
    return render(request, "response/responding/activation.html", shown, status=status)


def _moved(request: HttpRequest, by: Actor, row: Any) -> Shown | None:  # noqa: ANN401  # Activation
    """What the level in the address would change, looked at only."""
    asked = request.GET.get("level", "")
    if not asked.isdigit() or not by.may("activation.propose"):
        return None
    level = int(asked[:2])
    try:
        moved = seen.look_at_level(seen_by=by, activation_id=row.pk, level=level)
    except Refused:
        return None
    return {"level": level, **seen.difference_json(row, moved)}


@require_POST
@page("activation.decide")
def decision(request: HttpRequest, *, by: Actor, activation_id: str) -> HttpResponse:
    """Yes or no, with a note. 批准"""
    approve = request.POST.get("approve") == "yes"
    try:
        started = actions.decide(
            by=by,
            activation_id=activation_id,
            approve=approve,
            note=request.POST.get("note", ""),
            decided_by=request.POST.get("decided_by", ""),
        )
    except Refused as refused:
        return _refused(request, by, activation_id, refused)
    done(request, _told(started) if approve else gettext("已退回，不启动。"))
    return HttpResponseRedirect(reverse("activation", args=[activation_id]))


def _refused(request: HttpRequest, by: Actor, activation_id: str, refused: Refused) -> HttpResponse:
    if refused.status == 404:
        raise refused
    return _activation(request, by, activation_id, said=sentence(refused), status=refused.status)


@require_POST
@page("activation.propose")
def level(request: HttpRequest, *, by: Actor, activation_id: str) -> HttpResponse:
    """Raise or lower it. 调整级别"""
    asked = request.POST.get("level", "")
    try:
        actions.change_level(
            by=by,
            activation_id=activation_id,
            level=int(asked) if asked.isdigit() and len(asked) == 1 else 0,
            why=request.POST.get("why", ""),
        )
    except Refused as refused:
        return _refused(request, by, activation_id, refused)
    done(request, gettext("响应级别已调整，有关单位已通知。"))
    return HttpResponseRedirect(reverse("activation", args=[activation_id]))


@require_POST
@page("activation.propose")
def end(request: HttpRequest, *, by: Actor, activation_id: str) -> HttpResponse:
    """End it, or take a proposal back. 终止"""
    try:
        _row, told = actions.end_response(
            by=by, activation_id=activation_id, why=request.POST.get("why", "")
        )
    except Refused as refused:
        return _refused(request, by, activation_id, refused)
    done(request, gettext("已终止，通知 %(n)s 人。没办完的任务还在事件室里。") % {"n": told})
    return HttpResponseRedirect(reverse("activation", args=[activation_id]))


@require_http_methods(["GET", "POST"])
@page("activation.propose")
def operation(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Start a response without an incident. 新建行动"""
    said, status = "", 200
    form = ResponseForm(request.POST or None)
    if request.method == "POST" and not form.is_valid():
        said, status = first_fault(form), 422
    elif request.method == "POST":
        title, area = request.POST.get("title", ""), request.POST.get("area", "")
        told: Shown = {"asked": form.asked(), "title": title, "area": area}
        try:
            return _started_once(request, lambda: actions.start_operation(by=by, **told))
        except Refused as refused:
            said, status = sentence(refused), refused.status
    shown = {
        "plans": plan_choices(None),
        "levels": list(LEVEL_WORDS.items()),
        "typed": request.POST,
        "said": said,
    }
    return render(request, "response/responding/operation.html", shown, status=status)
