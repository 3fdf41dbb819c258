"""The simulated carrier: late, lost, repeated, away; and its receipts, in any order."""

from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest

from qianjun.journal.models import Entry
from qianjun.kernel.clock import Held
from qianjun.message.actions import send, send_many, switch_carrier
from qianjun.message.carrier import carrier_turn, run_carrier
from qianjun.message.models import CarrierRow, Message
from qianjun.message.receipts import Receipt, State, receive, receive_all
from tests.message.cast import HOUSE, crowd, person
from tests.message.phones import carry, pump

pytestmark = pytest.mark.django_db(transaction=True)
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "report",
    "matter": "incident:1",
    "text": "演示涂料厂起火",
    "rank": 0,
    "incident": 1,
}


def sent(phone: str = "10000000001") -> Message:
    queued = send(**CALL, person=person(phone=phone).pk)
    assert queued is not None
    pump()
    return now(queued)


def now(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_what_was_accepted_is_delivered_after_the_delay(held_clock: Held) -> None:
    switch_carrier(by=HOUSE, channel="sms", delay_s=30)
    message = sent()
    assert carry() == 0
    at = held_clock.forward(timedelta(seconds=31))
    carry()
    assert (now(message).state, message.delivered_at) == ("delivered", at)
    row = CarrierRow.objects.get()
    assert (row.state, row.delivered_at, row.receipts_left) == ("delivered", at, 0)


def test_a_number_out_of_service_comes_back_as_unreached(held_clock: Held) -> None:
    message = sent("10099990001")
    held_clock.forward(timedelta(seconds=5))
    carry()
    assert (now(message).state, message.failure) == ("failed", "dead_number")
    assert CarrierRow.objects.get().delivered_at is None
    assert Entry.objects.get(name="message.unreached").incident == 1


def test_repeated_receipts_say_nothing_new(held_clock: Held) -> None:
    switch_carrier(by=HOUSE, channel="sms", repeat_receipts=5)
    message = sent()
    first = held_clock.forward(timedelta(seconds=5))
    carrier_turn()
    held_clock.forward(timedelta(seconds=5))
    carry()
    assert now(message).delivered_at == first


def test_what_is_lost_is_never_heard_of_again(held_clock: Held) -> None:
    switch_carrier(by=HOUSE, channel="sms", loss=1.0)
    message = sent()
    held_clock.forward(timedelta(days=1))
    assert carry() == 0
    assert now(message).state == "sent"
    assert CarrierRow.objects.get().state == "accepted"


def test_a_share_is_lost_and_the_same_one_each_time(held_clock: Held) -> None:
    switch_carrier(by=HOUSE, channel="sms", loss=0.5)
    send_many(**CALL, people=crowd(200))
    pump()
    held_clock.forward(timedelta(seconds=5))
    carry()
    assert 60 < Message.objects.filter(delivered_at__isnull=False).count() < 140


def test_while_the_carrier_is_away_nothing_is_delivered(held_clock: Held) -> None:
    message = sent()
    switch_carrier(by=HOUSE, channel="sms", down=True)
    held_clock.forward(timedelta(seconds=60))
    assert carry() == 0
    switch_carrier(by=HOUSE, channel="sms", down=False)
    carry()
    assert now(message).state == "delivered"


@pytest.mark.parametrize(
    ("order", "state"),
    [
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent"], "delivered"),
        (["opened", "delivered", "sent"], "opened"),
        (["answered", "opened", "delivered"], "answered"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
        (["failed", "failed"], "failed"),
    ],
)
def test_receipts_in_any_order_lead_to_the_furthest_that_is_known(
    order: list[State], state: str, held_clock: Held
) -> None:
    message = sent()
    for word in order:
        receive(message.key, word, held_clock.forward(timedelta(seconds=1)))
        assert not receive(message.key, word, held_clock.forward(timedelta(seconds=1)))
    assert now(message).state == state
    assert message.sent_at is not None
    if state != "failed":
        assert message.delivered_at is not None


def test_a_receipt_that_overtakes_the_record_ends_the_doubt(held_clock: Held) -> None:
    queued = send(**CALL, person=person().pk)
    assert queued is not None
    receive(queued.key, "delivered", held_clock.forward(timedelta(seconds=1)))
    assert now(queued).state == "delivered"
    assert pump() == 0


def test_a_receipt_for_nothing_we_sent_is_no_news(held_clock: Held) -> None:
    at = held_clock.forward(timedelta())
    assert not receive("order:nothing:1:sms", "delivered", at)
    assert not receive("", "failed", at)
    assert receive_all([]) == 0


def test_many_failures_of_one_incident_are_one_entry(held_clock: Held) -> None:
    send_many(**CALL, people=crowd(10))
    pump()
    at = held_clock.forward(timedelta(seconds=1))
    keys = Message.objects.values_list("key", flat=True)
    assert receive_all([Receipt(ref=key, state="failed", at=at) for key in keys]) == 10
    assert Entry.objects.get(name="message.unreached").payload["count"] == 10


@pytest.mark.running_clock
def test_the_carrier_at_work_delivers_by_itself() -> None:
    switch_carrier(by=HOUSE, channel="sms", delay_s=0)
    stop = Event()
    carrier = Thread(target=run_carrier, args=(stop,))
    carrier.start()
    try:
        message = sent()
        waited = Event()
        assert any(now(message).delivered_at or waited.wait(0.05) for _ in range(100))
    finally:
        stop.set()
        carrier.join(5)
    assert not carrier.is_alive()
