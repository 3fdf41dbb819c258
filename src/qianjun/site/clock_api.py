"""The clock of a demo or drill, for programs. 时钟接口"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from qianjun.journal.actions import move_clock
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import not_found, require
from qianjun.org.http import actor_of, bearer

router = Router(auth=bearer, tags=["clock"])
FASTEST = 60


class Move(Schema):
    """A new speed, a step forward, or both. 拨钟"""

    speed: float | None = Field(None, ge=0, le=FASTEST)
    advance_s: float | None = Field(None, gt=0)


@router.get("/clock")
def read_clock(request: HttpRequest) -> dict[str, Any]:
    """What time it is in the house and outside. 看钟"""
    require(actor_of(request), "clock.read")
    return _shown()


@router.post("/clock")
def set_clock(request: HttpRequest, move: Move) -> dict[str, Any]:
    """Move domain time on or change its speed; never backwards, never in the realm live. 拨钟"""
    by = actor_of(request)
    if settings.REALM == "live":
        raise not_found()
    require(by, "clock.move")
    if move.speed is None and move.advance_s is None:
        raise Refused("nothing_to_do", _("请给出 speed 或 advance_s。"))
    move_clock(by=by, speed=move.speed, advance_s=move.advance_s)
    return _shown()


def _shown() -> dict[str, Any]:
    return {
        "now": clock.in_beijing(clock.now()).isoformat(),
        "real": clock.in_beijing(clock.real()).isoformat(),
        "speed": clock.speed(),
    }
