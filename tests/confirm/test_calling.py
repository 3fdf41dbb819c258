"""People are called until enough have answered; who is silent is passed over, then named."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qianjun.confirm.actions import (
    answer_by_link,
    answer_for,
    end_all_about,
    end_confirmation,
    open_by_link,
    send_knock,
)
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.queries import confirmations_of, confirmations_waiting
from qianjun.confirm.rules import Step
from qianjun.journal.erasing import erase_body
from qianjun.journal.models import Body, Entry, Timer
from qianjun.journal.timers import tick
from qianjun.kernel.clock import Held
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.links import actor_for_link
from qianjun.org.models import Link
from tests import cast
from tests.confirm.calling import (
    by_link,
    called,
    deputies,
    hear,
    link_of,
    pass_time,
    people,
    said,
    somebody,
    states,
)
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_log(settings: Any, tmp_path: Path) -> None:
    """A data folder of its own, for what is written beside the database."""
    settings.DATA = tmp_path


def again(row: Confirmation) -> Confirmation:
    row.refresh_from_db()
    return row


def test_everybody_is_called_at_once_by_every_channel_with_one_code(officer: Actor) -> None:
    one = somebody("演示张三", ("sms", "10000000001"), ("voice", "10000000001"))
    two = somebody("演示李四", ("wechat", "10000000002"))
    row = called(officer, [one, two], question="现在几个危险点？")
    copies = Message.objects.order_by("person", "channel")
    assert [(m.person_id, m.channel, m.rank) for m in copies] == [
        (one.pk, "sms", 0),
        (one.pk, "voice", 0),
        (two.pk, "wechat", 0),
    ]
    assert len({m.text for m in copies}) == 1
    assert f"【叫应 {row.code}】" in copies[0].text
    assert "现在几个危险点？" in copies[0].text
    assert copies[0].links == copies[1].links != copies[2].links
    assert (row.state, row.need) == ("open", 2)
    assert said() == ["confirm.started"]


def test_only_the_named_channels_are_used(officer: Actor) -> None:
    one = somebody("演示张三", ("sms", "10000000001"), ("voice", "10000000001"))
    called(officer, [one], channels=["voice"])
    assert [m.channel for m in Message.objects.all()] == ["voice"]


def test_all_answer_and_it_is_met(officer: Actor, held_clock: Held) -> None:
    first, second = people(2)
    row = called(officer, [first, second])
    held_clock.forward(timedelta(seconds=30))
    assert open_by_link(by=by_link(row, first)) == "taken"
    assert open_by_link(by=by_link(row, first)) == "repeated"
    assert answer_by_link(by=by_link(row, first), text="已到岗") == "taken"
    assert again(row).state == "open"
    assert (
        answer_for(by=officer, confirmation_id=row.pk, person=second.pk, text="马上到") == "taken"
    )
    assert again(row).state == "met"
    assert said() == ["confirm.started", "confirm.answered", "confirm.answered", "confirm.met"]
    bodies = Body.objects.filter(entry__name="confirm.answered").order_by("entry_id")
    assert [body.text for body in bodies] == ["演示被** · 已到岗", "演示被** · 马上到"]
    pass_time(held_clock, 900)
    assert again(row).exhausted_at is None
    assert not confirmations_waiting(seen_by=officer)


def test_the_silent_are_passed_over_at_five_minutes_and_deputies_called(
    officer: Actor, held_clock: Held
) -> None:
    first, second, deputy, spared = people(4)
    row = called(officer, [first, second], steps=[deputies(300, (first, deputy), (second, spared))])
    answer_by_link(by=by_link(row, second))
    pass_time(held_clock, 299)
    assert states(row)[deputy.pk] == (False, False, False)
    pass_time(held_clock, 1)
    assert states(row) == {
        first.pk: (True, False, True),
        second.pk: (True, True, False),
        deputy.pk: (True, False, False),
        spared.pk: (False, False, False),
    }
    assert said()[-1] == "confirm.step_taken"
    assert Body.objects.get(entry__name="confirm.step_taken").text == "演示被**"
    answer_by_link(by=by_link(row, deputy))
    assert again(row).state == "met"
    assert not Timer.objects.filter(done_at__isnull=True).exists()
    # he who was passed over may still answer
    assert answer_by_link(by=by_link(row, first)) == "taken"


def test_after_the_last_step_the_desk_has_the_names_and_sends_somebody(
    officer: Actor, held_clock: Held
) -> None:
    first, second, deputy = people(3)
    row = called(officer, [first, second], steps=[deputies(300, (first, deputy))])
    pass_time(held_clock, 300)
    answer_by_link(by=by_link(row, second))
    pass_time(held_clock, 299)
    assert not confirmations_waiting(seen_by=officer)
    pass_time(held_clock, 1)
    (waiting,) = confirmations_waiting(seen_by=officer)
    assert again(row).state == "failed"
    assert [one.row.person_id for one in waiting.silent] == [first.pk, deputy.pk]
    assert {one.state for one in waiting.silent} == {"silent"}
    knocked = send_knock(by=officer, confirmation_id=row.pk, person=first.pk, goes="演示网格员")
    assert knocked.knocked_at is not None
    send_knock(by=officer, confirmation_id=row.pk, person=first.pk, goes="另一个人")
    assert said().count("confirm.knock_sent") == 1
    assert Body.objects.get(entry__name="confirm.knock_sent").text == "演示被** ← 演示网格员"
    answer_for(by=officer, confirmation_id=row.pk, person=first.pk)
    assert again(row).state == "met"
    assert not confirmations_waiting(seen_by=officer)
    with refused("answered_already", status=409):
        send_knock(by=officer, confirmation_id=row.pk, person=first.pk, goes="演示网格员")


def test_k_of_n_is_enough_and_the_rest_may_still_answer(officer: Actor, held_clock: Held) -> None:
    who = people(3)
    row = called(officer, who, need=2)
    answer_by_link(by=by_link(row, who[0]))
    assert again(row).state == "open"
    answer_by_link(by=by_link(row, who[1]))
    assert again(row).state == "met"
    assert answer_by_link(by=by_link(row, who[2])) == "taken"
    assert said().count("confirm.met") == 1
    pass_time(held_clock, 900)
    assert again(row).state == "met"


def test_three_steps_follow_each_other_and_a_late_worker_leaves_time_to_answer(
    officer: Actor, held_clock: Held
) -> None:
    who = people(3)
    later = [Step(after_s=60 * n, people=(who[n].pk,)) for n in (1, 2)]
    row = called(officer, who[:1], steps=later)
    held_clock.forward(timedelta(seconds=600))  # nobody worked meanwhile
    tick()
    hear()
    assert again(row).step == 1
    assert tick() == 0
    pass_time(held_clock, 60)
    assert again(row).step == 2
    pass_time(held_clock, 299)
    assert again(row).state == "open"
    pass_time(held_clock, 1)
    assert again(row).state == "failed"


def test_somebody_in_two_steps_is_called_once(officer: Actor, held_clock: Held) -> None:
    first, second = people(2)
    later = Step(after_s=300, people=(first.pk, second.pk))
    row = called(officer, [first], steps=[later])
    pass_time(held_clock, 300)
    assert Message.objects.filter(person=first).count() == 1
    assert ConfirmPerson.objects.filter(confirmation=row).count() == 2
    assert Message.objects.filter(person=second).count() == 1


def test_the_same_answer_again_changes_nothing(officer: Actor) -> None:
    (one,) = people(1)
    row = called(officer, [one])
    him = by_link(row, one)
    assert answer_by_link(by=him, text="到") == "taken"
    assert answer_by_link(by=him, text="又到") == "repeated"
    assert answer_for(by=officer, confirmation_id=row.pk, person=one.pk) == "repeated"
    assert said().count("confirm.answered") == 1
    assert ConfirmPerson.objects.get().answered_how == "link"


def test_after_the_end_nothing_is_answered_and_links_have_ended(
    officer: Actor, held_clock: Held
) -> None:
    one, two = people(2)
    row = called(officer, [one, two])
    him = by_link(row, one)
    end_confirmation(by=officer, confirmation_id=row.pk, why="解除")
    end_confirmation(by=officer, confirmation_id=row.pk, why="再解除")
    assert said().count("confirm.ended") == 1
    assert answer_by_link(by=him) == "too_late"
    assert open_by_link(by=him) == "too_late"
    with refused("link_ended", status=410):
        by_link(row, one)
    with refused("confirmation_ended", status=409):
        answer_for(by=officer, confirmation_id=row.pk, person=one.pk)
    with refused("confirmation_ended", status=409):
        send_knock(by=officer, confirmation_id=row.pk, person=one.pk, goes="演示网格员")
    assert not Message.objects.filter(dropped_at__isnull=True).exists()
    pass_time(held_clock, 900)
    assert again(row).state == "ended"
    assert end_all_about(by=officer, about=("check", ""), why="解除") == 0


def test_a_question_wants_an_answer(officer: Actor) -> None:
    (one,) = people(1)
    row = called(officer, [one], question="现在几个危险点？")
    with refused("answer_needed", status=422):
        answer_by_link(by=by_link(row, one))
    assert answer_by_link(by=by_link(row, one), text="2个") == "taken"


def test_what_an_offline_phone_claims_is_kept_beside_the_receipt(
    officer: Actor, held_clock: Held
) -> None:
    (one,) = people(1)
    row = called(officer, [one])
    clicked_at = held_clock.forward(timedelta(seconds=60))
    him = by_link(row, one)
    received_at = held_clock.forward(timedelta(seconds=120))
    answer_by_link(by=him, happened_at=clicked_at)
    entry = Entry.objects.get(name="confirm.answered")
    assert (entry.happened_at, entry.at) == (clicked_at, received_at)
    assert ConfirmPerson.objects.get().answered_at == received_at


def test_what_is_not_to_be_is_refused_and_nobody_called(officer: Actor) -> None:
    (one,) = people(1)
    for changed, code in (
        ({"text": " "}, "too_short"),
        ({"text": "长" * 501}, "too_long"),
        ({"people": []}, "invalid"),
        ({"need": 2}, "invalid"),
        ({"channels": ["pigeon"]}, "invalid"),
        ({"steps": [Step(after_s=0, people=(one.pk,))]}, "invalid"),
        ({"people": [one.pk + 1000]}, "unknown_person"),
    ):
        with refused(code, status=422):
            called(officer, [one], **changed)
    for part in (cast.JUZHANG, cast.JIEDAO, cast.XIAOCHEN, cast.SYSTEM):
        with refused("not_allowed", status=403):
            called(cast.actor(part), [one])
    assert not Confirmation.objects.exists()
    assert not Message.objects.exists()


def test_a_link_answers_for_its_own_person_and_matter_alone(officer: Actor) -> None:
    one, two = people(2)
    row = called(officer, [one])
    other = called(officer, [two])
    text = link_of(row, one).removeprefix("/c/")
    forged = ("a" if text[0] != "a" else "b") + text[1:]
    with refused("link_unknown", status=404):
        actor_for_link("c", forged)
    with refused("link_unknown", status=404):
        actor_for_link("t", text)
    Link.objects.filter(person=two).update(about_id=str(row.pk))
    with refused("not_found", status=404):
        answer_by_link(by=by_link(other, two))
    with refused("not_found", status=404):
        answer_by_link(by=officer)


def test_who_sees_a_part_of_the_district_sees_its_people_alone(
    officer: Actor, held_clock: Held
) -> None:
    here, there = people(1, unit=cast.STREET)[0], people(1, unit="450202002")[0]
    called(officer, [here, there])
    called(officer, [there])
    pass_time(held_clock, 300)
    part = cast.actor(
        cast.Part(name="街道值班", role="duty_officer", login="jdzb", unit=cast.STREET)
    )
    (seen,) = confirmations_waiting(seen_by=part)
    assert [one.row.person_id for one in seen.people] == [here.pk]
    assert len(confirmations_waiting(seen_by=officer)) == 2
    with refused("not_found", status=404):
        answer_for(by=part, confirmation_id=seen.row.pk, person=there.pk)
    with refused("unknown_person", status=422):
        called(part, [there])
    mine = called(part, [here], about=("incident", "7"))
    assert [s.row.pk for s in confirmations_of(seen_by=part, about=("incident", "7"))] == [mine.pk]
    assert mine.incident == 7
    assert confirmations_of(seen_by=cast.actor(cast.JIEDAO), about=("incident", "7")) == []
    with refused("not_allowed", status=403):
        confirmations_waiting(seen_by=cast.actor(cast.JIEDAO))


def test_words_that_were_erased_by_law_are_kept_nowhere(officer: Actor) -> None:
    row = called(officer, people(1), question="现在几个危险点？")
    entry = Entry.objects.get(name="confirm.started")
    erase_body(by=cast.actor(cast.LAOLI), entry=entry.pk, reason="本人要求", article="erl_85")
    hear()
    assert (again(row).text, again(row).question) == ("", "")
