"""What the simulated carrier has taken, and how well it serves. 模拟器接口"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.message import rules
from qianjun.message.actions import switch_carrier
from qianjun.message.channels.simulated import CHANNEL
from qianjun.message.models import CarrierRow
from qianjun.message.queries import carrier_rows
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.http import actor_of, answer_once, bearer

router = Router(auth=bearer, tags=["simulator"])
MAX_REPEATS = 10
MAX_DELAY_S = 24 * 3600.0


class Wanted(Schema):
    """Which messages, and which page of them."""

    since: AwareDatetime | None = None
    to: str = Field("", max_length=200)
    channel: str = Field("", max_length=20)
    purpose: str = Field("", max_length=12)
    incident: str = Field("", max_length=18, pattern=r"^[0-9]*$")
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=18, pattern=r"^[0-9]*$")


class Switch(Schema):
    """How a channel is to be served; what is absent stays."""

    channel: str = Field(max_length=20)
    down: bool | None = None
    delay_s: float | None = Field(None, ge=0, le=MAX_DELAY_S)
    loss: float | None = Field(None, ge=0, le=1)
    repeat_receipts: int | None = Field(None, ge=0, le=MAX_REPEATS)


@router.get("/simulator/messages")
def simulator_messages(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """What phones would show, in the order in which the carrier took it. 模拟消息"""
    _allowed(request)
    if wanted.purpose and wanted.purpose not in rules.PURPOSES:
        raise _unknown("purpose")
    rows = carrier_rows(
        since=wanted.since,
        to=wanted.to,
        channel=wanted.channel,
        purpose=wanted.purpose,
        incident=int(wanted.incident) if wanted.incident else None,
    ).filter(pk__gt=int(wanted.after or 0))
    page = list(rows[: wanted.limit + 1])
    shown = page[: wanted.limit]
    more = len(page) > wanted.limit
    return {"items": [_shown(row) for row in shown], "next": str(shown[-1].pk) if more else None}


@router.post("/simulator/carrier")
def simulator_carrier(request: HttpRequest, switch: Switch) -> HttpResponse:
    """Have the carrier fail, delay, lose or repeat, per channel. 模拟运营商设置"""
    by = _allowed(request)
    if switch.channel not in CHANNEL.about.carries:
        raise _unknown("channel")
    return answer_once(request, lambda: (200, _switched(by, switch)))


def _switched(by: Actor, switch: Switch) -> dict[str, Any]:
    row = switch_carrier(by=by, **switch.dict())
    names = ("channel", "down", "delay_s", "loss", "repeat_receipts")
    return {name: getattr(row, name) for name in names}


def _allowed(request: HttpRequest) -> Actor:
    """The caller; in the live realm there is no simulator."""
    by = actor_of(request)
    if settings.REALM == "live":
        raise not_found()
    require(by, "simulator.use")
    return by


def _unknown(field: str) -> Refused:
    zh = _("不在允许的取值之内。")
    return Refused("invalid", zh, fields=(FieldError(field=field, code="unknown_value", zh=zh),))


def _shown(row: CarrierRow) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "key": row.key,
        "channel": row.channel,
        "to": row.to,
        "person": str(row.person),
        "purpose": row.purpose,
        "incident": str(row.incident) if row.incident is not None else None,
        "text": row.text,
        "resend": row.resend,
        "reminder": row.reminder,
        "links": row.links,
        "accepted_at": _told(row, "accepted_at"),
        "delivered_at": _told(row, "delivered_at"),
        "state": row.state,
    }


def _told(row: CarrierRow, field: str) -> str | None:
    instant = getattr(row, field)
    return clock.in_beijing(instant).isoformat() if instant is not None else None
