"""The page of shows, and the bar above every page while one runs. 演示页"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.drill import actions, queries
from qianjun.drill.models import Show
from qianjun.drill.rules import PACES, READ_S, hhmm, lasts_s
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, back, done, page

ACTS: dict[str, Callable[..., Show]] = {
    "pause": actions.pause_show,
    "resume": actions.resume_show,
    "skip": actions.skip_step,
    "stop": actions.stop_show,
}
PACE_DIGITS = 5
NOTHING = "none"


@require_GET
@page("show.read")
def show(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The stops with their pages, what is left out, and the key that starts. 演示一遍"""
    stops, told = queries.stops(seen_by=by), queries.script()
    row, failed = queries.last_show(seen_by=by)
    shown = {
        "stops": stops,
        "left_out": [one.said.said_in(queries.language()) for one in told.left_out()],
        "title": told.title.said_in(queries.language()),
        "show": row,
        "failed": failed,
        "runs": row is not None and row.over_at is None,
        "paces": [
            (int(one), round(lasts_s(told, read_s=one) / 60), one == READ_S) for one in PACES
        ],
        "may_play": by.may("show.play"),
    }
    return render(request, "drill/page.html", shown)


@require_GET
@page("show.read")
def bar(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """What happens and why it matters; 204 while it is what the page shows already. 演示条"""
    return _bar(request, by, seen=request.GET.get("seen", ""))


def _bar(request: HttpRequest, by: Actor, *, seen: str = "") -> HttpResponse:
    found = queries.bar(seen_by=by)
    if seen == (found.seen if found else NOTHING):
        return HttpResponse(status=204)
    # a key pressed before the form is enhanced sends it plainly, and comes back to where it was
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    shown: dict[str, Any] = {"bar": found, "may_play": by.may("show.play"), "here": here}
    if found is not None and found.step is not None:
        shown["at"] = hhmm(found.step.at_min)
    return render(request, "drill/bar.html", shown)


@require_POST
@page("show.play")
def start(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Start; the bar leads on to the first step. 开始"""
    typed = request.POST.get("read_s", "")
    plain = typed.isascii() and typed.isdigit() and len(typed) < PACE_DIGITS
    attempt(request, by, actions.start_show, read_s=float(typed) if plain else READ_S)
    return HttpResponseRedirect("/show/")


@require_POST
@page("show.play")
def act(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Pause, go on, skip or stop; the bar as it is then, or the page. 暂停、继续、跳过、停止"""
    wanted = request.POST.get("act", "")
    verb = ACTS.get(wanted)
    if request.headers.get("HX-Request"):
        if verb is not None:
            with suppress(Refused):  # it is over already: the bar shows it
                verb(by=by)
        return _bar(request, by)
    if verb is not None and attempt(request, by, verb) and wanted == "stop":
        done(request, gettext("演示已停，时钟回到正常速度。现在由您来。"))
    return back(request)
