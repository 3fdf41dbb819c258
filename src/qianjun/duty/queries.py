"""The desk: what is open, what waits for a person, who is on duty. 值班台"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from qianjun.confirm.queries import Seen, confirmations_waiting
from qianjun.duty.events import LeaderNotCalled
from qianjun.duty.rules import POSTS
from qianjun.incident.models import Incident, Letter, Report
from qianjun.incident.queries import (
    cards,
    incidents,
    line_json,
    open_incidents,
    unconfirmed_reports,
    waiting_activations,
    waiting_letters,
)
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Card, Deadline, Entry
from qianjun.journal.queries import last_lines, open_cards
from qianjun.message.models import Message
from qianjun.message.queries import Unreached, unreached
from qianjun.org.actor import Actor, require
from qianjun.org.models import Post
from qianjun.org.queries import holders_of, names_of
from qianjun.response.queries.handing import Waiting, waiting_firsts
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
class Undecided:
    """Proposed responses, the oldest first: those that he decides, and those others do. 待批"""

    mine: tuple[Lane, ...]
    others: tuple[Lane, ...]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that one look at the desk shows. 值班台"""

    incidents: tuple[OpenIncident, ...]
    undecided: Undecided
    letters: tuple[Letter, ...]
    unconfirmed: tuple[Report, ...]
    uncalled: tuple[Uncalled, ...]
    firsts: tuple[Waiting, ...]
    confirmations: tuple[Seen, ...]
    cards: tuple[Card, ...]
    unreached: tuple[Unreached, ...]
    on_duty: tuple[OnDuty, ...]


def desk(*, seen_by: Actor) -> Desk:
    """The desk as it stands; a fixed number of statements. 值班台"""
    require(seen_by, "desk.read")
    rows = list(open_incidents(seen_by=seen_by)[:INCIDENTS_MOST])
    return Desk(
        incidents=_incidents(rows),
        undecided=_undecided(seen_by),
        letters=tuple(waiting_letters(seen_by=seen_by)[:ROWS_MOST]),
        unconfirmed=tuple(unconfirmed_reports(seen_by=seen_by)[:ROWS_MOST]),
        uncalled=_uncalled(rows),
        firsts=tuple(waiting_firsts(rows, seen_by=seen_by)[:ROWS_MOST]),
        confirmations=tuple(confirmations_waiting(seen_by=seen_by)),
        cards=tuple(cards_seen(seen_by)[:ROWS_MOST]),
        unreached=tuple(unreached(seen_by=seen_by, limit=ROWS_MOST)),
        on_duty=on_duty(),
    )


def cards_seen(by: Actor) -> QuerySet[Card]:
    """Jobs given up, the oldest first; whoever sees a part of the district, of its incidents."""
    if by.scope.kind == "all":
        return open_cards()
    his = incidents(seen_by=by).order_by().values("pk")
    return open_cards().filter(entry__incident__in=his)


def _undecided(by: Actor) -> Undecided:
    lanes = lanes_of(list(waiting_activations(seen_by=by)[:ROWS_MOST]), by=by)
    decides = by.may("activation.decide")
    mine = tuple(one for one in lanes if decides and one.may_decide)
    return Undecided(mine=mine, others=tuple(one for one in lanes if one not in mine))


def on_duty() -> tuple[OnDuty, ...]:
    """Who holds the posts now, a post that nobody holds among them. 在岗人员"""
    names = dict(Post.objects.filter(code__in=POSTS).values_list("code", "name"))
    return tuple(
        OnDuty(
            code=code,
            name=names.get(code, code),
            people=tuple(person.name for person in holders_of(code)),
        )
        for code in POSTS
    )


def _incidents(rows: Sequence[Incident]) -> tuple[OpenIncident, ...]:
    keys = [row.pk for row in rows]
    lines = last_lines(keys) if keys else {}
    names = names_of((line.by_kind, line.by_id) for line in lines.values())
    due = deadlines_of(*(("incident", str(key)) for key in keys)) if keys else {}
    return tuple(
        OpenIncident(
            card=card,
            received_at=row.received_at,
            last=line_json(line, names[line.by_kind, line.by_id]) if line else None,
            due=_next(due["incident", str(row.pk)]),
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
    silent = set(said.values_list("incident", flat=True))
    matters = [f"incident:{key}" for key in silent]
    told = Message.objects.filter(purpose="report", matter__in=matters)
    called = set(told.values_list("matter", flat=True)) if matters else set()
    return tuple(
        Uncalled(incident=str(row.pk), number=row.number, title=row.title)
        for row in rows
        if row.pk in silent and f"incident:{row.pk}" not in called
    )
