"""Goods leave, are signed for, and come back or are written off. 发出、签收、归还"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from qianjun.incident.actions import lift_hold, place_hold
from qianjun.incident.actions.held import locked, must_be_open
from qianjun.incident.models import Hold
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.links import end_links, make_link
from qianjun.supply.actions.proposing import about, held_order, listed
from qianjun.supply.actions.stocking import checked
from qianjun.supply.booking import Booked, book, held_balances, lots_held, next_slip, promise
from qianjun.supply.events import GoodsReturned, OrderIssued, OrderReceived, OrderSettled
from qianjun.supply.models import Reservation, Store, TransferLine, TransferOrder
from qianjun.supply.queries.ledger import out_of_lots, sent_of_lines
from qianjun.supply.queries.seen import order_seen, stores_kept
from qianjun.supply.queries.stock import shelved, spoken, today
from qianjun.supply.rules import Sent, allot, is_settled, put_back

WHY_MOST: Final = 200
NOTE_MOST: Final = 500
Counts = Mapping[str, int]


def _kept_order(by: Actor, order_id: str | int, *, act: str) -> tuple[TransferOrder, Store]:
    """An order out of a store that he keeps, locked, after its incident; 404, 409."""
    seen = order_seen(seen_by=by, order_id=order_id)
    if seen.incident_id is not None:
        locked(seen.incident_id)  # before the order: closing an incident waits for the hold
    row = held_order(by, seen.pk, act=act)
    store = row.store
    if store is None or not stores_kept(by).filter(pk=store.pk).exists():
        raise not_found()
    return row, store


# --- out ------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def issue_order(*, by: Actor, order_id: str | int) -> TransferOrder:
    """The keeper hands out what was promised, first expiring first; it holds the incident. 发出

    409 when goods have expired since they were promised.
    """
    require(by, "supply.keep")
    row, store = _kept_order(by, order_id, act="issue")
    if row.incident is not None:
        must_be_open(row.incident)
    kind, ident = about(row)
    promised = list(
        Reservation.objects.filter(
            about_kind=kind, about_id=ident, released_at__isnull=True, used_at__isnull=True
        ).select_related("article")
    )
    held = held_balances((one.article_id, one.store_id) for one in promised)
    parts = [part for one in promised for part in _parts(one)]
    slip = next_slip("out", store=store)
    for one in promised:
        promise(held[one.article_id, one.store_id], -one.quantity)
        one.used_at = clock.now()
        one.save(update_fields=["used_at"])
    rows = [
        Booked(lot=lot, quantity=-n, reason="out", slip=slip, about_kind=kind, about_id=ident)
        for lot, n in parts
    ]
    book(rows, held=held, who=by)
    _issued(row, slip=slip, by=by)
    told = listed((one.article, one.quantity) for one in promised)
    event = OrderIssued(order_id=row.pk, quantity=sum(one.quantity for one in promised))
    emit(event, by=by, incident=row.incident_id, about=about(row), body=told)
    return row


def _parts(one: Reservation) -> list[tuple[int, int]]:
    lots = map(shelved, lots_held((one.article_id, one.store_id)))
    given = allot(lots, quantity=one.quantity, on=today())
    if given.short:
        zh = _("%(article)s有 %(short)s 已过期，不能发出。请核销过期的，再重新提出调拨。")
        told = {"article": spoken(one.article), "short": given.short}
        raise Refused("expired", zh, status=409, words=told)
    return [(part.lot, part.quantity) for part in given.parts]


def _issued(row: TransferOrder, *, slip: str, by: Actor) -> None:
    row.issued_at, row.slip = clock.now(), slip
    row.issued_by_kind, row.issued_by_id = by.kind, by.ident
    row.save(update_fields=["issued_at", "slip", "issued_by_kind", "issued_by_id"])
    if row.incident_id is not None:
        place_hold(incident=row.incident_id, kind=Hold.Kind.SUPPLIES, about=about(row))


@transaction.atomic(savepoint=False)
def open_receipt(*, by: Actor, order_id: str | int) -> str:
    """The path of a link by which whoever gets the goods signs for them. 签收链接"""
    require(by, "supply.keep")
    row, _store = _kept_order(by, order_id, act="link")
    return make_link(purpose="g", about=about(row), person=row.receiver_person_id)


# --- there ----------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def confirm_receipt(
    *, by: Actor, order_id: str | int, counts: Counts | None = None, note: str = ""
) -> TransferOrder:
    """Somebody at the desk or on the scene says that the goods are there. 代签收"""
    require(by, "supply.receive")
    return _received(by, order_id, counts=counts or {}, note=note)


@transaction.atomic(savepoint=False)
def sign_receipt(
    *,
    by: Actor,
    order_id: str | int,
    counts: Counts | None = None,
    note: str = "",
    at: datetime | None = None,
) -> TransferOrder:
    """Whoever has the link of this order signs for the goods; signed once it stays so. 链接签收

    ``at`` is when he signed, in domain time, where the phone had no signal.
    """
    if by.kind != "link" or by.scope.about != ("order", str(order_id)):
        raise not_found()
    return _received(by, order_id, counts=counts or {}, note=note, at=at)


def _received(
    by: Actor, order_id: str | int, *, counts: Counts, note: str, at: datetime | None = None
) -> TransferOrder:
    """Another number than was sent is noted and stays outstanding until the keeper settles it."""
    said = words("note", note, most=NOTE_MOST, least=0)
    row = held_order(by, order_id, act="receive")
    lines = sent_of_lines(row.lines.select_related("article").order_by("pk"))
    _known(counts, lines)
    for line, sent in lines:
        line.received = checked(counts.get(line.article.code, sent.issued), least=0)
        line.save(update_fields=["received"])
    row.received_at = max(at or clock.now(), row.issued_at or clock.now())
    row.received_by_kind, row.received_by_id = by.kind, by.ident
    row.save(update_fields=["received_at", "received_by_kind", "received_by_id"])
    differs = any(line.received != sent.issued for line, sent in lines)
    event = OrderReceived(order_id=row.pk, differs=differs)
    told = listed((line.article, line.received or 0) for line, _sent in lines)
    emit(
        event,
        by=by,
        incident=row.incident_id,
        about=about(row),
        body=f"{told} · {said}" if said else told,
        happened_at=row.received_at,
    )
    _settle(row, by=by)
    return row


def _known(counts: Counts, lines: list[tuple[TransferLine, Sent]]) -> None:
    if set(counts) - {line.article.code for line, _sent in lines}:
        raise refused_field("code", "unknown_article", _("调拨单上没有这种物资。"))


# --- back -----------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def return_goods(
    *,
    by: Actor,
    order_id: str | int,
    back: Counts | None = None,
    lost: Counts | None = None,
    why: str = "",
) -> TransferOrder:
    """Goods of an order come back, and others never will: those are written off. 归还与核销

    Without numbers everything that is outstanding comes back. What is lost needs its reason and
    stands in the ledger as come back and written off, so that the order and the stock both add up.
    """
    require(by, "supply.keep")
    said = words("why", why, most=WHY_MOST, least=0)
    row, store = _kept_order(by, order_id, act="return")
    lines = sent_of_lines(row.lines.select_related("article").order_by("pk"))
    backs, losses = _wanted(lines, back, lost)
    if any(losses.values()) and not said:
        raise refused_field("why", "explanation_needed", _("核销的请写明原因。"))
    held = held_balances((line.article_id, store.pk) for line, _sent in lines)
    slip = next_slip("return", store=store)
    loss_slip = next_slip("loss", store=store) if any(losses.values()) else ""
    rows = [
        booked
        for line, _sent in lines
        for booked in _back(
            row,
            line,
            back=backs.get(line.article.code, 0),
            lost=losses.get(line.article.code, 0),
            slips=(slip, loss_slip),
            why=said,
        )
    ]
    book(rows, held=held, who=by)
    _say_back(row, lines, backs, losses, by=by, why=said)
    _settle(row, by=by)
    return row


def _wanted(
    lines: list[tuple[TransferLine, Sent]], back: Counts | None, lost: Counts | None
) -> tuple[Counts, Counts]:
    """What comes back and what is lost; 422 when it is more than left or nothing at all."""
    losses = dict(lost or {})
    backs = {
        line.article.code: max(0, sent.outstanding - losses.get(line.article.code, 0))
        for line, sent in lines
    }
    backs = dict(back) if back is not None else backs
    _known({**backs, **losses}, lines)
    for line, sent in lines:
        code = line.article.code
        n = checked(backs.get(code, 0), least=0) + checked(losses.get(code, 0), least=0)
        if n > sent.gone:
            zh = _("归还和核销合计超过发出未还的数量，请核对。")
            raise refused_field("quantity", "more_than_out", zh)
    if not any(backs.values()) and not any(losses.values()):
        raise refused_field("quantity", "nothing_back", _("没有可归还或核销的数量。"))
    return backs, losses


def _back(
    row: TransferOrder,
    line: TransferLine,
    *,
    back: int,
    lost: int,
    slips: tuple[str, str],
    why: str,
) -> list[Booked]:
    out = out_of_lots(order=row.pk, article=line.article_id)
    kind, ident = about(row)
    rows = [
        Booked(
            lot=part.lot,
            quantity=part.quantity,
            reason="return",
            slip=slips[0],
            about_kind=kind,
            about_id=ident,
            why=why,
        )
        for part in put_back(out, quantity=back + lost)
    ]
    gone = [
        Booked(
            lot=part.lot,
            quantity=-part.quantity,
            reason="loss",
            slip=slips[1],
            about_kind=kind,
            about_id=ident,
            why=why,
        )
        for part in put_back({one.lot: one.quantity for one in rows}, quantity=lost)
    ]
    return [*rows, *gone]


def _say_back(
    row: TransferOrder,
    lines: list[tuple[TransferLine, Sent]],
    backs: Counts,
    losses: Counts,
    *,
    by: Actor,
    why: str,
) -> None:
    n, m = sum(backs.values()), sum(losses.values())
    told = listed(
        (line.article, backs.get(line.article.code, 0) + losses.get(line.article.code, 0))
        for line, _sent in lines
    )
    event = GoodsReturned(order_id=row.pk, returned=n, lost=m)
    body = f"{told} · {why}" if why else told
    emit(event, by=by, incident=row.incident_id, about=about(row), body=body)


def _settle(row: TransferOrder, *, by: Actor) -> None:
    """When nothing is outstanding the order is over and holds its incident no longer."""
    lines = sent_of_lines(row.lines.select_related("article"))
    if row.returned_at is not None or not is_settled(sent for _line, sent in lines):
        return
    row.returned_at = clock.now()
    row.save(update_fields=["returned_at"])
    lift_hold(about=about(row))
    end_links(about(row))
    emit(OrderSettled(order_id=row.pk), by=by, incident=row.incident_id, about=about(row))
