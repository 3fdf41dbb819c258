"""What must be sent by when, and to whom: what is done carries a tick. 今日应报"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from qianjun.duty.bulletins.queries import KIND, about
from qianjun.duty.models import Bulletin
from qianjun.duty.rules.log import day_of, span_of
from qianjun.incident.models import Incident
from qianjun.incident.queries import incidents
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.journal.rules import DEADLINES
from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.org.models import Unit
from qianjun.response.queries.upward import is_with_them, upward_rules
from qianjun.response.rules.upward import CLOCKS, FIRST, PHONE_REPORT, WRITTEN_REPORT
from qianjun.response.upward_models import STANDS, UpwardDelivery

MOST: Final = 300
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Due:
    """One thing that one recipient is to get; a deadline for a chip. 应报一项"""

    what: str
    number: str
    title: str
    url: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    rule: str = ""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A unit and what it is to get today, the next first. 报送单位"""

    code: str
    name: str
    dues: tuple[Due, ...]

    @property
    def open(self) -> int:
        """How many it has not got."""
        return sum(one.met_at is None for one in self.dues)


def dues(*, seen_by: Actor) -> tuple[Recipient, ...]:
    """Per recipient what is due until the end of the day, and what was done today. 今日应报"""
    require(seen_by, "bulletin.read")
    since, until = span_of(day_of("", now=clock.now()), "day")
    asked = Q(met_at__isnull=True, due_at__lt=until) | Q(met_at__gte=since, met_at__lt=until)
    rows = Deadline.objects.filter(asked, about_kind="incident", kind__in=CLOCKS)
    found = list(rows.order_by("due_at", "pk")[:MOST])
    known = _incidents(found, by=seen_by)
    found = [one for one in found if int(one.about_id) in known]
    told = _told(list(known))
    codes = upward_rules().units
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "short_name"))
    daily = _bulletins(since, until)
    return tuple(
        Recipient(
            code=code,
            name=names.get(code, code),
            dues=tuple(
                sorted(
                    [*daily, *(_due(one, known[int(one.about_id)], told, code) for one in found)],
                    key=lambda due: (due.met_at is not None, due.due_at),
                )
            ),
        )
        for code in codes
    )


def _incidents(rows: Sequence[Deadline], *, by: Actor) -> dict[int, Incident]:
    keys = {int(one.about_id) for one in rows}
    return {row.pk: row for row in incidents(seen_by=by).filter(pk__in=keys)} if keys else {}


Told = dict[tuple[int, str, str], datetime]


def _told(keys: list[int]) -> Told:
    """When each unit was told of an incident by telephone, and given its first report."""
    rows = UpwardDelivery.objects.filter(STANDS, incident__in=keys)
    found: Told = {}
    for row in rows.select_related("unit", "report") if keys else []:
        if row.report is None:
            found[row.incident_id, row.unit.code, PHONE_REPORT] = row.told_at
        elif row.report.kind == FIRST and is_with_them(row):
            at = row.received_at if row.way == UpwardDelivery.Way.MESSAGE else row.told_at
            found[row.incident_id, row.unit.code, WRITTEN_REPORT] = at or row.told_at
    return found


def _due(deadline: Deadline, row: Incident, told: Told, code: str) -> Due:
    return Due(
        what=gettext(DEADLINES[deadline.kind]),
        number=row.number,
        title=row.title,
        url=reverse("upward", args=[row.pk]),
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        met_at=told.get((row.pk, code, deadline.kind), deadline.met_at),
        rule=deadline.rule,
    )


def _bulletins(since: datetime, until: datetime) -> list[Due]:
    """The bulletin with its zero report goes to everybody."""
    late = Q(issued_at__isnull=True) | Q(issued_at__gte=since, issued_at__lt=until)
    rows = list(Bulletin.objects.filter(late, until__lt=until).order_by("day")[:MOST])
    deadlines = deadlines_of(*(about(row) for row in rows)) if rows else {}
    return [
        Due(
            what=gettext(DEADLINES[KIND]),
            number=row.number,
            title=f"{row.day:%Y-%m-%d}",
            url=reverse("bulletin", args=[row.pk]),
            started_at=one.started_at,
            due_at=one.due_at,
            met_at=one.met_at,
            rule=one.rule,
        )
        for row in rows
        for one in deadlines[about(row)]
    ]


def recipient_json(one: Recipient) -> Json:
    """A recipient as programs read it. 报送单位"""
    return {
        "unit": one.code,
        "name": one.name,
        "open": one.open,
        "items": [
            {
                "what": due.what,
                "number": due.number or None,
                "title": due.title,
                "due_at": due.due_at.isoformat(),
                "met_at": due.met_at.isoformat() if due.met_at else None,
                "url": due.url,
            }
            for due in one.dues
        ],
    }
