"""Calls that are no incidents: the list, the quick form, one with what became of it. 电话记录"""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianjun.incident import actions
from qianjun.incident.instruction_models import PhoneRecord
from qianjun.incident.queries.instructions import lines_about
from qianjun.incident.queries.phone_records import phone_record_seen, phone_records
from qianjun.incident.rules import instructions as rules
from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import Actor
from qianjun.org.http import as_file, page_of
from qianjun.org.pages import done, failed, faults, only_once, page, sent_before
from qianjun.org.queries import name_of
from qianjun.response.actions.calls import begin_report
from qianjun.response.forms import typed_in
from qianjun.response.pages.instruction_acts import revealed
from qianjun.response.pages.instruction_forms import CallForm, call_before
from qianjun.response.pages.instructions import version_of
from qianjun.response.pages.room import or_404

Shown = dict[str, Any]
SEARCH_MOST: Final = 100


@require_GET
@page("phone_record.read")
def listed(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Calls by what they were about and by words, the newest first. 电话记录"""
    asked = request.GET.get("matter", "")
    matter = asked if asked in rules.MATTERS else ""
    q = request.GET.get("q", "").replace("\0", "").strip()[:SEARCH_MOST]
    found = phone_records(seen_by=by, matter=matter, q=q)
    rows, more = page_of(found, after=request.GET.get("after"))
    shown: Shown = {
        "rows": rows,
        "matter": matter,
        "matters": rules.MATTERS,
        "q": q,
        "more": more,
        "may": {"take": by.may("phone_record.take")},
    }
    return render(request, "response/phone_records/page.html", shown)


@require_http_methods(["GET", "POST"])
@page("phone_record.take")
def take(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The quick form, or what was sent written down and perhaps passed on at once. 记电话"""
    if request.method == "GET":
        return _form(request, {})
    form, typed = CallForm(request.POST), typed_in(request.POST)
    if not form.is_valid():
        return _form(request, typed, wrong=_wrong(form), status=422)
    made: list[PhoneRecord] = []

    def put() -> None:
        made.append(actions.take_phone_record(by=by, told=form.told()))

    try:
        again = only_once(request, put)
    except Refused as refused:
        return _refused(request, typed, refused)
    if again or not made:
        done(request, sent_before())
        return HttpResponseRedirect(reverse("phone_records"))
    done(request, gettext("已记下，编号 %(number)s。") % {"number": made[0].number})
    if request.POST.get("then") == "instruction":
        return HttpResponseRedirect(f"{reverse('instruction_take')}?phone_record={made[0].pk}")
    return _to(made[0].pk)


@require_http_methods(["GET", "POST"])
@page("phone_record.take")
def correct(request: HttpRequest, *, by: Actor, record_id: str) -> HttpResponse:
    """The form as it stands (GET), or put right with the reason (POST). 更正电话记录"""
    row = phone_record_seen(seen_by=by, record_id=record_id)
    if request.method == "GET":
        return _form(request, call_before(row), row=row)
    form, typed = CallForm(request.POST), typed_in(request.POST)
    if not form.is_valid():
        return _form(request, typed, wrong=_wrong(form), status=422, row=row)
    why, told = request.POST.get("why", ""), form.told()
    try:
        actions.correct_phone_record(
            by=by, record_id=record_id, version=version_of(request), told=told, why=why
        )
    except Refused as refused:
        return _refused(request, typed, refused, row=row)
    done(request, gettext("已更正，原来的写法在经过里。"))
    return _to(row.pk)


def _wrong(form: CallForm) -> dict[str, str]:
    return {name: str(said[0]) for name, said in form.errors.items()}


def _refused(
    request: HttpRequest,
    typed: Mapping[str, str],
    refused: Refused,
    *,
    row: PhoneRecord | None = None,
) -> HttpResponse:
    said = or_404(refused)
    kept = {} if refused.code == "must_not_be_entered" else typed
    wrong = faults(refused)
    return _form(request, kept, said=said, wrong=wrong, status=refused.status, row=row)


def _form(
    request: HttpRequest,
    typed: Mapping[str, str],
    *,
    said: str = "",
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
    row: PhoneRecord | None = None,
) -> HttpResponse:
    if wrong and not said:
        said = gettext("还不能记下，请看标出的地方。")
    shown: Shown = {
        "typed": typed,
        "said": said,
        "wrong": dict(wrong or {}),
        "row": row,
        "directions": rules.DIRECTIONS,
        "matters": rules.MATTERS,
        "marks": rules.HANDLING,
    }
    return render(request, "response/phone_records/form.html", shown, status=status)


@require_GET
@page("phone_record.read")
def record(request: HttpRequest, *, by: Actor, record_id: str) -> HttpResponse:
    """One call: who, what, what was done, what became of it. 一张电话记录"""
    row = phone_record_seen(seen_by=by, record_id=record_id)
    turned = row.instruction_id is not None or row.report_id is not None
    shown: Shown = {
        "row": row,
        "who": name_of(row.by_kind, row.by_id),
        "turned": turned,
        "lines": lines_about("phone_record", row.pk),
        "may": {
            "take": by.may("phone_record.take"),
            "instruct": by.may("instruction.handle") and not turned,
            "report": by.may("report.take") and by.person is not None and not turned,
            "reveal": by.may("person.reveal"),
            "incident": by.may("incident.read"),
        },
    }
    return render(request, "response/phone_records/record.html", shown)


@require_POST
@page("phone_record.take")
def to_intake(request: HttpRequest, *, by: Actor, record_id: str) -> HttpResponse:
    """It is an incident after all: the intake form with everything carried over. 转为接报"""
    try:
        begin_report(by=by, record_id=record_id)
    except Refused as refused:
        failed(request, or_404(refused))
        return _to(record_id)
    return HttpResponseRedirect(reverse("intake"))


@require_POST
@page("phone_record.read")
def word(request: HttpRequest, *, by: Actor, record_id: str) -> HttpResponse:  # noqa: ARG001
    """The record in Word; taking it out is written down. 电话记录单"""
    called, content = actions.take_call_out(by=by, record_id=record_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


@require_POST
@page("person.reveal")
def phone(request: HttpRequest, *, by: Actor, record_id: str) -> HttpResponse:
    """The whole number; who saw it and why is kept. 显示号码"""
    return revealed(request, by, "phone_record", record_id)


def _to(ident: str | int) -> HttpResponse:
    return HttpResponseRedirect(reverse("phone_record", args=[ident]))
