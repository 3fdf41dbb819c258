"""The desk: what is open, who is on duty, what waits for a person. 值班台"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.duty.queries import COLUMNS, cards_seen, columns_behind, sounds_of
from qianjun.duty.queries import desk as desk_of
from qianjun.incident import actions as incident_actions
from qianjun.journal import actions as journal
from qianjun.kernel.errors import Refused
from qianjun.message import actions as message_actions
from qianjun.org.actor import Actor, not_found
from qianjun.org.pages import attempt, back, done, failed, page, sentence
from qianjun.org.undo.offers import offer
from qianjun.place.gauges.queries import shown_gauges
from qianjun.response.actions.letters import take_in_letter

# what the cards offer, each by the permission of its verb
ASKED: Final = {
    "call": "confirm.call",
    "card": "card.settle",
    "decide": "activation.decide",
    "hand_over": "report.hand_over",
    "send": "message.send",
    "sign": "upward.sign",
    "sort": "report.sort",
    "task": "incident.task",
}


@require_GET
@page("signed_in")
def desk(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The desk; who has none is shown what there is for him. 值班台"""
    if by.may("desk.read"):
        return render(request, "duty/desk/page.html", _desk(by))
    if by.may("report.take"):
        return HttpResponseRedirect("/intake/")
    return render(request, "duty/nothing.html")


@require_GET
@page("desk.read")
def live(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The same without the frame, for the page that already stands. 刷新"""
    return render(request, "duty/desk/live.html", {**_desk(by), "oob": True})


@require_GET
@page("desk.read")
def columns(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The columns that the page fetches by themselves. 其余各栏"""
    found = columns_behind(seen_by=by)
    shown = {"columns": found, "sounds": sounds_of(found), "may": _may(by), "oob": True}
    return render(request, "duty/desk/columns.html", shown)


def _desk(by: Actor) -> dict[str, Any]:
    behind = [one for one in COLUMNS if not one.at_once]
    found = desk_of(seen_by=by)
    sounds = sounds_of(found.columns)
    gauges = shown_gauges(seen_by=by) if by.may("gauge.read") else ()
    return {
        "desk": found,
        "behind": behind,
        "sounds": sounds,
        "may": _may(by),
        "gauges": gauges,
    }


def _may(by: Actor) -> dict[str, bool]:
    return {name: by.may(permission) for name, permission in ASKED.items()}


@require_POST
@page("card.settle")
def retry_card(request: HttpRequest, *, by: Actor, card: int) -> HttpResponse:
    """Have a job that was given up run again. 重新执行"""
    _seen(by, card)
    if attempt(request, by, journal.retry_card, card=card):
        done(request, gettext("已重新执行。再失败会再出现在这里。"))
    return back(request)


@require_POST
@page("card.settle")
def drop_card(request: HttpRequest, *, by: Actor, card: int) -> HttpResponse:
    """Let a job go, with a reason. 不再执行"""
    _seen(by, card)
    if attempt(request, by, journal.drop_card, card=card, reason=request.POST.get("reason", "")):
        done(request, gettext("已不再执行，理由已记下。"))
    return back(request)


def _seen(by: Actor, card: int) -> None:
    """What lies outside a part of the district is not there for whoever sees that part only."""
    if by.scope.kind != "all" and not cards_seen(by).filter(pk=card).exists():
        raise not_found()


@require_POST
@page("report.sort")
def take_letter(request: HttpRequest, *, by: Actor, letter: int) -> HttpResponse:
    """Take a letter in as a report, and go to its incident. 来信立案"""
    try:
        taken = take_in_letter(by=by, letter_id=letter)
    except Refused as refused:
        if refused.status == 404:
            raise
        failed(request, sentence(refused))
        return back(request)
    done(request, gettext("来信已录为接报 %(number)s。") % {"number": taken.stored.number})
    return HttpResponseRedirect(taken.incident_url)


@require_POST
@page("report.sort")
def drop_letter(request: HttpRequest, *, by: Actor, letter: int) -> HttpResponse:
    """Say why a letter is no report. 不立案"""
    reason = request.POST.get("reason", "")
    if attempt(request, by, incident_actions.put_letter_aside, letter_id=letter, reason=reason):
        undo = offer(by, "letter_aside", letter_id=letter)
        done(request, gettext("已放到一边，理由已记下。"), undo=undo)
    return back(request)


@require_POST
@page("message.send")
def retry_message(request: HttpRequest, *, by: Actor, message: int) -> HttpResponse:
    """Send a message once more. 重发"""
    if attempt(request, by, message_actions.retry_message, message=message):
        done(request, gettext("已排队重发。"))
    return back(request)


@require_POST
@page("message.send")
def drop_message(request: HttpRequest, *, by: Actor, message: int) -> HttpResponse:
    """Say that somebody was told in another way, or need not be. 不再发送"""
    reason = request.POST.get("reason", "")
    if attempt(request, by, message_actions.drop_message, message=message, reason=reason):
        done(request, gettext("已不再发送，理由已记下。"))
    return back(request)
