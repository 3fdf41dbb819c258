"""The reports of a period in groups: by their incidents, and by what may be one. 批量分拣查询"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet

from qianjun.incident.models import Incident, Report
from qianjun.incident.queries.codes import join_table
from qianjun.incident.queries.seen import reports_seen
from qianjun.org.actor import Actor, key_of, require
from qianjun.response.models import Apart
from qianjun.response.queries.marks import STANDS, Standing, in_state, standings
from qianjun.response.rules.grouping import Atom, Group, grouped

REPORTS_MOST: Final = 5_000
OPENED_MOST: Final = 200
UNKNOWN: Final = "none"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which reports are asked for; an empty word asks for all. 筛选"""

    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    channel: str = ""
    street: str = ""
    kind: str = ""
    state: str = "open"
    q: str = ""


class _Line(NamedTuple):
    pk: int
    incident: int
    received_at: datetime
    source: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A group as a line on the screen. 一组"""

    group: Group
    incidents: tuple[Incident, ...]
    reports: int
    first: datetime
    last: datetime
    sources: tuple[tuple[str, str, int], ...]
    where: Mapping[int, int]
    standings: Mapping[int, Standing]

    @property
    def part(self) -> str:
        """Its reports with their marks, as a form sends them."""
        return " ".join(f"{pk}:{one.mark}" for pk, one in self.standings.items())

    @property
    def main(self) -> Incident:
        """The incident that the others would be counted to: the one with most reports."""
        has = Counter(self.where.values())
        return min(self.incidents, key=lambda one: (-has[one.pk], one.received_at, one.pk))

    @property
    def answered(self) -> int:
        """How many have their answer."""
        return sum(one.reply is not None for one in self.standings.values())

    @property
    def to_call(self) -> int:
        """How many callers wait for a call."""
        replies = (one.reply for one in self.standings.values() if one.reply)
        return sum(one.way == "phone" and one.told_at is None for one in replies)

    @property
    def assigned(self) -> int:
        """How many are being followed up."""
        return sum(bool(one.task) for one in self.standings.values())


@dataclass(frozen=True, kw_only=True)
class Groups:
    """One page of groups, and what there is in all. 分组结果"""

    rows: tuple[Row, ...]
    groups: int
    reports: int
    suggested: int
    cut: bool


def reports_wanted(seen_by: Actor, wanted: Wanted) -> QuerySet[Report]:
    """The reports that are asked for, of those he may read. 筛选后的接报"""
    rows = reports_seen(seen_by)
    if wanted.since is not None:
        rows = rows.filter(received_at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(received_at__lt=wanted.until)
    if wanted.source:
        rows = rows.filter(source="" if wanted.source == UNKNOWN else wanted.source)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.street:
        rows = rows.filter(_below("division", wanted.street))
    if wanted.kind:
        rows = rows.filter(
            _below("category", wanted.kind[:3] if wanted.kind != UNKNOWN else UNKNOWN)
        )
    for word in wanted.q.split():
        said = Q(text__icontains=word) | Q(number__icontains=word) | Q(place_name__icontains=word)
        about = Q(incident__title__icontains=word) | Q(incident__number__icontains=word)
        rows = rows.filter(said | about)
    return in_state(rows, wanted.state)


def _below(column: str, code: str) -> Q:
    return Q(**{column: ""}) if code == UNKNOWN else Q(**{f"{column}__startswith": code})


def groups_of(
    *, seen_by: Actor, wanted: Wanted, newest: bool = False, start: int = 0, size: int = 40
) -> Groups:
    """The groups of the reports that are asked for: what is suggested and large first. 分组"""
    require(seen_by, "report.read")
    lines = _lines(reports_wanted(seen_by, wanted))
    by_incident = _by_incident(lines)
    incidents = Incident.objects.in_bulk(by_incident)
    groups = _grouped(incidents, by_incident)
    counts = {g: sum(len(by_incident[pk]) for pk in g.incidents) for g in groups}
    last = {g: max(by_incident[pk][-1].received_at for pk in g.incidents) for g in groups}
    groups.sort(
        key=lambda g: (not newest and not g.links, 0 if newest else -counts[g], -_s(last[g]))
    )
    shown = groups[start : start + size]
    return Groups(
        rows=tuple(_rows(shown, incidents, by_incident)),
        groups=len(groups),
        reports=len(lines),
        suggested=sum(bool(g.links) for g in groups),
        cut=len(lines) == REPORTS_MOST,
    )


def _s(at: datetime) -> float:
    return at.timestamp()


def _lines(rows: QuerySet[Report]) -> list[_Line]:
    columns = ("pk", "incident_id", "received_at", "source", "channel")
    newest = rows.order_by("-received_at", "-pk").values_list(*columns)[:REPORTS_MOST]
    return [_Line(*row) for row in reversed(newest)]


def _by_incident(lines: Iterable[_Line]) -> dict[int, list[_Line]]:
    found: dict[int, list[_Line]] = defaultdict(list)
    for line in lines:
        found[line.incident].append(line)
    return dict(found)


def _grouped(
    incidents: Mapping[int, Incident], lines: Mapping[int, Sequence[_Line]]
) -> list[Group]:
    """Open incidents as the rules group them; a closed one takes nothing any more."""
    open_ones = [row for row in incidents.values() if row.state == Incident.State.OPEN]
    keys = {row.pk for row in open_ones}
    apart = Apart.objects.filter(STANDS, one__in=keys, other__in=keys)
    pairs = frozenset(apart.values_list("one", "other"))
    atoms = [_atom(row, lines[row.pk]) for row in open_ones]
    closed = [Group(incidents=(pk,)) for pk in incidents if pk not in keys]
    return [*grouped(atoms, table=join_table(), apart=pairs), *closed]


def _atom(row: Incident, lines: Sequence[_Line]) -> Atom:
    return Atom(
        incident=row.pk,
        category=row.category,
        placed=row.placed,
        lon=row.lon,
        lat=row.lat,
        radius_m=row.radius_m or 0.0,
        minutes=tuple(_s(line.received_at) / 60 for line in lines),
    )


def _rows(
    groups: Sequence[Group],
    incidents: Mapping[int, Incident],
    by_incident: Mapping[int, Sequence[_Line]],
) -> Iterable[Row]:
    shown = [line for g in groups for pk in g.incidents for line in by_incident[pk]]
    stand = standings({line.pk: line.incident for line in shown})
    for group in groups:
        lines = [line for pk in group.incidents for line in by_incident[pk]]
        sources = Counter((line.source, line.channel) for line in lines)
        yield Row(
            group=group,
            incidents=tuple(incidents[pk] for pk in group.incidents),
            reports=len(lines),
            first=min(line.received_at for line in lines),
            last=max(line.received_at for line in lines),
            sources=tuple((s, c, n) for (s, c), n in sources.most_common()),
            where={line.pk: line.incident for line in lines},
            standings={line.pk: stand[line.pk] for line in lines},
        )


def reports_in(
    *, seen_by: Actor, wanted: Wanted, incidents: Iterable[str]
) -> list[tuple[Report, Standing]]:
    """The asked for reports of these incidents, the first first, and how they stand. 一组的接报"""
    require(seen_by, "report.read")
    keys = [key_of(one) for one in incidents]
    rows = reports_wanted(seen_by, wanted).filter(incident__in=keys)
    found = list(rows.order_by("incident_id", "received_at", "pk")[:OPENED_MOST])
    stand = standings({row.pk: row.incident_id for row in found})
    return [(row, stand[row.pk]) for row in found]
