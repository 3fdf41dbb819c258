"""An order from above: taken in, proposed, directed, handed on, answered, closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from qianjun.incident.actions import (
    NewInstruction,
    close_instruction,
    correct_instruction,
    direct_instruction,
    feed_back,
    propose_instruction,
    record_directive,
    refer_instruction,
    remind_referrals,
    reopen_instruction,
    reply_to_sender,
    take_in_instruction,
    withdraw_opinion,
    withdraw_referral,
    withdraw_reply,
)
from qianjun.incident.instruction_models import Instruction, Opinion, Referral, ReferralStep
from qianjun.incident.queries.instructions import (
    asked_instructions,
    due_next,
    instruction_json,
    instruction_seen,
    instructions,
    is_late,
    lines_about,
    open_instructions,
    stage_now,
)
from qianjun.incident.rules.tasks import Doing
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.links import actor_for_link
from tests import cast
from tests.incident.fires import taken
from tests.incident.instructing import CITY, GOVERNMENT, POLICE, TEXT, came, units
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def leader() -> Actor:
    """带班领导老李."""
    cast.put_on_duty(cast.LAOLI, phone="10000000002")
    return cast.actor(cast.LAOLI)


def now_of(by: Actor, row: Instruction) -> Instruction:
    """As it stands now, with its counts."""
    return instruction_seen(seen_by=by, instruction_id=row.pk)


def stage(by: Actor, row: Instruction) -> str:
    """Where it lies now."""
    return stage_now(now_of(by, row))


def answered(by: Actor, referral: Referral, text: str) -> None:
    """The desk notes what they did."""
    feed_back(
        by=by,
        instruction_id=referral.instruction_id,
        referral=str(referral.pk),
        act="answered",
        doing=Doing(text=text),
    )


def told_again(row: Instruction, **changed: object) -> NewInstruction:
    """What was told, with a change."""
    names = ("way", "sender", "text", "title", "received_at", "reply_by")
    words: dict[str, Any] = {name: getattr(row, name) for name in names}
    return NewInstruction(**(words | changed))


def test_an_order_by_telephone_gets_the_next_number_and_a_title_of_its_own(officer: Actor) -> None:
    first, second = came(officer), came(officer, title="关于防汛会议的通知", way="meeting")
    assert (first.number, second.number) == ("LW-450202-2026-0001", "LW-450202-2026-0002")
    assert first.title.startswith("市局16时启动洪水防御四级")
    assert second.title == "关于防汛会议的通知"
    assert stage(officer, first) == "taken"
    entry = Entry.objects.get(about_kind="instruction", about_id=str(first.pk))
    assert entry.name == "incident.instruction_taken"
    assert TEXT not in str(entry.payload)


def test_what_came_earlier_is_entered_with_its_own_time(officer: Actor) -> None:
    row = came(officer, received_at=clock.now() - HOUR)
    (line,) = lines_about("instruction", row.pk)
    assert line["late_entry"]
    with refused("in_the_future", status=422):
        came(officer, received_at=clock.now() + HOUR)


def test_secrets_and_nothing_said_are_refused_and_leave_no_gap(officer: Actor) -> None:
    with refused("must_not_be_entered", status=422):
        came(officer, text="机密★1年 某某通知")
    with refused("too_short", status=422):
        came(officer, text=" ")
    with refused("too_short", status=422):
        came(officer, sender="")
    with refused("unknown_value", status=422):
        came(officer, way="pigeon")
    with refused("unknown_unit", status=422):
        came(officer, sender_unit="nowhere")
    with refused("unknown_incident", status=422):
        came(officer, incident="999")
    assert came(officer).number.endswith("0001")


def test_from_the_taking_to_the_end(officer: Actor, leader: Actor) -> None:
    units()
    row = came(officer, reply_by=clock.now() + 2 * HOUR, urgency="urgent")
    assert propose_instruction(by=officer, instruction_id=row.pk, text="拟请清出地下室")[1] == 1
    assert stage(officer, row) == "asked"
    assert [one.pk for one in asked_instructions(seen_by=leader)] == [row.pk]
    direct_instruction(by=leader, instruction_id=row.pk, text="同意，先清车和地下室。")
    assert stage(officer, row) == "directed"
    given = refer_instruction(
        by=officer,
        instruction_id=row.pk,
        order="清出滨江东路地下室",
        units=[GOVERNMENT, POLICE],
        due_at=clock.now() + HOUR,
    )
    assert [one.told for one in given] == [1, 0]
    assert stage(officer, row) == "referred"
    for one in given:
        answered(officer, one, "已清 12 辆车")
    assert stage(officer, row) == "answered"
    with refused("reply_open", status=409):
        close_instruction(by=officer, instruction_id=row.pk)
    reply_to_sender(
        by=officer, instruction_id=row.pk, way="phone", text="已清空", taken_by="市防办李工"
    )
    close_instruction(by=officer, instruction_id=row.pk, outcome="沿江地下室清空")
    assert stage(officer, row) == "closed"
    assert not open_instructions(seen_by=officer)
    assert due_next(now_of(officer, row)) is None
    names = [line["name"].removeprefix("incident.") for line in lines_about("instruction", row.pk)]
    assert names[0] == "instruction_taken"
    assert names[-2:] == ["instruction_replied", "instruction_closed"]


@pytest.mark.usefixtures("leader")
def test_it_is_closed_with_something_open_only_for_a_reason_and_opened_again(
    officer: Actor, held_clock: clock.Held
) -> None:
    units()
    row = came(officer, reply_by=clock.now() + HOUR)
    propose_instruction(by=officer, instruction_id=row.pk, text="请示")
    (given,) = refer_instruction(
        by=officer, instruction_id=row.pk, order="办", units=[POLICE], due_at=clock.now() + HOUR
    )
    with pytest.raises(Refused) as caught, transaction.atomic():
        close_instruction(by=officer, instruction_id=row.pk)
    assert caught.value.code == "directive_open"
    assert caught.value.extra["open"] == ["directive_open", "referrals_open", "reply_open"]
    close_instruction(by=officer, instruction_id=row.pk, why="市里已撤销")
    about = ("referral", str(given.pk))
    assert all(one.met_at for one in deadlines_of(about)[about])
    with refused("instruction_closed", status=409):
        propose_instruction(by=officer, instruction_id=row.pk, text="再请示")
    held_clock.forward(timedelta(minutes=1))
    reopen_instruction(by=officer, instruction_id=row.pk, why="又来电话")
    assert any(one.met_at is None for one in deadlines_of(about)[about])
    with refused("instruction_open", status=409):
        reopen_instruction(by=officer, instruction_id=row.pk, why="又来电话")


def test_a_correction_keeps_old_and_new(officer: Actor) -> None:
    row = came(officer)
    told = told_again(row, sender="市水利局")
    with refused("stale", status=409):
        correct_instruction(by=officer, instruction_id=row.pk, version=7, told=told, why="听错")
    correct_instruction(by=officer, instruction_id=row.pk, version=1, told=told, why="听错")
    first, second = lines_about("instruction", row.pk)
    assert second["corrects"] == first["id"]
    assert f"{CITY} → 市水利局" in second["text_zh"]
    with refused("nothing_changed", status=422):
        correct_instruction(by=officer, instruction_id=row.pk, version=2, told=told, why="无")


def test_a_directive_may_be_recorded_and_withdrawn_by_whoever_it_belongs_to(
    officer: Actor, leader: Actor
) -> None:
    row = came(officer)
    propose_instruction(by=officer, instruction_id=row.pk, text="请示")
    spoken = record_directive(
        by=officer, instruction_id=row.pk, text="同意", leader="演示局长", how="voice"
    )
    assert stage(officer, row) == "directed"
    withdraw_opinion(by=officer, instruction_id=row.pk, opinion=str(spoken.pk))
    assert stage(officer, row) == "asked"
    typed = direct_instruction(by=leader, instruction_id=row.pk, text="照办")
    with refused("not_his_own", status=409):
        withdraw_opinion(by=officer, instruction_id=row.pk, opinion=str(typed.pk))
    with refused("unknown_value", status=422):
        record_directive(by=officer, instruction_id=row.pk, text="x", leader="x", how="typed")
    assert Opinion.objects.count() == 3


def test_whoever_has_it_is_sent_a_link_and_no_words_of_it(officer: Actor) -> None:
    units()
    row = came(officer)
    (given,) = refer_instruction(
        by=officer, instruction_id=row.pk, order="清出地下室", units=[GOVERNMENT]
    )
    message = Message.objects.get(matter=f"referral:{given.pk}")
    assert row.number in message.text
    assert "地下室" not in message.text
    link = actor_for_link("t", message.links[0].rsplit("/", 1)[1])
    assert link.scope.about == ("referral", str(given.pk))
    with refused("has_it_already", status=409):
        refer_instruction(by=officer, instruction_id=row.pk, order="再办", units=[GOVERNMENT])
    with refused("nobody", status=422):
        refer_instruction(by=officer, instruction_id=row.pk, order="再办")


def test_reminders_are_marked_and_not_sent_twice_a_minute(
    officer: Actor, held_clock: clock.Held
) -> None:
    units()
    row = came(officer)
    refer_instruction(by=officer, instruction_id=row.pk, order="办", units=[GOVERNMENT, POLICE])
    rows, count = remind_referrals(by=officer, instruction_id=row.pk)
    assert (len(rows), count) == (1, 1)
    with refused("nothing_to_remind", status=409):
        remind_referrals(by=officer, instruction_id=row.pk)
    held_clock.forward(timedelta(minutes=2))
    assert remind_referrals(by=officer, instruction_id=row.pk)[1] == 1
    assert sorted(Message.objects.values_list("reminder", flat=True)) == [0, 1, 2]


def test_what_was_withdrawn_is_open_no_more(officer: Actor, held_clock: clock.Held) -> None:
    units()
    row = came(officer, reply_by=clock.now() + HOUR)
    (given,) = refer_instruction(by=officer, instruction_id=row.pk, order="办", units=[GOVERNMENT])
    withdraw_referral(by=officer, instruction_id=row.pk, referral=str(given.pk), why="转错")
    assert stage(officer, row) == "taken"
    assert Message.objects.filter(purpose="stand_down").count() == 1
    with refused("unknown_referral", status=409):
        withdraw_referral(by=officer, instruction_id=row.pk, referral=str(given.pk), why="转错")
    said = reply_to_sender(by=officer, instruction_id=row.pk, way="fax", text="已办")
    held_clock.forward(timedelta(minutes=1))
    withdraw_reply(by=officer, instruction_id=row.pk, reply=str(said.pk))
    assert now_of(officer, row).replied_at is None
    about = ("instruction", str(row.pk))
    assert any(one.met_at is None for one in deadlines_of(about)[about])
    with refused("unknown_reply", status=422):
        withdraw_reply(by=officer, instruction_id=row.pk, reply="x")


def test_what_is_due_first_stands_first(officer: Actor, held_clock: clock.Held) -> None:
    units()
    plain = came(officer)
    late = came(officer, reply_by=clock.now() + 3 * HOUR)
    soon = came(officer, reply_by=clock.now() + 5 * HOUR)
    refer_instruction(
        by=officer,
        instruction_id=soon.pk,
        order="办",
        units=[POLICE],
        due_at=clock.now() + HOUR,
    )
    rows = list(open_instructions(seen_by=officer))
    assert [one.pk for one in rows] == [soon.pk, late.pk, plain.pk]
    held_clock.forward(2 * HOUR)
    assert [is_late(one) for one in open_instructions(seen_by=officer)] == [True, False, False]
    assert Referral.objects.get().due_at == due_next(rows[0]).due_at  # type: ignore[union-attr]


def test_the_list_is_one_statement(officer: Actor, django_assert_num_queries: object) -> None:
    came(officer)
    came(officer, reply_by=clock.now() + HOUR)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [stage_now(one) for one in open_instructions(seen_by=officer)] == ["taken"] * 2


def test_it_is_found_by_words_and_number_and_only_in_its_tree(officer: Actor) -> None:
    row = came(officer)
    assert [one.pk for one in instructions(seen_by=officer, q="沿江低洼")] == [row.pk]
    assert [one.pk for one in instructions(seen_by=officer, q="0001")] == [row.pk]
    assert not instructions(seen_by=officer, q="没有这几个字")
    street = cast.actor_for("duty_officer")
    assert instruction_seen(seen_by=street, instruction_id=row.pk)
    outside = cast.actor(cast.JIEDAO)
    with refused("not_found", status=404):
        instruction_seen(seen_by=outside, instruction_id=row.pk)


def test_an_incident_it_is_about_tells_its_number_and_not_what_is_internal(officer: Actor) -> None:
    fire = taken(officer).stored.incident_id
    row = came(officer, incident=fire)
    entry = Entry.objects.get(name="incident.instruction_linked")
    assert entry.incident == fire
    assert entry.body.text == row.number
    assert instruction_json(row, seen_by=officer)["incident"] == str(fire)


def test_whoever_may_only_read_changes_nothing(officer: Actor) -> None:
    row, chief = came(officer), cast.actor(cast.JUZHANG)
    assert instruction_seen(seen_by=chief, instruction_id=row.pk)
    with refused("not_allowed", status=403):
        take_in_instruction(by=chief, told=NewInstruction(way="fax", sender="市局", text="x"))
    direct_instruction(by=chief, instruction_id=row.pk, text="请抓紧")
    with refused("not_allowed", status=403):
        direct_instruction(by=officer, instruction_id=row.pk, text="请抓紧")
    assert not ReferralStep.objects.exists()
