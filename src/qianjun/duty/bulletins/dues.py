"""What must be sent by when, and to whom: what is done carries a tick. 今日应报"""

from collections.abc import Iterable, Iterator
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
from qianjun.incident.queries.instructions import instructions
from qianjun.incident.rules.instructions import REPLY_DUE
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.journal.rules import DEADLINES
from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.org.models import Unit
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.clocks import line_of
from qianjun.response.queries.upward import upward_rules
from qianjun.response.rules.clocks import OURS
from qianjun.response.rules.upward import CLOCKS

MOST: Final = 500
Json = dict[str, Any]
Span = tuple[datetime, datetime]


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
    span = span_of(day_of("", now=clock.now()), "day")
    found: dict[str, list[Due]] = {code: [] for code in upward_rules().units}
    for code, due in (*_clocks(span, by=seen_by), *_unjudged(span, by=seen_by), *_daily(span)):
        found.setdefault(code, []).append(due)
    names = dict(Unit.objects.filter(code__in=found).values_list("code", "short_name"))
    replies: dict[str, list[Due]] = {}
    for sender, due in _replies(span, by=seen_by):
        replies.setdefault(sender, []).append(due)
    return (
        *(_recipient(code, names.get(code, code), rows) for code, rows in found.items()),
        *(_recipient("", sender, rows) for sender, rows in replies.items()),
    )


def _recipient(code: str, name: str, rows: Iterable[Due]) -> Recipient:
    ordered = sorted(rows, key=lambda due: (due.met_at is not None, due.due_at))
    return Recipient(code=code, name=name, dues=tuple(ordered))


def _asked(span: Span) -> Q:
    """Open and due before the day ends, or done on this day."""
    since, until = span
    done = Q(met_at__gte=since, met_at__lt=until)
    return Q(met_at__isnull=True, due_at__lt=until) | done


def _clocks(span: Span, *, by: Actor) -> Iterator[tuple[str, Due]]:
    """The clocks of reporting that are ours, one row for each recipient."""
    rows = ReportingClock.objects.filter(_asked(span), void_at__isnull=True, whose=OURS)
    seen = incidents(seen_by=by).order_by().values("pk")
    found = rows.filter(incident__in=seen).select_related("incident", "unit")
    for row in found.order_by("due_at", "pk")[:MOST]:
        line = line_of(row)
        yield row.unit.code, _due(row.incident, what=line.step, chip=line, rule=line.rule)


def _unjudged(span: Span, *, by: Actor) -> Iterator[tuple[str, Due]]:
    """What nobody has judged yet has one time for all: it stands with each of them."""
    rows = Deadline.objects.filter(_asked(span), about_kind="incident", kind__in=CLOCKS)
    found = {int(row.about_id): row for row in rows.order_by("-due_at", "-pk")[:MOST]}
    judged = ReportingClock.objects.filter(incident__in=found, void_at__isnull=True, whose=OURS)
    wanted = set(found) - set(judged.values_list("incident", flat=True))
    for row in incidents(seen_by=by).filter(pk__in=wanted):
        one = found[row.pk]
        due = _due(row, what=gettext(DEADLINES[one.kind]), chip=one, rule=one.rule)
        yield from ((code, due) for code in upward_rules().units)


def _due(row: Incident, *, what: str, chip: Any, rule: str) -> Due:  # noqa: ANN401  # any chip
    return Due(
        what=what,
        number=row.number,
        title=row.title,
        url=reverse("upward", args=[row.pk]),
        started_at=chip.started_at,
        due_at=chip.due_at,
        met_at=chip.met_at,
        rule=rule,
    )


def _daily(span: Span) -> Iterator[tuple[str, Due]]:
    """The bulletin with its zero report goes to everybody."""
    since, until = span
    late = Q(issued_at__isnull=True) | Q(issued_at__gte=since, issued_at__lt=until)
    rows = list(Bulletin.objects.filter(late, until__lt=until).order_by("day")[:MOST])
    deadlines = deadlines_of(*(about(row) for row in rows)) if rows else {}
    for row in rows:
        for one in deadlines[about(row)]:
            due = Due(
                what=gettext(DEADLINES[KIND]),
                number=row.number,
                title=f"{row.day:%Y-%m-%d}",
                url=reverse("bulletin", args=[row.pk]),
                started_at=one.started_at,
                due_at=one.due_at,
                met_at=one.met_at,
                rule=one.rule,
            )
            yield from ((code, due) for code in upward_rules().units)


def _replies(span: Span, *, by: Actor) -> Iterator[tuple[str, Due]]:
    """Whoever sent an order wants its reply."""
    if not by.may("instruction.read"):
        return
    since, until = span
    waits = Q(replied_at__isnull=True, closed_at__isnull=True, reply_by__lt=until)
    done = Q(replied_at__gte=since, replied_at__lt=until)
    rows = instructions(seen_by=by).filter(waits | done, reply_by__isnull=False)
    for row in rows.order_by("reply_by", "pk")[:MOST]:
        assert row.reply_by is not None
        yield (
            row.sender,
            Due(
                what=gettext(DEADLINES[REPLY_DUE]),
                number=row.number,
                title=row.title,
                url=reverse("instruction", args=[row.pk]),
                started_at=row.received_at,
                due_at=row.reply_by,
                met_at=row.replied_at,
            ),
        )


def recipient_json(one: Recipient) -> Json:
    """A recipient as programs read it; without a unit it is whoever sent an order. 报送单位"""
    return {
        "unit": one.code or None,
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
