"""A small past for the demo, told through the real verbs: three days of a desk. 演示历史

The verbs run at the past moments, without reactions or messages, in one transaction: an attempt
that was killed has left nothing. What is still open gets its timers afterwards.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from qianjun.incident import actions as incident
from qianjun.incident.actions.taking import expect_written_report
from qianjun.incident.models import Incident
from qianjun.journal.bus import recording_history
from qianjun.journal.deadlines import meet_deadline
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.people import actor_for_user
from qianjun.response.actions import take_in_report
from qianjun.response.rules import Told

TABLE = Path(__file__).parent / "tables" / "history.toml"
OFFICER, LEADER = "zhiban1", "daiban"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that somebody did at a past instant. 往事一则"""

    at: datetime
    incident: str
    do: str
    words: dict[str, Any]


def moments(*, now: datetime, small: bool) -> list[Moment]:
    """Everything that happened before ``now``, the earliest first."""
    told = tomllib.loads(TABLE.read_text("utf-8"))["incident"]
    found = [
        Moment(
            at=_began(past, now=now) + timedelta(minutes=step.pop("after_min")),
            incident=past["key"],
            do=step.pop("do"),
            words=step,
        )
        for past in told
        if past["small"] or not small
        for step in past["step"]
    ]
    return sorted(found, key=lambda moment: moment.at)


def _began(past: dict[str, Any], *, now: datetime) -> datetime:
    """So many minutes ago, or on a day before at an hour in Beijing."""
    if "minutes_ago" in past:
        return now - timedelta(minutes=past["minutes_ago"])
    day = clock.in_beijing(now).date() - timedelta(days=past["days_ago"])
    return datetime.combine(day, time.fromisoformat(past["at"]), tzinfo=clock.BEIJING)


def load_history(*, small: bool) -> int:
    """Write the past down unless there is one already; how many incidents. 装入演示历史"""
    if Incident.objects.exists():
        return 0
    with transaction.atomic():
        with recording_history():
            desk = _Desk(officer=_actor(OFFICER), leader=_actor(LEADER))
            for moment in moments(now=clock.real(), small=small):
                with _at(moment.at):
                    desk.do(moment)
        for row in Incident.objects.filter(state=Incident.State.OPEN):
            expect_written_report(row.pk, received_at=row.received_at)
    return len(desk.known)


def _actor(login: str) -> Actor:
    return actor_for_user(User.objects.get(username=login).pk)


@contextmanager
def _at(instant: datetime) -> Iterator[None]:
    """Domain time in this process stands at the instant; moments come in order, so never back."""
    clock.anchor_to(clock.Anchor(domain=instant, real=clock.real()))
    try:
        yield
    finally:
        clock.anchor_to(None)


class _Desk:
    """Does what was done, and remembers which incident was which."""

    def __init__(self, *, officer: Actor, leader: Actor) -> None:
        self.officer = officer
        self.leader = leader
        self.known: dict[str, str] = {}

    def do(self, moment: Moment) -> None:
        """One verb."""
        ident, words = self.known.get(moment.incident, ""), moment.words
        match moment.do:
            case "report":
                taken = take_in_report(by=self.officer, told=Told(join=ident or "new", **words))
                self.known[moment.incident] = str(taken.stored.incident_id)
            case "fact" | "order" | "feedback":
                by = self.leader if moment.do == "order" else self.officer
                incident.add_note(by=by, incident_id=ident, kind=moment.do, **words)
            case "figure":
                of = words["of"]
                told = {name: value for name, value in words.items() if name != "of"}
                incident.add_figure(by=self.officer, incident_id=ident, kind=of, **told)
            case "written":
                incident.add_note(by=self.officer, incident_id=ident, kind="feedback", **words)
                meet_deadline(about=("incident", ident), kind="written_report", at=clock.now())
            case "close":
                incident.close_incident(by=self.leader, incident_id=ident)
