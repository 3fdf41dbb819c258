"""The clock of a demo or drill, for programs. 时钟接口"""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qianjun.journal.actions import move_clock
from qianjun.kernel import clock
from qianjun.org.actor import require
from qianjun.org.http import actor_of, bearer

router = Router(auth=bearer, tags=["clock"])


class Move(Schema):
    """A new speed, a step forward, or both. 拨钟"""

    speed: float | None = None
    advance_s: float | None = None


@router.get("/clock")
def read_clock(request: HttpRequest) -> dict[str, Any]:
    """What time it is in the house and outside. 看钟"""
    require(actor_of(request), "clock.read")
    return _shown()


@router.post("/clock")
def set_clock(request: HttpRequest, move: Move) -> dict[str, Any]:
    """Move domain time on or change its speed; never backwards, never in the realm live. 拨钟"""
    move_clock(by=actor_of(request), speed=move.speed, advance_s=move.advance_s)
    return _shown()


def _shown() -> dict[str, Any]:
    return {
        "now": clock.in_beijing(clock.now()).isoformat(),
        "real": clock.in_beijing(clock.real()).isoformat(),
        "speed": clock.speed(),
    }
