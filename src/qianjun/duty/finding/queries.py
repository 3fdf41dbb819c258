"""What a line of the command line leads to, within what its person may see. 检索"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from qianjun.duty.rules.command import FIND, GO, LEVEL, TAKE, Line, phone_tail, understood
from qianjun.force.queries.teams import teams
from qianjun.incident.queries import incidents
from qianjun.journal.search import closest
from qianjun.kernel.search import search_terms
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.models import Person, Unit
from qianjun.org.queries import within
from qianjun.org.staff.queries import people_seen
from qianjun.place.models import Place

KINDS: Final[dict[str, str]] = {
    "act": _("办"),
    "page": _("页面"),
    "incident": _("事件"),
    "person": _("人员"),
    "unit": _("单位"),
    "team": _("队伍"),
    "place": _("地点"),
}
EACH_MOST: Final = 5
PAGE_MOST: Final = 20


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A page that may be gone to: its word in both languages, its address. 去处"""

    zh: str
    word: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something that was found. 一条结果"""

    kind: str
    title: str
    note: str
    url: str

    @property
    def kind_said(self) -> str:
        """What it is, in the reader's language."""
        return gettext(KINDS[self.kind])


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything that a line leads to; ``tail`` when people may be looked for by number. 结果"""

    line: Line
    hits: tuple[Hit, ...]
    tail: str


def found(
    typed: str, *, seen_by: Actor, pages: Iterable[Destination] = (), most: int = EACH_MOST
) -> Found:
    """What this line leads to, at most so many of each kind. 检索"""
    require(seen_by, "search.ask")
    line = understood(typed)
    tail = phone_tail(line.rest) if seen_by.may("person.reveal") else ""
    return Found(line=line, hits=tuple(_hits(line, seen_by, pages, most)), tail=tail)


def _hits(line: Line, by: Actor, pages: Iterable[Destination], most: int) -> Iterable[Hit]:
    if line.verb == TAKE:
        if by.may("report.take"):
            yield _intake(line)
        return
    if line.verb == LEVEL and line.rest:
        if by.may("gauge.write"):
            url = f"{reverse('river')}?{urlencode({'value': line.rest})}"
            yield Hit(kind="act", title=gettext("记水位"), note=line.rest, url=url)
        return
    if line.verb != FIND:
        yield from _pages(line.rest, pages)
    if not line.rest or line.verb == GO:
        return
    asked: tuple[Callable[[str, Actor, int], Iterable[Hit]], ...] = (_people, _units, _teams)
    if line.verb != FIND:
        asked = (_incidents, *asked, _places)
    for one in asked:
        yield from one(line.rest, by, most)


def _intake(line: Line) -> Hit:
    asked = f"?{urlencode(line.fields)}" if line.fields else ""
    said = [line.where, line.text]
    return Hit(
        kind="act",
        title=gettext("接报"),
        note=" · ".join(one for one in said if one),
        url=f"{reverse('intake')}{asked}",
    )


def _pages(q: str, pages: Iterable[Destination]) -> Iterable[Hit]:
    words = q.lower()
    for one in pages:
        known = [*search_terms(names=[one.zh]), one.word.lower()]
        if not words or words in one.zh or any(term.startswith(words) for term in known):
            yield Hit(kind="page", title=one.word, note="", url=one.url)


def _incidents(q: str, by: Actor, most: int) -> Iterable[Hit]:
    if not by.may("incident.read"):
        return
    for row in incidents(seen_by=by, q=q).order_by("-received_at", "-pk")[:most]:
        note = f"{row.number} · {row.place_name}" if row.place_name else row.number
        yield Hit(
            kind="incident", title=row.title, note=note, url=reverse("incident", args=[row.pk])
        )


def _people(q: str, by: Actor, most: int) -> Iterable[Hit]:
    if by.may("person.list"):
        yield from people_hits(closest(people_seen(by), q)[:most])


def people_hits(people: QuerySet[Person] | Iterable[Person]) -> Iterable[Hit]:
    """These people as they are listed: whole names are for whoever may open the page. 人员结果"""
    for one in people:
        url = reverse("person", args=[one.pk])
        yield Hit(kind="person", title=one.name, note=one.unit.short_name, url=url)


def _units(q: str, by: Actor, most: int) -> Iterable[Hit]:
    if not by.may("contact.read"):
        return
    for row in closest(within(Unit.objects.all(), by.scope, "path"), q)[:most]:
        url = reverse("contact", args=[row.code])
        yield Hit(kind="unit", title=row.name, note=row.code, url=url)


def _teams(q: str, by: Actor, most: int) -> Iterable[Hit]:
    if not by.may("force.read"):
        return
    for row in teams(seen_by=by, q=q)[:most]:
        url = reverse("team", args=[row.pk])
        yield Hit(kind="team", title=row.name, note=row.unit.short_name, url=url)


def _places(q: str, by: Actor, most: int) -> Iterable[Hit]:
    if not by.may("report.take"):
        return
    for row in closest(Place.objects.all(), q)[:most]:
        url = f"{reverse('intake')}?{urlencode({'where': row.name})}"
        yield Hit(kind="place", title=row.name, note=gettext("在这里接报"), url=url)
