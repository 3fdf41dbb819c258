"""What comes in by a channel answers the call; simulated people do, the silent escalate."""

from datetime import timedelta

import pytest

from qianjun.confirm.actions import answer_for
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.queries import confirmations_waiting
from qianjun.journal.models import Body, Entry
from qianjun.journal.timers import tick
from qianjun.kernel.clock import Held
from qianjun.message.actions import reply_as, switch_people
from qianjun.message.models import Inbound, Message
from qianjun.message.people import people_turn
from qianjun.message.queries import unreached
from tests import cast
from tests.confirm.calling import called, deputies, people, said, somebody
from tests.message.cast import HOUSE
from tests.message.phones import carry, pump
from tests.worker import run_jobs_shuffled_and_doubled

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "10000000001"


def go_on(clock: Held, seconds: float, *, seed: int = 1) -> None:
    """Time passes; pump, carrier, people, ticker and worker do what is theirs."""
    clock.forward(timedelta(seconds=seconds))
    for _ in range(3):
        tick()
        run_jobs_shuffled_and_doubled(seed)
        pump()
        carry()
        while people_turn():
            pass
    carry()
    run_jobs_shuffled_and_doubled(seed)


def test_a_word_by_one_channel_answers_and_the_others_ask_no_more(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=False)
    officer = cast.actor(cast.XIAOWANG)
    one = somebody("演示张小三", ("sms", PHONE), ("voice", PHONE))
    row = called(officer, [one])
    go_on(held_clock, 5)
    go_on(held_clock, 1)
    assert Message.objects.filter(delivered_at__isnull=False).count() == 2
    reply_as(by=HOUSE, channel="sms", from_value=PHONE, text="收到，在路上")
    go_on(held_clock, 1)
    him = ConfirmPerson.objects.get()
    assert him.answered_how == "reply"
    assert Body.objects.get(entry__name="confirm.answered").text == "演示张** · 收到，在路上"
    row.refresh_from_db()
    assert row.state == "met"
    # what he says by the other channel afterwards is news, not an answer
    reply_as(by=HOUSE, channel="voice", from_value=PHONE, text="桥下又淹了")
    go_on(held_clock, 1)
    assert Inbound.objects.get(channel="voice").state == "late"
    assert said() == ["confirm.started", "confirm.answered", "confirm.met"]
    assert not unreached(seen_by=officer)


def test_a_key_is_an_answer_and_a_silent_mailbox_is_none(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=False)
    officer = cast.actor(cast.XIAOWANG)
    one = somebody("演示张小三", ("voice", PHONE))
    called(officer, [one])
    go_on(held_clock, 5)
    go_on(held_clock, 1)
    reply_as(by=HOUSE, channel="voice", from_value=PHONE, text="1")
    go_on(held_clock, 1)
    assert ConfirmPerson.objects.get().answered_how == "key"


def test_a_position_is_an_answer_too(held_clock: Held) -> None:
    switch_people(by=HOUSE, auto=False)
    one = somebody("演示张小三", ("wechat", PHONE))
    called(cast.actor(cast.XIAOWANG), [one])
    go_on(held_clock, 5)
    go_on(held_clock, 1)
    reply_as(by=HOUSE, channel="wechat", from_value=PHONE, lon=109.43, lat=24.32)
    go_on(held_clock, 1)
    assert ConfirmPerson.objects.get().answered_how == "reply"


def test_who_has_told_the_desk_is_not_called_by_what_waits(held_clock: Held) -> None:
    officer = cast.actor(cast.XIAOWANG)
    one = somebody("演示张小三", ("sms", PHONE), ("voice", PHONE))
    row = called(officer, [one])
    answer_for(by=officer, confirmation_id=row.pk, person=one.pk)
    go_on(held_clock, 5)
    assert set(Message.objects.values_list("failure", flat=True)) == {"dropped"}


@pytest.mark.parametrize("seed", [1, 2])
def test_simulated_people_answer_and_it_is_met(held_clock: Held, seed: int) -> None:
    switch_people(by=HOUSE, auto=True, accept_rate=1, delay_s=30)
    officer = cast.actor(cast.XIAOWANG)
    called(officer, people(5))
    for _ in range(15):
        go_on(held_clock, 15, seed=seed)
    row = Confirmation.objects.get()
    assert row.state == "met"
    assert ConfirmPerson.objects.filter(answered_how="reply").count() == 5
    assert said().count("confirm.answered") == 5
    assert said().count("confirm.met") == 1
    assert not Entry.objects.filter(name="journal.job_given_up").exists()


def test_the_silent_escalate_to_their_deputies_and_then_to_the_desk(held_clock: Held) -> None:
    officer = cast.actor(cast.XIAOWANG)
    first, second, deputy, last = people(4)
    switch_people(
        by=HOUSE, auto=True, accept_rate=1, delay_s=30, silent=[first.pk, second.pk, last.pk]
    )
    called(officer, [first, second], steps=[deputies(300, (first, deputy), (second, last))])
    for _ in range(40):
        go_on(held_clock, 16)
    (waiting,) = confirmations_waiting(seen_by=officer)
    assert [one.row.person_id for one in waiting.silent] == [second.pk, last.pk]
    assert waiting.answered == 1
    assert ConfirmPerson.objects.get(person=deputy).answered_at is not None
    assert said() == [
        "confirm.started",
        "confirm.step_taken",
        "confirm.answered",
        "confirm.exhausted",
    ]
