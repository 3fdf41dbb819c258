"""The second key on an order: what is there is promised to it. 批准调拨"""

from typing import Final

from django.db import transaction
from django.utils.functional import lazy

from qianjun.incident.actions import place_hold
from qianjun.incident.actions.held import locked, must_be_open
from qianjun.incident.models import Hold
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.supply.actions.proposing import about, held_order, listed
from qianjun.supply.booking import Pair, held_balances, lots_held, promise
from qianjun.supply.events import OrderApproved
from qianjun.supply.models import Article, Balance, Reservation, TransferLine, TransferOrder
from qianjun.supply.queries.seen import order_seen, stores_seen
from qianjun.supply.queries.stock import free_by_store, shelved, today, word
from qianjun.supply.rules import free_of, fullest

SECOND_KEY: Final = _("提出的人不能自己批准，请另一位有批准权限的同事批。")
NOTHING_LEFT: Final = _("%(goods)s已经没有可用的了：现有的都已批给别处或过期。缺口请另想办法。")


def _names(articles: list[Article]) -> str:
    return " · ".join(word(article) for article in articles)


# in the language in which the refusal is said
_spoken = lazy(_names, str)


@transaction.atomic(savepoint=False)
def approve_order(*, by: Actor, order_id: str | int) -> TransferOrder:
    """Agree to an order that somebody else proposed, and promise it what is there. 批准

    What is there now decides, not what was there when it was proposed; the rest is its shortage.
    409 when nothing of it is left. From now on it holds its incident, until it is settled or
    cancelled.
    """
    require(by, "supply.approve")
    seen = order_seen(seen_by=by, order_id=order_id)
    if seen.incident_id is not None:
        locked(seen.incident_id)  # before the order: closing an incident waits for the hold
    row = held_order(by, seen.pk, act="approve")
    if (row.proposed_by_kind, row.proposed_by_id) == (by.kind, by.ident):
        raise Refused("second_key", SECOND_KEY, status=409)
    if row.incident is not None:
        must_be_open(row.incident)
    lines = list(row.lines.select_related("article").order_by("pk"))
    store = row.store_id or _chosen(by, lines)
    given = _promised(row, lines, store=store)
    if not any(given):
        goods = _spoken([line.article for line in lines])
        raise Refused("nothing_left", NOTHING_LEFT, status=409, words={"goods": goods})
    row.store_id, row.approved_at = store, clock.now()
    row.approved_by_kind, row.approved_by_id = by.kind, by.ident
    row.save(update_fields=["store", "approved_at", "approved_by_kind", "approved_by_id"])
    short = sum(line.short for line in lines)
    event = OrderApproved(order_id=row.pk, reserved=sum(given), short=short)
    told = listed((line.article, n) for line, n in zip(lines, given, strict=True))
    emit(event, by=by, incident=row.incident_id, about=about(row), body=told)
    if row.incident_id is not None:
        place_hold(incident=row.incident_id, kind=Hold.Kind.SUPPLIES, about=about(row))
    return row


def _chosen(by: Actor, lines: list[TransferLine]) -> int | None:
    """The store that covers most of it now; there was none when it was proposed."""
    numbers = {line.article.code: line.quantity for line in lines}
    return fullest(numbers, free_by_store(numbers, stores=stores_seen(by)))


def _promised(row: TransferOrder, lines: list[TransferLine], *, store: int | None) -> list[int]:
    """Promise each line what is free; how many of each."""
    if store is None:
        return [0 for _line in lines]
    held = held_balances((line.article_id, store) for line in lines)
    return [_line_promised(row, line, store=store, held=held) for line in lines]


def _line_promised(
    row: TransferOrder, line: TransferLine, *, store: int, held: dict[Pair, Balance]
) -> int:
    pair = (line.article_id, store)
    lots = map(shelved, lots_held(pair))
    n = min(line.quantity, free_of(lots, reserved=held[pair].reserved, on=today()))
    if n:
        kind, ident = about(row)
        promise(held[pair], n)
        Reservation.objects.create(
            article_id=line.article_id,
            store_id=store,
            quantity=n,
            about_kind=kind,
            about_id=ident,
            made_at=clock.now(),
        )
    line.short = line.quantity - n
    line.save(update_fields=["short"])
    return n
