"""Units with those who answer for them, and what was changed about it. 查通讯录"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from qianjun.journal.models import Entry
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.contact_models import Contact
from qianjun.org.contacts import BUREAU, POST
from qianjun.org.models import Address, Person, Unit
from qianjun.org.queries import holders_of, within
from qianjun.org.rules import masked_name
from qianjun.org.staff.queries import Change, changes_in
from qianjun.org.staff.rules import masked_value

UNITS_MOST: Final = 1_000
PEOPLE_MOST: Final = 200
CHANGES: Final = (
    *("org.contact_set", "org.contact_dropped", "org.office_set", "org.office_dropped"),
    *("org.number_added", "org.number_changed", "org.number_stopped"),
)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Somebody who answers for a unit, and his first way to be reached, masked. 联系人

    ``channel`` is empty for who has no address with his consent: no message reaches him.
    """

    person: Person
    rank: int
    channel: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A unit in the book: who is called first, who after him. 一个单位

    ``by_post`` says that whoever is on duty answers, so that nobody is entered by hand.
    """

    unit: Unit
    gap: str
    people: tuple[Reached, ...]
    by_post: bool = False

    @property
    def reachable(self) -> bool:
        """Whether any message reaches it."""
        return any(one.channel for one in self.people)


def book(*, seen_by: Actor) -> list[Page]:
    """Every unit of his tree but enterprises, from the root down; four statements. 通讯录"""
    require(seen_by, "contact.read")
    units = within(Unit.objects.exclude(level=Unit.Level.ENTERPRISE), seen_by.scope, "path")
    return _pages(list(units.order_by("path")[:UNITS_MOST]))


def page_of(code: str, *, seen_by: Actor) -> Page:
    """One unit of his tree; 404 for any other. 一个单位的通讯录"""
    if not seen_by.may("contact.read"):
        raise not_found()
    found = within(Unit.objects.filter(code=code), seen_by.scope, "path").first()
    if found is None:
        raise not_found()
    return _pages([found])[0]


def _pages(units: list[Unit]) -> list[Page]:
    rows = Contact.objects.filter(unit__in=units).select_related("person")
    by_unit = defaultdict[int, list[tuple[Person, int]]](list)
    for row in rows.order_by("rank", "pk"):
        by_unit[row.unit_id].append((row.person, row.rank))
    for unit in units:
        if unit.code == BUREAU:
            by_unit[unit.pk] = [(person, n) for n, person in enumerate(holders_of(POST))]
    ways = _ways(person for people in by_unit.values() for person, _rank in people)
    top = min((unit.path.count("/") for unit in units), default=0)
    return [
        Page(
            unit=unit,
            gap="　" * (unit.path.count("/") - top),
            people=tuple(
                Reached(person=person, rank=rank, channel=channel, number=number)
                for person, rank in by_unit[unit.pk]
                for channel, number in (ways.get(person.pk, ("", "")),)
            ),
            by_post=unit.code == BUREAU,
        )
        for unit in units
    ]


def _ways(people: Iterable[Person]) -> dict[int, tuple[str, str]]:
    """The first address with consent of each, masked."""
    rows = Address.objects.filter(person__in={one.pk for one in people}, consent_at__isnull=False)
    first = rows.order_by("person_id", "rank", "pk").distinct("person_id")
    return {row.person_id: (row.channel, masked_value(row.channel, row.value)) for row in first}


def candidates(unit: Unit, *, seen_by: Actor) -> QuerySet[Person]:
    """The people of the unit, of whom some may answer for it. 可选联系人"""
    rows = within(Person.objects.filter(unit=unit), seen_by.scope, "unit__path")
    return rows.order_by("sort_key", "pk")[:PEOPLE_MOST]


def changes_of(unit: Unit) -> list[Change]:
    """Who was entered and taken out, by whom, the latest first. 变更记录"""
    return changes_in(
        Entry.objects.filter(name__in=CHANGES, about_kind="unit", about_id=str(unit.pk))
    )


def page_json(page: Page) -> dict[str, Any]:
    """A unit with those who answer for it, names and numbers masked. 通讯录"""
    return {
        "unit": page.unit.code,
        "name": page.unit.short_name,
        "by_post": page.by_post,
        "reachable": page.reachable,
        "contacts": [
            {
                "person": str(one.person.pk),
                "name_masked": masked_name(one.person.name),
                "rank": one.rank,
                "channel": one.channel or None,
                "number_masked": one.number or None,
            }
            for one in page.people
        ],
    }
