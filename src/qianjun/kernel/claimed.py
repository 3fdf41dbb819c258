"""When something happened, as far as a telephone can be believed about it. 手机所报的时刻

An act may come hours after it was made, and the clock of a phone may be days off. The phone says
when it acted and when it sends, both by its own clock: the time between the two is believed, the
clock itself is not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

CLOCK_OFF: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(days=30)
ZERO: Final = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Believed:
    """The instant that counts in the house; ``claimed`` as the phone said it. 采信的时刻"""

    at: datetime
    claimed: datetime | None = None
    clock_off: bool = False


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Both clocks of the house at the moment of receipt. 收到时的时钟"""

    now: datetime
    real: datetime
    speed: float = 1.0


def believed(
    *, claimed: datetime | None, sent: datetime | None, hands: Hands, not_before: datetime
) -> Believed:
    """Domain time of an act: never ahead, never before ``not_before``; says if the clock is off.

    Without ``sent`` the phone's clock is taken as it is, within the bounds.
    """
    if claimed is None:
        return Believed(at=hands.now)
    reference = sent or hands.real
    ago = min(max(reference - claimed, ZERO), LONGEST) * hands.speed
    at = max(hands.now - ago, min(not_before, hands.now))
    return Believed(at=at, claimed=claimed, clock_off=_off(claimed, sent, hands, at))


def _off(claimed: datetime, sent: datetime | None, hands: Hands, at: datetime) -> bool:
    """Whether the phone's clock is wrong, or what it said had to be moved into the bounds."""
    if sent is not None and abs(hands.real - sent) > CLOCK_OFF:
        return True
    reference = sent or hands.real
    moved = abs((reference - claimed) * hands.speed - (hands.now - at))
    return moved > CLOCK_OFF * max(hands.speed, 1.0)
