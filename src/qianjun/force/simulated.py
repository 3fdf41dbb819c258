"""Simulated volunteers go on after a yes by text message: out, there, away, home. 模拟志愿者

Only in the realms demo and drill, and only while simulated people answer by themselves. What each
does is drawn from his row alone, so a run repeats itself.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings

from qianjun.force.callout_events import StepDue
from qianjun.force.models import Called
from qianjun.journal.timers import set_timer
from qianjun.message.people import people_now

REALMS: Final = ("demo", "drill")
NO_SHOW: Final = 0.08
OUT_AFTER: Final = timedelta(minutes=2)
LONGEST_WAY: Final = timedelta(hours=2)
STAYS_MIN: Final = (60, 240)
HOME_AFTER: Final = timedelta(minutes=25)


def plan_steps(called: Called, *, cause: int | None) -> int:
    """Set the timers of everything that he will do; how many. 安排后续"""
    if settings.REALM not in REALMS or not people_now().auto or called.accepted_at is None:
        return 0
    start = called.accepted_at
    there = max(called.eta_at or start, start + OUT_AFTER * 2)
    there = min(there, start + LONGEST_WAY)
    low, high = STAYS_MIN
    away = there + timedelta(minutes=low + _share(called, "stays") * (high - low))
    steps = [("en_route", start + OUT_AFTER)]
    if _share(called, "comes") >= NO_SHOW:
        steps += [("arrived", there), ("left", away), ("home", away + HOME_AFTER)]
    for act, due_at in steps:
        set_timer(
            key=f"called:{called.pk}:{act}",
            due_at=due_at,
            event=StepDue(callout_id=called.callout_id, called_id=called.pk, act=act),
            # of no incident: what he does has a line there, that he is due has none
            cause=cause,
        )
    return len(steps)


def _share(called: Called, what: str) -> float:
    """A number in (0, 1) that is the same for the same person and call-out."""
    text = f"called:{called.callout_id}:{called.person_id}/{what}"
    return (int.from_bytes(sha256(text.encode()).digest()[:6]) + 0.5) / 2**48
