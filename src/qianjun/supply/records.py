"""A transfer order as a document. 物资调拨单"""

from qianjun.incident.records import moment
from qianjun.kernel.paper import Facts, Heading, Text
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.paper import grid_of
from qianjun.org.listing.records import Told, recorded
from qianjun.supply.queries.orders import order_cards
from qianjun.supply.queries.seen import order_seen
from qianjun.supply.rules import STATES


@recorded(name="order", zh=_("物资调拨单"), permission="supply.read")
def order_told(by: Actor, ident: str) -> Told:
    """What goods were asked for, who approved, gave and got them. 物资调拨单"""
    row = order_seen(seen_by=by, order_id=ident)
    (card,) = order_cards([row])
    names = card.names
    facts = (
        ("调拨单号", row.number),
        ("事件", f"{row.incident.number} {row.incident.title}" if row.incident else "—"),
        ("状态", STATES[card.state]),
        ("发出仓库", row.store.name if row.store else "未定"),
        ("接收单位", row.receiver.name if row.receiver else "未定"),
        ("提出", f"{moment(row.proposed_at)} {names.get('proposed') or ''}"),
        ("批准", f"{moment(row.approved_at)} {names.get('approved') or ''}"),
        ("发出", f"{moment(row.issued_at)} {names.get('issued') or ''}"),
        ("签收", f"{moment(row.received_at)} {names.get('received') or ''}"),
        ("用途", row.why or "—"),
    )
    rows = tuple(_line(one.as_json()) for one in card.lines)
    goods = grid_of(("品名", "需要", "缺口", "发出", "签收"), rows) if rows else Text(text="无。")
    body = (Facts(rows=facts), Heading(text="物资"), goods)
    return Told(title="物资调拨（动用）通知单", number=row.number, body=body)


def _line(told: dict[str, object]) -> tuple[str, ...]:
    amounts = (told["quantity"], told["short"], told["issued"], told["received"])
    return (
        f"{told['name_zh']}（{told['unit']}）",
        *("—" if one is None else str(one) for one in amounts),
    )
