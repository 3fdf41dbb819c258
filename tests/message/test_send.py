"""A message is queued once, with its change or not at all."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from qianjun.journal.bus import recording_history
from qianjun.journal.models import Entry
from qianjun.kernel.errors import Refused
from qianjun.message.actions import send, send_many
from qianjun.message.models import Message
from qianjun.message.queries import outbox_waiting
from qianjun.org.actor import Actor
from tests.message.cast import HOUSE, address, crowd, person

pytestmark = pytest.mark.django_db
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "report",
    "matter": "incident:1",
    "text": "静兰街道演示涂料厂起火",
    "rank": 0,
    "incident": 1,
}


def test_a_message_goes_to_the_first_address_with_consent() -> None:
    leader = person(phone="")
    address(leader, "10000000002", channel="voice", rank=2)
    address(leader, "10000000003", channel="sms", rank=1)
    first = address(leader, "10000000004", channel="wechat", rank=0)
    first.consent_at = None
    first.save()
    queued = send(**CALL, person=leader.pk)
    assert queued is not None
    assert (queued.channel, queued.address) == ("sms", "10000000003")
    assert queued.key == f"report:incident:1:{leader.pk}:sms"
    assert queued.state == "queued"


def test_a_text_of_an_exercise_is_marked_once_in_front() -> None:
    leader = person()
    first = send(**CALL, person=leader.pk)
    second = send(**CALL | {"text": "【演练】撤离", "matter": "incident:2"}, person=leader.pk)
    assert first is not None
    assert second is not None
    assert first.text == "【演练】静兰街道演示涂料厂起火"
    assert second.text == "【演练】撤离"


def test_the_same_message_again_is_no_message() -> None:
    leader = person()
    assert send(**CALL, person=leader.pk) is not None
    assert send(**CALL | {"text": "另一种说法"}, person=leader.pk) is None
    assert Message.objects.count() == 1
    assert Entry.objects.filter(name="message.called").count() == 1


def test_another_channel_or_a_reminder_is_another_message() -> None:
    leader = person()
    address(leader, "10000000001", channel="voice", rank=1)
    assert send(**CALL, person=leader.pk)
    assert send(**CALL, person=leader.pk, channel="voice")
    assert send(**CALL, person=leader.pk, reminder=2)
    assert Message.objects.count() == 3


def test_somebody_without_an_address_stands_on_the_desk_as_unreached() -> None:
    nobody = person(phone="")
    queued = send(**CALL, person=nobody.pk)
    assert queued is not None
    assert (queued.state, queued.failure) == ("failed", "no_address")
    assert outbox_waiting() == 0
    entry = Entry.objects.get()
    assert (entry.name, entry.incident) == ("message.unreached", 1)
    assert entry.payload == {"count": 1, "purpose": "report"}


def test_a_wave_is_one_entry_and_counts_only_new_messages() -> None:
    people = crowd(30)
    assert send_many(**CALL | {"rank": 2, "purpose": "callout"}, people=people[:10]) == 10
    assert send_many(**CALL | {"rank": 2, "purpose": "callout"}, people=[*people, people[0]]) == 20
    said = [e.payload["count"] for e in Entry.objects.filter(name="message.queued").order_by("id")]
    assert said == [10, 20]


def test_loading_history_sends_nothing() -> None:
    leader = person()
    with recording_history():
        assert send(**CALL, person=leader.pk) is None
    assert not Message.objects.exists()


def test_only_the_desk_and_the_house_send() -> None:
    stranger = Actor(kind="person", ident="9", permissions=frozenset({"report.take"}))
    with pytest.raises(Refused) as refused:
        send(**CALL | {"by": stranger}, person=person().pk)
    assert refused.value.status == 403


@pytest.mark.parametrize("text", ["", " \n", "\u202e", "坏\0字", "\ud800"])
def test_an_empty_or_unstorable_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused):
        send(**CALL | {"text": text}, person=person().pk)


def test_a_hostile_text_of_ten_kilobytes_is_kept_as_said() -> None:
    text = "=1+1;'--%s%(x)s{{7*7}}<script>" + "水" * 10_000
    queued = send(**CALL | {"text": text}, person=person().pk)
    assert queued is not None
    queued.refresh_from_db()
    assert queued.text == f"【演练】{text}"


@pytest.mark.django_db(transaction=True)
def test_twenty_senders_of_one_message_queue_it_once() -> None:
    leader = person()

    def phone(_: int) -> bool:
        try:
            return send(**CALL, person=leader.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as phones:
        assert sum(phones.map(phone, range(20))) == 1
    assert Message.objects.count() == 1
    assert Entry.objects.filter(name="message.called").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_leaves_no_trace_when_its_change_is_taken_back() -> None:
    leader = person()

    with transaction.atomic():
        send(**CALL, person=leader.pk)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Entry.objects.exists()
