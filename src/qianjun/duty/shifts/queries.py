"""The roster of a month, who may be put on it, which hours nobody covers. 查值班表"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from qianjun.duty.models import STANDS, Shift
from qianjun.duty.rules.roster import FITS, GAP_DAYS, POSTS, Gap, gaps_in, month_of
from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.org.models import Holding, Person
from qianjun.org.queries import people_of_role

ROWS_MOST: Final = 1_000
UNDO_WITHIN: Final = timedelta(hours=24)
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A month of the roster. 月值班表"""

    month: str
    shifts: tuple[Shift, ...]
    removed: tuple[Shift, ...]
    gaps: tuple[tuple[str, Gap], ...]
    until_further: tuple[Holding, ...]


def shifts_between(since: datetime, until: datetime) -> QuerySet[Shift]:
    """Shifts that stand and touch this time, by time and post. 期间班次"""
    rows = Shift.objects.filter(STANDS, since__lt=until, until__gt=since)
    return rows.select_related("post", "person__unit", "holding").order_by("since", "post", "pk")


def people_for(post: str) -> QuerySet[Person]:
    """Who may be put on a post: everybody with a role that fits it. 可排人员"""
    fit = Q(pk__in=[])
    for role in FITS.get(post, ()):
        fit |= Q(pk__in=people_of_role(role).order_by().values("pk"))
    return Person.objects.filter(fit).select_related("unit").order_by("sort_key", "pk")


def gaps_ahead(*, now: datetime | None = None) -> list[tuple[str, Gap]]:
    """The hours of the next 7 days for which a post has nobody on the roster. 空班"""
    since = now or clock.now()
    until = since + timedelta(days=GAP_DAYS)
    rows = list(shifts_between(since, until))
    found = list[tuple[str, Gap]]()
    for code in POSTS:
        spans = [(row.since, row.until) for row in rows if row.post.code == code]
        found += [(code, gap) for gap in gaps_in(spans, since=since, until=until)]
    return found


def roster(*, seen_by: Actor, month: str = "") -> Roster:
    """The roster of a month, what was just taken off it, and the gaps ahead. 值班表"""
    require(seen_by, "roster.read")
    now = clock.now()
    name, since, until = month_of(month, now=now)
    removed = Shift.objects.filter(removed_at__gt=now - UNDO_WITHIN, until__gt=now)
    return Roster(
        month=name,
        shifts=tuple(shifts_between(since, until)[:ROWS_MOST]),
        removed=tuple(removed.select_related("post", "person").order_by("-removed_at")[:20]),
        gaps=tuple(gaps_ahead(now=now)),
        until_further=tuple(_until_further(now)),
    )


def _until_further(now: datetime) -> Sequence[Holding]:
    """Who is on post now without a row of the roster: until somebody else is put there."""
    held = Holding.objects.filter(post__code__in=POSTS, shift__isnull=True, since__lte=now)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=now))
    return list(held.select_related("post", "person").order_by("post", "pk"))


def shift_json(row: Shift) -> Json:
    """A row of the roster as programs read it. 班次"""
    return {
        "id": str(row.pk),
        "post": row.post.code,
        "person": {"id": row.person_id, "name": row.person.name},
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "version": row.version,
        "removed": row.removed_at is not None,
    }


def gap_json(code: str, gap: Gap) -> Json:
    """Hours that nobody covers, as programs read them. 空班"""
    return {"post": code, "since": gap.since.isoformat(), "until": gap.until.isoformat()}
