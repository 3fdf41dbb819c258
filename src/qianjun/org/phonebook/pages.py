"""Numbers and offices on a unit's page, the monthly check, and the key that shows one. 号码页面"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, done, failed, only_once, page, sent_before, sentence
from qianjun.org.phonebook import actions, queries

SHOWN_MOST = 100
DIGITS_MOST = 9


def _whole(request: HttpRequest, name: str, otherwise: int | None = -1) -> int | None:
    """A number that was sent; nothing sent is ``otherwise``, nonsense is -1."""
    said = request.POST.get(name, "")
    if not said:
        return otherwise
    return int(said) if said.isascii() and said.isdigit() and len(said) <= DIGITS_MOST else -1


# --- one unit -----------------------------------------------------------------------------------


@require_POST
@page("person.contact")
def set_office(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """Enter an office, or change one that is there. 设职务"""
    words = {
        "unit": unit,
        "title": request.POST.get("title", ""),
        **{name: _whole(request, name, None) for name in ("person", "deputy", "office")},
        **{name: _whole(request, name, 0) for name in ("rank", "version")},
    }
    return _acted(request, unit, lambda: attempt(request, by, actions.set_office, **words))


@require_POST
@page("person.contact")
def drop_office(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """The unit has it no more. 撤职务"""
    if attempt(request, by, actions.drop_office, unit=unit, office=_whole(request, "office")):
        done(request, _("已撤下，号码留在单位。"))
    return HttpResponseRedirect(reverse("contact", args=[unit]))


@require_POST
@page("person.contact")
def add_number(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """A telephone of the unit or of one of its offices. 加号码"""
    words = {
        "unit": unit,
        "office": _whole(request, "office", None),
        **{name: request.POST.get(name, "") for name in ("kind", "value")},
    }
    return _acted(request, unit, lambda: attempt(request, by, actions.add_number, **words))


def _acted(request: HttpRequest, unit: str, act: Any) -> HttpResponse:  # noqa: ANN401
    """Once, and back to the page of the unit."""
    went: list[bool] = []
    if only_once(request, lambda: went.append(act())):
        done(request, sent_before())
    elif all(went):
        done(request, _("已保存。"))
    return HttpResponseRedirect(reverse("contact", args=[unit]))


# --- once a month -------------------------------------------------------------------------------


@require_safe
@page("person.contact")
def checks(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Numbers that nobody has looked at for so long, and how far each unit has come. 核对号码"""
    lines = queries.every_line(seen_by=by)
    asked = request.GET.get("unit", "")
    due = queries.due_lines(lines)
    here = [one for one in due if not asked or one.unit.code == asked]
    told = {
        "due": here[:SHOWN_MOST],
        "rest": max(0, len(here) - SHOWN_MOST),
        "all_due": len(due),
        "progress": queries.progress(lines),
        "unit": asked,
        "days": queries.check_days(),
        "kinds": queries.KINDS,
        "may": {"reveal": by.may("person.reveal")},
    }
    return render(request, "org/phonebook/checks.html", told)


@require_POST
@page("person.contact")
def check(request: HttpRequest, *, by: Actor, what: str, number: int) -> HttpResponse:
    """Right, changed or stopped; the next one follows. 核对"""
    form = request.POST
    words = {
        **{name: form.get(name, "") for name in ("act", "value")},
        "agreed": form.get("agreed") == "1",
    }
    if attempt(request, by, actions.check_number, what=what, ident=number, **words):
        done(request, _done_words(words["act"]))
    unit = form.get("unit", "")
    if form.get("back") == "unit" and unit:
        return HttpResponseRedirect(reverse("contact", args=[unit]))
    return HttpResponseRedirect(reverse("number_checks") + (f"?unit={unit}" if unit else ""))


def _done_words(act: object) -> str:
    said = {
        actions.RIGHT: _("已核对。"),
        actions.CHANGE: _("已改，并记下核对。本人没有同意新号码的，不往那里发消息。"),
        actions.STOP: _("已停用，不再列出，也不再往那里发消息。"),
    }
    return said[str(act)]


@require_POST
@page("person.reveal")
def reveal(request: HttpRequest, *, by: Actor, what: str, number: int) -> HttpResponse:
    """The whole number as a link to dial; who saw it and why is kept. 显示号码"""
    why = request.POST.get("why", "")
    try:
        line = actions.reveal_number(by=by, what=what, ident=number, why=why)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        if not request.headers.get("HX-Request"):
            failed(request, sentence(refused))
            return HttpResponseRedirect(reverse("contacts"))
        return HttpResponse(sentence(refused), status=refused.status)
    if request.headers.get("HX-Request"):
        return render(request, "org/phonebook/dial.html", {"line": line, "focus": True})
    return render(request, "org/phonebook/shown.html", {"line": line, "kinds": queries.KINDS})
