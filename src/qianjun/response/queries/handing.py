"""Which desks must know before us, and whether they do. 先转警"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from qianjun.incident.models import Incident, Report
from qianjun.incident.queries import incident_seen, reports_of
from qianjun.org.actor import Actor
from qianjun.plan.queries import card_for
from qianjun.response.models import HandOver


@dataclass(frozen=True, kw_only=True)
class First:
    """A desk to be told first; ``line`` is what to tell it, ``row`` what was done. 先转警"""

    desk: str
    line: str
    row: HandOver | None

    @property
    def state(self) -> str:
        """due, told or confirmed."""
        if self.row is None:
            return "due"
        return "confirmed" if self.row.confirmed_at else "told"

    def as_json(self) -> dict[str, Any]:
        """As the interface answers it."""
        row = self.row
        confirmed = row.confirmed_at if row else None
        return {
            "desk": self.desk,
            "state": self.state,
            "told_at": row.told_at.isoformat() if row else None,
            "confirmed_at": confirmed.isoformat() if confirmed else None,
        }


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A hand-over that waits, on the desk; without an incident it is of a form. 待转警"""

    first: First
    incident: Incident | None


def firsts_of_form(*, form: str, desk: str, line: str) -> list[First]:
    """For an intake form: what its card asks for now, and what was done under its key. 接报单"""
    rows = _standing(HandOver.objects.filter(form=form)) if form else {}
    return _together(rows, {desk: line} if desk else {})


def firsts_of(*, seen_by: Actor, incident_id: str | int) -> list[First]:
    """For an incident; 404 when he does not see it. 事件"""
    row = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = _standing(HandOver.objects.filter(incident=row))
    if row.state != Incident.State.OPEN:
        return _together(rows, {})
    reports = reports_of(seen_by=seen_by, incident_id=incident_id)
    return _together(rows, _asked(row, {report.source for report in reports}))


def waiting_firsts(rows: Sequence[Incident], *, seen_by: Actor) -> list[Waiting]:
    """What these open incidents, and forms not yet taken in, wait for; two statements. 值班台

    A form has no place yet: whoever sees a part of the district sees none.
    """
    sources = _sources(rows)
    mine = Q(incident__in=[row.pk for row in rows])
    if seen_by.scope.kind == "all":
        mine |= Q(incident=None, confirmed_at=None)
    standing: dict[int | None, list[HandOver]] = defaultdict(list)
    for one in HandOver.objects.filter(mine, withdrawn_at=None).order_by("pk"):
        standing[one.incident_id].append(one)
    forms = [First(desk=one.desk, line="", row=one) for one in standing[None]]
    waiting = [Waiting(first=one, incident=None) for one in forms]
    for row in rows:
        done = {one.desk: one for one in standing[row.pk]}
        firsts = _together(done, _asked(row, sources[row.pk]))
        waiting += [Waiting(first=one, incident=row) for one in firsts if one.state != "confirmed"]
    return waiting


def _sources(rows: Sequence[Incident]) -> dict[int, set[str]]:
    """Which of these desks have themselves reported each incident; however many reports it has."""
    told: dict[int, set[str]] = defaultdict(set)
    reports = Report.objects.filter(incident__in=rows, source__in=HandOver.Desk.values)
    for key, source in reports.order_by().values_list("incident", "source").distinct():
        told[key].add(source)
    return told


def _standing(rows: Any) -> dict[str, HandOver]:  # noqa: ANN401  # a QuerySet of HandOver
    """The last standing row of each desk."""
    return {one.desk: one for one in rows.filter(withdrawn_at__isnull=True).order_by("pk")}


def _asked(row: Incident, sources: set[str]) -> dict[str, str]:
    """The desk that its card names, unless a report came from there."""
    card = card_for(row.category, words=row.title) if row.category else None
    if card is None or not card.hand_over or card.hand_over in sources:
        return {}
    return {card.hand_over: card.hand_over_line}


def _together(rows: dict[str, HandOver], asked: dict[str, str]) -> list[First]:
    desks = dict.fromkeys([*asked, *rows])
    return [First(desk=d, line=asked.get(d, ""), row=rows.get(d)) for d in desks]
