"""Questions that others may ask about goods. 物资查询"""

from qianjun.supply.queries.ledger import (
    ledger_problems,
    movements_json,
    movements_of,
    movements_on,
)
from qianjun.supply.queries.orders import (
    OrderCard,
    asked_for,
    order_cards,
    order_json,
    orders,
    state_of,
)
from qianjun.supply.queries.seen import (
    article_seen,
    lot_kept,
    movement_kept,
    order_seen,
    orders_seen,
    store_kept,
    stores_kept,
    stores_seen,
)
from qianjun.supply.queries.stock import (
    Need,
    Stock,
    gaps,
    lots_of,
    needs_against_stock,
    supplies,
    supply_of,
    unit_word,
    word,
)

__all__ = [
    "Need",
    "OrderCard",
    "Stock",
    "article_seen",
    "asked_for",
    "gaps",
    "ledger_problems",
    "lot_kept",
    "lots_of",
    "movement_kept",
    "movements_json",
    "movements_of",
    "movements_on",
    "needs_against_stock",
    "order_cards",
    "order_json",
    "order_seen",
    "orders",
    "orders_seen",
    "state_of",
    "store_kept",
    "stores_kept",
    "stores_seen",
    "supplies",
    "supply_of",
    "unit_word",
    "word",
]
