"""What moved, and what an order still has out; all of it read from the ledger. 台账查询"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from qianjun.org.actor import Actor, not_found, require
from qianjun.org.queries import names_of
from qianjun.supply.models import Article, Movement, TransferLine
from qianjun.supply.queries.seen import stores_seen
from qianjun.supply.rules import Sent

ABOUT = "order"
SLIP_MOST = 60


@dataclass(kw_only=True)
class Moved:
    """What moved of one article for one order. 调拨进出"""

    issued: int = 0
    returned: int = 0
    lost: int = 0


def moved_for(orders: Iterable[int]) -> dict[tuple[int, int], Moved]:
    """By order and article: what left, came back and was written off; one statement.

    A reversing row counts against the row that it reverses.
    """
    wanted = [str(pk) for pk in orders]
    rows = Movement.objects.filter(about_kind=ABOUT, about_id__in=wanted)
    found: dict[tuple[int, int], Moved] = defaultdict(Moved)
    for row in rows.select_related("lot", "reverses"):
        meant = row.reverses.reason if row.reverses else row.reason
        moved = found[int(row.about_id), row.lot.article_id]
        if meant == "out":
            moved.issued -= row.quantity
        elif meant == "return":
            moved.returned += row.quantity
        elif meant == "loss":
            moved.lost -= row.quantity
    return found


def sent_of_lines(lines: Iterable[TransferLine]) -> list[tuple[TransferLine, Sent]]:
    """Each line, loaded with its article, and how it stands. 调拨行现状"""
    rows = list(lines)
    moved = moved_for({row.order_id for row in rows})
    return [(row, _sent(row, moved[row.order_id, row.article_id])) for row in rows]


def _sent(row: TransferLine, moved: Moved) -> Sent:
    return Sent(
        must_return=row.article.must_return,
        issued=moved.issued,
        returned=moved.returned,
        received=row.received,
    )


def out_of_lots(*, order: int, article: int) -> dict[int, int]:
    """By lot: what of this article left for this order and did not come back."""
    rows = Movement.objects.filter(about_kind=ABOUT, about_id=str(order), lot__article=article)
    found: dict[int, int] = defaultdict(int)
    for row in rows.select_related("reverses"):
        meant = row.reverses.reason if row.reverses else row.reason
        if meant in ("out", "return"):
            found[row.lot_id] -= row.quantity
    return found


def movements_of(article: Article, *, seen_by: Actor) -> QuerySet[Movement]:
    """What moved of an article in his stores, the newest first. 台账"""
    require(seen_by, "supply.read")
    rows = Movement.objects.filter(
        lot__article=article, lot__store__in=stores_seen(seen_by).order_by()
    )
    return rows.select_related("lot__store", "lot__article", "reversed_by").order_by("-pk")


def movements_on(slip: str, *, seen_by: Actor) -> list[Movement]:
    """The rows of one slip; 404 when there is none that he may see. 单据"""
    known = len(slip) <= SLIP_MOST and "\0" not in slip
    rows = Movement.objects.filter(slip=slip, lot__store__in=stores_seen(seen_by).order_by())
    found = list(rows.select_related("lot__store__keeper", "lot__article").order_by("pk"))
    if not known or not found:
        raise not_found()
    return found


def movements_json(rows: Iterable[Movement]) -> list[dict[str, Any]]:
    """Movements for programs; names masked. 台账"""
    found = list(rows)
    names = names_of((row.by_kind, row.by_id) for row in found)
    return [_json(row, names[row.by_kind, row.by_id]) for row in found]


def _json(row: Movement, name: str) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "at": row.at.isoformat(),
        "reason": row.reason,
        "quantity": row.quantity,
        "unit": row.lot.article.unit,
        "lot": row.lot.number,
        "expires_on": row.lot.expires_on.isoformat() if row.lot.expires_on else None,
        "store": row.lot.store.name,
        "shelf": row.lot.shelf or None,
        "slip": row.slip,
        "order": row.about_id if row.about_kind == ABOUT else None,
        "reverses": str(row.reverses_id) if row.reverses_id else None,
        "why": row.why or None,
        "by_masked": name,
    }


_PROBLEMS = """
SELECT 'lot', l.id FROM supply_lot l
  LEFT JOIN (SELECT lot_id, sum(quantity) AS n FROM supply_movement GROUP BY lot_id) m
    ON m.lot_id = l.id
  WHERE l.on_hand <> coalesce(m.n, 0)
UNION ALL
SELECT 'balance', b.id FROM supply_balance b
  LEFT JOIN (SELECT article_id, store_id, sum(on_hand) AS n FROM supply_lot
             GROUP BY article_id, store_id) l USING (article_id, store_id)
  LEFT JOIN (SELECT article_id, store_id, sum(quantity) AS n FROM supply_reservation
             WHERE released_at IS NULL AND used_at IS NULL
             GROUP BY article_id, store_id) r USING (article_id, store_id)
  WHERE b.on_hand <> coalesce(l.n, 0) OR b.reserved <> coalesce(r.n, 0)
ORDER BY 1, 2
"""


def ledger_problems() -> list[tuple[str, int]]:
    """Lots and balances that are not what their rows add up to: never any. 账账相符"""
    with connection.cursor() as cursor:
        cursor.execute(_PROBLEMS)
        return [(str(kind), int(pk)) for kind, pk in cursor.fetchall()]
