"""What the supply module tells: ids, codes and quantities; names of goods stand in the body."""

from dataclasses import dataclass
from typing import ClassVar

from qianjun.journal.bus import Event
from qianjun.journal.rules import Code
from qianjun.kernel.words import noop as _


@dataclass(frozen=True, kw_only=True)
class StoreOpened(Event):
    """A store was opened. 启用仓库"""

    name: ClassVar[str] = "supply.store_opened"
    says: ClassVar[str] = _("启用仓库")
    on_desk: ClassVar[bool] = False
    store_id: int


@dataclass(frozen=True, kw_only=True)
class StockOpened(Event):
    """A store began its ledger with what it held. 期初建账"""

    name: ClassVar[str] = "supply.stock_opened"
    says: ClassVar[str] = _("仓库建账，期初 %(lots)s 批")
    on_desk: ClassVar[bool] = False
    store_id: int
    lots: int


@dataclass(frozen=True, kw_only=True)
class GoodsTakenIn(Event):
    """Goods came into a store. 入库"""

    name: ClassVar[str] = "supply.goods_taken_in"
    says: ClassVar[str] = _("物资入库")
    on_desk: ClassVar[bool] = False
    lot_id: int
    article: Code
    quantity: int


@dataclass(frozen=True, kw_only=True)
class GoodsWrittenOff(Event):
    """Goods are no more; the body says what and why. 核销"""

    name: ClassVar[str] = "supply.goods_written_off"
    says: ClassVar[str] = _("物资核销")
    on_desk: ClassVar[bool] = False
    lot_id: int
    article: Code
    quantity: int


@dataclass(frozen=True, kw_only=True)
class StockCounted(Event):
    """A lot was counted; the difference is a row of its own. 盘点"""

    name: ClassVar[str] = "supply.stock_counted"
    says: ClassVar[str] = _("盘点，差异 %(difference)s")
    on_desk: ClassVar[bool] = False
    lot_id: int
    found: int
    difference: int


@dataclass(frozen=True, kw_only=True)
class MovementReversed(Event):
    """A row of the ledger was undone by another; the body is why. 冲正"""

    name: ClassVar[str] = "supply.movement_reversed"
    says: ClassVar[str] = _("台账冲正")
    on_desk: ClassVar[bool] = False
    movement_id: int
    reversal_id: int


@dataclass(frozen=True, kw_only=True)
class OrderProposed(Event):
    """Goods are wanted; the body says which. 提出调拨"""

    name: ClassVar[str] = "supply.order_proposed"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("提出物资调拨，缺口 %(short)s")
    order_id: int
    short: int


@dataclass(frozen=True, kw_only=True)
class OrderApproved(Event):
    """Somebody else agreed, and what is there is promised. 批准调拨"""

    name: ClassVar[str] = "supply.order_approved"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("批准物资调拨，预留 %(reserved)s，缺口 %(short)s")
    order_id: int
    reserved: int
    short: int


@dataclass(frozen=True, kw_only=True)
class OrderIssued(Event):
    """The goods have left the store. 物资发出"""

    name: ClassVar[str] = "supply.order_issued"
    kind: ClassVar[str] = "fact"
    says: ClassVar[str] = _("物资发出，共 %(quantity)s")
    order_id: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class OrderReceived(Event):
    """Somebody signed for the goods; ``differs`` when he counted another number. 物资签收"""

    name: ClassVar[str] = "supply.order_received"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("物资签收")
    order_id: int
    differs: bool


@dataclass(frozen=True, kw_only=True)
class GoodsReturned(Event):
    """Goods of an order came back, or were written off; the body says which. 物资归还"""

    name: ClassVar[str] = "supply.goods_returned"
    kind: ClassVar[str] = "feedback"
    says: ClassVar[str] = _("物资归还 %(returned)s，核销 %(lost)s")
    order_id: int
    returned: int
    lost: int


@dataclass(frozen=True, kw_only=True)
class OrderSettled(Event):
    """Nothing of the order is outstanding any more. 调拨了结"""

    name: ClassVar[str] = "supply.order_settled"
    says: ClassVar[str] = _("物资调拨已了结")
    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """The goods are not wanted after all; the body is why. 撤销调拨"""

    name: ClassVar[str] = "supply.order_cancelled"
    kind: ClassVar[str] = "order"
    says: ClassVar[str] = _("撤销物资调拨")
    order_id: int
