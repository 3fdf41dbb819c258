"""Lists of goods that are taken out: the stock, the transfer orders. 物资清单"""

from collections.abc import Iterator
from typing import Any, Final

from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.kinds import ROWS_MOST, Asked, listing
from qianjun.supply.queries.orders import order_cards, orders, state_of
from qianjun.supply.queries.stock import keeps, supplies, unit_word
from qianjun.supply.queries.stock import word as article_word
from qianjun.supply.rules import STATES

COUNTS: Final = {
    "on_hand": _("在库"),
    "reserved": _("已预留"),
    "free": _("可用"),
    "on_the_way": _("在途"),
    "out": _("在外"),
    "expiring": _("临期"),
    "expired": _("过期"),
}
STOCK: Final = Table(
    name="stock",
    columns=(
        Column(field="code", zh=_("编码"), kind="code"),
        Column(field="name", zh=_("品名")),
        Column(field="unit", zh=_("单位")),
        *(Column(field=field, zh=zh, kind="int") for field, zh in COUNTS.items()),
        Column(field="red_line", zh=_("红线"), kind="int"),
        Column(field="gap", zh=_("缺口"), kind="int"),
    ),
)
ORDERS: Final = Table(
    name="orders",
    columns=(
        Column(field="number", zh=_("编号"), kind="code"),
        Column(
            field="state",
            zh=_("状态"),
            kind="choice",
            choices={word: code for code, word in STATES.items()},
        ),
        Column(field="store", zh=_("仓库")),
        Column(field="receiver", zh=_("接收方")),
        Column(field="name", zh=_("品名")),
        Column(field="quantity", zh=_("数量"), kind="int"),
        Column(field="short", zh=_("缺口"), kind="int"),
        Column(field="issued", zh=_("已出库"), kind="int"),
        Column(field="received", zh=_("已签收"), kind="int"),
        Column(field="returned", zh=_("已归还"), kind="int"),
        Column(field="lost", zh=_("损耗"), kind="int"),
        Column(field="proposed_at", zh=_("提出时间"), kind="instant"),
        Column(field="issued_at", zh=_("出库时间"), kind="instant"),
    ),
)


@listing(name="stock", zh=_("库存"), permission="supply.read", table=STOCK)
def stock_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """The articles of the asker's stores, by name or initials, as the tab keeps them. 库存"""
    q, show = asked.get("q", "").replace("\0", "").strip(), asked.get("show", "all")
    for one in (found for found in supplies(seen_by=by, q=q) if keeps(found, show)):
        yield {
            "code": one.article.code,
            "name": article_word(one.article),
            "unit": unit_word(one.article),
            **{field: getattr(one, field) for field in COUNTS},
            "red_line": one.red_line.quantity if one.red_line else None,
            "gap": one.gap,
        }


@listing(name="orders", zh=_("物资调拨单"), permission="supply.read", table=ORDERS)
def order_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """A line for each article of each order, the newest first. 调拨单"""
    whose = asked.get("incident") or None
    every = whose is not None or asked.get("show") == "all"
    rows = orders(seen_by=by, incident_id=whose, open_only=not every)[: ROWS_MOST + 1]
    for card in order_cards(rows):
        row = card.row
        for line in card.lines:
            yield {
                "number": row.number,
                "state": state_of(row),
                "store": row.store.name if row.store else "",
                "receiver": row.receiver.short_name if row.receiver else "",
                "name": article_word(line.row.article),
                "quantity": line.row.quantity,
                "short": line.row.short,
                "issued": line.moved.issued,
                "received": line.row.received,
                "returned": line.returned,
                "lost": line.moved.lost,
                "proposed_at": row.proposed_at,
                "issued_at": row.issued_at,
            }
