"""A city is called by one row: nobody is forgotten, nobody is queued twice."""

from datetime import timedelta
from typing import Any

import pytest

from qianjun.duty.queries import cards_seen
from qianjun.journal.actions import drop_card, retry_card
from qianjun.journal.models import Card, Entry
from qianjun.journal.rules import ATTEMPTS
from qianjun.kernel.clock import Held
from qianjun.message.actions import send_wave, stop_spreading
from qianjun.message.models import Mailing, Message
from qianjun.message.pump import Pump
from qianjun.message.queries import counts, outbox_waiting
from qianjun.message.spreading import FIRST, LinkFor, spread
from qianjun.org.links import find_link
from qianjun.org.models import Person
from tests import cast
from tests.message.cast import HOUSE, crowd, person
from tests.org.refusals import refused
from tests.pages.reading import text_of
from tests.worker import run_jobs

CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "callout",
    "matter": "callout:1:1",
    "text": "请到文昌社区服务站集合",
    "rank": 2,
    "incident": 1,
    "expects_answer": True,
}
OWN = LinkFor(purpose="v", about=("callout", "1"))
MANY = FIRST + 30


@pytest.mark.django_db
def test_a_few_are_queued_at_once_with_links_of_their_own() -> None:
    people = crowd(3)
    assert send_wave(**CALL, people=people, link=OWN) == 3
    rows = list(Message.objects.order_by("person"))
    assert [row.person_id for row in rows] == sorted(people)
    assert rows[0].key == f"callout:callout:1:1:{rows[0].person_id}:sms"
    for row in rows:
        (path,) = row.links
        link = find_link("v", path.removeprefix("/v/"))
        assert link is not None
        assert (link.person_id, link.about_kind, link.about_id) == (row.person_id, "callout", "1")
    assert not Mailing.objects.exists()
    assert send_wave(**CALL, people=people, link=OWN) == 0
    assert [e.payload["count"] for e in Entry.objects.filter(name="message.queued")] == [3]
    with refused("not_allowed", status=403):
        send_wave(**CALL | {"by": cast.actor(cast.JIEDAO)}, people=people)


@pytest.mark.django_db(transaction=True)
def test_the_others_wait_as_one_row_and_are_spread_part_by_part() -> None:
    people = crowd(MANY)
    assert send_wave(**CALL, people=people, link=OWN) == MANY
    assert send_wave(**CALL, people=people, link=OWN) == 0
    assert Message.objects.count() == FIRST
    assert outbox_waiting() == MANY
    assert counts(1, seen_by=HOUSE).waiting == MANY
    assert [spread(part=20), spread(part=20), spread(part=20)] == [20, 10, 0]
    assert Mailing.objects.get().spread_at is not None
    assert outbox_waiting() == Message.objects.count() == MANY
    links = {link for row in Message.objects.all() for link in row.links}
    assert len(links) == MANY
    assert {row.queued_at for row in Message.objects.all()} == {Mailing.objects.get().queued_at}
    assert [e.payload["count"] for e in Entry.objects.filter(name="message.queued")] == [MANY]


@pytest.mark.django_db(transaction=True)
def test_a_part_that_was_spread_before_a_crash_is_not_spread_again() -> None:
    send_wave(**CALL, people=crowd(MANY), link=OWN)
    assert spread(part=20) == 20
    Mailing.objects.update(done=0)  # as if the word of how far it was had been lost
    assert [spread(part=20), spread(part=20), spread(part=20)] == [20, 10, 0]
    assert Message.objects.count() == MANY


@pytest.mark.django_db(transaction=True)
def test_the_bulk_pump_sends_them_all_and_the_urgent_one_leaves_them_alone() -> None:
    nobody = person("演示赵六", "")
    send_wave(**CALL, people=[*crowd(MANY - 1), nobody.pk])
    assert Pump(urgent=True).turn() == 0
    bulk = Pump(urgent=False)
    while bulk.turn():
        pass
    assert Message.objects.filter(sent_at__isnull=False).count() == MANY - 1
    assert outbox_waiting() == 0
    lost = Message.objects.get(failed_at__isnull=False)
    assert (lost.person_id, lost.failure) == (nobody.pk, "no_address")
    assert Entry.objects.filter(name="message.unreached").count() == 1


def poisoned(matter: str = "callout:1:1") -> tuple[Mailing, int]:
    """A mailing that cannot be spread: one of its people is gone. The mailing and his id."""
    people = sorted(crowd(MANY))
    send_wave(**CALL | {"matter": matter}, people=people, link=OWN)
    Person.objects.filter(pk=people[-1]).delete()
    return Mailing.objects.get(matter=matter), people[-1]


def fail(held_clock: Held, times: int = ATTEMPTS) -> None:
    for _ in range(times):
        assert spread() == 0
        held_clock.forward(timedelta(seconds=200))


@pytest.mark.django_db(transaction=True)
def test_a_mailing_that_fails_lets_the_others_pass_and_waits(held_clock: Held) -> None:
    bad, _gone = poisoned()
    send_wave(**CALL | {"matter": "callout:2:1"}, people=crowd(MANY), link=OWN)
    assert [spread(), spread(), spread()] == [0, MANY - FIRST, 0]
    bad.refresh_from_db()
    assert (bad.attempts, bad.done, bad.spread_at) == (1, 0, None)
    assert not Card.objects.exists()
    Mailing.objects.filter(pk=bad.pk).update(people=bad.people[:-1])
    held_clock.forward(timedelta(seconds=3))
    assert spread() == MANY - FIRST - 1
    bad.refresh_from_db()
    assert (bad.attempts, bad.next_try_at) == (0, None)
    assert bad.spread_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_mailing_that_always_fails_is_put_aside_with_a_card_and_tried_again(
    held_clock: Held,
) -> None:
    bad, _gone = poisoned()
    fail(held_clock)
    (card,) = cards_seen(cast.actor(cast.XIAOWANG))
    assert (card.reaction, card.attempts) == (f"mailing:{bad.pk}", ATTEMPTS)
    assert card.cause.startswith("callout:callout:1:1: IntegrityError")
    assert "callout:callout:1:1" in text_of(cast.signed_in(cast.XIAOWANG).get("/desk/columns/"))
    assert spread() == 0
    assert Card.objects.count() == 1
    assert outbox_waiting() == MANY  # nobody is forgotten while it waits
    Mailing.objects.filter(pk=bad.pk).update(people=bad.people[:-1])
    retry_card(by=cast.actor(cast.XIAOWANG), card=card.pk)
    run_jobs()
    assert spread() == MANY - FIRST - 1
    assert not cards_seen(cast.actor(cast.XIAOWANG))


@pytest.mark.django_db(transaction=True)
def test_a_card_that_fails_again_comes_back_and_a_dropped_one_ends_it(held_clock: Held) -> None:
    poisoned()
    fail(held_clock)
    officer = cast.actor(cast.XIAOWANG)
    retry_card(by=officer, card=Card.objects.get().pk)
    run_jobs()
    fail(held_clock)
    (card,) = cards_seen(officer)
    drop_card(by=officer, card=card.pk, reason="已改用电话通知")
    run_jobs()
    assert Mailing.objects.get().spread_at is not None
    assert outbox_waiting() == FIRST
    assert spread() == 0


@pytest.mark.django_db(transaction=True)
def test_who_is_not_queued_yet_is_left_alone_when_nobody_more_is_wanted() -> None:
    people = sorted(crowd(MANY))
    send_wave(**CALL, people=people, link=OWN)
    assert spread(part=20) == 20
    asked: dict[str, Any] = {"by": HOUSE, "purpose": "callout", "matters": ["callout:1:1"]}
    assert stop_spreading(**asked) == people[FIRST + 20 :]
    assert stop_spreading(**asked) == []
    assert spread() == 0
    assert outbox_waiting() == FIRST + 20
