"""The life of a task: given with its order, signed, told of, in need, handed on, reminded, over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import translation

from qianjun.incident.actions import (
    Acted,
    NewTask,
    accept_task,
    ask_help,
    close_incident,
    drop_task,
    erase_record,
    finish_task,
    give_tasks,
    reassign_task,
    remind_unsigned,
    report_progress,
)
from qianjun.incident.models import Charge, Task, TaskStep
from qianjun.incident.queries import task_json, tasks_of, timeline, unsigned_tasks
from qianjun.incident.queries.tasks import stage_of, waits_long
from qianjun.incident.rules.tasks import Doing
from qianjun.journal.models import Entry
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import taken
from tests.incident.tasking import HEALTH, POLICE, given, orders, police, somebody
from tests.org.refusals import refused
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer).stored.incident_id


def shown(by: Actor, fire: int) -> dict[str, Any]:
    """The only task of the fire as programs see it."""
    (row,) = tasks_of(seen_by=by, incident_id=fire)
    return task_json(row)


def lines(by: Actor, fire: int) -> list[str]:
    return [line["text_zh"] for line in timeline(seen_by=by, incident_id=fire)[0]]


def test_a_unit_is_sent_its_order_with_a_link_and_has_not_signed(officer: Actor, fire: int) -> None:
    police()
    cast.unit(HEALTH)
    due = clock.now() + 30 * MINUTE
    task = given(officer, fire, supporting=[HEALTH, POLICE], order="先封路口", due_at=due)
    (order,) = orders()
    assert order.rank == 0
    assert order.incident == fire
    assert "封控三百米" in order.text
    assert "14:35" in order.text
    assert "先封路口" in order.text
    assert order.links[0].startswith("/t/")
    told = shown(officer, fire)
    assert (told["stage"], told["told"], told["no_contact"]) == ("unsigned", 1, False)
    assert told["supporting"] == [HEALTH], "the lead does not support itself"
    assert list(unsigned_tasks(seen_by=officer)) == [task]


def test_a_unit_without_anybody_is_a_gap_that_is_seen(officer: Actor, fire: int) -> None:
    cast.unit(HEALTH)
    given(officer, fire, lead=HEALTH)
    assert not orders()
    assert shown(officer, fire)["no_contact"]
    with refused("nothing_to_remind", status=409):
        remind_unsigned(by=officer, incident_id=fire)


def test_whoever_holds_the_post_is_sent_the_order(officer: Actor, fire: int) -> None:
    leader = cast.put_on_duty(cast.LAOLI, phone="10000000002")
    given(officer, fire, post="leader_in_charge")
    assert [order.person_id for order in orders()] == [leader.pk]
    with refused("unknown_post", status=422):
        given(officer, fire, post="nobody")


def test_the_stages_follow_what_is_told(officer: Actor, fire: int, held_clock: clock.Held) -> None:
    police()
    task = given(officer, fire)
    here: dict[str, Any] = {"by": officer, "incident_id": fire, "task_id": task.pk}
    stages = []
    told_of: tuple[tuple[Callable[..., Acted], str], ...] = (
        (accept_task, "电话里签收"),
        (report_progress, "到了"),
        (ask_help, "缺一台泵"),
        (report_progress, "泵到了"),
    )
    for verb, text in told_of:
        held_clock.forward(MINUTE)
        done = verb(**here, doing=Doing(text=text))
        assert done.judged.outcome == "taken"
        stages.append(stage_of(Task.objects.get(pk=task.pk)))
    assert stages == ["accepted", "progress", "help", "progress"]
    told = shown(officer, fire)
    assert (told["accepted_how"], told["last_word"]) == ("desk", "泵到了")
    assert not unsigned_tasks(seen_by=officer).exists()
    finish_task(**here, result="已封控")
    assert shown(officer, fire)["stage"] == "done"
    said = lines(officer, fire)
    for words in ("任务已签收：封控三百米", "任务进展：封控三百米", "任务求助：封控三百米"):
        assert any(line.startswith(words) for line in said), said
    with refused("task_ended", status=409):
        report_progress(**here, doing=Doing(text="又"))


def test_an_older_act_that_comes_later_overwrites_nothing(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    task = given(officer, fire, lead=cast.DISTRICT)
    here: dict[str, Any] = {"by": officer, "incident_id": fire, "task_id": task.pk}
    early = clock.now()
    held_clock.forward(10 * MINUTE)
    ask_help(**here, doing=Doing(text="缺人"))
    report_progress(**here, doing=Doing(text="早先的", happened_at=early))
    row = Task.objects.get(pk=task.pk)
    assert stage_of(row) == "help", "the call for help is newer"
    assert row.progress_at == early
    step = TaskStep.objects.get(kind="progress")
    assert (step.happened_at, step.received_at) == (early, early + 10 * MINUTE)
    entry = Entry.objects.get(name="incident.task_progressed")
    assert entry.happened_at == early


def test_the_same_act_is_answered_the_same_and_counted_once(officer: Actor, fire: int) -> None:
    task = given(officer, fire, lead=cast.DISTRICT)
    act = Doing(act_id=uuid4(), text="到了")
    here: dict[str, Any] = {"by": officer, "incident_id": fire, "task_id": task.pk}
    first, again = (report_progress(**here, doing=act) for _ in range(2))
    assert (first.judged.outcome, again.judged.outcome) == ("taken", "repeated")
    assert first.step == again.step
    assert TaskStep.objects.count() == 1


def test_a_task_that_is_handed_on_starts_afresh_and_keeps_who_had_it(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    police()
    other = somebody("演示卫健值班室", HEALTH, "10000020004")
    task = given(officer, fire)
    here: dict[str, Any] = {"by": officer, "incident_id": fire, "task_id": task.pk}
    accept_task(**here)
    held_clock.forward(MINUTE)
    with refused("nobody", status=422):
        reassign_task(**here)
    with refused("the_same", status=422):
        reassign_task(**here, lead=POLICE)
    reassign_task(**here, lead=HEALTH, why="就近")
    told = shown(officer, fire)
    assert (told["lead"], told["stage"], told["accepted_at"]) == (HEALTH, "unsigned", None)
    before, now = Charge.objects.order_by("pk")
    assert (before.until, now.until, now.why) == (clock.now(), None, "就近")
    assert TaskStep.objects.get().charge == before
    assert [order.person_id for order in orders()][-1] == other.pk
    off = Message.objects.get(purpose="stand_down")
    assert "转交" in off.text
    assert any(line.startswith("任务转交：封控三百米 · ") for line in lines(officer, fire))


def test_who_was_sent_a_task_is_told_that_it_is_dropped(officer: Actor, fire: int) -> None:
    police()
    task = given(officer, fire)
    drop_task(by=officer, incident_id=fire, task_id=task.pk, reason="不需要了")
    off = Message.objects.get(purpose="stand_down")
    assert "撤销" in off.text
    assert off.person_id == orders()[0].person_id


def test_one_key_reminds_all_who_have_not_signed_with_the_same_link(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    police()
    somebody("演示卫健值班室", HEALTH, "10000020004")
    one, two = given(officer, fire), given(officer, fire, lead=HEALTH, title="检测")
    accept_task(by=officer, incident_id=fire, task_id=two.pk)
    assert not waits_long(one)
    held_clock.forward(11 * MINUTE)
    assert waits_long(Task.objects.get(pk=one.pk))
    rows, count = remind_unsigned(by=officer, incident_id=fire)
    assert (rows, count) == ([one], 1)
    first, again = orders(person=orders()[0].person_id)
    assert (first.reminder, again.reminder) == (0, 1)
    assert first.links == again.links
    with refused("nothing_to_remind", status=409):
        remind_unsigned(by=officer, incident_id=fire)
    held_clock.forward(MINUTE)
    remind_unsigned(by=officer, incident_id=fire, task_id=one.pk)
    assert orders()[-1].reminder == 2
    assert any("第 2 次催办：封控三百米" in line for line in lines(officer, fire))


def test_many_are_given_at_once_all_or_none(officer: Actor, fire: int) -> None:
    wanted = [
        NewTask(title="封控", lead=cast.DISTRICT, first=True, origin=("activation", "7")),
        NewTask(title="检测", supporting=(cast.DISTRICT,)),
    ]
    with transaction.atomic():
        rows = give_tasks(by=officer, incident_id=fire, tasks=wanted)
    assert [row.title for row in rows] == ["封控", "检测"]
    told = task_json(rows[0])
    assert (told["first"], told["origin"]) == (True, {"kind": "activation", "id": "7"})
    with refused("unknown_unit", status=422):
        give_tasks(by=officer, incident_id=fire, tasks=[*wanted, NewTask(title="x", lead="no")])
    assert Task.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_overdue_is_said_once_with_its_title(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    due = clock.now() + 10 * MINUTE
    given(officer, fire, lead=cast.DISTRICT, due_at=due)
    done = given(officer, fire, lead=cast.DISTRICT, due_at=due, title="监测")
    finish_task(by=officer, incident_id=fire, task_id=done.pk)
    held_clock.forward(11 * MINUTE)
    for _ in range(2):
        tick()
        run_jobs()
    assert Entry.objects.filter(name="incident.task_overdue").count() == 1
    assert "任务超时：封控三百米" in lines(officer, fire)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("words", "stage"), [("收到，马上办", "accepted"), ("办不了", "unsigned")])
def test_who_answers_the_message_has_signed(
    officer: Actor, fire: int, words: str, stage: str
) -> None:
    police()
    given(officer, fire)
    Message.objects.filter(purpose="order").update(attempts=1, sent_at=clock.now())
    letter = Letter(
        key="sim:1", channel="sms", from_value="10000020002", sent_at=clock.now(), text=words
    )
    take_in(letter)
    run_jobs()
    told = shown(officer, fire)
    assert told["stage"] == stage
    assert told["accepted_how"] == ("reply" if stage == "accepted" else None)


@pytest.mark.usefixtures("own_log")
def test_what_the_law_erases_is_erased_from_steps_too(
    officer: Actor, leader: Actor, fire: int
) -> None:
    task = given(officer, fire, lead=cast.DISTRICT)
    report_progress(by=officer, incident_id=fire, task_id=task.pk, doing=Doing(text="住户王某"))
    entry = Entry.objects.get(name="incident.task_progressed")
    erase_record(by=leader, kind="entry", ident=entry.pk, reason="本人要求", article="pipl_47")
    assert "王某" not in TaskStep.objects.get().text


@pytest.mark.parametrize("part", [cast.JUZHANG, cast.ZHIHUI, cast.JIEDAO, cast.SYSTEM])
def test_only_the_desk_signs_hands_on_and_reminds(
    officer: Actor, fire: int, part: cast.Part
) -> None:
    task = given(officer, fire, lead=cast.DISTRICT)
    here: dict[str, Any] = {"by": cast.actor(part), "incident_id": fire, "task_id": task.pk}
    refusing: tuple[tuple[Callable[..., object], dict[str, Any]], ...] = (
        (accept_task, {}),
        (report_progress, {"doing": Doing(text="x")}),
        (ask_help, {"doing": Doing(text="x")}),
        (reassign_task, {"lead": POLICE}),
        (remind_unsigned, {}),
    )
    for verb, words in refusing:
        with refused("not_allowed", status=403):
            verb(**here, **words)


def test_a_closed_incident_has_ended_its_links(officer: Actor, fire: int) -> None:
    police()
    task = given(officer, fire)
    finish_task(by=officer, incident_id=fire, task_id=task.pk)
    assert close_incident(by=officer, incident_id=fire).state == "closed"


def test_an_order_is_in_chinese_whoever_gives_it(officer: Actor, fire: int) -> None:
    police()
    with translation.override("en"):
        row = given(officer, fire, due_at=clock.now() + 30 * MINUTE)
        drop_task(by=officer, incident_id=fire, task_id=row.pk, reason="不用了")
    for message in Message.objects.filter(purpose__in=("order", "stand_down")):
        assert "任务" in message.text
        assert not any(letter.isascii() and letter.isalpha() for letter in message.text)
    assert Message.objects.filter(purpose="stand_down").exists()
