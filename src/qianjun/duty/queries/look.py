"""What one look at the desk reads once: the open incidents and what several cards show. 一次查看"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.translation import gettext

from qianjun.confirm.queries import Seen, confirmations_waiting
from qianjun.duty.events import LeaderNotCalled
from qianjun.duty.queries.reports import Reports, reports_of
from qianjun.duty.queries.tasks import (
    Troubled,
    Unsigned,
    tasks_that_wait,
    troubled,
    unsigned_by_incident,
)
from qianjun.duty.rules import POSTS
from qianjun.incident.models import Incident, Task
from qianjun.incident.queries import (
    cards,
    incidents,
    line_json,
    open_incidents,
    waiting_activations,
)
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Card, Deadline, Entry
from qianjun.journal.queries import last_lines, open_cards
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.message.queries import Unreached, unreached
from qianjun.org.actor import Actor, require
from qianjun.org.away.queries import Answering, is_away
from qianjun.org.models import Post
from qianjun.org.queries import answering_for, names_of
from qianjun.response.queries.responses import Lane, lanes_of

INCIDENTS_MOST: Final = 100
ROWS_MOST: Final = 50


@dataclass(frozen=True, kw_only=True)
class OpenIncident:
    """An open incident as the desk shows it. 处置中的事件

    ``card`` is contract 5, ``last`` the newest line of contract 6, ``due`` the next open deadline
    or the last one.
    """

    card: dict[str, Any]
    received_at: datetime
    last: dict[str, Any] | None
    due: Deadline | None

    @property
    def level(self) -> int | None:
        """The gravest level of its responses that run; None when none does."""
        runs = [one["level"] for one in self.card["activations"] if one["state"] == "active"]
        return min(runs, default=None)


@dataclass(frozen=True, kw_only=True)
class OnDuty:
    """Who holds a post now. 在岗"""

    code: str
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Uncalled:
    """An open incident of which no leader was told, for nobody held the post. 未叫应"""

    incident: str
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who looks, and what is read for him; each part once, when a card first asks. 一次查看"""

    by: Actor
    rows: Sequence[Incident]

    @cached_property
    def incidents(self) -> tuple[OpenIncident, ...]:
        """The open incidents with their last line and deadlines, the newest first."""
        return _incidents(self.rows, self.deadlines)

    @cached_property
    def reports(self) -> Reports:
        """What the open incidents owe the upper level, and who lacks what was signed."""
        return reports_of(self.rows, self.deadlines)

    @cached_property
    def deadlines(self) -> dict[int, list[Deadline]]:
        """Everything that is or was due of each open incident, the earliest first."""
        keys = [("incident", str(row.pk)) for row in self.rows]
        due = deadlines_of(*keys) if keys else {}
        return {int(about[1]): found for about, found in due.items()}

    @cached_property
    def tasks(self) -> list[Task]:
        """Tasks that somebody has to look at."""
        return tasks_that_wait(seen_by=self.by)

    @property
    def unsigned(self) -> list[Unsigned]:
        """Tasks that nobody has signed for, together for each incident."""
        return unsigned_by_incident(self.tasks)

    @property
    def troubled(self) -> list[Troubled]:
        """Tasks whose people ask for help, then those that are late."""
        return troubled(self.tasks)

    @cached_property
    def confirmations(self) -> list[Seen]:
        """Calls that nobody has answered: somebody must go there."""
        return confirmations_waiting(seen_by=self.by)

    @cached_property
    def unreached(self) -> list[Unreached]:
        """Whom the house has not reached."""
        return unreached(seen_by=self.by, limit=ROWS_MOST)

    @cached_property
    def lanes(self) -> list[Lane]:
        """Responses that wait for a decision, the oldest first."""
        return lanes_of(list(waiting_activations(seen_by=self.by)[:ROWS_MOST]), by=self.by)

    @cached_property
    def uncalled(self) -> tuple[Uncalled, ...]:
        """Open incidents of which no leader was told."""
        return _uncalled(self.rows)


def look_of(by: Actor) -> Look:
    """A look at the desk by this actor. 查看值班台"""
    require(by, "desk.read")
    return Look(by=by, rows=list(open_incidents(seen_by=by)[:INCIDENTS_MOST]))


def cards_seen(by: Actor) -> QuerySet[Card]:
    """Jobs given up, the oldest first; whoever sees a part of the district, of its incidents."""
    if by.scope.kind == "all":
        return open_cards()
    his = incidents(seen_by=by).order_by().values("pk")
    return open_cards().filter(entry__incident__in=his)


def on_duty() -> tuple[OnDuty, ...]:
    """Who answers for the posts now, a post that nobody holds among them. 在岗人员

    One statement unless somebody is away, whose stand-in is named instead.
    """
    now = clock.now()
    holds = Q(holdings__since__lte=now) & (
        Q(holdings__until__isnull=True) | Q(holdings__until__gt=now)
    )
    posts = Post.objects.filter(code__in=POSTS).annotate(
        held=FilteredRelation("holdings", condition=holds)
    )
    rows = posts.annotate(away=is_away("held__person")).order_by("-held__since", "-held__pk")
    names: dict[str, str] = {}
    people: dict[str, list[str]] = {}
    replaced = set[str]()
    for code, name, person, away in rows.values_list("code", "name", "held__person__name", "away"):
        names[code] = name
        people.setdefault(code, []).extend([person] if person else [])
        replaced |= {code} if away else set()
    people |= {code: [_name(one) for one in answering_for(code)] for code in replaced}
    return tuple(
        OnDuty(code=code, name=names.get(code, code), people=tuple(people.get(code, ())))
        for code in POSTS
    )


def _name(one: Answering) -> str:
    if one.instead_of is None:
        return one.person.name
    words = {"name": one.person.name, "away": one.instead_of.name}
    return gettext("%(name)s（代 %(away)s，外出）") % words


def _incidents(
    rows: Sequence[Incident], due: Mapping[int, list[Deadline]]
) -> tuple[OpenIncident, ...]:
    keys = [row.pk for row in rows]
    lines = last_lines(keys) if keys else {}
    names = names_of((line.by_kind, line.by_id) for line in lines.values())
    return tuple(
        OpenIncident(
            card=card,
            received_at=row.received_at,
            last=line_json(line, names[line.by_kind, line.by_id]) if line else None,
            due=_next(due[row.pk]),
        )
        for row, card in zip(rows, cards(rows), strict=True)
        for line in (lines.get(row.pk),)
    )


def _next(deadlines: list[Deadline]) -> Deadline | None:
    waiting = [one for one in deadlines if one.met_at is None]
    return next(iter([*waiting, *reversed(deadlines)]), None)


def _uncalled(rows: Sequence[Incident]) -> tuple[Uncalled, ...]:
    """Those with a line that nobody was called, and no call since."""
    said = Entry.objects.filter(name=LeaderNotCalled.name, incident__in=[row.pk for row in rows])
    silent = set(said.values_list("incident", flat=True)) if rows else set()
    matters = [f"incident:{key}" for key in silent]
    told = Message.objects.filter(purpose="report", matter__in=matters)
    called = set(told.values_list("matter", flat=True)) if matters else set()
    return tuple(
        Uncalled(incident=str(row.pk), number=row.number, title=row.title)
        for row in rows
        if row.pk in silent and f"incident:{row.pk}" not in called
    )
