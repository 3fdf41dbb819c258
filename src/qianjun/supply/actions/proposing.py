"""Ask for goods, and take that back: nothing is promised yet. 提出与撤销调拨"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy

from qianjun.incident.actions import lift_hold
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.models import Incident
from qianjun.incident.rules.numbering import DISTRICT
from qianjun.journal.bus import emit
from qianjun.journal.numbers import next_written, register_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, require
from qianjun.org.models import Person, Unit
from qianjun.org.queries import unit_by_code
from qianjun.supply.actions.stocking import checked, refuse_clash
from qianjun.supply.booking import held_balances, promise
from qianjun.supply.events import OrderCancelled, OrderProposed
from qianjun.supply.models import Article, Reservation, Store, TransferLine, TransferOrder
from qianjun.supply.queries.ledger import ABOUT
from qianjun.supply.queries.orders import state_of
from qianjun.supply.queries.seen import order_seen, stores_seen
from qianjun.supply.queries.stock import free_by_store
from qianjun.supply.rules import LINES_MOST, MAY, ORDERS, STATES, fullest, spread

WHY_MOST: Final = 200


class Asked(Protocol):
    """Goods that somebody wants, or that a plan asks for."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def quantity(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Line:
    """So many of an article; ``unit`` is checked when it is said. 申请行"""

    code: str
    quantity: int
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What an order is made from."""

    lines: tuple[tuple[Article, int], ...]
    store: int | None
    free: dict[str, int]
    incident: Incident | None = None
    unit: Unit | None = None
    person: Person | None = None
    why: str = ""


def about(row: TransferOrder) -> tuple[str, str]:
    """What reservations, holds, links and movements of an order are about."""
    return (ABOUT, str(row.pk))


@transaction.atomic(savepoint=False)
def propose_order(
    *,
    by: Actor,
    lines: Sequence[Line],
    incident_id: str | int | None = None,
    store: str | int = "",
    receiver: str = "",
    receiver_person: str | int = "",
    why: str = "",
) -> TransferOrder:
    """Ask for goods for an incident, or for a unit when there is none. 提出调拨

    Without a store the one that covers most is asked. What is not there is named as shortage at
    once; goods that may not travel together are refused.
    """
    require(by, "supply.propose")
    wanted = _checked(lines)
    said = words("why", why, most=WHY_MOST, least=0)
    incident = None
    if incident_id is not None:
        incident = held_incident(by, incident_id)  # it is not closed meanwhile
        must_be_open(incident)
    unit, person = _unit(receiver), _person(receiver_person)
    if incident is None and unit is None:
        raise refused_field("receiver", "receiver_needed", _("不属于事件的，请写明发给哪个单位。"))
    refuse_clash([article for article, _n in wanted])
    numbers = {article.code: n for article, n in wanted}
    free = free_by_store(numbers, stores=stores_seen(by))
    chosen = _store(by, store).pk if store != "" else fullest(numbers, free)
    asked = _Order(
        lines=wanted,
        store=chosen,
        free=free.get(chosen or 0, {}),
        incident=incident,
        unit=unit,
        person=person,
        why=said,
    )
    return _proposed([asked], by=by)[0]


@transaction.atomic(savepoint=False)
def propose_orders(*, by: Actor, incident: Incident, lines: Iterable[Asked]) -> list[TransferOrder]:
    """Ask for everything that a plan wants, an order for each article and store. 按预案提出

    Called by who starts a plan, in his transaction; the incident is his. Writes proposed orders
    and nothing else. An article that the catalogue does not know is left out.
    """
    require(by, "supply.propose")
    numbers: dict[str, int] = {}
    for line in lines:
        numbers[line.code] = numbers.get(line.code, 0) + checked(line.quantity)
    articles = {row.code: row for row in Article.objects.filter(code__in=numbers)}
    free = free_by_store(numbers, stores=Store.objects.all())
    asked = [
        _Order(
            lines=((articles[code], part),),
            store=store,
            free={code: free[store].get(code, 0)} if store else {},
            incident=incident,
        )
        for code, quantity in numbers.items()
        if code in articles
        for store, part in spread(quantity, {s: there.get(code, 0) for s, there in free.items()})
    ]
    return _proposed(asked, by=by)


def _proposed(asked: Sequence[_Order], *, by: Actor) -> list[TransferOrder]:
    """Numbers are taken last of all that may be refused."""
    register = register_of(ORDERS, unit=DISTRICT, at=clock.now())
    numbers = next_written(*[register] * len(asked)) if asked else ()
    return [_written(one, number, by=by) for one, number in zip(asked, numbers, strict=True)]


def _written(one: _Order, number: str, *, by: Actor) -> TransferOrder:
    unit = one.unit
    row = TransferOrder.objects.create(
        number=number,
        incident=one.incident,
        about_kind="unit" if one.incident is None and unit else "",
        about_id=str(unit.pk) if one.incident is None and unit else "",
        store_id=one.store,
        receiver=unit,
        receiver_person=one.person,
        proposed_at=clock.now(),
        proposed_by_kind=by.kind,
        proposed_by_id=by.ident,
        why=one.why,
    )
    lines = [
        TransferLine(
            order=row,
            article=article,
            quantity=n,
            short=max(0, n - one.free.get(article.code, 0)),
        )
        for article, n in one.lines
    ]
    TransferLine.objects.bulk_create(lines)
    event = OrderProposed(order_id=row.pk, short=sum(line.short for line in lines))
    told = listed((line.article, line.quantity) for line in lines)
    emit(event, by=by, incident=row.incident_id, about=about(row), body=told)
    return row


def listed(goods: Iterable[tuple[Article, int]]) -> str:
    """Goods as a timeline names them: 折叠床 10 张、床单 80 条."""
    return "、".join(f"{article.name} {n} {article.unit}" for article, n in goods if n)


def _checked(lines: Sequence[Line]) -> tuple[tuple[Article, int], ...]:
    """The articles with their quantities; 422 names what cannot be."""
    if not 1 <= len(lines) <= LINES_MOST:
        raise refused_field("lines", "out_of_bounds", _("一张调拨单写 1 到 20 种物资。"))
    if len({line.code for line in lines}) != len(lines):
        raise refused_field("code", "twice", _("同一种物资只写一行。"))
    sound = [line.code for line in lines if "\0" not in line.code]
    known = {row.code: row for row in Article.objects.filter(code__in=sound)}
    for line in lines:
        if line.code not in known:
            raise refused_field("code", "unknown_article", _("品目里没有这种物资。"))
        checked(line.quantity)
        article = known[line.code]
        if line.unit and line.unit not in (article.unit, article.unit_en):
            zh = _("这种物资的计量单位不是这个，请按品目的单位写。")
            raise refused_field("unit", "wrong_unit", zh)
    return tuple((known[line.code], line.quantity) for line in lines)


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    found = unit_by_code(code) if "\0" not in code else None
    if found is None:
        raise refused_field("receiver", "unknown_unit", _("没有这个单位。"))
    return found


def _person(ident: str | int) -> Person | None:
    if ident == "":
        return None
    try:
        return Person.objects.get(pk=key_of(ident))
    except (Person.DoesNotExist, Refused):
        zh = _("没有这个人。")
        raise refused_field("receiver_person", "unknown_person", zh) from None


def _store(by: Actor, ident: str | int) -> Store:
    """A store by id or code."""
    text = str(ident)
    rows = stores_seen(by)
    found = rows.filter(code=text).first() if "\0" not in text else None
    if found is None and text.isascii() and text.isdigit() and len(text) < len(str(2**63)):
        found = rows.filter(pk=int(text)).first()
    if found is None:
        raise refused_field("store", "unknown_store", _("没有这个仓库。"))
    return found


# --- taking it back -------------------------------------------------------------------------------


def held_order(by: Actor, order_id: str | int, *, act: str) -> TransferOrder:
    """The order that he sees, locked, in a state that this act fits; 404, 409."""
    seen = order_seen(seen_by=by, order_id=order_id)
    row = (
        TransferOrder.objects.select_for_update(of=("self",))
        .select_related("incident", "store__keeper")
        .get(pk=seen.pk)
    )
    state = state_of(row)
    if state not in MAY[act]:
        zh = _("这张调拨单现在是“%(state)s”，不能办这一步。")
        extra = {"state": state}
        told = {"state": gettext_lazy(STATES[state])}
        raise Refused("wrong_state", zh, status=409, words=told, extra=extra)
    return row


@transaction.atomic(savepoint=False)
def cancel_order(*, by: Actor, order_id: str | int, why: str = "") -> TransferOrder:
    """The goods are not wanted after all; what was promised is free again. 撤销调拨"""
    require(by, "supply.propose")
    said = words("why", why, most=WHY_MOST, least=0)
    row = held_order(by, order_id, act="cancel")
    kind, ident = about(row)
    promised = list(
        Reservation.objects.filter(
            about_kind=kind, about_id=ident, released_at__isnull=True, used_at__isnull=True
        )
    )
    held = held_balances((one.article_id, one.store_id) for one in promised)
    for one in promised:
        promise(held[one.article_id, one.store_id], -one.quantity)
        one.released_at = clock.now()
        one.save(update_fields=["released_at"])
    row.cancelled_at = clock.now()
    row.why = said or row.why
    row.save(update_fields=["cancelled_at", "why"])
    lift_hold(about=about(row))
    event = OrderCancelled(order_id=row.pk)
    emit(event, by=by, incident=row.incident_id, about=about(row), body=said)
    return row
