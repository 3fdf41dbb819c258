"""Routes of goods and orders. 物资接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.incident.wire import Asked
from qianjun.org.http import actor_of, answer_once, bearer, page_of
from qianjun.supply import actions, queries
from qianjun.supply.rules import LINES_MOST, QUANTITY_MOST

router = Router(auth=bearer, tags=["supplies"])
Json = dict[str, Any]
Quantity = Annotated[int, Field(ge=0, le=QUANTITY_MOST)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Why = Annotated[str, Field(max_length=200)]


class NewOrder(Asked):
    """So many of an article; who gets it, and from which store when it matters."""

    code: Code
    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MOST)]
    unit: Annotated[str, Field(max_length=20)] | None = None
    store: Annotated[str, Field(max_length=30)] | None = None
    receiver: Annotated[str, Field(max_length=30)] | None = None
    receiver_person: Annotated[str, Field(max_length=20)] | None = None
    why: Why | None = None


class Counted(Asked):
    """What somebody counted of an article of the order."""

    code: Code
    quantity: Quantity


class Received(Asked):
    """What arrived; without lines everything that was sent."""

    lines: Annotated[list[Counted], Field(max_length=LINES_MOST)] | None = None
    note: Annotated[str, Field(max_length=500)] | None = None


class Returned(Asked):
    """What comes back and what never will; without lines everything that is outstanding."""

    lines: Annotated[list[Counted], Field(max_length=LINES_MOST)] | None = None
    lost: Annotated[list[Counted], Field(max_length=LINES_MOST)] | None = None
    why: Why | None = None


class Cancelled(Asked):
    """Why the goods are not wanted."""

    why: Why | None = None


def _counts(lines: list[Counted] | None) -> dict[str, int] | None:
    return {line.code: line.quantity for line in lines} if lines is not None else None


@router.get("/supplies")
def supplies(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Every article with what the stores hold, promise, lack."""
    rows = queries.supplies(seen_by=actor_of(request), q=q)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [row.as_json() for row in chosen], "next": more}


@router.get("/supplies/{code}/movements")
def movements(
    request: HttpRequest, code: str, limit: int | None = None, after: str | None = None
) -> Json:
    """The ledger of an article, the newest first."""
    by = actor_of(request)
    rows = queries.movements_of(queries.article_seen(code, seen_by=by), seen_by=by)
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": queries.movements_json(chosen), "next": more}


@router.post("/incidents/{incident_id}/orders")
def propose(request: HttpRequest, incident_id: str, told: NewOrder) -> HttpResponse:
    """Ask for goods for an incident."""

    def run() -> tuple[int, Json]:
        row = actions.propose_order(
            by=actor_of(request),
            incident_id=incident_id,
            lines=[actions.Line(code=told.code, quantity=told.quantity, unit=told.unit or "")],
            store=told.store or "",
            receiver=told.receiver or "",
            receiver_person=told.receiver_person or "",
            why=told.why or "",
        )
        return 201, queries.order_json(row)

    return answer_once(request, run)


@router.get("/orders/{order_id}")
def order(request: HttpRequest, order_id: str) -> Json:
    """One order as it stands."""
    return queries.order_json(queries.order_seen(seen_by=actor_of(request), order_id=order_id))


@router.post("/orders/{order_id}/approve")
def approve(request: HttpRequest, order_id: str) -> HttpResponse:
    """Agree to what somebody else proposed; what is there is promised."""

    def run() -> tuple[int, Json]:
        row = actions.approve_order(by=actor_of(request), order_id=order_id)
        return 200, queries.order_json(row)

    return answer_once(request, run)


@router.post("/orders/{order_id}/issue")
def issue(request: HttpRequest, order_id: str) -> HttpResponse:
    """Hand out what was promised."""

    def run() -> tuple[int, Json]:
        row = actions.issue_order(by=actor_of(request), order_id=order_id)
        return 200, queries.order_json(row)

    return answer_once(request, run)


@router.post("/orders/{order_id}/receive")
def receive(request: HttpRequest, order_id: str, told: Received) -> HttpResponse:
    """The goods are there."""

    def run() -> tuple[int, Json]:
        row = actions.confirm_receipt(
            by=actor_of(request),
            order_id=order_id,
            counts=_counts(told.lines),
            note=told.note or "",
        )
        return 200, queries.order_json(row)

    return answer_once(request, run)


@router.post("/orders/{order_id}/return")
def give_back(request: HttpRequest, order_id: str, told: Returned) -> HttpResponse:
    """Goods come back, or never will."""

    def run() -> tuple[int, Json]:
        row = actions.return_goods(
            by=actor_of(request),
            order_id=order_id,
            back=_counts(told.lines),
            lost=_counts(told.lost),
            why=told.why or "",
        )
        return 200, queries.order_json(row)

    return answer_once(request, run)


@router.post("/orders/{order_id}/cancel")
def cancel(request: HttpRequest, order_id: str, told: Cancelled) -> HttpResponse:
    """The goods are not wanted after all."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        row = actions.cancel_order(by=by, order_id=order_id, why=told.why or "")
        return 200, queries.order_json(row)

    return answer_once(request, run)
