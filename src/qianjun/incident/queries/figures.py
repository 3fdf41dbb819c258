"""The numbers of incidents as they stand. 数字查询"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from qianjun.incident.models import Figure
from qianjun.incident.queries.seen import incident_seen
from qianjun.kernel.once import asked_once
from qianjun.org.actor import Actor

Latest = dict[int, dict[str, Figure]]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The latest standing number of each kind, and the kinds that wait for an explanation."""

    standing: dict[str, Figure]
    waiting: tuple[str, ...]

    def values(self) -> dict[str, int]:
        """Kind to value."""
        return {kind: row.value for kind, row in self.standing.items()}


def _in_order() -> QuerySet[Figure]:
    ordered = ("incident_id", "kind", "stands", F("at").desc(), F("id").desc())
    rows = Figure.objects.filter(withdrawn_at__isnull=True).order_by(*ordered)
    return rows.distinct("incident_id", "kind", "stands")


def latest_figures(incidents: Iterable[int]) -> dict[int, Figures]:
    """The figures of each of these incidents; one statement. 最新数字

    Of a single one its whole series is read: the room, which shows both, asks once.
    """
    wanted = list(incidents)
    rows = _last_of(_series(*wanted)) if len(wanted) == 1 else _last(wanted)
    return {pk: _figures([row for row in rows if row.incident_id == pk]) for pk in wanted}


def _last(incidents: list[int]) -> list[Figure]:
    return list(_in_order().filter(incident__in=incidents)) if incidents else []


def _last_of(series: list[Figure]) -> list[Figure]:
    """The last of each kind, standing or waiting, of a series in order."""
    last = {(row.kind, row.stands): row for row in series if row.withdrawn_at is None}
    return sorted(last.values(), key=lambda row: (row.kind, row.stands))


@asked_once
def _series(incident: int) -> list[Figure]:
    return list(Figure.objects.filter(incident=incident).order_by("at", "pk"))


def _figures(rows: list[Figure]) -> Figures:
    standing = {row.kind: row for row in rows if row.stands}
    waiting = tuple(
        row.kind for row in rows if not row.stands and not _answered(row, standing.get(row.kind))
    )
    return Figures(standing=standing, waiting=waiting)


def _answered(claim: Figure, stands: Figure | None) -> bool:
    """Whether somebody recorded a number after the claim."""
    return stands is not None and stands.pk > claim.pk


def figure_before(*, incident: int, kind: str, at: datetime) -> Figure | None:
    """The standing number that one at this instant follows, else the first one after it."""
    rows = Figure.objects.filter(
        incident=incident, kind=kind, stands=True, withdrawn_at__isnull=True
    )
    before = rows.filter(at__lte=at).order_by("-at", "-pk").first()
    return before or rows.order_by("at", "pk").first()


def figure_series(*, seen_by: Actor, incident_id: str | int) -> list[Figure]:
    """Every number that was said about an incident, in the order of its time. 数字序列"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    return list(_series(incident.pk))
