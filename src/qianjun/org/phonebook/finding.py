"""Find somebody in the phone book: by name, unit, office, initials, or the end of a number. 查找"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from qianjun.kernel.search import search_questions
from qianjun.kernel.text import clean, masked_phone
from qianjun.org.actor import Actor, require
from qianjun.org.away.queries import away_now
from qianjun.org.contact_models import Contact
from qianjun.org.models import Address, Person, Unit
from qianjun.org.phonebook import rules
from qianjun.org.phonebook.queries import (
    Line,
    Seat,
    line_json,
    lines_of,
    numbers_kept,
    phones_of,
    seats,
)
from qianjun.org.queries import within
from qianjun.org.reads import record_read
from qianjun.org.rules import masked_name
from qianjun.org.telephone_models import Absence, Office

HITS_MOST: Final = 40
Q_MOST: Final = 60
# volunteers are called out in waves; the book is for those who answer by office
NOT_LISTED: Final = "volunteer"


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One row that was found: where, as what, who, and on which numbers. 查到一行"""

    unit: Unit
    title: str = ""
    person: Person | None = None
    deputy: Person | None = None
    lines: tuple[Line, ...] = ()
    absence: Absence | None = None


@transaction.atomic(savepoint=False)
def find_in_book(*, by: Actor, q: str) -> list[Hit]:
    """Rows in which every word stands; the end of a number only by permission, and noted. 查通讯录

    Three digits or more are the end of a number: 403 without ``person.reveal``.
    """
    require(by, "contact.read")
    words = clean(q[:Q_MOST]).text.strip()
    if not words:
        return []
    tail = rules.tail_asked(words)
    return _with_absences(_by_tail(by, tail) if tail else _ordered(_by_words(by, words), words))


def _with_absences(hits: list[Hit]) -> list[Hit]:
    away = away_now(one.person.pk for one in hits if one.person)
    if not away:
        return hits
    return [replace(one, absence=away.get(one.person.pk) if one.person else None) for one in hits]


def _by_tail(by: Actor, tail: str) -> list[Hit]:
    require(by, "person.reveal")
    record_read(by=by, what="phone.search", about=("phone", masked_phone(tail)))
    numbers = {row.pk for row in numbers_kept(value__endswith=tail)}
    ways = Address.objects.filter(channel__in=rules.DIALLED, value__endswith=tail)
    people = list(ways.values_list("person", flat=True)[:HITS_MOST])
    rows = Office.objects.filter(Q(person__in=people) | Q(numbers__in=numbers))
    known = _people(by, Person.objects.filter(pk__in=people))
    here = numbers_kept(pk__in=numbers, office__isnull=True)
    allowed = set(within(Unit.objects.all(), by.scope, "path").values_list("pk", flat=True))
    return _hits(_offices(by, rows), [], known, [row for row in here if row.unit_id in allowed])


def _by_words(by: Actor, words: str) -> list[Hit]:
    offices = _asked(Office.objects.all(), words, "", "unit__", "person__", "deputy__")
    contacts = _asked(Contact.objects.all(), words, "unit__", "person__")
    listed = Q(contacts__isnull=False) | Q(grants__isnull=False) & ~Q(grants__role=NOT_LISTED)
    people = _asked(Person.objects.filter(listed), words, "", "unit__")
    units = _asked(Unit.objects.all(), words, "")
    ours = within(units, by.scope, "path").values_list("pk", flat=True)[:HITS_MOST]
    answering = within(contacts, by.scope, "unit__path").select_related("unit", "person__unit")
    return _hits(
        _offices(by, offices),
        list(answering.order_by("rank", "pk")[:HITS_MOST]),
        _people(by, people),
        numbers_kept(unit__in=list(ours), office__isnull=True),
    )


def _asked(rows: QuerySet[Any], words: str, *paths: str) -> QuerySet[Any]:
    """Each word stands in one of the tables behind these paths."""
    for asked in search_questions(words) or ():
        either = Q()
        for path in paths:
            either |= Q(**{f"{path}search__matches": asked})
        rows = rows.filter(either)
    return rows


def _offices(by: Actor, rows: QuerySet[Office]) -> list[Seat]:
    his = within(rows, by.scope, "unit__path").select_related("unit", "person__unit", "deputy")
    return seats(list(his.order_by("unit__path", "rank", "pk").distinct()[:HITS_MOST]))


def _people(by: Actor, rows: QuerySet[Person]) -> list[Person]:
    his = within(rows, by.scope, "unit__path").select_related("unit")
    return list(his.order_by("sort_key", "pk").distinct()[:HITS_MOST])


def _hits(
    found: list[Seat], contacts: list[Contact], people: list[Person], numbers: list[Any]
) -> list[Hit]:
    """Everybody once: by his office, else as who answers for a unit, else by name."""
    hits = [
        Hit(
            unit=one.office.unit,
            title=one.office.title,
            person=one.office.person,
            deputy=one.office.deputy,
            lines=one.lines,
        )
        for one in found
    ]
    seen = {one.office.person_id for one in found}
    rest: dict[int, tuple[Unit, Person]] = {}
    for unit, person in _others(contacts, people):
        if person.pk not in seen:
            rest.setdefault(person.pk, (unit, person))
    phones: dict[int, list[Line]] = {}
    for line in lines_of([], phones_of(rest)):
        if line.person is not None:
            phones.setdefault(line.person.pk, []).append(line)
    hits += [
        Hit(unit=unit, person=person, lines=tuple(phones.get(person.pk, ())))
        for unit, person in rest.values()
    ]
    return [*_rooms(lines_of(numbers, [])), *hits]


def _others(contacts: list[Contact], people: list[Person]) -> Iterable[tuple[Unit, Person]]:
    yield from ((row.unit, row.person) for row in contacts)
    yield from ((row.unit, row) for row in people)


def _rooms(lines: list[Line]) -> list[Hit]:
    by_unit: dict[int, list[Line]] = {}
    for line in lines:
        by_unit.setdefault(line.unit.pk, []).append(line)
    return [Hit(unit=found[0].unit, lines=tuple(found)) for found in by_unit.values()]


def _ordered(hits: list[Hit], words: str) -> list[Hit]:
    """Whoever is called so first, then names that begin so, then the rest as they came."""
    return sorted(hits, key=lambda one: _distance(one, words))[:HITS_MOST]


def _distance(hit: Hit, words: str) -> int:
    names = [hit.person.name] if hit.person else [hit.unit.short_name, hit.unit.name]
    if words in names:
        return 0
    if any(name.startswith(words) for name in names):
        return 1
    if not hit.lines:
        return 4
    return 2 if hit.person else 3


def hit_json(hit: Hit) -> dict[str, Any]:
    """A row as programs read it, names and personal numbers masked."""
    return {
        "unit": hit.unit.code,
        "unit_name": hit.unit.short_name,
        "title": hit.title or None,
        "person": str(hit.person.pk) if hit.person else None,
        "name_masked": masked_name(hit.person.name) if hit.person else None,
        "deputy_masked": masked_name(hit.deputy.name) if hit.deputy else None,
        "away_until": hit.absence.until.isoformat() if hit.absence else None,
        "numbers": [line_json(one) for one in hit.lines],
    }
