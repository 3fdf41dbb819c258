"""What people do with goods: one verb each. 物资动作"""

from qianjun.supply.actions.granting import approve_order
from qianjun.supply.actions.issuing import (
    NOTE_MOST,
    confirm_receipt,
    issue_order,
    open_receipt,
    return_goods,
    sign_receipt,
)
from qianjun.supply.actions.proposing import Line, cancel_order, propose_order, propose_orders
from qianjun.supply.actions.stocking import (
    HAZARDS,
    count_lot,
    open_store,
    reverse,
    take_in,
    write_off,
)

__all__ = [
    "HAZARDS",
    "NOTE_MOST",
    "Line",
    "approve_order",
    "cancel_order",
    "confirm_receipt",
    "count_lot",
    "issue_order",
    "open_receipt",
    "open_store",
    "propose_order",
    "propose_orders",
    "return_goods",
    "reverse",
    "sign_receipt",
    "take_in",
    "write_off",
]
