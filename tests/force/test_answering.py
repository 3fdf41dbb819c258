"""What people do who were called: in order, late, twice, too late, by another phone, by words."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from qianjun.force import simulated
from qianjun.force.actions import enough, stand_down
from qianjun.force.models import CallAct, Called, CallOut, Volunteer
from qianjun.force.queries.callouts import counts_of, lines_of
from qianjun.force.rules.answering import said
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Entry
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import Message
from qianjun.message.receipts import receive
from tests.force.calls import Calls, act, again, people, pressed

pytestmark = pytest.mark.django_db


def boxes(row: CallOut) -> dict[str, int]:
    """The board, without empty boxes."""
    return {name: n for name, n in counts_of(lines_of(row)).items() if n}


def test_a_day_of_a_volunteer(running: CallOut, held_clock: clock.Held) -> None:
    one = people(running)[0]
    status, told = act(one, "accept", eta_min=20)
    assert (status, told["state"], told["outcome"]) == (200, "accepted", "taken")
    assert again(one).eta_at == clock.now() + timedelta(minutes=20)
    assert pressed(one, "en_route") == "taken"
    held_clock.forward(timedelta(minutes=18))
    assert pressed(one, "arrived") == "taken"
    held_clock.forward(timedelta(hours=3))
    assert pressed(one, "break") == "taken"
    held_clock.forward(timedelta(minutes=30))
    assert pressed(one, "left") == "taken"
    assert pressed(one, "home") == "taken"
    row, person = again(one), Volunteer.objects.get(pk=one.volunteer_id)
    assert row.minutes == person.minutes_this_year == 210
    assert (person.asked, person.accepted, person.busy_until) == (1, 1, None)
    assert boxes(running)["left"] == 1
    assert CallAct.objects.filter(called=one).count() == 6


def test_the_same_act_again_is_the_same(running: CallOut) -> None:
    one, name = people(running)[0], uuid4()
    assert pressed(one, "accept", act_id=name) == "taken"
    assert pressed(one, "accept", act_id=name) == "repeated"
    assert pressed(one, "accept") == "repeated"
    assert Volunteer.objects.get(pk=one.volunteer_id).accepted == 1
    assert Entry.objects.filter(name="force.call_acted").count() == 1


def test_he_may_change_his_mind_until_he_is_there(running: CallOut) -> None:
    one = people(running)[0]
    assert pressed(one, "decline") == "taken"
    assert pressed(one, "accept") == "taken"
    assert pressed(one, "decline") == "taken"
    assert (again(one).accepted_at, boxes(running)["declined"]) == (None, 1)
    assert Volunteer.objects.get(pk=one.volunteer_id).accepted == 0
    assert pressed(one, "arrived") == "taken"
    assert pressed(one, "decline") == "too_late"


def test_an_older_act_never_overwrites_a_newer_state(
    running: CallOut, held_clock: clock.Held
) -> None:
    one = people(running)[0]
    earlier = held_clock.forward(timedelta(minutes=1))
    held_clock.forward(timedelta(minutes=5))
    assert pressed(one, "decline") == "taken"
    assert pressed(one, "accept", at=earlier) == "too_late"
    assert again(one).declined_at is not None
    kept = CallAct.objects.get(act="accept")
    assert (kept.happened_at, kept.received_at) == (earlier, clock.now())


def test_a_yes_after_enough_is_late_and_gets_its_sentence(calls: Calls, running: CallOut) -> None:
    quiet, coming = people(running)[:2]
    pressed(coming, "accept")
    enough(by=calls.by, callout_id=running.pk)
    status, told = act(quiet, "accept")
    assert (status, told["outcome"]) == (200, "accepted_late")
    assert "不用来了" in told["message_zh"]
    assert again(quiet).accepted_at is None
    assert pressed(quiet, "en_route") == "not_needed"
    assert pressed(coming, "accept") == "repeated"
    assert pressed(coming, "late", eta_min=40) == "taken"
    # whoever stands there all the same is counted, so that somebody sees him home
    assert pressed(quiet, "arrived") == "not_needed"
    assert again(quiet).arrived_at is not None
    assert pressed(quiet, "left") == "taken"


def test_whoever_was_on_his_way_is_told_that_he_is_not_needed(
    calls: Calls, running: CallOut
) -> None:
    one = people(running)[0]
    pressed(one, "accept")
    stand_down(by=calls.by, callout_id=running.pk)
    assert pressed(one, "en_route") == "not_needed"
    assert pressed(one, "home") == "taken"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "code"), [("left", "not_there"), ("break", "not_there")])
def test_nobody_leaves_before_he_came(running: CallOut, name: str, code: str) -> None:
    one = people(running)[0]
    assert (act(one, name)[0], act(one, name)[1]["code"]) == (409, code)
    assert act(one, "home")[1]["code"] == "not_out"
    assert not CallAct.objects.exists()


def test_another_phone_may_answer_and_is_marked(running: CallOut) -> None:
    one = people(running)[0]
    pressed(one, "accept", device="phone-a")
    assert not again(one).other_device
    pressed(one, "en_route", device="phone-b")
    assert again(one).other_device


@pytest.mark.parametrize(
    "body",
    [{"eta_min": "soon"}, {"eta_min": -1}, {"headcount": 0}, {"lon": 500}, {"act_id": "x"}],
)
def test_what_cannot_be_read_is_refused(running: CallOut, body: dict[str, Any]) -> None:
    assert act(people(running)[0], "late", **body)[0] == 422


def test_receipts_and_opening_move_the_board(running: CallOut) -> None:
    first, second = people(running)[:2]
    total = len(people(running))
    assert boxes(running) == {"waiting": total}
    message = Message.objects.get(person=first.person_id)
    receive(message.key, "delivered", clock.now())
    assert boxes(running) == {"waiting": total - 1, "reached": 1}
    assert pressed(second, "opened") == "taken"
    assert boxes(running) == {"waiting": total - 2, "reached": 1, "read": 1}


def letter(message: Message, text: str, key: str) -> None:
    """A text message comes in and is heard twice."""
    Message.objects.filter(pk=message.pk).update(attempts=1)
    take_in(
        Letter(
            key=key,
            channel=message.channel,
            from_value=message.address,
            sent_at=clock.now(),
            text=text,
        )
    )
    entry = Entry.objects.filter(name="message.answered").latest("pk")
    for _again in range(2):
        run_reaction(entry_id=entry.pk, reaction="force.hear_answer")


def test_a_text_message_says_yes_or_no(running: CallOut) -> None:
    first, second, third = people(running)[:3]
    for one, text in ((first, "1"), (second, "这次来不了"), (third, "？")):
        letter(Message.objects.get(person=one.person_id), text, key=f"k{one.pk}")
    found = boxes(running)
    assert (found["accepted"], found["declined"]) == (1, 1)
    assert CallAct.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "act_"),
    [
        ("1", "accept"),
        ("1。", "accept"),
        ("能到，马上出发", "accept"),
        ("好的", "accept"),
        ("2", "decline"),
        ("不能", "decline"),
        ("这次来不了", "decline"),
        ("没空", "decline"),
        ("12", None),
        ("谁啊", None),
        ("", None),
    ],
)
def test_yes_and_no_are_understood_and_nothing_else(words: str, act_: str | None) -> None:
    assert said(words) == act_


def test_act_ids_are_his_own(running: CallOut) -> None:
    first, second = people(running)[:2]
    same = UUID(int=7)
    assert pressed(first, "accept", act_id=same) == "taken"
    assert pressed(second, "accept", act_id=same) == "taken"


def steps_taken(one: Called, hands: clock.Held) -> Called:
    """He says yes by text message, and eight hours go by."""
    letter(Message.objects.get(person=one.person_id), "能到，马上出发", key="sim")
    for _step in range(8):
        hands.forward(timedelta(hours=1))
        tick()
        for entry in Entry.objects.filter(name="force.step_due").order_by("pk"):
            run_reaction(entry_id=entry.pk, reaction="force.take_step")
    return again(one)


def test_a_simulated_volunteer_who_says_yes_by_text_comes_and_goes_home(
    running: CallOut, held_clock: clock.Held, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REALM = "demo"
    monkeypatch.setattr(simulated, "NO_SHOW", 0.0)
    row = steps_taken(people(running)[0], held_clock)
    assert row.en_route_at
    assert row.arrived_at
    assert row.home_at
    assert boxes(running)["left"] == 1


def test_a_simulated_volunteer_who_does_not_come_stays_on_his_way(
    running: CallOut, held_clock: clock.Held, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REALM = "demo"
    monkeypatch.setattr(simulated, "NO_SHOW", 1.0)
    row = steps_taken(people(running)[0], held_clock)
    assert row.en_route_at
    assert row.arrived_at is None
    assert boxes(running)["en_route"] == 1
