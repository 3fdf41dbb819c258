"""Simulated people read and answer in domain time, the same way in every run."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from qianjun.kernel.clock import Held
from qianjun.message.actions import (
    open_as,
    reply_as,
    send,
    send_many,
    switch_carrier,
    switch_people,
)
from qianjun.message.models import CarrierReply, CarrierRow, Inbound, Message
from qianjun.message.people import people_turn
from tests.message.cast import HOUSE, crowd, person
from tests.message.phones import carry, pump

pytestmark = pytest.mark.django_db(transaction=True)
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "callout",
    "matter": "callout:1",
    "text": "请到演示涂料厂集合",
    "rank": 2,
    "incident": 1,
    "expects_answer": True,
}


def pass_time(clock: Held, seconds: float) -> None:
    """Let domain time pass while carrier and people do what is theirs."""
    clock.forward(timedelta(seconds=seconds))
    for _ in range(3):
        carry()
        while people_turn():
            pass
    carry()


def delivered(clock: Held, people: list[int]) -> None:
    send_many(**CALL, people=people)
    while pump(urgent=False):
        pass
    pass_time(clock, 5)


def answers() -> list[tuple[str, str]]:
    return list(CarrierReply.objects.order_by("from_value").values_list("from_value", "text"))


def answered_at() -> dict[str, datetime]:
    rows = Message.objects.values_list("address", "answered_at")
    return {address: at for address, at in rows if at is not None}


def test_people_answer_after_a_while_of_domain_time(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=True, accept_rate=1, delay_s=60)
    delivered(held_clock, crowd(30))
    assert Message.objects.filter(answered_at=None).count() == 30
    pass_time(held_clock, 55)
    some = Message.objects.filter(answered_at__isnull=False).count()
    assert 5 < some < 25
    pass_time(held_clock, 600)
    assert Message.objects.filter(answered_at__isnull=False).count() == 30
    in_order = Message.objects.filter(
        opened_at__gt=F("delivered_at"), answered_at__gt=F("opened_at")
    )
    assert in_order.count() == 30
    assert {text for _from, text in answers()} == {"能到，马上出发"}


def test_the_same_people_answer_the_same_in_every_run(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=True, accept_rate=0.5, delay_s=60)
    people = crowd(20)
    delivered(held_clock, people)
    pass_time(held_clock, 900)
    first = answers()
    assert len({text for _from, text in first}) == 2
    times = answered_at()
    for table in (CarrierReply, Inbound, Message):
        table.objects.all().delete()
    held_clock.forward(timedelta(hours=1))
    delivered(held_clock, people)
    pass_time(held_clock, 900)
    assert answers() == first
    later = answered_at()
    assert len({later[address] - at for address, at in times.items()}) == 1


def test_the_silent_and_everybody_with_auto_off_do_nothing(held_clock: Held) -> None:
    people = crowd(2)
    switch_people(by=HOUSE, auto=True, accept_rate=1, delay_s=60, silent=people[:1])
    delivered(held_clock, people)
    pass_time(held_clock, 1)
    switch_people(by=HOUSE, auto=False)
    pass_time(held_clock, 900)
    assert not answers()
    switch_people(by=HOUSE, auto=True)
    pass_time(held_clock, 900)
    assert [address for address, _text in answers()] == ["10000000001"]


def test_who_was_told_to_be_silent_meanwhile_does_not_answer(held_clock: Held) -> None:
    people = crowd(1)
    switch_people(by=HOUSE, auto=True, accept_rate=1, delay_s=60)
    delivered(held_clock, people)
    switch_people(by=HOUSE, silent=people)
    pass_time(held_clock, 900)
    assert not answers()


def test_what_expects_no_answer_gets_none(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=True, accept_rate=1, delay_s=60)
    send(**CALL | {"expects_answer": False}, person=person().pk)
    pump(urgent=False)
    pass_time(held_clock, 5)
    pass_time(held_clock, 900)
    assert not answers()


def test_an_answer_by_hand_comes_first_and_the_person_says_no_more(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=True, accept_rate=1, delay_s=600)
    delivered(held_clock, [person().pk])
    reply_as(by=HOUSE, channel="sms", from_value="10000000001", text="马上到")
    pass_time(held_clock, 1)
    pass_time(held_clock, 9000)
    assert answers() == [("10000000001", "马上到")]


def test_while_the_channel_is_away_replies_wait(held_clock: Held) -> None:
    reply_as(by=HOUSE, channel="sms", from_value="10000000001", text="起火了")
    switch_carrier(by=HOUSE, channel="sms", down=True)
    pass_time(held_clock, 60)
    assert not Inbound.objects.exists()
    switch_carrier(by=HOUSE, channel="sms", down=False)
    pass_time(held_clock, 1)
    row = Inbound.objects.get()
    assert row.received_at - row.sent_at == timedelta(seconds=61)


def test_opening_a_message_is_a_receipt_and_only_once(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=False)
    delivered(held_clock, [person().pk])
    row = CarrierRow.objects.get()
    assert open_as(by=HOUSE, row=row.pk)
    assert not open_as(by=HOUSE, row=row.pk)
    assert Message.objects.get().state == "opened"
