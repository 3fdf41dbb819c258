"""Sorting many reports: groups of a period, opened, joined, parted, assigned, answered. 批量分拣"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.incident.categories import event_types
from qianjun.incident.queries import category_said
from qianjun.incident.rules.joining import kind_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.models import Unit
from qianjun.org.pages import attempt, back, done, failed, page, sentence
from qianjun.place.queries import divisions
from qianjun.response import actions
from qianjun.response.models import SortingStep
from qianjun.response.pages.sorted_lines import report_lines, row_lines
from qianjun.response.queries.groups import (
    OPENED_MOST,
    UNKNOWN,
    Groups,
    Wanted,
    groups_of,
    reports_in,
)
from qianjun.response.queries.marks import STATES
from qianjun.response.rules import CHANNELS, SOURCES

HOURS: Final = (6, 24, 72, 168)
USUAL_HOURS: Final = 24
SIZE: Final = 40
SEARCH_MOST: Final = 100
PARTS_MOST: Final = 200
UNITS_MOST: Final = 500
# these take every group for itself; a join of several groups makes one
EACH: Final = ("join_each", "apart", "assign", "close")
ACTS: Final = {
    "join": _("归并"),
    "split": _("分开"),
    "apart": _("不是一件"),
    "assign": _("指派"),
    "close": _("办结并答复"),
}
MANY: Final = _("已办 %(n)s 组。")
MANY_UNDONE: Final = _("已撤销 %(n)s 组。")
FILTERS: Final = ("hours", "source", "channel", "street", "kind", "state", "q", "order")

Fields = Mapping[str, str]
Outcome = dict[str, Any]


@require_GET
@page("report.read")
def sorting(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The reports of a period in groups. 批量分拣"""
    start = _start(request.GET.get("start", ""))
    found = groups_of(
        seen_by=by,
        wanted=_wanted(request.GET),
        newest=request.GET.get("order") == "newest",
        start=start,
        size=SIZE,
    )
    shown = {**_list(request, found, by=by, start=start), "search_most": SEARCH_MOST}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "response/sorting/groups.html", shown)
    return render(request, "response/sorting/page.html", {**shown, **_choices()})


def _list(request: HttpRequest, found: Groups, *, by: Actor, start: int) -> dict[str, Any]:
    asked = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return {
        "found": found,
        "rows": row_lines(found.rows),
        "asked": asked,
        "query": f"{urlencode(asked)}&" if asked else "",
        "hours": _hours(asked),
        "state": asked.get("state", STATES[0]),
        "first": start + 1,
        "last": start + len(found.rows),
        "earlier": max(0, start - SIZE) if start else None,
        "more": start + SIZE if start + SIZE < found.groups else None,
        "may_sort": by.may("report.sort"),
        "may_reveal": by.may("person.reveal"),
    }


def _choices() -> dict[str, Any]:
    """What can be chosen above the list and in the dialogs."""
    kinds = sorted({kind_of(code) for code in event_types()} - {""})
    return {
        "sources": SOURCES,
        "channels": CHANNELS,
        "streets": divisions().filter(kind__in=("street", "town")),
        "kinds": [(kind, category_said(kind)) for kind in kinds],
        "units": Unit.objects.exclude(level=Unit.Level.ENTERPRISE).order_by("sort_key", "pk")[
            :UNITS_MOST
        ],
        "unknown": UNKNOWN,
        "all_hours": HOURS,
        "words": _words(),
    }


def _words() -> dict[str, str]:
    """What the script of the page says."""
    return {
        "nothing": gettext("请先选一组，或打开一组选报告。"),
        "doing": gettext("正在办理第 %(n)s 组，共 %(all)s 组"),
        "many": gettext(MANY),
        "many_undone": gettext(MANY_UNDONE),
        "part_failed": gettext("有 %(n)s 组没有办成，其余已办："),
        "all_failed": gettext("没有办成："),
        "no_answer": gettext("服务器没有应答，不知是否办成；请看刷新后的列表。"),
        "chosen": gettext("已选 %(groups)s 组、%(reports)s 份报告"),
    }


def _wanted(sent: Fields) -> Wanted:
    words = {name: sent.get(name, "").replace("\0", "").strip() for name in FILTERS}
    state = words["state"]
    return Wanted(
        since=clock.now() - timedelta(hours=_hours(words)),
        source=words["source"],
        channel=words["channel"],
        street=words["street"],
        kind=words["kind"],
        state=state if state in (*STATES, "all") else STATES[0],
        q=words["q"][:SEARCH_MOST],
    )


def _hours(sent: Fields) -> int:
    asked = sent.get("hours", "")
    return int(asked) if asked in {str(hours) for hours in HOURS} else USUAL_HOURS


def _start(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0


@require_GET
@page("report.read")
def group(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The reports of one group, to be looked at and chosen singly. 打开一组"""
    asked = request.GET.get("incidents", "").split()[:PARTS_MOST]
    found = reports_in(seen_by=by, wanted=_wanted(request.GET), incidents=asked)
    shown = {
        "reports": report_lines(found),
        "cut": len(found) == OPENED_MOST,
        "may_sort": by.may("report.sort"),
        "may": {"reveal": by.may("person.reveal")},
        "back": f"{reverse('sorting')}?{request.GET.get('back', '')}",
    }
    return render(request, "response/sorting/reports.html", shown)


# --- what is done with what was chosen -----------------------------------------------------------


@require_POST
@page("report.sort")
def sort(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Join, part, assign or answer; every group is done whole or not at all. 分拣"""
    parts = [part for part in request.POST.getlist("part")[:PARTS_MOST] if part.strip()]
    act = request.POST.get("act", "")
    together = parts if act in EACH or not parts else [" ".join(parts)]
    outcomes = [_attempt(_verb(by, act, request.POST, _chosen(p, request))) for p in together]
    if not outcomes:
        said = gettext("请先选一组，或打开一组选报告。")
        outcomes = [{"done": False, "said": said, "status": 422}]
    return _answer(request, outcomes)


def _chosen(part: str, request: HttpRequest) -> actions.Chosen:
    """Reports and marks of a part: ``17:5.0.0 18:5.0.0``."""
    pairs = [one.partition(":")[::2] for one in part.split()]
    return actions.Chosen(
        reports=tuple(report for report, _mark in pairs),
        seen={report: mark for report, mark in pairs if mark},
        round=request.POST.get("round", "")[:40].replace("\0", ""),
    )


def _verb(by: Actor, act: str, sent: Any, chosen: actions.Chosen) -> Callable[[], actions.Sorted]:  # noqa: ANN401  # a form
    """The act that a key stands for."""
    verbs: dict[str, Callable[[], actions.Sorted]] = {
        "join": lambda: actions.join_chosen(
            by=by, chosen=chosen, incident_id=sent.get("incident", "")
        ),
        "join_each": lambda: actions.join_chosen(by=by, chosen=chosen),
        "split": lambda: actions.split_chosen(by=by, chosen=chosen),
        "apart": lambda: actions.keep_apart(by=by, chosen=chosen),
        "assign": lambda: actions.assign_chosen(
            by=by, chosen=chosen, unit=sent.get("unit", ""), note=sent.get("note", "")
        ),
        "close": lambda: actions.close_chosen(
            by=by,
            chosen=chosen,
            answer=sent.get("answer", ""),
            close_incidents=bool(sent.get("close_incidents")),
        ),
    }
    return verbs.get(act, _unknown)


def _unknown() -> actions.Sorted:
    raise Refused("unknown_act", gettext("没有这种操作。"))


def _attempt(verb: Callable[[], actions.Sorted]) -> Outcome:
    """What came of one part; a refusal has changed nothing."""
    try:
        result = verb()
    except Refused as refused:
        return {"done": False, "said": sentence(refused), "status": refused.status}
    return {"done": True, "said": said_of(result), "step": str(result.step.pk)}


def said_of(result: actions.Sorted) -> str:
    """One sentence about what was done. 办妥语"""
    words = {
        "n": result.step.reports,
        "numbers": " · ".join(row.number for row in result.incidents[:3]),
        "sent": result.sent,
        "to_call": result.to_call,
    }
    match result.step.act:
        case SortingStep.Act.JOIN:
            return gettext("%(n)s 份报告已归并到 %(numbers)s。") % words
        case SortingStep.Act.SPLIT:
            return gettext("%(n)s 份报告已分开，另立 %(numbers)s。") % words
        case SortingStep.Act.APART:
            return gettext("已记下不是一件，不再提示归并。")
        case SortingStep.Act.ASSIGN:
            return gettext("%(n)s 份报告已指派，任务记在事件里。") % words
    return (
        gettext("%(n)s 份报告已办结：发消息答复 %(sent)s 人，待电话答复 %(to_call)s 份。") % words
    )


def _answer(request: HttpRequest, outcomes: list[Outcome], *, many: str = MANY) -> HttpResponse:
    """To the script all outcomes; to a plain form the list again, saying what happened."""
    if "application/json" in request.headers.get("Accept", ""):
        worst = next((one["status"] for one in outcomes if not one["done"]), 200)
        nothing = not any(one["done"] for one in outcomes)
        return JsonResponse({"outcomes": outcomes}, status=worst if nothing else 200)
    _say(request, outcomes, many=many)
    return back(request)


def _say(request: HttpRequest, outcomes: Iterable[Outcome], *, many: str) -> None:
    well = [one["said"] for one in outcomes if one["done"]]
    if well:
        done(request, well[0] if len(well) == 1 else gettext(many) % {"n": len(well)})
    for said in sorted({one["said"] for one in outcomes if not one["done"]}):
        failed(request, said)


@require_POST
@page("report.sort")
def undo(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Take back the steps that are named, else the last act of his. 撤销"""
    named = request.POST.get("steps", "").split()[:PARTS_MOST]
    outcomes = [_undo(by, step) for step in named or _last_round(by)]
    if not outcomes:
        said = gettext("没有可撤销的操作。")
        outcomes = [{"done": False, "said": said, "status": 409}]
    return _answer(request, outcomes, many=MANY_UNDONE)


def _undo(by: Actor, step: str) -> Outcome:
    try:
        row = actions.undo_step(by=by, step_id=step)
    except Refused as refused:
        return {"done": False, "said": sentence(refused), "status": refused.status}
    words = {"act": gettext(ACTS[row.act]), "n": row.reports}
    return {"done": True, "said": gettext("已撤销：%(act)s（%(n)s 份报告）。") % words}


def _last_round(by: Actor) -> list[str]:
    """The steps of his last act that still stand, the last first."""
    own = SortingStep.objects.filter(by_kind=by.kind, by_id=by.ident, undone_at__isnull=True)
    last = own.order_by("-pk").first()
    if last is None:
        return []
    steps = own.filter(round=last.round) if last.round else own.filter(pk=last.pk)
    return [str(pk) for pk in steps.order_by("-pk").values_list("pk", flat=True)[:PARTS_MOST]]


@require_POST
@page("report.sort")
def told(request: HttpRequest, *, by: Actor, report_id: str) -> HttpResponse:
    """The caller has heard his answer on the telephone. 已电话答复"""
    if attempt(request, by, actions.tell_caller, report_id=report_id):
        done(request, gettext("已记下：电话答复了报告人。"))
    return HttpResponseRedirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    return str(back(request).headers["Location"])
