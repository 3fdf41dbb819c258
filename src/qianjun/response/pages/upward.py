"""Reports to the upper level: the draft, the leader's signature, who has it. 信息报送页面"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianjun.incident.queries import incident_card
from qianjun.incident.rules.figures import FIGURES
from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import Actor
from qianjun.org.http import as_file
from qianjun.org.models import Unit
from qianjun.org.pages import attempt, done, only_once, page, sent_before
from qianjun.response import actions
from qianjun.response.actions.upward_acts import ASK, CHECK, KIND, QUICKEN, UNCHECK
from qianjun.response.pages.room import or_404
from qianjun.response.queries.clocks import clocks_of
from qianjun.response.queries.composing import figures_to_check
from qianjun.response.queries.signing import how_signed
from qianjun.response.queries.upward import (
    Draft,
    families_of,
    report_upward_seen,
    signer_of,
    upward_of,
    upward_rules,
)
from qianjun.response.rules.families import EVENT, FAMILIES, FIRST
from qianjun.response.rules.upward import ELEMENT_WORDS, RECEIVED, WAYS, WITHDRAWN
from qianjun.response.upward_models import UpwardReport

Shown = dict[str, Any]
DIGITS: Final = 10
ACTED: Final = {
    ASK: lambda: gettext("已送签，已通知签发人。"),
    QUICKEN: lambda: gettext("快报时限已启用。"),
    KIND: lambda: gettext("已改。"),
    CHECK: lambda: gettext("已核实，可以报出。"),
    UNCHECK: lambda: gettext("已撤回核实。"),
}


@require_GET
@page("incident.read")
def upward(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The draft that comes next, every element with where it is from; what was signed. 上报"""
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
    found = upward_of(seen_by=by, incident_id=incident_id, family=_family(request))
    quick = [upward_rules().phone, upward_rules().written]
    latin = (get_language() or "").startswith("en")
    shown: Shown = {
        "card": incident_card(seen_by=by, incident_id=incident_id),
        "upward": found,
        "family": found.family,
        "families": families_of(found.incident),
        "lines": _lines(found.draft),
        "checks": [
            (gettext(FIGURES[row.kind]), row, ok) for row, ok in figures_to_check(found.incident.pk)
        ],
        "signed": [(row, signer_of(row)) for row in found.reports],
        "ways": {code: gettext(word) for code, word in WAYS.items() if code != "phone"},
        "quick_said": [one.en if latin else one.zh for one in quick],
        "clocks": [one for one in clocks_of(seen_by=by, incident_id=incident_id) if one.is_ours],
        "said": said,
        "typed": typed or {},
        "may": {"write": by.may("upward.write"), "sign": by.may("upward.sign")},
    }
    return render(request, "response/upward/page.html", shown, status=status)


def _lines(draft: Draft | None) -> list[Shown]:
    if draft is None:
        return []
    return [{"line": one, "title": gettext(ELEMENT_WORDS[one.code])} for one in draft.lines]


@require_POST
@page("upward.write")
def write(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Put words in the place of what the facts say; what was typed stays when refused. 改写"""
    told = {name: request.POST.get(name, "") for name in ("element", "text")}
    if request.POST.get("back") == "facts":
        told["text"] = ""
    try:
        family = _family(request)
        seen = _version(request)
        actions.write_element(by=by, incident_id=incident_id, version=seen, family=family, **told)
    except Refused as refused:
        said = or_404(refused)
        status = refused.status
        return _page(request, by, incident_id, said=said, typed=told, status=status)
    done(request, gettext("已记下。"))
    return _to_page(request, incident_id)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    plain = typed.isascii() and typed.isdigit() and len(typed) < DIGITS
    return int(typed) if plain else -1


@require_POST
@page("upward.write")
def act(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Ask for the signature, start the short clocks, choose the kind, check a number. 办理"""
    told = {name: request.POST.get(name, "") for name in ("act", "kind", "why")}
    told["family"] = _family(request)
    if attempt(request, by, actions.act_on_report, incident_id=incident_id, **told):
        done(request, ACTED[told["act"]]())
    return _to_page(request, incident_id)


@require_POST
@page("upward.write")
def deliver(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Note what a unit was given and who took it. 报送与回执"""
    by_phone = request.POST.get("phone_report") == "yes"
    told: Shown = {
        "incident_id": incident_id,
        "unit": request.POST.get("unit", ""),
        "act": request.POST.get("act", ""),
        "way": "phone" if by_phone else request.POST.get("way", ""),
        "taken_by": request.POST.get("taken_by", ""),
        "by_phone": by_phone,
        "family": _family(request),
    }
    if attempt(request, by, actions.deliver, **told):
        done(request, _delivered(told["act"]))
    return _to_page(request, incident_id)


def _delivered(act: str) -> str:
    if act == WITHDRAWN:
        return gettext("已撤回，这个单位仍待报送。")
    return gettext("回执已记下。") if act == RECEIVED else gettext("报送已记下。")


@require_http_methods(["GET", "POST"])
@page("upward.sign")
def sign(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """The whole text and whom it reaches (GET), then the second key (POST). 签发"""
    if request.method == "GET":
        return _sign_page(request, by, incident_id)
    digest = request.POST.get("digest", "")
    signed: list[UpwardReport] = []

    def put() -> None:
        words = {"digest": digest, "family": _family(request)}
        signed.append(actions.sign_report(by=by, incident_id=incident_id, **words))

    try:
        again = only_once(request, put)
    except Refused as refused:
        said = or_404(refused)
        return _sign_page(request, by, incident_id, said=said, status=refused.status)
    if again or not signed:
        done(request, sent_before())
        return _to_page(request, incident_id)
    done(request, gettext("已签发，编号 %(number)s。") % {"number": signed[0].number})
    return HttpResponseRedirect(reverse("upward_report", args=[signed[0].pk]))


def _sign_page(
    request: HttpRequest, by: Actor, incident_id: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    found = upward_of(seen_by=by, incident_id=incident_id, family=_family(request))
    shown: Shown = {
        "card": incident_card(seen_by=by, incident_id=incident_id),
        "upward": found,
        "family": found.family,
        "lines": _lines(found.draft),
        "is_first": found.draft is not None and found.draft.kind == FIRST,
        "said": said,
    }
    return render(request, "response/upward/sign.html", shown, status=status)


@require_POST
@page("upward.sign")
def waive(request: HttpRequest, *, by: Actor, incident_id: str) -> HttpResponse:
    """Decide that this one is not sent. 决定不报"""
    words = {"why": request.POST.get("why", ""), "family": _family(request)}
    if attempt(request, by, actions.waive_report, incident_id=incident_id, **words):
        done(request, gettext("已决定不报，理由已记下。"))
    return _to_page(request, incident_id)


@require_GET
@page("incident.read")
def report(request: HttpRequest, *, by: Actor, upward_id: str) -> HttpResponse:
    """A report as it was signed. 已签发的报告"""
    row = report_upward_seen(seen_by=by, upward_id=upward_id)
    units = {one.code: one.short_name for one in Unit.objects.filter(code__in=row.units)}
    shown: Shown = {
        "row": row,
        "who": signer_of(row),
        "how": how_signed(row),
        "may_take": by.may("upward.write"),
        "units": [units.get(code, code) for code in row.units],
        "card": incident_card(seen_by=by, incident_id=row.incident_id),
    }
    return render(request, "response/upward/report.html", shown)


@require_POST
@page("upward.write")
def word(request: HttpRequest, *, by: Actor, upward_id: str) -> HttpResponse:  # noqa: ARG001
    """The report as an official document; taking it out is written down. Word 公文"""
    called, content = actions.take_paper_out(by=by, upward_id=upward_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


def _family(request: HttpRequest) -> str:
    """Which family of reports the address asks for."""
    asked = request.GET.get("family", EVENT)
    return asked if asked in FAMILIES else EVENT


def _to_page(request: HttpRequest, incident_id: str) -> HttpResponse:
    family = _family(request)
    more = "" if family == EVENT else f"?family={family}"
    return HttpResponseRedirect(reverse("upward", args=[incident_id]) + more)
