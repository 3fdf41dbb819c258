"""Answers, doubled answers, late ones, strangers; nothing that came in is lost."""

from datetime import timedelta
from typing import Any

import pytest

from qianjun.journal.erasing import erase_body
from qianjun.journal.models import Body, Entry
from qianjun.kernel import clock
from qianjun.kernel.clock import Held
from qianjun.message.actions import drop_message, send
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import Inbound, Message
from tests.message.cast import HOUSE, address, person
from tests.message.phones import carry, pump
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "10000000001"
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "report",
    "text": "演示涂料厂起火",
    "rank": 0,
    "incident": 1,
    "expects_answer": True,
}


def asked(who: int, matter: str = "incident:1", **changed: Any) -> Message:
    message = send(**CALL | {"matter": matter} | changed, person=who)
    assert message is not None
    pump()
    return message


def wrote(text: str, *, key: str = "k1", phone: str = PHONE, **changed: Any) -> Inbound:
    letter = Letter(
        key=key, channel="sms", from_value=phone, sent_at=clock.now(), text=text, **changed
    )
    row = take_in(letter)
    assert row is not None
    return row


def names() -> list[str]:
    kinds = ("message.answered", "message.received")
    return list(Entry.objects.filter(name__in=kinds).order_by("id").values_list("name", flat=True))


def test_an_answer_settles_the_question_and_says_so_on_the_timeline(held_clock: Held) -> None:
    message = asked(person().pk)
    at = held_clock.forward(timedelta(seconds=40))
    row = wrote("收到，十分钟到")
    message.refresh_from_db()
    assert (row.state, row.matched_id, row.person_id) == ("answer", message.pk, message.person_id)
    assert (message.state, message.answered_at, message.delivered_at) == ("answered", at, at)
    entry = Entry.objects.get(name="message.answered")
    assert (entry.incident, entry.kind, entry.pk) == (1, "feedback", row.entry)
    assert entry.payload == {"message_id": message.pk, "inbound_id": row.pk, "purpose": "report"}
    assert Body.objects.get(entry=entry).text == "收到，十分钟到"


def test_a_second_answer_stands_beside_the_first_and_changes_nothing(held_clock: Held) -> None:
    message = asked(person().pk)
    first = held_clock.forward(timedelta(seconds=40))
    wrote("收到")
    held_clock.forward(timedelta(minutes=10))
    row = wrote("我来不了了", key="k2")
    message.refresh_from_db()
    assert (message.answered_at, row.state, row.matched_id) == (first, "again", message.pk)
    assert names() == ["message.answered", "message.received"]
    assert Entry.objects.get(name="message.received").incident == 1


@pytest.mark.parametrize("later_s", [1, 20, 300])
def test_two_open_questions_each_get_their_answer_in_the_same_words(
    held_clock: Held, later_s: int
) -> None:
    who = person().pk
    older = asked(who)
    held_clock.forward(timedelta(minutes=1))
    newer = asked(who, "incident:2")
    first = wrote("收到")
    held_clock.forward(timedelta(seconds=later_s))
    second = wrote("收到", key="k2")
    assert (first.state, first.matched_id) == ("answer", newer.pk)
    assert (second.state, second.matched_id) == ("answer", older.pk)
    assert names() == ["message.answered", "message.answered"]
    held_clock.forward(timedelta(seconds=5))
    assert wrote("收到", key="k3").state == "again"


def test_an_impatient_second_answer_signs_nothing_older(held_clock: Held) -> None:
    who = person().pk
    older = asked(who)
    held_clock.forward(timedelta(hours=3))
    newer = asked(who, "incident:2")
    assert wrote("收到").matched_id == newer.pk
    held_clock.forward(timedelta(seconds=20))
    assert wrote("收到", key="k2").state == "again"
    held_clock.forward(timedelta(minutes=5))
    assert wrote("收到", key="k3").matched_id == older.pk


def test_a_letter_that_the_carrier_hands_over_under_two_names_answers_once() -> None:
    who = person().pk
    older, newer = asked(who), asked(who, "incident:2")
    assert wrote("收到").matched_id == newer.pk
    copy = wrote("收到", key="k2")
    assert (copy.state, copy.matched_id) == ("again", newer.pk)
    older.refresh_from_db()
    assert older.answered_at is None
    assert wrote("收到，第二件也收到", key="k3").matched_id == older.pk


def test_what_a_provider_hands_over_twice_is_taken_once() -> None:
    asked(person().pk)
    wrote("收到")
    letter = Letter(key="k1", channel="sms", from_value=PHONE, sent_at=clock.now(), text="收到")
    assert take_in(letter) is None
    assert Inbound.objects.count() == 1
    assert names() == ["message.answered"]


def test_an_answer_after_a_day_or_after_it_was_settled_is_late(held_clock: Held) -> None:
    one, other = person(), person("演示老张", "10000000002")
    unanswered, settled = asked(one.pk), asked(other.pk)
    drop_message(by=HOUSE, message=settled.pk, reason="已当面告知")
    assert wrote("收到", phone="10000000002").state == "late"
    held_clock.forward(timedelta(hours=25))
    assert wrote("收到", key="k2").state == "late"
    unanswered.refresh_from_db()
    assert unanswered.answered_at is None


def test_a_stranger_is_heard_and_answers_nothing() -> None:
    message = asked(person().pk)
    row = wrote("河边有人落水", phone="10000000099")
    assert (row.state, row.person, row.matched) == ("news", None, None)
    entry = Entry.objects.get(name="message.received")
    assert (entry.incident, entry.payload) == (None, {"inbound_id": row.pk, "state": "news"})
    message.refresh_from_db()
    assert message.answered_at is None


@pytest.mark.parametrize("changed", [{"expects_answer": False}, {"channel": "voice"}])
def test_what_expects_no_answer_or_went_another_way_is_not_answered(
    changed: dict[str, Any],
) -> None:
    who = person()
    address(who, PHONE, channel="voice", rank=1)
    asked(who.pk, **changed)
    row = wrote("收到")
    assert (row.state, row.person_id) == ("news", who.pk)


def test_what_has_not_left_the_house_cannot_be_answered() -> None:
    assert send(**CALL, matter="x", person=person().pk) is not None
    assert wrote("收到").state == "news"


def test_a_second_telephone_of_the_same_person_answers_too() -> None:
    who = person()
    message = asked(who.pk)
    address(who, "10000000008", rank=1)
    assert wrote("收到", phone="10000000008").matched_id == message.pk


def test_on_a_shared_telephone_the_answer_is_his_who_was_asked() -> None:
    one, other = person(), person("演示老张", PHONE)
    asked(other.pk)
    assert wrote("收到").person_id == other.pk
    assert wrote("有事报告", key="k2").state == "again"
    Message.objects.update(expects_answer=False)
    assert wrote("又有事报告", key="k3").person_id is None
    assert one.pk != other.pk


def test_a_dead_number_that_answers_has_been_reached(held_clock: Held) -> None:
    message = asked(person(phone="10099990001").pk)
    held_clock.forward(timedelta(seconds=5))
    carry()
    wrote("收到", phone="10099990001")
    message.refresh_from_db()
    assert message.state == "answered"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("\x00火\x00", "火"),
        ("\ud800火", "?火"),
        ("\u202e写反\u202c", "写反"),
        ("'; DROP TABLE message_inbound; --", "'; DROP TABLE message_inbound; --"),
        ("%(count)s {0} %s", "%(count)s {0} %s"),
        ("火" * 20_000, "火" * 20_000),
    ],
)
def test_no_text_is_too_strange_to_be_taken(text: str, kept: str) -> None:
    assert wrote(text).text == kept


def test_a_position_is_kept_beside_the_words_and_only_there() -> None:
    row = wrote("在这里", lon=109.4412, lat=24.3301)
    assert (row.lon, row.lat) == (109.4412, 24.3301)
    entry = Entry.objects.get(name="message.received")
    assert "lon" not in entry.payload
    assert Body.objects.get(entry=entry).text == "在这里 [109.44120, 24.33010]"


def test_what_the_journal_erases_by_law_the_inbox_forgets() -> None:
    row = wrote("在这里", lon=109.4412, lat=24.3301)
    assert row.entry is not None
    erase_body(by=HOUSE, entry=row.entry, reason="本人要求", article="pipl_47")
    run_jobs()
    row.refresh_from_db()
    assert (row.text, row.lon, row.lat) == ("", None, None)
