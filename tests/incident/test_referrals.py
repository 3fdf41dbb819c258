"""Whoever has a referral answers by link, by message, or by telephone; late is said once."""

from datetime import timedelta
from typing import Any

import pytest

from qianjun.confirm.models import Confirmation
from qianjun.confirm.rules import WAIT_S
from qianjun.incident.actions import (
    close_instruction,
    erase_record,
    feed_back,
    follow_referral,
    refer_instruction,
    withdraw_referral,
)
from qianjun.incident.instruction_models import Instruction, Referral, ReferralStep
from qianjun.incident.queries.instructions import instruction_json
from qianjun.incident.rules.tasks import Doing
from qianjun.journal.models import Entry
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from qianjun.org.contact_models import Contact
from qianjun.org.models import Unit
from tests import cast
from tests.incident.instructing import GOVERNMENT, POLICE, TEXT, came, units
from tests.incident.tasking import Phone, orders, somebody
from tests.org.refusals import refused
from tests.worker import run_jobs

MINUTE = timedelta(minutes=1)


@pytest.fixture
def row(officer: Actor) -> Instruction:
    """An order of the city."""
    units()
    return came(officer)


@pytest.fixture
def given(officer: Actor, row: Instruction) -> Referral:
    """Handed on to the government's duty room, due in half an hour."""
    due = clock.now() + 30 * MINUTE
    return refer_instruction(
        by=officer, instruction_id=row.pk, order="清出地下室", units=[GOVERNMENT], due_at=due
    )[0]


def phone_of(given: Referral) -> Phone:
    """The phone of whoever has it."""
    return Phone(str(orders(matter=f"referral:{given.pk}")[-1].links[0]))


@pytest.mark.django_db
def test_the_page_behind_the_link_says_what_to_do_and_not_what_is_internal(given: Referral) -> None:
    page = phone_of(given).page().content.decode()
    assert "清出地下室" in page
    assert TEXT not in page
    assert "内部来文，全文请向值班室查阅。" in page
    assert not ReferralStep.objects.exists()
    assert phone_of(given).told()["acts"] == ["accept", "progress", "done"]


@pytest.mark.django_db
def test_what_is_public_stands_behind_the_link(officer: Actor) -> None:
    units()
    row = came(officer, mark="public")
    (given,) = refer_instruction(by=officer, instruction_id=row.pk, order="办", units=[GOVERNMENT])
    assert TEXT in phone_of(given).page().content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_whole_life_by_the_link(officer: Actor, row: Instruction, given: Referral) -> None:
    phone = phone_of(given)
    assert phone.act("opened")["outcome"] == "taken"
    first = phone.act("accept", act_id="6f1b0a5e-8a4c-4c53-9d0b-2a9a3c1f0001")
    again = phone.act("accept", act_id="6f1b0a5e-8a4c-4c53-9d0b-2a9a3c1f0001")
    assert (first["outcome"], again["outcome"]) == ("taken", "repeated")
    assert phone.act("done")["status"] == 422
    assert phone.act("progress", text="在清")["outcome"] == "taken"
    assert phone.press("done", text="清出 12 辆").status_code == 303
    assert phone.act("progress", text="又清 1 辆")["message_zh"] == "已收到，作为补充反馈。"
    told = instruction_json(row, seen_by=officer)["referred"][0]
    assert told["stage"] == "answered"
    assert [one["text"] for one in told["steps"] if one["text"]] == [
        "在清",
        "清出 12 辆",
        "又清 1 辆",
    ]
    assert Message.objects.get(matter=f"referral:{given.pk}").answered_at
    close_instruction(by=officer, instruction_id=row.pk)
    assert phone.page().status_code == 410


@pytest.mark.django_db
def test_who_was_told_too_much_learns_that_it_is_withdrawn(
    officer: Actor, row: Instruction, given: Referral
) -> None:
    withdraw_referral(by=officer, instruction_id=row.pk, referral=str(given.pk), why="转错")
    phone = phone_of(given)
    assert "已经撤回" in phone.page().content.decode()
    late = phone.act("done", text="办好了")
    assert late["outcome"] == "too_late"
    assert ReferralStep.objects.get().text == "办好了"
    with refused("unknown_referral", status=409):
        feed_back(by=officer, instruction_id=row.pk, referral=str(given.pk), act="accepted")


@pytest.mark.django_db
def test_the_desk_notes_what_was_said_by_telephone(officer: Actor, row: Instruction) -> None:
    (given,) = refer_instruction(by=officer, instruction_id=row.pk, order="办", units=[POLICE])
    ident = str(given.pk)
    feed_back(by=officer, instruction_id=row.pk, referral=ident, act="accepted")
    with refused("too_short", status=422):
        feed_back(by=officer, instruction_id=row.pk, referral=ident, act="answered")
    with refused("unknown_act", status=422):
        feed_back(by=officer, instruction_id=row.pk, referral=ident, act="opened")
    earlier = Doing(text="已封路", happened_at=clock.now() - 5 * MINUTE)
    done = feed_back(
        by=officer, instruction_id=row.pk, referral=ident, act="answered", doing=earlier
    )
    assert done.referral.answered_at == clock.now() - 5 * MINUTE
    assert done.referral.accepted_how == "desk"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("words", "how"), [("收到", "reply"), ("办不了", "")])
def test_who_answers_the_message_has_signed(given: Referral, words: str, how: str) -> None:
    Message.objects.filter(purpose="order").update(attempts=1, sent_at=clock.now())
    letter = Letter(
        key="sim:1", channel="sms", from_value="10000020003", sent_at=clock.now(), text=words
    )
    take_in(letter)
    run_jobs()
    given.refresh_from_db()
    assert given.accepted_how == how


@pytest.mark.django_db
def test_a_simulated_person_opens_the_link_and_signs(given: Referral) -> None:
    person = orders(matter=f"referral:{given.pk}")[0].person_id
    house = system(name="incident")
    done = follow_referral(by=house, referral=given.pk, person=person)
    assert done is not None
    assert done.referral.accepted_how == "link"
    assert done.referral.read_at
    assert follow_referral(by=house, referral=given.pk, person=person + 999) is None


@pytest.mark.django_db(transaction=True)
def test_what_is_late_is_said_once(officer: Actor, given: Referral, held_clock: clock.Held) -> None:
    came(officer, reply_by=clock.now() + 10 * MINUTE)
    held_clock.forward(31 * MINUTE)
    for _ in range(2):
        tick()
        run_jobs()
    late = ("incident.referral_overdue", "incident.instruction_overdue")
    names = Entry.objects.filter(name__in=late).order_by("name").values_list("name", flat=True)
    assert list(names) == sorted(late)
    assert given.answered_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ended_by", ["answer", "withdrawal"])
def test_who_does_not_answer_in_time_is_called_then_his_deputy_then_the_shift_leader(
    ended_by: str, officer: Actor, row: Instruction, given: Referral, held_clock: clock.Held
) -> None:
    leader = cast.put_on_duty(cast.LAOLI, phone="10000000002")
    deputy = somebody("演示副值班", GOVERNMENT, "10000020004")
    Contact.objects.create(unit=Unit.objects.get(code=GOVERNMENT), person=deputy, rank=1)
    held_clock.forward(31 * MINUTE)
    for _ in range(2):
        tick()
        run_jobs()
    call = Confirmation.objects.get(about_kind="referral", about_id=str(given.pk))
    assert row.number in call.text
    people = call.people.select_related("person").order_by("step")
    assert [one.person.name for one in people] == ["演示总值班", "演示副值班", leader.name]
    assert [one.called_at is not None for one in people] == [True, False, False]
    for _ in range(2):
        held_clock.forward(timedelta(seconds=WAIT_S))
        tick()
        run_jobs()
    assert all(one.called_at for one in call.people.all())
    told: dict[str, Any] = {"by": officer, "instruction_id": row.pk, "referral": str(given.pk)}
    if ended_by == "answer":
        feed_back(**told, act="answered", doing=Doing(text="已清空"))
    else:
        withdraw_referral(**told, why="市局撤回")
    call.refresh_from_db()
    assert call.met_at or call.ended_at


@pytest.mark.django_db
@pytest.mark.usefixtures("own_log")
def test_what_the_law_erases_is_erased_from_all_rows(
    officer: Actor, leader: Actor, row: Instruction, given: Referral
) -> None:
    feed_back(
        by=officer,
        instruction_id=row.pk,
        referral=str(given.pk),
        act="progress",
        doing=Doing(text="住户王某不走"),
    )
    for name in ("referral_progressed", "instruction_taken", "instruction_referred"):
        entry = Entry.objects.get(name=f"incident.{name}")
        erase_record(by=leader, kind="entry", ident=entry.pk, reason="要求", article="pipl_47")
    row.refresh_from_db()
    given.refresh_from_db()
    assert "王某" not in ReferralStep.objects.get().text
    assert TEXT not in (row.text, row.title)
    assert given.order == "【已依法删除】"
