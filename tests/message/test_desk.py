"""Nobody who was not reached is forgotten: shown, sent again, or settled by a person."""

from datetime import timedelta
from typing import Any

import pytest

from qianjun.journal.models import Body, Entry
from qianjun.kernel.clock import Held
from qianjun.kernel.errors import Refused
from qianjun.message.actions import drop_message, retry_message, send, send_many, switch_carrier
from qianjun.message.models import CarrierRow, Message
from qianjun.message.queries import counts, messages_of, outbox_waiting, unreached
from qianjun.org.actor import Actor
from tests.message.cast import HOUSE, OFFICER, address, crowd, person
from tests.message.phones import carry, pump, shown

pytestmark = pytest.mark.django_db(transaction=True)
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "report",
    "matter": "incident:1",
    "text": "演示涂料厂起火",
    "rank": 0,
    "incident": 1,
}


def failed_without_address() -> Message:
    queued = send(**CALL, person=person(phone="").pk)
    assert queued is not None
    return queued


def reasons() -> list[str]:
    return [row.reason for row in unreached(seen_by=OFFICER)]


def test_somebody_without_an_address_is_sent_to_as_soon_as_there_is_one() -> None:
    message = failed_without_address()
    assert reasons() == ["no_address"]
    with pytest.raises(Refused) as refused:
        retry_message(by=OFFICER, message=message.pk)
    assert refused.value.status == 409
    address(message.person, "10000000005", channel="voice")
    again = retry_message(by=OFFICER, message=message.pk)
    assert (again.channel, again.address) == ("voice", "10000000005")
    assert again.key == f"report:incident:1:{message.person_id}:voice"
    pump()
    assert shown() == ["【演练】演示涂料厂起火"]
    assert reasons() == []


def test_a_copy_after_one_that_may_have_arrived_is_marked(held_clock: Held) -> None:
    dead = send(**CALL, person=person(phone="10099990001").pk)
    assert dead is not None
    pump()
    held_clock.forward(timedelta(seconds=5))
    carry()
    assert reasons() == ["dead_number"]
    retry_message(by=OFFICER, message=dead.pk)
    pump()
    assert shown() == ["【演练】演示涂料厂起火", "【演练】【重发】演示涂料厂起火"]
    assert list(CarrierRow.objects.order_by("id").values_list("resend", flat=True)) == [False, True]
    assert set(CarrierRow.objects.values_list("key", flat=True)) == {dead.key}


def test_what_has_arrived_or_still_waits_is_not_sent_again(held_clock: Held) -> None:
    message = send(**CALL, person=person().pk)
    assert message is not None
    with pytest.raises(Refused):
        retry_message(by=OFFICER, message=message.pk)
    pump()
    held_clock.forward(timedelta(seconds=5))
    carry()
    with pytest.raises(Refused):
        retry_message(by=OFFICER, message=message.pk)
    assert len(shown()) == 1


def test_an_urgent_message_that_stays_silent_is_shown_after_a_minute(held_clock: Held) -> None:
    switch_carrier(by=HOUSE, channel="sms", down=True)
    send(**CALL, person=person().pk)
    pump()
    assert reasons() == []
    held_clock.forward(timedelta(seconds=61))
    assert reasons() == ["waiting"]
    switch_carrier(by=HOUSE, channel="sms", down=False, loss=1)
    pump()
    assert reasons() == ["no_receipt"]


def test_a_wave_that_waits_is_not_shown_one_by_one(held_clock: Held) -> None:
    send_many(**CALL | {"rank": 2}, people=crowd(5))
    held_clock.forward(timedelta(hours=1))
    assert reasons() == []
    assert outbox_waiting() == 5


def test_an_officer_settles_it_by_telephone_and_says_so() -> None:
    message = failed_without_address()
    with pytest.raises(Refused):
        drop_message(by=OFFICER, message=message.pk, reason=" ")
    drop_message(by=OFFICER, message=message.pk, reason="已电话通知本人")
    drop_message(by=OFFICER, message=message.pk, reason="已电话通知本人")
    assert reasons() == []
    entry = Entry.objects.get(name="message.dropped")
    assert Body.objects.get(entry=entry).text == "已电话通知本人"


def test_a_waiting_message_that_is_settled_does_not_leave_any_more(held_clock: Held) -> None:
    message = send(**CALL, person=person().pk)
    assert message is not None
    drop_message(by=OFFICER, message=message.pk, reason="当面告知")
    assert pump() == 0
    held_clock.forward(timedelta(hours=1))
    assert reasons() == []


def test_only_the_desk_sees_settles_and_sends() -> None:
    message = failed_without_address()
    stranger = Actor(kind="token", ident="9", permissions=frozenset({"report.take"}))
    for act in (
        lambda: unreached(seen_by=stranger),
        lambda: messages_of(1, seen_by=stranger),
        lambda: counts(1, seen_by=stranger),
        lambda: retry_message(by=stranger, message=message.pk),
        lambda: drop_message(by=stranger, message=message.pk, reason="x"),
        lambda: switch_carrier(by=stranger, channel="sms", down=True),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        retry_message(by=OFFICER, message=10**15)
    assert refused.value.status == 404


def test_messages_of_an_incident_are_counted_once_each(held_clock: Held) -> None:
    people = crowd(6)
    send_many(**CALL, people=people)
    failed_without_address()
    pump()
    held_clock.forward(timedelta(seconds=5))
    carry()
    send(**CALL | {"matter": "x"}, person=people[0])
    found = counts(1, seen_by=OFFICER)
    assert (found.waiting, found.sent, found.delivered, found.failed) == (1, 0, 6, 1)
    assert [m.person.name for m in messages_of(1, seen_by=OFFICER)][:2] == ["演示0", "演示1"]
