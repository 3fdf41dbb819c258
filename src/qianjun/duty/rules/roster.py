"""Which hours of a roster nobody covers, who fits a post, how a month is cut. 值班表规则"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from qianjun.kernel.clock import BEIJING
from qianjun.kernel.words import noop as _

SHIFT_HOUR: Final = 8
LONGEST: Final = timedelta(days=7)
EARLIEST: Final = timedelta(days=31)
LATEST: Final = timedelta(days=366)
TIMES_MOST: Final = 31
DAYS_MOST: Final = 31
GAP_DAYS: Final = 7
POSTS: Final[dict[str, str]] = {"leader_in_charge": _("带班领导"), "duty_officer": _("值班员")}
# whoever has one of these roles may have the post
FITS: Final[dict[str, tuple[str, ...]]] = {
    "leader_in_charge": ("leader_in_charge", "bureau_leader"),
    "duty_officer": ("duty_officer", "leader_in_charge"),
}
Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Hours in which nobody has a post. 空班"""

    since: datetime
    until: datetime


def gaps_in(spans: Iterable[Span], *, since: datetime, until: datetime) -> list[Gap]:
    """What of a time these spans leave uncovered, in order. 空班

    >>> from datetime import datetime
    >>> [a, b, c] = [datetime(2026, 6, 1, h) for h in (0, 8, 20)]
    >>> [(g.since.hour, g.until.hour) for g in gaps_in([(b, c)], since=a, until=c)]
    [(0, 8)]
    """
    found, at = list[Gap](), since
    for start, end in sorted(spans):
        if start > at:
            found.append(Gap(since=at, until=min(start, until)))
        at = max(at, end)
        if at >= until:
            return found
    return [*found, Gap(since=at, until=until)]


def month_of(word: str, *, now: datetime) -> tuple[str, datetime, datetime]:
    """The month that ``YYYY-MM`` names, else that of now: its name, beginning and end. 月份"""
    local = now.astimezone(BEIJING)
    year, month = _year_month(word) or (local.year, local.month)
    first = datetime(year, month, 1, tzinfo=BEIJING)
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=BEIJING)
    return f"{year:04d}-{month:02d}", first.astimezone(UTC), after.astimezone(UTC)


def _year_month(word: str) -> tuple[int, int] | None:
    year, dash, month = word.partition("-")
    plain = dash and year.isascii() and month.isascii() and year.isdigit() and month.isdigit()
    if not plain or len(year) != 4 or len(month) != 2:
        return None
    found = int(year), int(month)
    return found if 2000 <= found[0] <= 2999 and 1 <= found[1] <= 12 else None


def next_month(word: str, *, by: int) -> str:
    """The month so many after (or before) this one."""
    year, month = int(word[:4]), int(word[5:]) - 1 + by
    return f"{year + month // 12:04d}-{month % 12 + 1:02d}"


def next_shift(now: datetime) -> Span:
    """The whole shift that begins next at eight in Beijing. 下一班"""
    local = now.astimezone(BEIJING).replace(hour=SHIFT_HOUR, minute=0, second=0, microsecond=0)
    since = local if local > now else local + timedelta(days=1)
    return since, since + timedelta(days=1)


def repeated(span: Span, *, every_days: int, times: int) -> list[Span]:
    """The span and the same again every so many days, by the clock on the wall. 轮排"""
    since, until = (one.astimezone(BEIJING) for one in span)
    steps = [timedelta(days=every_days * n) for n in range(times)]
    return [(since + step, until + step) for step in steps]
