"""What follows when goods leave or an incident is over. 物资的反应"""

from qianjun.incident.events import IncidentClosed
from qianjun.journal.bus import Said, on
from qianjun.message.actions import send
from qianjun.org.actor import system
from qianjun.org.links import make_link
from qianjun.supply.actions import cancel_order
from qianjun.supply.events import OrderIssued
from qianjun.supply.models import TransferOrder

CLOSED = "事件已结案"


@on(OrderIssued, "supply.send_receipt")
def send_receipt(event: OrderIssued, said: Said) -> None:
    """Whoever gets the goods signs on his own telephone. 发签收链接"""
    row = TransferOrder.objects.filter(pk=event.order_id, received_at__isnull=True).first()
    if row is None or row.receiver_person_id is None:
        return
    path = make_link(purpose="g", about=("order", str(row.pk)), person=row.receiver_person_id)
    send(
        by=system(cause=said.entry),
        person=row.receiver_person_id,
        purpose="link",
        matter=f"order:{row.pk}",
        text=f"【物资签收】调拨单 {row.number} 已发出。到货后请点开链接，核对数量并签收：{path}",
        rank=3,
        incident=row.incident_id,
        links=(path,),
    )


@on(IncidentClosed, "supply.cancel_proposed")
def cancel_proposed(event: IncidentClosed, said: Said) -> None:
    """Orders that nobody approved are cancelled with their incident, and say so. 结案撤单"""
    rows = TransferOrder.objects.filter(
        incident=event.incident_id,
        approved_at__isnull=True,
        cancelled_at__isnull=True,
        proposed_at__lte=said.at,
    )
    for row in rows.order_by("pk"):
        cancel_order(by=system(cause=said.entry, name="supply"), order_id=row.pk, why=CLOSED)
