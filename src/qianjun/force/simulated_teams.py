"""Simulated teams go on after they have signed: out, there, and home when stood down. 模拟队伍

Only in the realms demo and drill, and only while simulated people answer by themselves.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from qianjun.force.models import TeamCall
from qianjun.force.rules.team_calls import ABOUT
from qianjun.force.simulated import LONGEST_WAY, REALMS
from qianjun.force.team_call_events import TeamStepDue
from qianjun.journal.timers import set_timer
from qianjun.kernel import clock
from qianjun.message.people import people_now

OUT_AFTER: Final = timedelta(minutes=3)
HOME_AFTER: Final = timedelta(minutes=30)


def plan_team_steps(row: TeamCall, *, cause: int | None) -> int:
    """Set the timers of what the team does after it has signed; how many. 安排出动"""
    if row.accepted_at is None:
        return 0
    start = row.accepted_at
    there = min(max(row.eta_at or start, start + OUT_AFTER * 2), start + LONGEST_WAY)
    return _set(row, {"en_route": start + OUT_AFTER, "arrived": there}, cause=cause)


def plan_way_home(row: TeamCall, *, cause: int | None) -> int:
    """Whoever was stood down while out says when he is home; how many timers. 安排归队"""
    if row.accepted_at is None or row.home_at is not None:
        return 0
    return _set(row, {"home": clock.now() + HOME_AFTER}, cause=cause)


def _set(row: TeamCall, due: Mapping[str, datetime], *, cause: int | None) -> int:
    if settings.REALM not in REALMS or not people_now().auto:
        return 0
    for act, due_at in due.items():
        set_timer(
            key=f"{ABOUT}:{row.pk}:{act}",
            due_at=due_at,
            event=TeamStepDue(team_call_id=row.pk, act=act),
            incident=row.incident_id,
            cause=cause,
        )
    return len(due)
