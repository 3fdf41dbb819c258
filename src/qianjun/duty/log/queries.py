"""The duty log of a day or a shift, read from the journal. 查值班日志"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from qianjun.duty.rules.log import (
    BESIDE,
    GROUPS,
    KINDS,
    NOT_LOGGED,
    NOTED,
    ORDERED,
    SPANS,
    day_of,
    span_of,
)
from qianjun.incident.models import Incident
from qianjun.incident.queries import incidents
from qianjun.journal.models import Entry
from qianjun.journal.queries import Line, lines_of, with_rest
from qianjun.kernel import clock
from qianjun.kernel.text import mask_phones_in
from qianjun.org.actor import Actor, require
from qianjun.org.queries import names_of

LINES_A_PAGE: Final = 100
LINES_AT_ONCE: Final = 500
PRINT_MOST: Final = 2_000
PAGES_MOST: Final = 100_000
Json = dict[str, Any]
HANDWRITTEN: Final = (NOTED,)


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """A line of the log with what it is about. 日志行"""

    line: Line
    who: str
    incident: int | None
    number: str
    title: str

    @property
    def may_correct(self) -> bool:
        """Whether it was written by hand and stands."""
        return (
            self.line.name in HANDWRITTEN
            and not self.line.erased
            and self.line.corrected_by is None
            and self.line.mark != "barred"
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which part of the log somebody looks at. 日志范围"""

    day: date
    span: str
    group: str
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Log:
    """A page of the log. 日志页"""

    asked: Asked
    lines: tuple[LogLine, ...]
    count: int
    page: int
    pages: int


def asked_for(*, day: str = "", span: str = "", group: str = "") -> Asked:
    """What the words of an address ask for; what they do not name is today, whole. 读筛选"""
    found = day_of(day, now=clock.now())
    how = span if span in SPANS else next(iter(SPANS))
    since, until = span_of(found, how)
    return Asked(
        day=found, span=how, group=group if group in GROUPS else "", since=since, until=until
    )


def entries_of(asked: Asked, *, seen_by: Actor) -> QuerySet[Entry]:
    """The entries of that part of the log, by when they happened. 日志条目"""
    require(seen_by, "duty_log.read")
    rows = Entry.objects.filter(happened_at__gte=asked.since, happened_at__lt=asked.until)
    rows = rows.filter(Q(kind__in=KINDS) | Q(name__in=BESIDE)).exclude(name__in=NOT_LOGGED)
    if asked.group == ORDERED:
        rows = rows.filter(kind="order")
    elif asked.group:
        wanted = Q(pk__in=[])
        for start in GROUPS[asked.group][1]:
            wanted |= Q(name__startswith=start)
        rows = rows.filter(wanted)
    if seen_by.scope.kind != "all":
        rows = rows.filter(incident__in=incidents(seen_by=seen_by).order_by().values("pk"))
    return rows.order_by("happened_at", "pk")


def log(
    *, seen_by: Actor, asked: Asked, page: int = 0, newest_first: bool = False, whole: bool = False
) -> Log:
    """A page of the log, 0 the last one; the whole day, to a limit, for paper. 值班日志"""
    rows = entries_of(asked, seen_by=seen_by)
    count = rows.count()
    size = PRINT_MOST if whole else LINES_A_PAGE
    pages = max(1, -(-count // size))
    at = pages if page == 0 else min(max(1, page), pages)
    shown = list(_whole(rows)[(at - 1) * size : at * size])
    lines = _lines(shown)
    return Log(
        asked=asked,
        lines=tuple(reversed(lines) if newest_first else lines),
        count=count,
        page=at,
        pages=pages,
    )


def every_line(asked: Asked, *, seen_by: Actor, most: int) -> Iterator[LogLine]:
    """Every line of that part, a few hundred at a time, up to a limit. 逐行"""
    rows = _whole(entries_of(asked, seen_by=seen_by))
    for start in range(0, most, LINES_AT_ONCE):
        found = list(rows[start : min(start + LINES_AT_ONCE, most)])
        yield from _lines(found)
        if len(found) < LINES_AT_ONCE:
            return


def _whole(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    news = Entry.objects.filter(corrects=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return with_rest(rows).annotate(corrected_by=Cast(Subquery(news), CharField()))


def _lines(rows: Iterable[Entry]) -> list[LogLine]:
    lines = lines_of(rows)
    names = names_of((one.by_kind, one.by_id) for one in lines)
    known = {one.incident for one in lines if one.incident is not None}
    told: Any = Incident.objects.filter(pk__in=known).values_list("pk", "number", "title")
    about = {pk: (number, title) for pk, number, title in told} if known else {}
    return [
        LogLine(
            line=one,
            who=names[one.by_kind, one.by_id],
            incident=one.incident,
            number=about.get(one.incident, ("", ""))[0] if one.incident else "",
            title=about.get(one.incident, ("", ""))[1] if one.incident else "",
        )
        for one in lines
    ]


def line_json(one: LogLine) -> Json:
    """A line of the log as programs read it; telephones are masked. 日志行"""
    line = one.line
    return {
        "id": line.id,
        "seq": line.seq,
        "at": line.at.isoformat(),
        "happened_at": line.happened_at.isoformat(),
        "late_entry": line.late_entry,
        "name": line.name,
        "kind": line.kind,
        "by": {"kind": line.by_kind, "name_masked": one.who, "role": line.by_role},
        "incident": {"id": str(one.incident), "number": one.number} if one.incident else None,
        "text_zh": mask_phones_in(line.text_zh),
        "text_en": mask_phones_in(line.text_en),
        "erased": line.erased,
        "corrects": line.corrects,
        "corrected_by": line.corrected_by,
    }
