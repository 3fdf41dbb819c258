"""Write into the ledger, in turn and never below zero. 记账

Who changes what a store holds of an article first holds the row of its balance: that is his turn.
The rows of the ledger and the sums that follow from them are then written by one statement, and
the database refuses sums that cannot be.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from qianjun.journal.numbers import next_written, register_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.supply.models import Article, Balance, Lot, Store
from qianjun.supply.queries.stock import spoken
from qianjun.supply.rules import SLIPS, Account

Pair = tuple[int, int]
NOT_ENOUGH = _("%(article)s不够：只有 %(there)s，不能再减。")


@dataclass(frozen=True, kw_only=True)
class Booked:
    """One row to be written. 一笔"""

    lot: int
    quantity: int
    reason: str
    slip: str
    about_kind: str = ""
    about_id: str = ""
    reverses: int | None = None
    why: str = ""


def held_balances(pairs: Iterable[Pair]) -> dict[Pair, Balance]:
    """The balances of these (article, store), locked in one order until the transaction ends.

    A pair that never had one gets it.
    """
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    Balance.objects.bulk_create(
        [Balance(article_id=article, store_id=store) for article, store in wanted],
        ignore_conflicts=True,
    )
    either = Q()
    for article, store in wanted:
        either |= Q(article=article, store=store)
    rows = Balance.objects.select_for_update().filter(either).order_by("article_id", "store_id")
    return {(row.article_id, row.store_id): row for row in rows}


def lots_held(pair: Pair) -> list[Lot]:
    """The lots behind a balance that is held, with something in them."""
    article, store = pair
    return list(Lot.objects.filter(article=article, store=store, on_hand__gt=0).order_by("pk"))


def promise(balance: Balance, quantity: int) -> None:
    """Reserve so many more of a balance that is held, or fewer. 预留"""
    _judged(balance, reserved=quantity)
    balance.reserved += quantity
    balance.save(update_fields=["reserved"])


def book(rows: Sequence[Booked], *, held: dict[Pair, Balance], who: Actor) -> list[int]:
    """Write these rows and the sums that follow, in one statement; the ids of the rows. 记账

    The balances are held by the caller. 409 when any of them would fall below nothing or below
    what is promised.
    """
    lots = {lot.pk: lot for lot in Lot.objects.filter(pk__in={row.lot for row in rows})}
    changes: dict[Pair, int] = defaultdict(int)
    for row in rows:
        changes[lots[row.lot].article_id, lots[row.lot].store_id] += row.quantity
    for pair, change in changes.items():
        _judged(held[pair], on_hand=change)
    told = json.dumps([asdict(row) for row in rows])
    values: dict[str, Any] = {"rows": told, "at": clock.now(), "kind": who.kind, "ident": who.ident}
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, values)
        written = [int(pk) for (pk,) in cursor.fetchall()]
    for pair, change in changes.items():
        held[pair].on_hand += change
    return written


def _judged(balance: Balance, *, on_hand: int = 0, reserved: int = 0) -> Account:
    now = Account(on_hand=balance.on_hand, reserved=balance.reserved)
    made = now.after(on_hand=on_hand, reserved=reserved)
    if made is None:
        article = Article.objects.get(pk=balance.article_id)
        words = {"article": spoken(article), "there": now.on_hand - now.reserved}
        raise Refused("not_enough", NOT_ENOUGH, status=409, words=words)
    return made


def next_slip(reason: str, *, store: Store) -> str:
    """The number of the next paper of this kind that the keeper of the store writes. 单号"""
    register = register_of(SLIPS[reason], unit=store.keeper.code, at=clock.now())
    return next_written(register)[0]


_BOOK = """
WITH told AS (
  SELECT * FROM json_to_recordset(%(rows)s::json) AS t(
    lot bigint, quantity bigint, reason text, slip text, about_kind text, about_id text,
    reverses bigint, why text)
), moved AS (
  INSERT INTO supply_movement (lot_id, quantity, reason, about_kind, about_id, slip, reverses_id,
    why, at, by_kind, by_id)
  SELECT lot, quantity, reason, about_kind, about_id, slip, reverses, why, %(at)s, %(kind)s,
    %(ident)s FROM told
  RETURNING id, lot_id, quantity
), of_lot AS (
  SELECT lot_id, sum(quantity)::bigint AS n FROM moved GROUP BY lot_id
), lots AS (
  UPDATE supply_lot l SET on_hand = l.on_hand + o.n FROM of_lot o WHERE l.id = o.lot_id
  RETURNING l.article_id, l.store_id, o.n
), of_balance AS (
  SELECT article_id, store_id, sum(n)::bigint AS n FROM lots GROUP BY article_id, store_id
), balances AS (
  UPDATE supply_balance b SET on_hand = b.on_hand + o.n FROM of_balance o
  WHERE b.article_id = o.article_id AND b.store_id = o.store_id
)
SELECT id FROM moved ORDER BY id
"""
