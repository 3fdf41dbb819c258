"""Offices, numbers, when each was looked at, what is to be looked at. 查号码"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from qianjun.kernel import clock
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.contact_models import Contact
from qianjun.org.models import Address, Person, Unit
from qianjun.org.phonebook import rules
from qianjun.org.queries import within
from qianjun.org.rules import masked_name
from qianjun.org.store import setting
from qianjun.org.telephone_models import NumberCheck, Office, PhoneNumber

DAYS: Final = 30
ROWS_MOST: Final = 5_000
KINDS: Final = dict(PhoneNumber.Kind.choices)
Key = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One number as it is shown; a personal one is masked until it is asked for. 一个号码

    ``what`` and ``ident`` name the row: a number of a unit, or an address of a person.
    """

    what: rules.What
    ident: int
    kind: str
    value: str
    unit: Unit
    person: Person | None = None
    office: Office | None = None
    checked_at: datetime | None = None
    version: int = 0

    @property
    def personal(self) -> bool:
        """Whether it is shown by a press that is written down."""
        return self.person is not None or self.kind in rules.PERSONAL

    @property
    def shown(self) -> str:
        """The number, masked when it is personal."""
        return rules.shown(self.value, personal=self.personal)

    @property
    def dial(self) -> str:
        """What a telephone dials."""
        return rules.dialled(self.value)

    @property
    def key(self) -> Key:
        """What tells it from every other."""
        return self.what, self.ident


@dataclass(frozen=True, kw_only=True)
class Seat:
    """An office with its numbers and those of whoever has it. 职务一行"""

    office: Office
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a unit has come with looking at its numbers. 核对进度"""

    unit: Unit
    tally: rules.Tally


def check_days() -> int:
    """After how many days a number is to be looked at again. 核对周期"""
    chosen = setting("org", "check_days")
    return chosen if isinstance(chosen, int) else DAYS


# --- numbers ------------------------------------------------------------------------------------


def last_checks(keys: Iterable[Key]) -> dict[Key, NumberCheck]:
    """The last look at each of these; one statement. 最近核对"""
    wanted = defaultdict[str, list[int]](list)
    for what, ident in keys:
        wanted[what].append(ident)
    if not wanted:
        return {}
    asked = Q()
    for what, idents in wanted.items():
        asked |= Q(about_kind=what, about_id__in=idents)
    rows = NumberCheck.objects.filter(asked).order_by("about_kind", "about_id", "-at", "-pk")
    last = rows.distinct("about_kind", "about_id")
    return {(row.about_kind, row.about_id): row for row in last}


def lines_of(numbers: Sequence[PhoneNumber], addresses: Sequence[Address]) -> list[Line]:
    """These as they are shown, without what was stopped; one statement. 号码行"""
    found = [
        *(
            Line(
                what="number",
                ident=row.pk,
                kind=row.kind,
                value=row.value,
                unit=row.unit,
                office=row.office,
                version=row.version,
            )
            for row in numbers
        ),
        *(
            Line(
                what="address",
                ident=row.pk,
                kind=rules.MOBILE,
                value=row.value,
                unit=row.person.unit,
                person=row.person,
            )
            for row in addresses
        ),
    ]
    checks = last_checks(one.key for one in found)
    return [line for one in found if (line := _looked_at(one, checks.get(one.key))) is not None]


def _looked_at(line: Line, check: NumberCheck | None) -> Line | None:
    if check is None:
        return line
    if check.outcome == NumberCheck.Outcome.STOPPED:
        return None
    return replace(line, checked_at=check.at)


def phones_of(people: Iterable[int]) -> list[Address]:
    """The telephones among the addresses of these people, the first to try first. 手机"""
    rows = Address.objects.filter(person__in=set(people), channel__in=rules.DIALLED)
    found: dict[tuple[int, str], Address] = {}
    for row in rows.select_related("person__unit").order_by("person_id", "rank", "pk"):
        found.setdefault((row.person_id, row.value), row)  # one telephone on two channels
    return list(found.values())


def numbers_kept(**asked: Any) -> list[PhoneNumber]:  # noqa: ANN401 - what a table is asked
    """Numbers that have not been stopped, in the order of their kinds. 在用号码"""
    rows = PhoneNumber.objects.filter(stopped_at__isnull=True, **asked)
    kinds = list(KINDS)
    found = rows.select_related("unit", "office").order_by("pk")[:ROWS_MOST]
    return sorted(found, key=lambda row: (kinds.index(row.kind), row.pk))


def line_seen(what: str, ident: int, *, seen_by: Actor) -> Line:
    """One number in the asker's tree; 404 for any other and for a stopped one. 一个号码"""
    numbers: list[PhoneNumber] = []
    addresses: list[Address] = []
    if what == "number":
        asked = PhoneNumber.objects.filter(pk=ident, stopped_at__isnull=True)
        numbers = list(within(asked, seen_by.scope, "unit__path").select_related("unit", "office"))
    elif what == "address":
        rows = Address.objects.filter(pk=ident, channel__in=rules.DIALLED)
        addresses = list(
            within(rows, seen_by.scope, "person__unit__path").select_related("person__unit")
        )
    found = lines_of(numbers, addresses)
    if not found:
        raise not_found()
    return found[0]


# --- one unit -----------------------------------------------------------------------------------


def numbers_of(unit: Unit) -> list[Line]:
    """The numbers of a unit that belong to no office. 单位号码"""
    return lines_of(numbers_kept(unit=unit, office__isnull=True), [])


def duty_lines(units: Sequence[Unit]) -> dict[int, list[Line]]:
    """The duty telephones of many units, by unit; two statements. 值班电话"""
    found = defaultdict[int, list[Line]](list)
    kept = numbers_kept(unit__in=units, kind="duty", office__isnull=True)
    for line in lines_of(kept, []):
        found[line.unit.pk].append(line)
    return dict(found)


def seats_of(unit: Unit) -> list[Seat]:
    """The offices of a unit with who has them; four statements. 职务"""
    rows = Office.objects.filter(unit=unit).select_related("unit", "person__unit", "deputy")
    return seats(list(rows.order_by("rank", "pk")))


def seats(offices: Sequence[Office]) -> list[Seat]:
    """These offices with all their numbers; three statements. 职务与号码"""
    people = {row.person_id for row in offices if row.person_id}
    lines = lines_of(numbers_kept(office__in=[row.pk for row in offices]), phones_of(people))
    by_office, by_person = defaultdict[int, list[Line]](list), defaultdict[int, list[Line]](list)
    for line in lines:
        if line.office is not None:
            by_office[line.office.pk].append(line)
        elif line.person is not None:
            by_person[line.person.pk].append(line)
    return [
        Seat(
            office=row,
            lines=(*by_person.get(row.person_id or 0, ()), *by_office.get(row.pk, ())),
        )
        for row in offices
    ]


def office_json(seat: Seat) -> dict[str, Any]:
    """An office as programs read it, names and personal numbers masked."""
    row = seat.office
    return {
        "id": str(row.pk),
        "version": row.version,
        "unit": row.unit.code,
        "title": row.title,
        "rank": row.rank,
        "person": str(row.person_id) if row.person_id else None,
        "name_masked": masked_name(row.person.name) if row.person else None,
        "deputy": str(row.deputy_id) if row.deputy_id else None,
        "deputy_masked": masked_name(row.deputy.name) if row.deputy else None,
        "numbers": [line_json(one) for one in seat.lines],
    }


def line_json(line: Line) -> dict[str, Any]:
    """A number as programs read it: a personal one masked."""
    return {
        "what": line.what,
        "id": str(line.ident),
        "unit": line.unit.code,
        "kind": line.kind,
        "number_masked": line.shown,
        "checked_at": line.checked_at.isoformat() if line.checked_at else None,
    }


# --- looking at them once a month ---------------------------------------------------------------


def every_line(*, seen_by: Actor) -> list[Line]:
    """Every number of the book in the asker's tree, unit by unit; five statements. 全部号码

    People who stand in the book are those who answer for a unit or have an office.
    """
    require(seen_by, "contact.read")
    kept = PhoneNumber.objects.filter(stopped_at__isnull=True)
    numbers = list(
        within(kept, seen_by.scope, "unit__path").select_related("unit", "office__deputy")[
            :ROWS_MOST
        ]
    )
    rows = within(Contact.objects.all(), seen_by.scope, "unit__path")
    sits = within(Office.objects.filter(person__isnull=False), seen_by.scope, "unit__path")
    offices = {row.person_id: row for row in sits.select_related("deputy").order_by("-rank", "-pk")}
    people = {*rows.values_list("person", flat=True), *offices}
    ways = [row for row in phones_of(one for one in people if one) if _in_tree(row, seen_by)]
    found = [
        replace(one, office=offices.get(one.person.pk)) if one.person else one
        for one in lines_of(numbers, ways)
    ]
    return sorted(found, key=lambda one: (one.unit.path, one.person is not None, one.ident))


def _in_tree(row: Address, by: Actor) -> bool:
    path = by.scope.unit_path
    here = row.person.unit.path
    return by.scope.kind == "all" or here == path or here.startswith(f"{path}/")


def due_lines(lines: Iterable[Line]) -> list[Line]:
    """Those of these that nobody has looked at for so long. 待核对"""
    now, days = clock.now(), check_days()
    return [one for one in lines if rules.is_due(one.checked_at, now=now, days=days)]


def progress(lines: Sequence[Line]) -> list[Progress]:
    """How far each unit has come, in the order of the tree. 各单位进度"""
    late = {one.key for one in due_lines(lines)}
    units: dict[int, Unit] = {}
    counts = defaultdict[int, list[int]](lambda: [0, 0])
    for one in lines:
        units[one.unit.pk] = one.unit
        counts[one.unit.pk][one.key in late] += 1
    return [
        Progress(unit=unit, tally=rules.Tally(right=counts[pk][0], due=counts[pk][1]))
        for pk, unit in units.items()
    ]
