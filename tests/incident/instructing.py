"""Instructions from above as tests take them in. 来文样例"""

from typing import Any

from qianjun.incident.actions import NewInstruction, take_in_instruction
from qianjun.incident.instruction_models import Instruction
from qianjun.org.actor import Actor
from qianjun.org.contact_models import Contact
from qianjun.org.models import Unit
from qianjun.org.seeding import seed_units
from tests.incident.tasking import somebody

CITY = "市防汛抗旱指挥部办公室"
TEXT = "市局16时启动洪水防御四级，请城中区做好沿江低洼防范，18时前报情况。"
POLICE, GOVERNMENT = "450202-GA", "450202-QZFB"


def came(by: Actor, **told: Any) -> Instruction:
    """An order of the city by telephone, as script (a) has it."""
    words = {"way": "phone", "sender": CITY, "text": TEXT, **told}
    return take_in_instruction(by=by, told=NewInstruction(**words))


def units() -> None:
    """The units of the district; the government's duty room can be reached by message."""
    seed_units()
    person = somebody("演示总值班", GOVERNMENT, "10000020003")
    Contact.objects.create(unit=Unit.objects.get(code=GOVERNMENT), person=person)
