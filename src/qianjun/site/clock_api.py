"""The clock of a demo or drill, for programs. 时钟接口"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from qianjun.journal.actions import move_clock
from qianjun.kernel import clock
from qianjun.org.actor import not_found, require
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.org.wire import Asked

router = Router(auth=bearer, tags=["clock"])


class Move(Asked):
    """A new speed, a step forward, or both. 拨钟"""

    speed: float | None = None
    advance_s: float | None = None


@router.get("/clock")
def read_clock(request: HttpRequest) -> dict[str, Any]:
    """What time it is in the house and outside; in the realm live there is no such clock. 看钟"""
    if settings.REALM == "live":
        raise not_found()
    require(actor_of(request), "clock.read")
    return _shown()


@router.post("/clock")
def set_clock(request: HttpRequest, move: Move) -> HttpResponse:
    """Move domain time on or change its speed; never backwards, never in the realm live. 拨钟"""

    def run() -> tuple[int, dict[str, Any]]:
        anchor = move_clock(by=actor_of(request), speed=move.speed, advance_s=move.advance_s)
        real = clock.real()
        return 200, _told(anchor.at(real), real, anchor.speed)

    return answer_once(request, run)


def _shown() -> dict[str, Any]:
    return _told(clock.now(), clock.real(), clock.speed())


def _told(now: datetime, real: datetime, speed: float) -> dict[str, Any]:
    return {
        "now": clock.in_beijing(now).isoformat(),
        "real": clock.in_beijing(real).isoformat(),
        "speed": speed,
    }
