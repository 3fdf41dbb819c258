"""Questions about what happened. 事件簿查询"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext, override

from qianjun.journal.bus import Event
from qianjun.journal.events import BodyErased
from qianjun.journal.heard import event_of
from qianjun.journal.models import Card, Entry, Mark
from qianjun.journal.payloads import UnknownEvent
from qianjun.journal.rules import ARTICLES, LATE_ENTRY_S, USUAL_MARK
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _

LANGUAGES = ("zh-hans", "en")
UNKNOWN = _("未知记录 %(name)s")
WITH_BODY = _("%(sentence)s：%(body)s")
ERASED = _("【已依法删除】%(article)s")
HIDDEN = _("【不得录入】已遮住，等待依法删除")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry as people read it. 时间线的一行

    ``late_entry`` is 补录: it happened at least a minute before it was said.
    """

    id: str
    seq: int | None
    at: datetime
    happened_at: datetime
    recorded_at: datetime
    late_entry: bool
    name: str
    kind: str
    by_kind: str
    by_id: str
    by_role: str
    text_zh: str
    text_en: str
    erased: bool
    corrects: str | None
    corrected_by: str | None
    about_kind: str
    about_id: str
    incident: int | None
    body: str
    mark: str


def timeline(
    *,
    incident: int,
    after: str | None = None,
    kind: str | None = None,
    as_of: datetime | None = None,
    limit: int = 50,
    newest_first: bool = False,
    but: Q | None = None,
) -> tuple[list[Line], str | None]:
    """The entries of an incident by when they happened, and where to go on; two statements. 时间线

    ``after`` is the second value of the page before, asked in the same direction.
    ``as_of`` shows what had been said by that instant of domain time, which a drill moves; what
    was entered afterwards is not in it; ``but`` leaves entries out. Raises Refused 422
    ``bad_cursor``.
    """
    rows = Entry.objects.filter(incident=incident)
    if kind:
        rows = rows.filter(kind=kind)
    if but is not None:
        rows = rows.exclude(but)
    if as_of:
        rows = rows.filter(at__lte=as_of)
    if after:
        happened_at, ident = _place(after)
        way = "lt" if newest_first else "gt"
        rows = rows.filter(
            Q(**{f"happened_at__{way}": happened_at})
            | Q(happened_at=happened_at, **{f"pk__{way}": ident})
        )
    order = ("-happened_at", "-id") if newest_first else ("happened_at", "id")
    found = list(_with_corrections(with_rest(rows), as_of).order_by(*order)[: limit + 1])
    shown = found[:limit]
    more = _cursor(shown[-1]) if len(found) > limit else None
    return lines_of(shown), more


def _with_corrections(rows: QuerySet[Entry], as_of: datetime | None) -> QuerySet[Entry]:
    """Each with the entry that corrected it, as known at an instant; the last when several did."""
    news = Entry.objects.filter(corrects=OuterRef("pk"), incident=OuterRef("incident"))
    if as_of is not None:
        news = news.filter(at__lte=as_of)
    return rows.annotate(corrected_by=Subquery(news.order_by("-pk").values("pk")[:1]))


def last_lines(incidents: Iterable[int]) -> dict[int, Line]:
    """The newest line of each of these incidents; two statements, however many. 最新一行"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last.id FROM unnest(%s::bigint[]) AS asked(id) CROSS JOIN LATERAL ("
            " SELECT id FROM journal_entry WHERE incident = asked.id"
            " ORDER BY happened_at DESC, id DESC LIMIT 1) AS last",
            [list(incidents)],
        )
        newest = [row[0] for row in cursor.fetchall()]
    lines = lines_of(with_rest(Entry.objects.filter(pk__in=newest))) if newest else []
    return {line.incident: line for line in lines if line.incident is not None}


def open_cards() -> QuerySet[Card]:
    """Jobs given up that wait for a person, the oldest first. 待人工处理"""
    return Card.objects.filter(settled_at__isnull=True).order_by("made_at", "id")


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """These entries as people read them, in both languages."""
    rows = list(entries)
    events = [_event_or_none(row) for row in rows]
    articles = _articles([row.pk for row in rows if _erased(row)])
    texts = []
    for language in LANGUAGES:
        with override(language):
            pairs = zip(rows, events, strict=True)
            texts.append([_text(row, event, articles.get(row.pk)) for row, event in pairs])
    return [_line(row, *both) for row, *both in zip(rows, *texts, strict=True)]


def with_rest(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with what their lines need: seal, body, how they may be handled."""
    marks = Mark.objects.filter(
        about_kind="entry", about_id=Cast(OuterRef("pk"), CharField())
    ).order_by("-pk")
    return rows.select_related("seal", "body").annotate(mark=Subquery(marks.values("mark")[:1]))


def _event_or_none(entry: Entry) -> Event | None:
    try:
        return event_of(entry)
    except UnknownEvent:
        return None


def _articles(erased: list[int]) -> dict[int, str]:
    if not erased:
        return {}
    said = Entry.objects.filter(name=BodyErased.name, about_kind="entry")
    rows = said.filter(about_id__in=[str(pk) for pk in erased]).values_list("payload", flat=True)
    return {row["entry_id"]: ARTICLES.get(row["article"], row["article"]) for row in rows}


def _erased(entry: Entry) -> bool:
    return bool(entry.digest) and not _body(entry)


def _body(entry: Entry) -> str:
    return entry.body.text if hasattr(entry, "body") else ""


def _mark(entry: Entry) -> str:
    return getattr(entry, "mark", None) or USUAL_MARK


def _sentence(entry: Entry, event: Event | None) -> str:
    if event is None:
        return gettext(UNKNOWN) % {"name": entry.name}
    if not event.sentence:
        return ""
    try:
        return gettext(event.sentence) % event.words()
    except (KeyError, TypeError, ValueError):  # a catalogue that lost a place breaks no page
        return entry.name


def _text(entry: Entry, event: Event | None, article: str | None) -> str:
    sentence = _sentence(entry, event)
    body = _body(entry)
    if _erased(entry):
        body = gettext(ERASED) % {"article": gettext(article) if article else ""}
    elif body and _mark(entry) == "barred":
        body = gettext(HIDDEN)
    if not sentence or not body:
        return sentence or body
    return gettext(WITH_BODY) % {"sentence": sentence, "body": body}


def _line(entry: Entry, text_zh: str, text_en: str) -> Line:
    late_s = (entry.at - entry.happened_at).total_seconds()
    return Line(
        id=str(entry.pk),
        seq=entry.seal.seq if hasattr(entry, "seal") else None,
        at=entry.at,
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        late_entry=late_s >= LATE_ENTRY_S,
        name=entry.name,
        kind=entry.kind,
        by_kind=entry.by_kind,
        by_id=entry.by_id,
        by_role=entry.by_role,
        text_zh=text_zh,
        text_en=text_en,
        erased=_erased(entry),
        corrects=None if entry.corrects is None else str(entry.corrects),
        corrected_by=str(by) if (by := vars(entry).get("corrected_by")) is not None else None,
        about_kind=entry.about_kind,
        about_id=entry.about_id,
        incident=entry.incident,
        body="" if _mark(entry) == "barred" else _body(entry),
        mark=_mark(entry),
    )


def _cursor(entry: Entry) -> str:
    place = f"{entry.happened_at.isoformat()}|{entry.pk}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        happened_at, ident = base64.urlsafe_b64decode(padded.encode()).decode().split("|")
        instant, number = datetime.fromisoformat(happened_at), int(ident)
        if instant.tzinfo is None or not 0 <= number < 2**63:
            raise ValueError(cursor)
    except (ValueError, binascii.Error) as error:
        raise Refused("bad_cursor", _("翻页位置不对，请从头再查。")) from error
    return instant, number
