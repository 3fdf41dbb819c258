"""How far the orders of an incident were at an instant. 当时的调拨单"""

from dataclasses import dataclass
from datetime import datetime

from qianjun.org.actor import Actor
from qianjun.supply.models import TransferLine, TransferOrder
from qianjun.supply.queries.orders import STAMPS, orders


@dataclass(frozen=True, kw_only=True)
class OrderThen:
    """An order at that time, with what was asked for. 调拨单"""

    row: TransferOrder
    state: str
    lines: tuple[TransferLine, ...]


def orders_at(*, seen_by: Actor, incident_id: int, at: datetime) -> list[OrderThen]:
    """Every order that had been proposed and that he sees; two statements. 调拨单"""
    rows = orders(seen_by=seen_by, incident_id=incident_id).filter(proposed_at__lte=at)
    found = list(rows.select_related("receiver").order_by("pk"))
    lines: dict[int, list[TransferLine]] = {row.pk: [] for row in found}
    asked = TransferLine.objects.filter(order__in=found).select_related("article").order_by("pk")
    for line in asked if found else ():
        lines[line.order_id].append(line)
    return [OrderThen(row=row, state=_state(row, at), lines=tuple(lines[row.pk])) for row in found]


def _state(row: TransferOrder, at: datetime) -> str:
    begun = (name for name in STAMPS if (on := getattr(row, f"{name}_at")) and on <= at)
    return next(begun, "proposed")
