"""The page of the search, and the hits under the command line. 检索页"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from qianjun.duty.finding.actions import find_by_tail
from qianjun.duty.finding.queries import (
    EACH_MOST,
    PAGE_MOST,
    Destination,
    Found,
    found,
    people_hits,
)
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import page, sentence
from qianjun.site.rail import entries

ASKED_MOST = 100


@require_GET
@page("search.ask")
def search(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Everything that a line leads to, also without a script. 检索"""
    return _page(request, by)


@require_GET
@page("search.ask")
def hits(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The hits under the command line while it is typed. 命令行结果"""
    typed = request.GET.get("q", "")[:ASKED_MOST]
    return render(request, "search/hits.html", {"found": _found(typed, by), "q": typed})


@require_POST
@page("person.reveal")
def by_tail(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """People by the end of a number; who looked is kept. 按尾号找人"""
    tail = request.POST.get("tail", "")
    try:
        people = list(people_hits(find_by_tail(by=by, tail=tail)))
    except Refused as refused:
        return _page(request, by, said=sentence(refused), status=refused.status)
    return _page(request, by, people=people, q=tail)


def _page(request: HttpRequest, by: Actor, *, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401
    typed = str(more.get("q", request.GET.get("q", "")))[:ASKED_MOST]
    shown = {"found": _found(typed, by, most=PAGE_MOST), "q": typed, **more}
    return render(request, "search/page.html", shown, status=status)


def _found(typed: str, by: Actor, *, most: int = EACH_MOST) -> Found:
    return found(typed, seen_by=by, pages=pages_of(by), most=most)


def pages_of(by: Actor) -> list[Destination]:
    """The pages of the rail that he may open. 去处"""
    language = get_language() or ""
    return [
        Destination(zh=one.zh, word=one.said_in(language), url=reverse(one.url))
        for one in entries()
        if settings.REALM in one.realms and by.may(one.permission)
    ]
