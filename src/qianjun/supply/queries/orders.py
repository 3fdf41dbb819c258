"""Orders as they stand, for programs and pages. 调拨单查询"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext

from qianjun.org.actor import Actor, key_of, require
from qianjun.org.queries import names_of
from qianjun.org.rules import masked_name
from qianjun.supply.models import Reservation, TransferLine, TransferOrder
from qianjun.supply.queries.ledger import ABOUT, Moved, moved_for
from qianjun.supply.queries.seen import orders_seen
from qianjun.supply.rules import MAY, STATES, Sent

STAMPS = ("cancelled", "returned", "received", "issued", "approved")


@dataclass(frozen=True, kw_only=True)
class LineCard:
    """One article of an order as it stands. 调拨行"""

    row: TransferLine
    reserved: int
    moved: Moved
    sent: Sent

    @property
    def returned(self) -> int:
        """What came back and is there again."""
        return self.moved.returned - self.moved.lost

    def as_json(self) -> dict[str, Any]:
        """As the interface answers it."""
        return {
            "code": self.row.article.code,
            "name_zh": self.row.article.name,
            "name_en": self.row.article.name_en,
            "quantity": self.row.quantity,
            "unit": self.row.article.unit,
            "short": self.row.short,
            "reserved": self.reserved,
            "issued": self.moved.issued,
            "received": self.row.received,
            "returned": self.returned,
            "lost": self.moved.lost,
            "outstanding": self.sent.outstanding,
        }


@dataclass(frozen=True, kw_only=True)
class OrderCard:
    """An order with its lines and who confirmed what. 调拨单"""

    row: TransferOrder
    lines: tuple[LineCard, ...]
    names: dict[str, str]

    @property
    def state(self) -> str:
        """The last instant that is set."""
        return state_of(self.row)

    @property
    def word(self) -> str:
        """The state in words."""
        return gettext(STATES[self.state])

    @property
    def outstanding(self) -> int:
        """What must still be accounted for, all lines together."""
        return sum(line.sent.outstanding for line in self.lines)

    def allows(self, act: str) -> bool:
        """Whether this act fits its state."""
        return self.state in MAY[act]

    def as_json(self) -> dict[str, Any]:
        """As the interface answers it; ``code`` to ``short`` are of the first line."""
        row, first = self.row, self.lines[0].as_json()
        return {
            "id": str(row.pk),
            "number": row.number,
            "incident": str(row.incident_id) if row.incident_id else None,
            "incident_number": row.incident.number if row.incident else None,
            **{key: first[key] for key in ("code", "quantity", "unit", "short")},
            "state": self.state,
            "lines": [line.as_json() for line in self.lines],
            "store": row.store.code if row.store else None,
            "store_name": row.store.name if row.store else None,
            "receiver": row.receiver.code if row.receiver else None,
            "receiver_person_masked": masked_name(row.receiver_person.name)
            if row.receiver_person
            else None,
            "slip": row.slip or None,
            "why": row.why or None,
            **{f"{act}_at": _iso(getattr(row, f"{act}_at")) for act in ("proposed", *STAMPS)},
            **{f"{act}_by_masked": name for act, name in self.names.items()},
        }


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An order as its incident sees it: how far it is, what it asks for. 调拨单一行"""

    row: TransferOrder
    lines: tuple[TransferLine, ...]

    @property
    def state(self) -> str:
        """The last instant that is set."""
        return state_of(self.row)

    @property
    def word(self) -> str:
        """The state in words."""
        return gettext(STATES[self.state])

    @property
    def at(self) -> datetime:
        """Since when it is so."""
        since: datetime = getattr(self.row, f"{self.state}_at")
        return since

    @property
    def to(self) -> str:
        """Who gets it: the unit, else the person, masked; empty when nobody is named."""
        row = self.row
        if row.receiver:
            return row.receiver.short_name
        return masked_name(row.receiver_person.name) if row.receiver_person else ""

    @property
    def must_return(self) -> bool:
        """Whether something of it is out that comes back after use."""
        out = self.state in ("issued", "received")
        return out and any(one.article.must_return for one in self.lines)


def asked_by(*, seen_by: Actor, incident_id: str | int) -> list[Asked]:
    """What an incident has asked for, the newest first; nothing for who reads no goods. 事件的物资

    One statement. An order that was called off stays on the list: somebody had asked for it.
    """
    if not seen_by.may("supply.read"):
        return []
    rows = orders(seen_by=seen_by, incident_id=incident_id).order_by().values("pk")
    found: dict[int, tuple[TransferOrder, list[TransferLine]]] = {}
    named = ("article", "order__store", "order__receiver", "order__receiver_person")
    for line in TransferLine.objects.filter(order__in=rows).select_related(*named).order_by("pk"):
        found.setdefault(line.order_id, (line.order, []))[1].append(line)
    newest = sorted(found, reverse=True)
    return [Asked(row=found[pk][0], lines=tuple(found[pk][1])) for pk in newest]


def state_of(row: TransferOrder) -> str:
    """Which of the states it is in. 状态"""
    return next((name for name in STAMPS if getattr(row, f"{name}_at") is not None), "proposed")


def orders(
    *, seen_by: Actor, incident_id: str | int | None = None, open_only: bool = False
) -> QuerySet[TransferOrder]:
    """The orders that he sees, the newest first. 调拨单列表"""
    require(seen_by, "supply.read")
    rows = orders_seen(seen_by)
    if incident_id is not None:
        rows = rows.filter(incident=key_of(incident_id))
    if open_only:
        rows = rows.filter(returned_at__isnull=True, cancelled_at__isnull=True)
    return rows.order_by("-pk")


def order_cards(rows: Iterable[TransferOrder]) -> list[OrderCard]:
    """These orders with their lines; four statements however many. 调拨单"""
    found = list(rows)
    lines = _lines_of(found)
    moved, reserved = moved_for(row.pk for row in found), _reserved_for(found)
    names = names_of(one for row in found for one in _people(row).values())
    return [
        OrderCard(
            row=row,
            lines=tuple(
                _line(line, moved[row.pk, line.article_id], reserved[row.pk, line.article_id])
                for line in lines[row.pk]
            ),
            names={act: names[one] if one[0] else "" for act, one in _people(row).items()},
        )
        for row in found
    ]


def order_json(row: TransferOrder) -> dict[str, Any]:
    """One order for programs. 调拨单"""
    return order_cards([row])[0].as_json()


def _people(row: TransferOrder) -> dict[str, tuple[str, str]]:
    acts = ("proposed", "approved", "issued", "received")
    return {a: (getattr(row, f"{a}_by_kind"), getattr(row, f"{a}_by_id")) for a in acts}


def _line(row: TransferLine, moved: Moved, reserved: int) -> LineCard:
    sent = Sent(
        must_return=row.article.must_return,
        issued=moved.issued,
        returned=moved.returned,
        received=row.received,
    )
    return LineCard(row=row, reserved=reserved, moved=moved, sent=sent)


def _lines_of(rows: Sequence[TransferOrder]) -> dict[int, list[TransferLine]]:
    found: dict[int, list[TransferLine]] = defaultdict(list)
    lines = TransferLine.objects.filter(order__in=rows).select_related("article")
    for line in lines.order_by("pk"):
        found[line.order_id].append(line)
    return found


def _reserved_for(rows: Sequence[TransferOrder]) -> dict[tuple[int, int], int]:
    """By order and article what is promised to it now."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    promised = Reservation.objects.filter(
        about_kind=ABOUT,
        about_id__in=[str(row.pk) for row in rows],
        released_at__isnull=True,
        used_at__isnull=True,
    )
    for one in promised:
        found[int(one.about_id), one.article_id] += one.quantity
    return found


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def asked_for(incident: int) -> dict[str, int]:
    """How many of each article the standing orders of an incident ask for. 已提出"""
    lines = TransferLine.objects.filter(
        order__incident=incident, order__cancelled_at__isnull=True
    ).order_by()
    counted = lines.values_list("article__code").annotate(n=Sum("quantity"))
    return dict(counted)
