"""The intake page: four facts, looked at while they are typed, taken in once. 接报单"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from qianjun.incident.actions import turn_into_report
from qianjun.kernel import clock
from qianjun.kernel.coordinates import Crs
from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import CODE as MUST_NOT_BE_ENTERED
from qianjun.org.actor import Actor
from qianjun.org.http import new_key, once_for_form
from qianjun.org.pages import done, faults, page, sentence
from qianjun.response.actions import attach_hand_overs, take_in_report
from qianjun.response.besides import keep_besides
from qianjun.response.drafts import draft_of, drop_draft, save_draft
from qianjun.response.forms import HURT, TEXT_MOST, IntakeForm, typed
from qianjun.response.pages.maps import with_map
from qianjun.response.pages.seen import made_from_tables, seen
from qianjun.response.queries.maps import OWN_CRS, chart
from qianjun.response.rules import CHANNELS
from qianjun.response.rules.checking import CRS
from qianjun.response.sketch import sketch

Fields = dict[str, str]
COMMANDED = ("where", "text", *HURT)
SHOWN_AT_FIELD = (*HURT, "where", "text", "caller_name", "caller_phone", "occurred", "occurred_at")


@require_http_methods(["GET", "POST"])
@with_map
@page("report.take")
def intake(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The form as it was left, or what was sent taken in. 接报"""
    if request.method == "POST":
        return _take_in(request, by)
    draft = draft_of(by)
    fields: Fields = told_before(typed(draft.fields) if draft else {}, request.GET)
    return _form(request, by, fields=fields, saved_at=draft.saved_at if draft else None)


def told_before(fields: Fields, asked: Mapping[str, str]) -> Fields:
    """What the command line has heard, beside what was typed already; that is never lost."""
    said = {name: asked[name].strip()[:TEXT_MOST] for name in COMMANDED if asked.get(name)}
    kept = {name: told for name, told in said.items() if not fields.get(name)}
    if fields.get("text") and "text" in said and said["text"] not in fields["text"]:
        kept["text"] = f"{fields['text']}，{said['text']}"
    return {**fields, **kept}


def _take_in(request: HttpRequest, by: Actor) -> HttpResponse:
    form = IntakeForm(request.POST)
    if not form.is_valid():
        wrong = {name: str(said[0]) for name, said in form.errors.items()}
        return _refused(request, by, said=gettext("还不能立案，请看标出的地方。"), wrong=wrong)

    def take() -> tuple[int, dict[str, Any]]:
        told = form.told()
        taken = take_in_report(by=by, told=told)
        keep_besides(
            by=by,
            report_id=taken.stored.report_id,
            source=told.source,
            besides=told.besides,
            card=form.cleaned_data["card"],
        )
        turn_into_report(
            by=by,
            record_id=form.cleaned_data["phone_record"],
            report_id=taken.stored.report_id,
        )
        attach_hand_overs(
            by=by, form=form.cleaned_data["key"], incident_id=taken.stored.incident_id
        )
        drop_draft(by)
        return 201, {"url": taken.incident_url, "said": _done(taken.as_json(), by)}

    try:
        _status, answer, replayed = once_for_form(request, take, key=form.cleaned_data["key"])
    except Refused as refused:
        if refused.code == MUST_NOT_BE_ENTERED:
            drop_draft(by)
        return _refused(request, by, said=_sentence(refused), wrong=_wrong(refused), why=refused)
    if not replayed:
        done(request, answer["said"])
    seen = by.may("incident.read")
    return HttpResponseRedirect(answer["url"] if seen else reverse("intake"))


def _done(taken: dict[str, Any], by: Actor) -> str:
    words = {"report": taken["number"], "incident": taken["incident"]["number"]}
    if not by.may("incident.read"):
        return gettext("已接报，编号 %(report)s。") % words
    if taken["joined"] == "new":
        return gettext("已立案 %(incident)s，接报 %(report)s。") % words
    if taken["joined"] == "auto":
        return gettext("接报 %(report)s 自动归并到 %(incident)s，请确认。") % words
    return gettext("接报 %(report)s 已归并到 %(incident)s。") % words


def _sentence(refused: Refused) -> str:
    if refused.code == "key_reused":
        return gettext("这张单已经立过案。要报另一件，请先清空再填。(key_reused)")
    return sentence(refused)


def _wrong(refused: Refused) -> dict[str, str]:
    """Faults by the form's own names: ``figures.dead`` is ``dead``, ``caller.name`` caller_name."""
    named = faults(refused).items()
    return {name.removeprefix("figures.").replace(".", "_"): said for name, said in named}


def _refused(
    request: HttpRequest,
    by: Actor,
    *,
    said: str,
    wrong: Mapping[str, str],
    why: Refused | None = None,
) -> HttpResponse:
    elsewhere = [one for name, one in wrong.items() if name not in SHOWN_AT_FIELD]
    said = " ".join([said, *elsewhere])
    fields = typed(request.POST)
    not_kept = why is not None and why.code == MUST_NOT_BE_ENTERED
    return _form(request, by, fields=fields, said=said, wrong=wrong, not_kept=not_kept, status=422)


def _form(
    request: HttpRequest,
    by: Actor,
    *,
    fields: Fields,
    saved_at: datetime | None = None,
    said: str = "",
    wrong: Mapping[str, str] | None = None,
    not_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    drawn = chart(seen_by=by)
    shown = {
        "fields": {"key": new_key(), **fields},
        "saved_at": saved_at,
        "said": said,
        "wrong": dict(wrong or {}),
        "channels": CHANNELS,
        "hurt": HURT,
        "person": by.person,
        "sent": request.method == "POST",
        "not_kept": not_kept,
        "chart": drawn,
        **made_from_tables(fields),
        **seen(by, fields, crs=drawn.crs),
    }
    return render(request, "response/intake/page.html", shown, status=status)


@require_POST
@page("report.take")
def look(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Keep what is typed and say what the house makes of it. 边填边看"""
    fields = typed(request.POST)
    shown: dict[str, Any] = {"fields": fields, "looked": True}
    try:
        save_draft(by=by, fields=fields)
    except Refused as refused:
        shown |= {"not_seen": sentence(refused), "sketch": sketch(()), "not_kept": True}
        answer = render(request, "response/intake/look.html", shown)
        answer.headers["Qianjun-Not-Kept"] = "1"
        return answer
    shown |= {"saved_at": clock.now(), **seen(by, fields, crs=_crs_of(request))}
    card = shown["preview"].card if shown["preview"] else None
    shown["card_changed"] = (card.code if card else "") != fields.get("card", "")
    return render(request, "response/intake/look.html", shown)


def _crs_of(request: HttpRequest) -> Crs:
    """In which system the page that asks places its points; it may be older than the setting."""
    said = request.POST.get("map_crs", "")
    return cast("Crs", said) if said in CRS else OWN_CRS


@require_POST
@page("report.take")
def keep(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Put the form away for later. 存着"""
    save_draft(by=by, fields=typed(request.POST))
    done(request, gettext("接报单存着，打开“接报”接着填。"))
    return HttpResponseRedirect("/")


@require_POST
@page("report.take")
def clear(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Begin with an empty form. 清空"""
    drop_draft(by)
    done(request, gettext("已清空。"))
    return HttpResponseRedirect(reverse("intake"))
