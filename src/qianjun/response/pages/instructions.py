"""Instructions from above: the list, taking one in, one with everything done about it. 来文办理"""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from qianjun.incident import actions
from qianjun.incident.instruction_models import Instruction
from qianjun.incident.queries.instructions import (
    instruction_seen,
    instructions,
    lines_about,
    names_who,
    open_instructions,
    opinions_of,
    referrals_of,
    replies_of,
    standing,
)
from qianjun.incident.queries.phone_records import phone_record_seen
from qianjun.incident.queries.seen import incidents_seen
from qianjun.incident.rules import instructions as rules
from qianjun.kernel.errors import Refused
from qianjun.media.queries import files_about
from qianjun.org.actor import Actor
from qianjun.org.http import page_of
from qianjun.org.pages import done, faults, only_once, page, sent_before, sentence
from qianjun.response.forms import typed_in
from qianjun.response.pages.instruction_forms import InstructionForm, of_call, told_before
from qianjun.response.pages.room import or_404
from qianjun.response.queries.room import choices

Shown = dict[str, Any]
STATES: Final = ("open", "asked", "closed", "all")
SEARCH_MOST: Final = 100
OPEN_MOST: Final = 200
DIGITS: Final = 10


# --- the list -----------------------------------------------------------------------------------


@require_GET
@page("instruction.read")
def listed(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Instructions: what is due first, then the oldest; others the newest first. 来文办理"""
    asked = request.GET.get("state", "open")
    state = asked if asked in STATES else "open"
    q = request.GET.get("q", "").replace("\0", "").strip()[:SEARCH_MOST]
    more: str | None = None
    if state == "open" and not q:
        rows = list(open_instructions(seen_by=by)[:OPEN_MOST])
    else:
        found = instructions(seen_by=by, state=state, q=q)
        rows, more = page_of(found, after=request.GET.get("after"))
    shown = {
        "rows": rows,
        "state": state,
        "q": q,
        "more": more,
        "live": not q and not request.GET.get("after"),
        "may": {"handle": by.may("instruction.handle")},
    }
    part = "rows" if request.htmx else "page"  # type: ignore[attr-defined]
    return render(request, f"response/instructions/{part}.html", shown)


# --- take in, put right -------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page("instruction.handle")
def take(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The form, filled from a call where there was one; or what was sent taken in. 登记来文"""
    if request.method == "POST":
        return _take_in(request, by)
    wanted = request.GET.get("phone_record", "")
    typed = of_call(phone_record_seen(seen_by=by, record_id=wanted)) if wanted else {}
    return _form(request, by, {**typed, "incident": request.GET.get("incident", "")[:20]})


def _take_in(request: HttpRequest, by: Actor) -> HttpResponse:
    form, typed = InstructionForm(request.POST), typed_in(request.POST)
    if not form.is_valid():
        return _refused(request, by, typed, _wrong(form))
    made: list[Instruction] = []

    def put() -> None:
        record, told = request.POST.get("phone_record", ""), form.told()
        made.append(
            actions.turn_into_instruction(by=by, record_id=record, told=told)
            if record
            else actions.take_in_instruction(by=by, told=told)
        )

    try:
        again = only_once(request, put)
    except Refused as refused:
        said = or_404(refused)
        return _refused(request, by, typed, faults(refused), said=said, status=refused.status)
    if again or not made:
        done(request, sent_before())
        return HttpResponseRedirect(reverse("instructions"))
    done(request, gettext("已登记，编号 %(number)s。") % {"number": made[0].number})
    return to_instruction(made[0].pk)


@require_http_methods(["GET", "POST"])
@page("instruction.handle")
def correct(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """The form as it stands (GET), or put right with the reason (POST). 更正登记"""
    row = instruction_seen(seen_by=by, instruction_id=instruction_id)
    if request.method == "GET":
        return _form(request, by, told_before(row), row=row)
    form, typed = InstructionForm(request.POST), typed_in(request.POST)
    if not form.is_valid():
        return _refused(request, by, typed, _wrong(form), row=row)
    try:
        actions.correct_instruction(
            by=by,
            instruction_id=instruction_id,
            version=version_of(request),
            told=form.told(),
            why=request.POST.get("why", ""),
        )
    except Refused as refused:
        said, wrong = or_404(refused), faults(refused)
        return _refused(request, by, typed, wrong, said=said, status=refused.status, row=row)
    done(request, gettext("已更正，原来的写法在办理经过里。"))
    return to_instruction(row.pk)


def version_of(request: HttpRequest) -> int:
    """The version that a form was filled by; -1 for what is none."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < DIGITS else -1


def _wrong(form: InstructionForm) -> dict[str, str]:
    return {name: str(said[0]) for name, said in form.errors.items()}


def _refused(
    request: HttpRequest,
    by: Actor,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    said: str = "",
    status: int = 422,
    row: Instruction | None = None,
) -> HttpResponse:
    said = said or gettext("还不能登记，请看标出的地方。")
    kept = {} if "must_not_be_entered" in said else typed
    return _form(request, by, kept, said=said, wrong=wrong, status=status, row=row)


def _form(
    request: HttpRequest,
    by: Actor,
    typed: Mapping[str, str],
    *,
    said: str = "",
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
    row: Instruction | None = None,
) -> HttpResponse:
    offered = choices(seen_by=by)
    incidents = list(offered["others"])
    known = {key for key, _name in incidents}
    if row is not None and row.incident_id and str(row.incident_id) not in known:
        seen = incidents_seen(by).filter(pk=row.incident_id)
        incidents += [(str(one.pk), f"{one.number} {one.title}") for one in seen]
    shown: Shown = {
        "typed": typed,
        "said": said,
        "wrong": dict(wrong or {}),
        "row": row,
        "ways": rules.WAYS,
        "urgencies": rules.URGENCIES,
        "marks": rules.HANDLING,
        "units": offered["leads"],
        "incidents": incidents,
    }
    return render(request, "response/instructions/form.html", shown, status=status)


# --- one ----------------------------------------------------------------------------------------


@require_GET
@page("instruction.read")
def instruction(request: HttpRequest, *, by: Actor, instruction_id: str) -> HttpResponse:
    """What came, what was proposed and directed, who has it, what was answered. 一件来文"""
    return instruction_page(request, by, instruction_id)


def instruction_page(
    request: HttpRequest,
    by: Actor,
    instruction_id: str,
    *,
    said: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, also once more with what was typed and why it was not taken."""
    row = instruction_seen(seen_by=by, instruction_id=instruction_id)
    opinions, replies = opinions_of(row), replies_of(row)
    about = ("instruction", str(row.pk))
    names = choices(seen_by=by) if by.may("instruction.handle") else {"leads": [], "people": []}
    left = rules.still_open(standing(row))
    shown: Shown = {
        "row": row,
        "linked": _linked(by, row),
        "opinions": opinions,
        "recorded": names_who(opinions),
        "referrals": referrals_of(row),
        "replies": replies,
        "lines": lines_about("instruction", row.pk),
        "files": files_about([about]).get(about, []) if by.may("media.read") else [],
        "units": names["leads"],
        "people": names["people"],
        "hows": {code: rules.HOW[code] for code in rules.RECORDED},
        "reply_ways": rules.REPLY_WAYS,
        "left": [gettext(rules.OPEN[code]) % {"count": standing(row).unanswered} for code in left],
        "said": said,
        "typed": typed or {},
        "may": _may(by),
    }
    return render(request, "response/instructions/instruction.html", shown, status=status)


def _linked(by: Actor, row: Instruction) -> bool:
    """Whether he sees the incident that it is about."""
    may = row.incident_id is not None and by.may("incident.read")
    return may and incidents_seen(by).filter(pk=row.incident_id or 0).exists()


def _may(by: Actor) -> dict[str, bool]:
    return {
        "handle": by.may("instruction.handle"),
        "direct": by.may("instruction.direct"),
        "reveal": by.may("person.reveal"),
        "upload": by.may("media.upload"),
        "mark": by.may("record.mark"),
    }


def to_instruction(ident: str | int) -> HttpResponse:
    """Back to its page."""
    return HttpResponseRedirect(reverse("instruction", args=[ident]))


def refused_on_page(
    request: HttpRequest, by: Actor, instruction_id: str, form: str, refused: Refused
) -> HttpResponse:
    """The page once more: what was typed into this form stays, unless it may not be kept."""
    or_404(refused)
    secret = refused.code == "must_not_be_entered"
    typed = {"form": form} if secret else {**typed_in(request.POST), "form": form}
    said = sentence(refused)
    return instruction_page(
        request, by, instruction_id, said=said, typed=typed, status=refused.status
    )
