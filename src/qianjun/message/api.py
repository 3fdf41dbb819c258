"""The simulated world: what phones show and send, how carrier and people behave. 模拟器接口"""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from qianjun.kernel import clock
from qianjun.kernel.coordinates import Crs
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.message import rules
from qianjun.message.actions import reply_as, switch_carrier, switch_people
from qianjun.message.channels.simulated import CHANNEL
from qianjun.message.models import CarrierRow
from qianjun.message.queries import carrier_rows
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.org.wire import Asked, Instant

router = Router(auth=bearer, tags=["simulator"])
MAX_REPEATS = 10
MAX_DELAY_S = 24 * 3600.0
MAX_SILENT = 1000
Ident = Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]


class Wanted(Schema):
    """Which messages, and which page of them."""

    since: Instant | None = None
    to: str = Field("", max_length=200)
    channel: str = Field("", max_length=20)
    purpose: str = Field("", max_length=12)
    incident: str = Field("", max_length=18, pattern=r"^[0-9]*$")
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=18, pattern=r"^[0-9]*$")


class Switch(Asked):
    """How a channel is to be served; what is absent stays."""

    channel: str = Field(max_length=20)
    down: bool | None = None
    delay_s: float | None = Field(None, ge=0, le=MAX_DELAY_S)
    loss: float | None = Field(None, ge=0, le=1)
    repeat_receipts: int | None = Field(None, ge=0, le=MAX_REPEATS)


class Reply(Asked):
    """What a phone sends; position and text may come together. 来信"""

    channel: str = Field(max_length=20)
    from_value: str = Field(alias="from", max_length=200)
    text: str | None = Field(None, max_length=5000)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    crs: Crs = "wgs84"
    file: Ident | None = None


class People(Asked):
    """How the simulated people behave; what is absent stays. 模拟人员"""

    auto: bool | None = None
    accept_rate: float | None = Field(None, ge=0, le=1)
    delay_s: float | None = Field(None, gt=0, le=MAX_DELAY_S)
    silent: list[Ident] | None = Field(None, max_length=MAX_SILENT)


@router.get("/simulator/messages")
def simulator_messages(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """What phones would show, in the order in which the carrier took it. 模拟消息"""
    by = _allowed(request)
    if wanted.purpose and wanted.purpose not in rules.PURPOSES:
        raise _unknown("purpose")
    rows = carrier_rows(
        seen_by=by,
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
    row = switch_carrier(by=by, **switch.model_dump())
    names = ("channel", "down", "delay_s", "loss", "repeat_receipts")
    return {name: getattr(row, name) for name in names}


@router.post("/simulator/replies")
def simulator_replies(request: HttpRequest, reply: Reply) -> HttpResponse:
    """Send from a phone; 202, for the house takes it in a moment later. 模拟来信"""
    by = _allowed(request)
    return answer_once(request, lambda: (202, _replied(by, reply)))


def _replied(by: Actor, reply: Reply) -> dict[str, Any]:
    row = reply_as(
        by=by,
        channel=reply.channel,
        from_value=reply.from_value,
        text=reply.text or "",
        lon=reply.lon,
        lat=reply.lat,
        crs=reply.crs,
        file=reply.file,
    )
    return {
        "id": str(row.pk),
        "channel": row.channel,
        "from": row.from_value,
        "sent_at": clock.in_beijing(row.sent_at).isoformat(),
    }


@router.post("/simulator/people")
def simulator_people(request: HttpRequest, people: People) -> HttpResponse:
    """Have the simulated people answer by themselves, and how. 模拟人员设置"""
    by = _allowed(request)
    return answer_once(request, lambda: (200, _people(by, people)))


def _people(by: Actor, people: People) -> dict[str, Any]:
    row = switch_people(
        by=by,
        auto=people.auto,
        accept_rate=people.accept_rate,
        delay_s=people.delay_s,
        silent=None if people.silent is None else [int(ident) for ident in people.silent],
    )
    return {
        "auto": row.auto,
        "accept_rate": row.accept_rate,
        "delay_s": row.delay_s,
        "silent": [str(ident) for ident in row.silent],
    }


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
