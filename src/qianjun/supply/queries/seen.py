"""Which stores, goods and orders an actor may see, and which stores he keeps. 可见范围"""

from django.db.models import Q, QuerySet

from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.org.queries import within
from qianjun.supply.models import Article, Lot, Movement, Store, TransferOrder

CODE_MOST = 40


def stores_seen(by: Actor) -> QuerySet[Store]:
    """The stores that a unit of his tree owns or keeps, by name. 可见仓库"""
    require(by, "supply.read")
    rows = Store.objects.select_related("keeper", "owner").order_by("sort_key", "pk")
    if by.scope.kind == "all":
        return rows
    kept, owned = (
        within(Store.objects.all(), by.scope, f"{field}__path").values("pk")
        for field in ("keeper", "owner")
    )
    return rows.filter(Q(pk__in=kept) | Q(pk__in=owned))


def stores_kept(by: Actor) -> QuerySet[Store]:
    """The stores that he keeps himself. 所管仓库"""
    require(by, "supply.keep")
    rows = within(Store.objects.select_related("keeper", "owner"), by.scope, "keeper__path")
    return rows.order_by("sort_key", "pk")


def store_kept(*, by: Actor, store: str | int) -> Store:
    """The store with this id, if he keeps it; else 404."""
    found = stores_kept(by).filter(pk=key_of(store)).first()
    if found is None:
        raise not_found()
    return found


def lot_kept(*, by: Actor, lot: str | int) -> Lot:
    """The lot with this id in a store that he keeps; else 404."""
    rows = Lot.objects.select_related("article", "store__keeper")
    found = rows.filter(pk=key_of(lot), store__in=stores_kept(by)).first()
    if found is None:
        raise not_found()
    return found


def movement_kept(*, by: Actor, movement: str | int) -> Movement:
    """The row of the ledger with this id in a store that he keeps; else 404."""
    rows = Movement.objects.filter(pk=key_of(movement), lot__store__in=stores_kept(by).order_by())
    found = rows.select_related("lot__article").first()
    if found is None:
        raise not_found()
    return found


def article_by_code(code: str) -> Article:
    """The article with this code; 404 when the catalogue has none."""
    known = len(code) <= CODE_MOST and "\0" not in code
    found = Article.objects.filter(code=code).first() if known else None
    if found is None:
        raise not_found()
    return found


def article_seen(code: str, *, seen_by: Actor) -> Article:
    """The same for whoever may read goods at all; nobody else learns what there is."""
    require(seen_by, "supply.read")
    return article_by_code(code)


def orders_seen(by: Actor) -> QuerySet[TransferOrder]:
    """The orders out of his stores or to his units; a link sees its own one. 可见调拨单"""
    rows = TransferOrder.objects.select_related(
        "incident", "store__keeper", "store__owner", "receiver", "receiver_person"
    )
    if by.scope.kind == "about":
        kind, ident = by.scope.about
        return rows.filter(pk=key_of(ident)) if kind == "order" else rows.none()
    require(by, "supply.read")
    if by.scope.kind == "all":
        return rows
    mine = within(TransferOrder.objects.all(), by.scope, "receiver__path").values("pk")
    return rows.filter(Q(store__in=stores_seen(by)) | Q(pk__in=mine))


def order_seen(*, seen_by: Actor, order_id: str | int) -> TransferOrder:
    """The order with this id; 404 when there is none that he may know of. 调拨单"""
    if seen_by.scope.kind != "about" and not seen_by.may("supply.read"):
        raise not_found()
    found = orders_seen(seen_by).filter(pk=key_of(order_id)).first()
    if found is None:
        raise not_found()
    return found
