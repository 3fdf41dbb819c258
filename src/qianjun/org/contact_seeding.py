"""The duty rooms of the demo's units and their deputies, all synthetic. 演示值班联系人"""

from typing import Final

from django.db import transaction

from qianjun.kernel import clock
from qianjun.kernel.text import sort_key
from qianjun.org.contact_models import Contact
from qianjun.org.contacts import BUREAU
from qianjun.org.models import Address, Person, Unit

CHANNEL: Final = "sms"
CONSENT: Final = "演示：同意以演示号码接收指令与通知。"
# a room and a deputy for each unit; numbers that nobody can dial
ROOM_FROM, DEPUTY_FROM = 10000030001, 10000040001


@transaction.atomic
def seed_contacts() -> int:
    """A duty room and a deputy for every unit but the bureau; again changes nothing. 联系人"""
    units = list(Unit.objects.exclude(code=BUREAU).exclude(level=Unit.Level.ENTERPRISE))
    manned = set(Contact.objects.values_list("unit", flat=True))
    rooms = {unit.pk: room for unit in units if (room := _known_room(unit)) is not None}
    made = 0
    for n, unit in enumerate(sorted(units, key=lambda one: one.code)):
        if unit.pk in manned:
            continue
        room = rooms.get(unit.pk) or _person(f"演示{unit.short_name}值班室", unit, ROOM_FROM + n)
        deputy = _person(f"演示{unit.short_name}副值班", unit, DEPUTY_FROM + n)
        for rank, person in enumerate((room, deputy)):
            Contact.objects.create(unit=unit, person=person, rank=rank)
            made += 1
    return made


def _known_room(unit: Unit) -> Person | None:
    """A duty room that stands already among the unit's people."""
    return Person.objects.filter(unit=unit, name__endswith="值班室", user=None).first()


def _person(name: str, unit: Unit, phone: int) -> Person:
    person = Person.objects.create(name=name, unit=unit, sort_key=sort_key(name))
    Address.objects.create(
        person=person,
        channel=CHANNEL,
        value=str(phone),
        consent_at=clock.real(),
        consent_text=CONSENT,
        is_synthetic=True,
    )
    return person
