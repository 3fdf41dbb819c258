"""Whom the tests call, and what happens while time passes. 被叫的人"""

from datetime import timedelta
from typing import Any

from qianjun.confirm.actions import start_confirmation
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.rules import Step
from qianjun.journal.bus import reactions
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Entry
from qianjun.journal.timers import tick
from qianjun.kernel.clock import Held
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.links import actor_for_link
from qianjun.org.models import Address, Person
from tests import cast
from tests.message.cast import AGREED_AT

TEXT = "红色暴雨，请马上到岗"


def somebody(name: str, *phones: tuple[str, str], unit: str = cast.DISTRICT) -> Person:
    """A person of a unit with these channels and numbers, all with consent."""
    made = Person.objects.create(name=name, unit=cast.unit(unit), sort_key=name)
    for channel, value in phones:
        Address.objects.create(
            person=made,
            channel=channel,
            value=value,
            consent_at=AGREED_AT,
            consent_text="同意接收应急通知",
            is_synthetic=True,
        )
    return made


def people(count: int, *, unit: str = cast.DISTRICT) -> list[Person]:
    """So many with one telephone each."""
    begun = Person.objects.count()
    return [
        somebody(f"演示被叫{begun + n}", ("sms", f"100{begun + n:08}"), unit=unit)
        for n in range(count)
    ]


def called(by: Actor, who: list[Person], **changed: Any) -> Confirmation:
    """These called about a matter that is no incident, some things told otherwise."""
    usual = {"about": ("check", ""), "text": TEXT, "people": [one.pk for one in who]}
    return start_confirmation(by=by, **{**usual, **changed})


def deputies(after_s: int, *pairs: tuple[Person, Person]) -> Step:
    """A step in which the second of each pair is called in place of the first."""
    return Step(
        after_s=after_s,
        people=tuple(deputy.pk for _first, deputy in pairs),
        in_place_of={deputy.pk: first.pk for first, deputy in pairs},
    )


def pass_time(clock: Held, seconds: float) -> None:
    """Time passes, timers ring, and what they say is heard, twice."""
    clock.forward(timedelta(seconds=seconds))
    while tick():
        hear()


def hear() -> None:
    """Every reaction of this module to every entry, twice: the second time changes nothing."""
    for entry in Entry.objects.order_by("pk"):
        mine = [n for n, h in reactions.items() if h.kind.name == entry.name]
        for name in [one for one in mine if one.startswith("confirm.")] * 2:
            run_reaction(entry_id=entry.pk, reaction=name)


def states(row: Confirmation) -> dict[int, tuple[bool, bool, bool]]:
    """Of each person: called, answered, passed over."""
    return {
        one.person_id: (
            one.called_at is not None,
            one.answered_at is not None,
            one.escalated_at is not None,
        )
        for one in ConfirmPerson.objects.filter(confirmation=row)
    }


def link_of(row: Confirmation, person: Person) -> str:
    """The address in the message that he got."""
    message = Message.objects.filter(matter=f"confirmation:{row.pk}", person=person).first()
    assert message is not None
    return str(message.links[0])


def by_link(row: Confirmation, person: Person) -> Actor:
    """Him as he acts with his link."""
    return actor_for_link("c", link_of(row, person).removeprefix("/c/"))


def said() -> list[str]:
    """What the journal says of calling."""
    rows = Entry.objects.filter(name__startswith="confirm.").exclude(name="confirm.step_due")
    return list(rows.order_by("pk").values_list("name", flat=True))
