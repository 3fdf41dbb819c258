"""Routes of the organisation: through whom units are reached. 通讯录接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.org.away.api import router as away
from qianjun.org.book import queries
from qianjun.org.contacts import drop_contact, set_contact
from qianjun.org.http import actor_of, answer_once, bearer, page_of
from qianjun.org.phonebook.api import router as phonebook
from qianjun.org.wire import Asked

router = Router(auth=bearer, tags=["contacts"])
router.add_router("", phonebook)
router.add_router("", away)
Json = dict[str, Any]
Ident = Annotated[str, Field(min_length=1, max_length=9, pattern="^[0-9]+$")]


class Entered(Asked):
    """Who answers for the unit, and at which place in the order."""

    person: Ident
    rank: Annotated[int, Field(ge=0, le=9)] = 0


class Dropped(Asked):
    """Who answers for it no more."""

    person: Ident


@router.get("/contacts")
def contacts(request: HttpRequest, limit: int | None = None, after: str | None = None) -> Json:
    """Every unit with those who answer for it."""
    chosen, more = page_of(queries.book(seen_by=actor_of(request)), limit=limit, after=after)
    return {"items": [queries.page_json(one) for one in chosen], "next": more}


@router.get("/contacts/{unit}")
def contact(request: HttpRequest, unit: str) -> Json:
    """One unit."""
    return queries.page_json(queries.page_of(unit, seen_by=actor_of(request)))


@router.post("/contacts/{unit}")
def enter(request: HttpRequest, unit: str, told: Entered) -> HttpResponse:
    """Somebody answers for it."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        set_contact(by=by, unit=unit, person=int(told.person), rank=told.rank)
        return 200, queries.page_json(queries.page_of(unit, seen_by=by))

    return answer_once(request, run)


@router.post("/contacts/{unit}/drop")
def drop(request: HttpRequest, unit: str, told: Dropped) -> HttpResponse:
    """Somebody answers for it no more."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        drop_contact(by=by, unit=unit, person=int(told.person))
        return 200, queries.page_json(queries.page_of(unit, seen_by=by))

    return answer_once(request, run)
