"""Take goods in, count, write off, undo a row; and open a store. 入库、盘点、核销、冲正"""

from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.models import Unit
from qianjun.org.queries import unit_by_code
from qianjun.supply.booking import Booked, book, held_balances, lots_held, next_slip
from qianjun.supply.events import (
    GoodsTakenIn,
    GoodsWrittenOff,
    MovementReversed,
    StockCounted,
    StoreOpened,
)
from qianjun.supply.models import Article, Balance, Lot, Movement, Store
from qianjun.supply.queries.seen import article_by_code, lot_kept, movement_kept, store_kept
from qianjun.supply.queries.stock import shelved, spoken, today
from qianjun.supply.rules import QUANTITY_MOST, Goods, clash, free_of

LOT_MOST: Final = 40
SHELF_MOST: Final = 20
WHY_MOST: Final = 200
NAME_MOST: Final = 60
CODE_MOST: Final = 30
CLASH: Final = _("%(one)s与%(other)s不能同货位、同车存放：%(why)s。")
HAZARDS: Final = {
    "acid": _("遇酸放出毒气"),
    "flammable": _("易燃"),
    "oxidising": _("有氧化性，遇酒精、酸放热或放出毒气"),
    "corrosive": _("有腐蚀性"),
    "toxic": _("有毒"),
}


@transaction.atomic(savepoint=False)
def open_store(
    *,
    by: Actor,
    name: str,
    code: str,
    keeper: str,
    owner: str = "",
    lon: float | None = None,
    lat: float | None = None,
) -> Store:
    """Open a store that a unit keeps, for itself or for another that owns it. 启用仓库"""
    require(by, "supply.manage")
    said = words("name", name, most=NAME_MOST)
    known = words("code", code, most=CODE_MOST)
    if Store.objects.filter(code=known).exists():
        raise refused_field("code", "code_taken", _("这个仓库代码已经有了，请换一个。"))
    kept_by = _unit("keeper", keeper)
    row = Store.objects.create(
        code=known,
        name=said,
        keeper=kept_by,
        owner=_unit("owner", owner) if owner else kept_by,
        lon=lon if lat is not None else None,
        lat=lat if lon is not None else None,
        opened_at=clock.now(),
        sort_key=sort_key(said),
    )
    emit(StoreOpened(store_id=row.pk), by=by, about=("store", str(row.pk)), body=said)
    return row


def _unit(field: str, code: str) -> Unit:
    found = unit_by_code(code) if "\0" not in code else None
    if found is None:
        raise refused_field(field, "unknown_unit", _("没有这个单位。"))
    return found


@transaction.atomic(savepoint=False)
def take_in(
    *,
    by: Actor,
    store: str | int,
    code: str,
    quantity: int,
    lot: str = "",
    expires_on: date | None = None,
    shelf: str = "",
    why: str = "",
) -> Movement:
    """Goods came: bought, given, brought back from elsewhere. One row, one slip. 入库

    Without a lot number the slip's number is it. 422 when the shelf holds what they may not stand
    beside, 409 when the lot is known with another expiry or shelf.
    """
    require(by, "supply.keep")
    place, article = store_kept(by=by, store=store), article_by_code(code)
    checked(quantity)
    number = words("lot", lot, most=LOT_MOST, least=0)
    said = words("why", why, most=WHY_MOST, least=0)
    spot = words("shelf", shelf, most=SHELF_MOST, least=0)
    held = held_balances([(article.pk, place.pk)])
    may_stand(article, store=place, shelf=spot)
    slip = next_slip("in", store=place)
    row = _lot(article, place, number=number or slip, expires_on=expires_on, shelf=spot)
    booked = Booked(lot=row.pk, quantity=quantity, reason="in", slip=slip, why=said)
    (made,) = book([booked], held=held, who=by)
    event = GoodsTakenIn(lot_id=row.pk, article=article.code, quantity=quantity)
    emit(event, by=by, about=("lot", str(row.pk)), body=_told(article, quantity, said))
    return Movement.objects.get(pk=made)


def _lot(
    article: Article, store: Store, *, number: str, expires_on: date | None, shelf: str
) -> Lot:
    row, is_new = Lot.objects.get_or_create(
        article=article,
        store=store,
        number=number,
        defaults={"expires_on": expires_on, "shelf": shelf, "made_at": clock.now()},
    )
    if not is_new and (row.expires_on != expires_on or (shelf and row.shelf != shelf)):
        zh = _("这个批号已有不同的有效期或货位，请核对，或换一个批号。")
        raise Refused("lot_differs", zh, status=409)
    return row


def checked(quantity: int, *, least: int = 1, field: str = "quantity") -> int:
    """The quantity, if anybody could have so many; else 422."""
    if not least <= quantity <= QUANTITY_MOST:
        raise refused_field(field, "out_of_bounds", _("数量须是合理的整数。"))
    return quantity


def goods_of(article: Article) -> Goods:
    """An article as the rule of what may stand together sees it."""
    return Goods(code=article.code, incompatible=frozenset(article.incompatible))


def may_stand(article: Article, *, store: Store, shelf: str) -> None:
    """Refuse with 422 a shelf on which something stands that the goods may not stand beside.

    Goods with such neighbours need a shelf of their own, so an unknown one is refused too. 禁忌
    """
    if article.incompatible and not shelf:
        zh = _("这种物资有存放禁忌，请写明货位。")
        raise refused_field("shelf", "shelf_needed", zh)
    there = Lot.objects.filter(store=store, shelf=shelf, on_hand__gt=0).exclude(article=article)
    for other in Article.objects.filter(lots__in=there).distinct() if shelf else ():
        refuse_clash([article, other])


def refuse_clash(articles: list[Article]) -> None:
    """Refuse with 422, with the reason, what may not stand or travel together. 禁忌"""
    found = clash([goods_of(one) for one in articles])
    if found is None:
        return
    named = {one.code: one for one in articles}
    one, other = named[found[0]], named[found[1]]
    hazard = next((h for h in [*one.hazards, *other.hazards] if h in HAZARDS), "corrosive")
    told = {"one": spoken(one), "other": spoken(other), "why": gettext_lazy(HAZARDS[hazard])}
    raise Refused("incompatible", CLASH, words=told)


def _told(article: Article, quantity: int, why: str) -> str:
    what = f"{article.name} {quantity} {article.unit}"
    return f"{what} · {why}" if why else what


def _kept(by: Actor, lot: str | int) -> tuple[Lot, dict[tuple[int, int], Balance]]:
    """A lot that he keeps and its balance, held, as they are now."""
    found = lot_kept(by=by, lot=lot)
    held = held_balances([(found.article_id, found.store_id)])
    found.refresh_from_db(fields=["on_hand"])
    return found, held


def _spare(lot: Lot, balance: Balance) -> int:
    """How much of a lot may go without breaking a promise; expired goods are promised to nobody."""
    day = today()
    there = lots_held((lot.article_id, lot.store_id))
    if not shelved(lot).good_on(day):
        return min(lot.on_hand, balance.on_hand - balance.reserved)
    return min(lot.on_hand, free_of(map(shelved, there), reserved=balance.reserved, on=day))


def _may_go(lot: Lot, quantity: int, held: dict[tuple[int, int], Balance]) -> None:
    spare = _spare(lot, held[lot.article_id, lot.store_id])
    if quantity > spare:
        zh = _("这一批只有 %(spare)s 可以动：其余没有，或已批准待发。请先核对，或撤销调拨单。")
        raise Refused("not_enough", zh, status=409, words={"spare": spare})


@transaction.atomic(savepoint=False)
def write_off(*, by: Actor, lot: str | int, quantity: int, why: str) -> Movement:
    """Goods of a lot are broken, expired or lost; with the reason. 核销"""
    require(by, "supply.keep")
    checked(quantity)
    said = words("why", why, most=WHY_MOST)
    row, held = _kept(by, lot)
    _may_go(row, quantity, held)
    slip = next_slip("loss", store=row.store)
    booked = Booked(lot=row.pk, quantity=-quantity, reason="loss", slip=slip, why=said)
    (made,) = book([booked], held=held, who=by)
    event = GoodsWrittenOff(lot_id=row.pk, article=row.article.code, quantity=quantity)
    emit(event, by=by, about=("lot", str(row.pk)), body=_told(row.article, quantity, said))
    return Movement.objects.get(pk=made)


@transaction.atomic(savepoint=False)
def count_lot(*, by: Actor, lot: str | int, found: int, why: str = "") -> Movement | None:
    """Somebody counted a lot; a difference is a row of its own and needs its reason. 盘点

    None when the count agrees: then only the time of counting is kept.
    """
    require(by, "supply.keep")
    checked(found, least=0, field="found")
    said = words("why", why, most=WHY_MOST, least=0)
    row, held = _kept(by, lot)
    difference = found - row.on_hand
    made = None
    if difference:
        made = _differs(row, difference, why=said, held=held, by=by)
    Lot.objects.filter(pk=row.pk).update(counted_at=clock.now())
    event = StockCounted(lot_id=row.pk, found=found, difference=difference)
    emit(event, by=by, about=("lot", str(row.pk)), body=_told(row.article, found, said))
    return made


def _differs(
    row: Lot, difference: int, *, why: str, held: dict[tuple[int, int], Balance], by: Actor
) -> Movement:
    if not why:
        raise refused_field("why", "explanation_needed", _("账实不符，请写明原因。"))
    if difference < 0:
        _may_go(row, -difference, held)
    slip = next_slip("count", store=row.store)
    booked = Booked(lot=row.pk, quantity=difference, reason="count", slip=slip, why=why)
    (made,) = book([booked], held=held, who=by)
    return Movement.objects.get(pk=made)


@transaction.atomic(savepoint=False)
def reverse(*, by: Actor, movement: str | int, why: str) -> Movement:
    """Undo a row of the ledger by its opposite; the row itself stays. Once, and with a reason. 冲正

    What left or came back with an order is corrected there, not here.
    """
    require(by, "supply.keep")
    said = words("why", why, most=WHY_MOST)
    old = movement_kept(by=by, movement=movement)
    row, held = _kept(by, old.lot_id)
    _may_reverse(old)
    if old.quantity > 0:
        _may_go(row, old.quantity, held)
    booked = Booked(
        lot=row.pk,
        quantity=-old.quantity,
        reason="reverse",
        slip=next_slip("reverse", store=row.store),
        reverses=old.pk,
        why=said,
    )
    (made,) = book([booked], held=held, who=by)
    event = MovementReversed(movement_id=old.pk, reversal_id=made)
    emit(event, by=by, about=("lot", str(row.pk)), body=_told(row.article, -old.quantity, said))
    return Movement.objects.get(pk=made)


def _may_reverse(old: Movement) -> None:
    """Judged while the balance is held, so that two cannot undo the same row."""
    if old.reason == "reverse" or Movement.objects.filter(reverses=old).exists():
        zh = _("这一笔已经冲正过，或本身就是冲正。")
        raise Refused("already_reversed", zh, status=409)
    if old.about_kind:
        zh = _("这一笔随调拨单出入，请在调拨单上办归还或核销。")
        raise Refused("belongs_to_order", zh, status=409)
