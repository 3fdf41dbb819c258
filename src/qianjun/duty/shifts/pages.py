"""The page of the roster: a month, one form, the gaps ahead. 值班表页"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.duty.rules.roster import POSTS, next_month, next_shift
from qianjun.duty.shifts import actions
from qianjun.duty.shifts.queries import people_for, roster
from qianjun.duty.typed import instant_in, number_in
from qianjun.kernel import clock
from qianjun.kernel.clock import in_beijing
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, done, only_once, page, sent_before, sentence
from qianjun.org.undo.offers import offer

Shown = dict[str, Any]
LOCAL = "%Y-%m-%dT%H:%M"


@require_GET
@page("roster.read")
def shifts(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """A month of the roster. 值班表"""
    return _page(request, by, month=request.GET.get("month", ""))


def _page(
    request: HttpRequest, by: Actor, *, month: str, said: str = "", status: int = 200
) -> HttpResponse:
    found, now = roster(seen_by=by, month=month), clock.now()
    since, until = (in_beijing(one).strftime(LOCAL) for one in next_shift(now))
    typed = request.POST.dict() if said else {"since": since, "until": until}
    may = by.may("roster.write")
    shown: Shown = {
        "roster": found,
        "now": now,
        "posts": {code: gettext(word) for code, word in POSTS.items()},
        "people": _people() if may else {},
        "days": _by_day(found.shifts),
        "gaps": [(gettext(POSTS[code]), gap) for code, gap in found.gaps],
        "before": next_month(found.month, by=-1),
        "after": next_month(found.month, by=1),
        "typed": {"every_days": "1", "times": "1"} | typed,
        "said": said,
        "may": may,
    }
    return render(request, "duty/roster/page.html", shown, status=status)


def _people() -> dict[int, str]:
    """Who may be on some post, by name."""
    known: dict[int, str] = {}
    for code in POSTS:
        known |= {row.pk: f"{row.name} · {row.unit.short_name}" for row in people_for(code)}
    return known


def _by_day(rows: Any) -> list[tuple[str, list[Shown]]]:  # noqa: ANN401  # a tuple of Shift
    """The shifts by the day on which they begin, each with its times as fields want them."""
    days: dict[str, list[Shown]] = {}
    for row in rows:
        since, until = in_beijing(row.since), in_beijing(row.until)
        told = {"row": row, "since": since.strftime(LOCAL), "until": until.strftime(LOCAL)}
        days.setdefault(f"{since:%Y-%m-%d}", []).append(told)
    return list(days.items())


@require_POST
@page("roster.write")
def enter(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Put somebody on the roster; what was typed stays when it is refused. 排班"""
    entered: list[Any] = []

    def put() -> None:
        entered.extend(
            actions.enter_shift(
                by=by,
                post=request.POST.get("post", ""),
                person=number_in(request, "person"),
                since=instant_in(request, "since"),
                until=instant_in(request, "until"),
                every_days=number_in(request, "every_days", default=1),
                times=number_in(request, "times", default=1),
            )
        )

    month = request.POST.get("month", "")
    try:
        again = only_once(request, put)
    except Refused as refused:
        return _page(request, by, month=month, said=sentence(refused), status=refused.status)
    if again:
        done(request, sent_before())
    else:
        done(request, gettext("已排 %(n)s 班，到点自动上岗。") % {"n": len(entered)})
    return _to(month)


@require_POST
@page("roster.write")
def change(request: HttpRequest, *, by: Actor, shift_id: str) -> HttpResponse:
    """Another person or another time. 改班"""
    month = request.POST.get("month", "")
    try:
        actions.change_shift(
            by=by,
            shift_id=shift_id,
            person=number_in(request, "person"),
            since=instant_in(request, "since"),
            until=instant_in(request, "until"),
            version=number_in(request, "version"),
        )
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(request, by, month=month, said=sentence(refused), status=refused.status)
    done(request, gettext("已改班。"))
    return _to(month)


@require_POST
@page("roster.write")
def act(request: HttpRequest, *, by: Actor, shift_id: str) -> HttpResponse:
    """Take somebody off the roster, or put him back. 撤班、恢复"""
    restores = request.POST.get("act") == "restore"
    verb = actions.restore_shift if restores else actions.remove_shift
    if attempt(request, by, verb, shift_id=shift_id):
        said = gettext("已恢复这一班。") if restores else gettext("已撤下，可在“刚撤下的”里恢复。")
        done(request, said, undo=offer(by, "shift", shift_id=shift_id, restores=not restores))
    return _to(request.POST.get("month", ""))


def _to(month: str) -> HttpResponse:
    plain = month if len(month) == 7 and month.replace("-", "").isalnum() else ""
    return HttpResponseRedirect(reverse("roster") + (f"?month={plain}" if plain else ""))
