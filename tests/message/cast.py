"""Who gets messages in these tests. 收件人"""

from datetime import UTC, datetime

from qianjun.org.actor import Actor, system
from qianjun.org.models import Address, Person, Unit

HOUSE: Actor = system()
AGREED_AT = datetime(2026, 1, 1, tzinfo=UTC)
OFFICER = Actor(
    kind="person",
    ident="1",
    role="duty_officer",
    permissions=frozenset({"message.send", "desk.read", "incident.read", "simulator.use"}),
)


def bureau() -> Unit:
    """The unit everybody here belongs to."""
    unit, _made = Unit.objects.get_or_create(
        code="test-bureau",
        defaults={
            "name": "演示应急局",
            "short_name": "应急局",
            "kind": "bureau",
            "level": Unit.Level.DISTRICT,
            "path": "test-bureau",
            "sort_key": "yingjiju",
        },
    )
    return unit


def person(name: str = "演示老李", phone: str = "10000000001", channel: str = "sms") -> Person:
    """Somebody with one address and consent; an empty phone is somebody without."""
    who = Person.objects.create(name=name, unit=bureau(), sort_key=name)
    if phone:
        address(who, phone, channel=channel)
    return who


def address(who: Person, phone: str, *, channel: str = "sms", rank: int = 0) -> Address:
    """One more way to reach him, with consent."""
    return Address.objects.create(
        person=who,
        channel=channel,
        value=phone,
        rank=rank,
        consent_at=AGREED_AT,
        consent_text="同意接收应急通知",
        is_synthetic=True,
    )


def crowd(count: int) -> list[int]:
    """Many people with one address each; their ids."""
    unit = bureau()
    people = Person.objects.bulk_create(
        Person(name=f"演示{n}", unit=unit, sort_key=f"{n:06}") for n in range(count)
    )
    Address.objects.bulk_create(
        Address(
            person=who,
            channel="sms",
            value=f"100{n:08}",
            consent_at=AGREED_AT,
            consent_text="同意接收应急通知",
        )
        for n, who in enumerate(people)
    )
    return [who.pk for who in people]
