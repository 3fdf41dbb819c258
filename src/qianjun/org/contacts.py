"""Through whom a unit is reached, and how that is changed. 单位值班联系人"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.db import transaction

from qianjun.journal.bus import Event, emit
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.contact_models import Contact
from qianjun.org.events import ContactDropped, ContactSet
from qianjun.org.models import Person, Unit
from qianjun.org.queries import holders_of, sees
from qianjun.org.rules import masked_name

BUREAU: Final = "450202"
POST: Final = "duty_officer"
RANK_MOST: Final = 9


def contacts_of(codes: Iterable[str]) -> dict[str, list[Person]]:
    """Whom to call for each of these units, the first first; two statements at most. 联系人

    A unit that nobody answers for has an empty list: the gap is to be seen.
    """
    wanted = sorted(set(codes))
    found: dict[str, list[Person]] = {code: [] for code in wanted}
    if BUREAU in found:
        found[BUREAU] = holders_of(POST)
    others = [code for code in wanted if code != BUREAU]
    rows = Contact.objects.filter(unit__code__in=others) if others else Contact.objects.none()
    for row in rows.select_related("unit", "person").order_by("rank", "pk"):
        found[row.unit.code].append(row.person)
    return found


def first_reachable(code: str) -> Person | None:
    """Who is written to for a unit: the first of its contacts with an address. 可通知的联系人"""
    return next((one for one in contacts_of([code])[code] if one.addresses.exists()), None)


@transaction.atomic(savepoint=False)
def set_contact(*, by: Actor, unit: str, person: int, rank: int = 0) -> Contact:
    """Somebody answers for a unit from now on, in this order; again moves him. 设联系人

    As it was is no change and has no entry. 404 for what he may not see, 409 for the bureau, whose
    people on duty answer for it.
    """
    require(by, "person.contact")
    if not 0 <= rank <= RANK_MOST:
        zh = _("次序须为 0 至 9，0 最先。")
        raise Refused("bad_rank", zh, fields=(FieldError(field="rank", code="bad_rank", zh=zh),))
    row, somebody = _held(by, unit), Person.objects.select_related("unit").filter(pk=person).first()
    if somebody is None or not sees(by, somebody.unit.path):
        raise not_found()
    known = Contact.objects.filter(unit=row, person=somebody).first()
    if known is not None and known.rank == rank:
        return known
    contact, _made = Contact.objects.update_or_create(
        unit=row, person=somebody, defaults={"rank": rank}
    )
    event = ContactSet(unit_id=row.pk, person_id=somebody.pk, rank=rank)
    _tell(by, event, row, somebody)
    return contact


@transaction.atomic(savepoint=False)
def drop_contact(*, by: Actor, unit: str, person: int) -> bool:
    """He answers for that unit no more; whether he did. 撤联系人"""
    require(by, "person.contact")
    row = _held(by, unit)
    known = Contact.objects.select_related("person").filter(unit=row, person=person).first()
    if known is None:
        return False
    known.delete()
    _tell(by, ContactDropped(unit_id=row.pk, person_id=person), row, known.person)
    return True


def rank_of(unit: str, *, person: int) -> int | None:
    """At which place he answers for the unit; None when he does not. 次序"""
    rows = Contact.objects.filter(unit__code=unit, person=person)
    return rows.values_list("rank", flat=True).first()


def _held(by: Actor, code: str) -> Unit:
    """The unit, held, so that two do not change who answers for it at once."""
    row = Unit.objects.select_for_update().filter(code=code).first()
    if row is None or not sees(by, row.path):
        raise not_found()
    if row.code == BUREAU:
        zh = _("本局由在岗的值班员应答，不在这里设联系人。")
        raise Refused("by_post", zh, status=409)
    return row


def _tell(by: Actor, event: Event, unit: Unit, somebody: Person) -> None:
    body = f"{unit.short_name}：{masked_name(somebody.name)}"
    emit(event, by=by, about=("unit", str(unit.pk)), body=body)


def people_in_order(by_unit: dict[str, list[Person]]) -> dict[int, list[str]]:
    """Each person with the units that he answers for first: one message, not one a unit. 合并"""
    found: dict[int, list[str]] = defaultdict(list)
    for code, people in by_unit.items():
        if people:
            found[people[0].pk].append(code)
    return found
