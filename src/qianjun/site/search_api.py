"""What a line leads to, for programs. 检索接口"""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from qianjun.duty.finding.actions import find_by_tail
from qianjun.duty.finding.queries import PAGE_MOST, Hit, found, people_hits
from qianjun.org.actor import require
from qianjun.org.http import actor_of, bearer
from qianjun.org.wire import Asked
from qianjun.site.searching import pages_of

router = Router(auth=bearer, tags=["search"])
Json = dict[str, Any]


class Tail(Asked):
    """The last digits of a telephone number, four or more."""

    tail: Annotated[str, Field(max_length=20)]


@router.get("/search")
def search(request: HttpRequest, q: Annotated[str, Query(max_length=100)] = "") -> Json:
    """Incidents, people, units, teams, places and pages within what he sees. 检索"""
    by = actor_of(request)
    require(by, "search.ask")
    answer = found(q, seen_by=by, pages=pages_of(by), most=PAGE_MOST)
    line = answer.line
    return {
        "verb": line.verb or None,
        "report": line.fields or None,
        "items": [_json(one) for one in answer.hits],
        "next": None,
    }


@router.post("/search/phone")
def by_tail(request: HttpRequest, asked: Tail) -> Json:
    """People by the end of a number; who looked is kept. 按尾号找人"""
    people = find_by_tail(by=actor_of(request), tail=asked.tail)
    return {"items": [_json(one) for one in people_hits(people)], "next": None}


def _json(one: Hit) -> Json:
    return {"kind": one.kind, "title": one.title, "note": one.note or None, "url": one.url}
