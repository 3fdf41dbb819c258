"""A store with a few lots, its keeper, and orders at every step. 示例仓库"""

from datetime import date, timedelta

from qianjun.org.actor import Actor
from qianjun.supply import actions, queries
from qianjun.supply.models import Article, Lot, Store, TransferOrder
from qianjun.supply.queries.stock import today
from qianjun.supply.seeding import seed_articles
from tests import cast
from tests.incident.fires import taken

KEPT_BY = cast.DISTRICT


def store(code: str = "450202-WZK", *, keeper: str = KEPT_BY) -> Store:
    """A store, opened by the leader; the same one when asked again."""
    known = Store.objects.filter(code=code).first()
    if known:
        return known
    seed_articles()
    cast.unit(keeper)
    leader = cast.actor(cast.LAOLI)
    return actions.open_store(by=leader, name=f"演示库{code}", code=code, keeper=keeper)


def stocked(
    code: str,
    quantity: int,
    *,
    days: int | None = None,
    place: Store | None = None,
    shelf: str = "",
) -> Lot:
    """So many of an article, taken in by the keeper, expiring in so many days."""
    where = place or store()
    expires: date | None = today() + timedelta(days=days) if days is not None else None
    made = actions.take_in(
        by=keeper(), store=where.pk, code=code, quantity=quantity, expires_on=expires, shelf=shelf
    )
    return made.lot


def keeper() -> Actor:
    """仓库管理员."""
    return cast.actor(cast.KEEPER)


def proposed(*goods: tuple[str, int], by: Actor | None = None, **words: str) -> TransferOrder:
    """An order for these goods in an incident of its own."""
    officer = by or cast.actor(cast.XIAOWANG)
    incident = taken(officer, join="new").stored.incident_id
    lines = [actions.Line(code=code, quantity=n) for code, n in goods]
    return actions.propose_order(by=officer, lines=lines, incident_id=incident, **words)


def approved(*goods: tuple[str, int], **words: str) -> TransferOrder:
    """The same, with the leader's second key."""
    row = proposed(*goods, by=None, **words)
    return actions.approve_order(by=cast.actor(cast.LAOLI), order_id=row.pk)


def issued(*goods: tuple[str, int], **words: str) -> TransferOrder:
    """The same, handed out by the keeper."""
    return actions.issue_order(by=keeper(), order_id=approved(*goods, **words).pk)


def stock(code: str) -> queries.Stock:
    """How an article stands for the duty officer."""
    officer = cast.actor(cast.XIAOWANG)
    return queries.supply_of(Article.objects.get(code=code), seen_by=officer)


def has(code: str) -> tuple[int, int, int]:
    """On hand, reserved, free; and the ledger adds up."""
    assert queries.ledger_problems() == []
    one = stock(code)
    return one.on_hand, one.reserved, one.free
