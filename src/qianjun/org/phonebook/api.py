"""Routes of the phone book: find, enter, look at numbers once a month. 号码接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, bearer, page_of
from qianjun.org.phonebook import actions, queries
from qianjun.org.phonebook.finding import find_in_book, hit_json
from qianjun.org.wire import Asked

router = Router(auth=bearer, tags=["contacts"])
Json = dict[str, Any]
Ident = Annotated[str, Field(min_length=1, max_length=9, pattern="^[0-9]+$")]
WRITE = "person.contact"


class OfficeTold(Asked):
    """An office: a new one, or with ``office`` and ``version`` one that is there."""

    title: Annotated[str, Field(min_length=1, max_length=40)]
    person: Ident | None = None
    deputy: Ident | None = None
    rank: Annotated[int, Field(ge=0, le=99)] = 0
    office: Ident | None = None
    version: Annotated[int, Field(ge=0, le=2_000_000_000)] = 0


class OfficeGone(Asked):
    """Which office the unit has no more."""

    office: Ident


class NumberTold(Asked):
    """A telephone of the unit or of one of its offices."""

    kind: Literal["duty", "desk", "mobile", "fax", "satellite"]
    value: Annotated[str, Field(min_length=1, max_length=40)]
    office: Ident | None = None


class CheckTold(Asked):
    """What was found when a number was looked at; ``value`` is the new one of a change."""

    what: Literal["number", "address"]
    number: Ident
    act: Literal["right", "change", "stop"]
    value: Annotated[str, Field(max_length=40)] = ""
    agreed: bool = False


def _key(said: str | None) -> int | None:
    return int(said) if said is not None else None


@router.get("/phonebook")
def phonebook(
    request: HttpRequest, q: str = "", limit: int | None = None, after: str | None = None
) -> Json:
    """Rows of the book by name, unit, office, initials, or the end of a number (noted)."""
    chosen, more = page_of(find_in_book(by=actor_of(request), q=q), limit=limit, after=after)
    return {"items": [hit_json(one) for one in chosen], "next": more}


@router.get("/phonebook/checks")
def checks(request: HttpRequest, limit: int | None = None, after: str | None = None) -> Json:
    """Numbers that are to be looked at, and how far each unit has come."""
    by = actor_of(request)
    require(by, WRITE)
    lines = queries.every_line(seen_by=by)
    chosen, more = page_of(queries.due_lines(lines), limit=limit, after=after)
    units = [
        {"unit": one.unit.code, "right": one.tally.right, "due": one.tally.due}
        for one in queries.progress(lines)
    ]
    items = [queries.line_json(one) for one in chosen]
    return {"items": items, "next": more, "units": units}


@router.post("/contacts/{unit}/offices")
def set_office(request: HttpRequest, unit: str, told: OfficeTold) -> HttpResponse:
    """Enter or change an office."""

    def run() -> tuple[int, Json]:
        row = actions.set_office(
            by=actor_of(request),
            unit=unit,
            title=told.title,
            person=_key(told.person),
            deputy=_key(told.deputy),
            office=_key(told.office),
            rank=told.rank,
            version=told.version,
        )
        return 200, queries.office_json(queries.seats([row])[0])

    return answer_once(request, run)


@router.post("/contacts/{unit}/offices/drop")
def drop_office(request: HttpRequest, unit: str, told: OfficeGone) -> HttpResponse:
    """The unit has an office no more."""

    def run() -> tuple[int, Json]:
        gone = actions.drop_office(by=actor_of(request), unit=unit, office=int(told.office))
        return 200, {"dropped": gone}

    return answer_once(request, run)


@router.post("/contacts/{unit}/numbers")
def add_number(request: HttpRequest, unit: str, told: NumberTold) -> HttpResponse:
    """Enter a telephone."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        words = {"kind": told.kind, "value": told.value}
        row = actions.add_number(by=by, unit=unit, office=_key(told.office), **words)
        return 201, queries.line_json(queries.line_seen("number", row.pk, seen_by=by))

    return answer_once(request, run)


@router.post("/phonebook/checks")
def check(request: HttpRequest, told: CheckTold) -> HttpResponse:
    """A number was looked at: it is right, another one, or stopped."""

    def run() -> tuple[int, Json]:
        line = actions.check_number(
            by=actor_of(request),
            what=told.what,
            ident=int(told.number),
            act=told.act,
            value=told.value,
            agreed=told.agreed,
        )
        return 200, queries.line_json(line) if line else {"stopped": True}

    return answer_once(request, run)
