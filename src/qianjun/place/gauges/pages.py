"""The page of river and weather: enter, look, correct. 水情天气页"""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.http import new_key
from qianjun.org.pages import attempt, back, done, failed, only_once, page, sent_before, sentence
from qianjun.org.typed import maybe_instant
from qianjun.place.gauges import actions, queries, rules
from qianjun.place.gauges.table import gauges

ROWS: Final = 100
DAYS: Final = {"1": 1, "3": 3, "7": 7, "30": 30}
FIRST_DAYS: Final = "3"
TYPED: Final = ("gauge", "value", "words", "kind", "source")


@require_GET
@page("gauge.read")
def river(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Every gauge, the course of one, its readings. 水情天气"""
    return _page(request, by)


def _page(request: HttpRequest, by: Actor, *, said: str = "", status: int = 200) -> HttpResponse:
    chosen = request.POST.get("gauge", "") or request.GET.get("gauge", "")
    gauge = chosen if chosen in gauges() else next(iter(gauges()))
    days = DAYS[_days(request)]
    since = clock.now() - timedelta(days=days)
    rows = queries.readings(seen_by=by, gauge=gauge, since=since)[: ROWS + 1]
    shown: dict[str, Any] = {
        "gauges": queries.shown_gauges(seen_by=by),
        "course": queries.course(seen_by=by, gauge=gauge, days=days),
        "rows": list(rows)[:ROWS],
        "more": len(rows) > ROWS,
        "most": ROWS,
        "days": DAYS,
        "day": _days(request),
        "kinds": {code: gettext(word) for code, word in rules.KINDS.items()},
        "may_write": by.may("gauge.write"),
        "key": new_key(),
        "said": said,
        "typed": request.POST.dict() if said else {"value": request.GET.get("value", "")[:40]},
    }
    return render(request, "place/river.html", shown, status=status)


def _days(request: HttpRequest) -> str:
    asked = request.GET.get("days", "")
    return asked if asked in DAYS else FIRST_DAYS


@require_POST
@page("gauge.write")
def take(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Enter a reading; what was typed stays when it is refused. 记读数"""

    def put() -> None:
        told = {name: request.POST.get(name, "") for name in TYPED}
        told["kind"] = told["kind"] or "observed"
        if (known := gauges().get(told["gauge"])) and known.text:
            told |= {"kind": "forecast", "words": told["words"] or told["value"], "value": ""}
        one = actions.Told(
            **told,
            at=maybe_instant(request, "at"),
            issued_at=maybe_instant(request, "issued_at"),
            sure=request.POST.get("sure") == "yes",
        )
        actions.take_readings(by=by, told=[one])

    try:
        again = only_once(request, put)
    except Refused as refused:
        if not by.may("gauge.read"):
            failed(request, sentence(refused))
            return back(request)
        return _page(request, by, said=sentence(refused), status=refused.status)
    done(request, sent_before() if again else gettext("读数已记下。"))
    if request.POST.get("next"):
        return back(request)
    return HttpResponseRedirect(f"{reverse('river')}?gauge={request.POST.get('gauge', '')}")


@require_POST
@page("gauge.write")
def correct(request: HttpRequest, *, by: Actor, reading_id: str) -> HttpResponse:
    """Another value stands for this one. 更正"""
    told = {name: request.POST.get(name, "") for name in ("value", "why")}
    told["text"] = request.POST.get("words", "")
    if attempt(request, by, actions.correct_reading, reading_id=reading_id, **told):
        done(request, gettext("已更正，原来的读数划线保留。"))
    return back(request)
