"""The page of the duty log: a day or a shift, by kind; notes by hand. 值班日志页"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.duty.log import actions
from qianjun.duty.log.queries import PRINT_MOST, Asked, Log, asked_for, log
from qianjun.duty.rules.log import DAY, GROUPS, SPANS
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import mask_phones_in
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, back, done, failed, only_once, page, sent_before, sentence
from qianjun.org.typed import maybe_instant
from qianjun.org.undo.offers import offer

Shown = dict[str, Any]
PAGE_DIGITS = 5


@require_GET
@page("duty_log.read")
def duty_log(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """A day of the log, the newest on top; whole and in order for paper. 值班日志"""
    return _page(request, by, _asked(request))


def _asked(request: HttpRequest) -> Asked:
    return asked_for(**{name: request.GET.get(name, "") for name in ("day", "span", "group")})


def _page(
    request: HttpRequest, by: Actor, asked: Asked, *, said: str = "", status: int = 200
) -> HttpResponse:
    whole = request.GET.get("whole") == "yes"
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < PAGE_DIGITS else 0
    found = log(seen_by=by, asked=asked, page=number, newest_first=not whole, whole=whole)
    shown: Shown = {
        "log": found,
        "lines": _lines(found),
        "groups": {code: gettext(word) for code, (word, _names) in GROUPS.items()},
        "spans": {code: gettext(word) for code, word in SPANS.items()},
        "days": _links(asked),
        "may_note": by.may("duty_log.note"),
        "may_correct": by.may("duty_log.note"),
        "whole": whole,
        "cut": whole and found.count > PRINT_MOST,
        "most": PRINT_MOST,
        "now": clock.now(),
        "said": said,
        "typed": request.POST.dict() if said else {},
    }
    return render(request, "duty/log/page.html", shown, status=status)


def _lines(found: Log) -> list[Shown]:
    english = (get_language() or "").startswith("en")
    return [
        {"one": one, "text": mask_phones_in(one.line.text_en if english else one.line.text_zh)}
        for one in found.lines
    ]


def _links(asked: Asked) -> Shown:
    """Where the day before, the next and the other parts of this one stand."""

    def to(**changed: str) -> str:
        told = {"day": asked.day.isoformat(), "span": asked.span, "group": asked.group} | changed
        kept = {k: v for k, v in told.items() if v and (k, v) != ("span", DAY)}
        return f"?{urlencode(kept)}"

    return {
        "before": to(day=(asked.day - timedelta(days=1)).isoformat()),
        "after": to(day=(asked.day + timedelta(days=1)).isoformat()),
        "here": to(),
        "all": to(group=""),
        "groups": [(code, gettext(word), to(group=code)) for code, (word, _n) in GROUPS.items()],
        "spans": [(code, gettext(word), to(span=code)) for code, word in SPANS.items()],
    }


@require_POST
@page("duty_log.note")
def note(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Write a line; what was typed stays when it is refused. 记一条"""
    undo = ""

    def put() -> None:
        nonlocal undo
        at = maybe_instant(request, "happened_at")
        entry = actions.note_down(by=by, text=request.POST.get("text", ""), happened_at=at)
        undo = offer(by, "duty_note", entry_id=entry)

    try:
        again = only_once(request, put)
    except Refused as refused:
        if not by.may("duty_log.read"):
            failed(request, sentence(refused))
            return back(request)
        asked = asked_for()
        return _page(request, by, asked, said=sentence(refused), status=refused.status)
    done(request, sent_before() if again else gettext("已记入值班日志。"), undo=undo)
    return back(request) if request.POST.get("next") else HttpResponseRedirect(reverse("duty_log"))


@require_POST
@page("duty_log.note")
def correct(request: HttpRequest, *, by: Actor, entry_id: str) -> HttpResponse:
    """A new line stands for this one. 更正"""
    told = {name: request.POST.get(name, "") for name in ("text", "why")}
    if attempt(request, by, actions.correct_note, entry_id=entry_id, **told):
        done(request, gettext("已更正，原来的一条划线保留。"))
    return back(request)
