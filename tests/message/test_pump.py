"""The pump: lanes, leases, crashes, outages; nothing lost and nobody called twice unmarked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

from qianjun.journal.models import Entry, Heartbeat
from qianjun.kernel.clock import Held
from qianjun.message import rules
from qianjun.message.actions import send, send_many, switch_carrier
from qianjun.message.channel import Outcome, Outgoing, channel_for
from qianjun.message.claims import claim
from qianjun.message.models import CarrierRow, Message
from qianjun.message.pump import Pump, run_pump
from qianjun.message.queries import outbox_waiting
from tests.message.cast import HOUSE, crowd, person
from tests.message.phones import Provider, pump, shown

pytestmark = pytest.mark.django_db(transaction=True)
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "report",
    "matter": "incident:1",
    "text": "演示涂料厂起火",
    "rank": 0,
    "incident": 1,
}
WAVE = CALL | {"purpose": "callout", "rank": 2}
AFTER_A_LEASE = rules.LEASE + timedelta(seconds=1)


def queue(**changed: Any) -> Message:
    queued = send(**CALL | changed, person=person().pk)
    assert queued is not None
    return queued


def now(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_what_is_queued_leaves_once() -> None:
    message = queue()
    assert pump() == 1
    assert pump() == 0
    assert shown() == ["【演练】演示涂料厂起火"]
    assert now(message).state == "sent"
    assert message.provider_id == str(CarrierRow.objects.get().pk)
    assert outbox_waiting() == 0


def test_each_lane_has_its_own_pump_and_the_bulk_goes_by_rank() -> None:
    queue(text="三", rank=3, matter="a:3")
    queue(text="二", rank=2, matter="a:2")
    queue(text="零", rank=0, matter="a:0")
    queue(text="一", rank=1, matter="a:1")
    pump(urgent=True)
    assert shown() == ["【演练】零"]
    pump(urgent=False)
    assert shown() == [f"【演练】{n}" for n in "零一二三"]


def test_a_call_does_not_wait_behind_a_wave() -> None:
    send_many(**WAVE, people=crowd(1200))
    queue()
    assert Pump(urgent=True).turn() == 1
    assert shown() == ["【演练】演示涂料厂起火"]
    assert pump(urgent=False) == 1200
    assert CarrierRow.objects.count() == 1201


def test_two_pumps_never_have_one_message_in_hand() -> None:
    send_many(**WAVE, people=crowd(700))
    first, second = claim(urgent=False, limit=500), claim(urgent=False, limit=500)
    assert (len(first), len(second)) == (500, 200)
    assert not {c.message.pk for c in first} & {c.message.pk for c in second}
    assert [c.message.pk for c in first] == sorted(c.message.pk for c in first)


def test_four_pumps_at_once_send_each_message_once() -> None:
    send_many(**WAVE, people=crowd(2000))

    def work(_: int) -> None:
        try:
            pump(urgent=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pumps:
        list(pumps.map(work, range(4)))
    assert CarrierRow.objects.count() == 2000
    assert CarrierRow.objects.values("key").distinct().count() == 2000
    assert outbox_waiting() == 0


def test_a_pump_killed_before_it_called_has_sent_nothing_and_the_next_one_sends(
    held_clock: Held,
) -> None:
    message = queue()
    assert len(claim(urgent=True, limit=9)) == 1  # and it dies here
    assert pump() == 0, "somebody has it in hand"
    held_clock.forward(AFTER_A_LEASE)
    assert pump() == 1
    row = CarrierRow.objects.get()
    assert (row.key, row.resend) == (message.key, False)
    assert now(message).state == "sent"
    assert message.unknown_at is None


def test_a_pump_killed_after_it_called_is_asked_for_and_not_repeated(held_clock: Held) -> None:
    message = queue()
    claimed = claim(urgent=True, limit=9)[0].message
    channel = channel_for("sms")
    assert channel is not None
    channel.send([_copy(claimed)])  # and it dies here
    held_clock.forward(AFTER_A_LEASE)
    assert pump() == 1
    assert CarrierRow.objects.count() == 1
    assert now(message).state == "sent"
    assert message.provider_id == str(CarrierRow.objects.get().pk)


def _copy(message: Message) -> Outgoing:
    return Outgoing(
        ref=message.key,
        key=message.key,
        channel=message.channel,
        to=message.address,
        text=message.text,
        person=message.person_id,
        purpose=message.purpose,
    )


def test_who_cannot_be_asked_gets_it_once_more_marked(held_clock: Held) -> None:
    mute = Provider(mute=True, dies=True)
    message = queue()
    Pump(urgent=True, channel_named=mute.named).turn()
    assert now(message).state == "queued"
    for _ in range(4):
        held_clock.forward(AFTER_A_LEASE)
        Pump(urgent=True, channel_named=mute.named).turn()
    assert [c.text for c in mute.taken] == [
        "【演练】演示涂料厂起火",
        "【演练】【重发】演示涂料厂起火",
    ]
    assert [c.resend for c in mute.taken] == [False, True]
    assert (now(message).state, message.failure) == ("failed", "unknown")
    assert message.resend


def test_an_unmarked_copy_goes_again_when_the_provider_knows_nothing(held_clock: Held) -> None:
    deaf = Provider(answers=lambda c: Outcome(ref=c.ref, state="later"), dies=True)
    message = queue()
    Pump(urgent=True, channel_named=deaf.named).turn()
    held_clock.forward(AFTER_A_LEASE)
    pump()
    assert shown() == ["【演练】演示涂料厂起火"]
    assert not now(message).resend


def test_a_pump_that_slept_past_its_lease_calls_nobody(held_clock: Held) -> None:
    provider = Provider()
    message = queue()
    lane = Pump(
        urgent=True,
        channel_named=lambda _name: (held_clock.forward(timedelta(seconds=6)), provider)[1],
    )
    lane.turn()
    assert not provider.taken
    assert now(message).attempts == 0
    assert pump() == 1


def test_refused_later_and_out_of_attempts(held_clock: Held) -> None:
    busy = Provider(answers=lambda c: Outcome(ref=c.ref, state="later"))
    message = queue()
    waits = []
    for _ in range(rules.MAX_ATTEMPTS):
        before = held_clock.forward(timedelta())
        assert Pump(urgent=True, channel_named=busy.named).turn() == 1
        assert Pump(urgent=True, channel_named=busy.named).turn() == 0, "it waits before it retries"
        if now(message).next_try_at:
            assert message.next_try_at is not None
            waits.append((message.next_try_at - before).total_seconds())
            held_clock.forward(message.next_try_at - before)
    assert [2**n <= w <= 1.5 * 2**n for n, w in enumerate(waits[:6])] == [True] * 6
    assert (now(message).state, message.failure) == ("failed", "gave_up")
    assert Entry.objects.filter(name="message.unreached").count() == 1


def test_a_message_that_the_provider_refuses_fails_with_its_reason() -> None:
    strict = Provider(answers=lambda c: Outcome(ref=c.ref, state="refused", code="blacklisted"))
    message = queue()
    Pump(urgent=True, channel_named=strict.named).turn()
    assert (now(message).state, message.failure) == ("failed", "blacklisted")


def test_one_message_that_kills_every_call_does_not_take_the_others_with_it(
    held_clock: Held,
) -> None:
    def answer(copy: Outgoing) -> Outcome:
        if "毒" in copy.text:
            raise ValueError("unencodable")
        return Outcome(ref=copy.ref, state="accepted")

    provider = Provider(answers=answer)
    poison = queue(text="毒", rank=2)
    send_many(**WAVE, people=crowd(5))
    for _ in range(rules.MAX_ATTEMPTS + 1):
        Pump(urgent=False, channel_named=provider.named).turn()
        held_clock.forward(AFTER_A_LEASE)
    assert len(provider.taken) == 5
    assert (now(poison).state, poison.failure) == ("failed", "gave_up")


def test_an_outage_costs_no_attempt_and_loses_nothing(held_clock: Held) -> None:
    switch_carrier(by=HOUSE, channel="sms", down=True)
    send_many(**CALL, people=crowd(40))
    lane = Pump(urgent=True)
    for _ in range(100):
        lane.turn()
        held_clock.forward(timedelta(seconds=7))
    assert outbox_waiting() == 40
    assert set(Message.objects.values_list("attempts", "lease_until")) == {(0, None)}
    switch_carrier(by=HOUSE, channel="sms", down=False)
    while lane.turn():
        pass
    assert CarrierRow.objects.count() == 40
    assert not CarrierRow.objects.filter(resend=True).exists()


def test_a_channel_that_is_away_does_not_hold_up_another() -> None:
    switch_carrier(by=HOUSE, channel="sms", down=True)
    queue()
    voice = send(**CALL, person=person(phone="10000000009", channel="voice").pk)
    assert voice is not None
    lane = Pump(urgent=True)
    while lane.turn():
        pass
    assert now(voice).state == "sent"
    assert outbox_waiting() == 1


def test_in_doubt_during_an_outage_it_stays_in_doubt_until_somebody_can_be_asked(
    held_clock: Held,
) -> None:
    provider = Provider(dies=True)
    message = queue()
    Pump(urgent=True, channel_named=provider.named).turn()
    provider.away, provider.dies = True, False
    for _ in range(20):
        held_clock.forward(AFTER_A_LEASE)
        Pump(urgent=True, channel_named=provider.named).turn()
    assert now(message).state == "unknown"
    provider.away = False
    held_clock.forward(AFTER_A_LEASE)
    Pump(urgent=True, channel_named=provider.named).turn()
    assert now(message).state == "sent"
    assert len(provider.taken) == 1


def test_an_address_that_the_channel_does_not_take_is_said() -> None:
    message = send(**CALL, person=person(phone="138" + "0" * 8).pk)
    assert message is not None
    pump()
    assert (now(message).state, message.failure) == ("failed", "bad_address")


def test_an_address_nobody_carries_is_said() -> None:
    message = send(**CALL, person=person(channel="pigeon").pk)
    assert message is not None
    pump()
    assert (now(message).state, message.failure) == ("failed", "no_channel")


def test_in_the_live_realm_nothing_is_pretended(settings: Any) -> None:
    settings.REALM = "live"
    message = queue()
    pump()
    assert (now(message).state, message.failure) == ("failed", "no_channel")
    assert message.text == "演示涂料厂起火"
    assert not CarrierRow.objects.exists()


@pytest.mark.running_clock
def test_the_running_pump_is_woken_and_outlives_its_connections() -> None:
    stop = Event()
    lane = Thread(target=run_pump, args=(stop,), kwargs={"urgent": True})
    lane.start()
    try:
        queue(matter="a:1")
        assert _within(5, lambda: CarrierRow.objects.count() == 1)
        _cut_all_other_lines()
        queue(matter="a:2")
        assert _within(5, lambda: CarrierRow.objects.count() == 2)
        assert Heartbeat.objects.filter(name="pump-urgent").exists()
    finally:
        stop.set()
        lane.join(5)
    assert not lane.is_alive()


def _within(seconds: float, holds: Any) -> bool:
    waited = Event()
    return any(holds() or waited.wait(0.05) for _ in range(int(seconds / 0.05)))


def _cut_all_other_lines() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_after_a_rest_a_small_batch_goes_first() -> None:
    people = crowd(120)
    send_many(**WAVE, people=people)
    lane = Pump(urgent=False)
    assert [lane.turn() for _turn in range(3)] == [50, 70, 0]
    send_many(**WAVE | {"matter": "incident:2"}, people=people)
    assert lane.turn() == 50


def test_a_claim_keeps_its_limit_while_the_database_knows_the_outbox_as_empty() -> None:
    """With statistics from before a wave the outer row comes first, the choice once for each."""
    send_many(**WAVE, people=crowd(120))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 100 WHERE relname = 'message_message'"
        )
    assert len(claim(urgent=False, limit=50)) == 50
