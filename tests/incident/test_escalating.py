"""An order that nobody signs for is called on: the next contact, the one after him, the desk."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from qianjun.confirm.actions import answer_for, end_confirmation
from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.queries import confirmations_waiting
from qianjun.incident.actions import (
    accept_task,
    close_incident,
    drop_task,
    erase_record,
    finish_task,
    reassign_task,
    remind_unsigned,
    sign_by_reply,
)
from qianjun.incident.models import Charge, Task, TaskStep
from qianjun.incident.queries import task_json, tasks_of, timeline
from qianjun.journal.bus import reactions
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Body, Entry
from qianjun.kernel.clock import Held
from qianjun.org.actor import Actor, system
from qianjun.org.contact_models import Contact
from qianjun.org.models import Person
from qianjun.org.store import forget
from qianjun.org.store.actions import change_setting
from tests import cast
from tests.confirm.calling import pass_time
from tests.incident.fires import taken
from tests.incident.tasking import HEALTH, POLICE, Phone, given, orders, somebody
from tests.org.refusals import refused
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
FIVE = 300


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer).stored.incident_id


@pytest.fixture
def police() -> list[Person]:
    """The duty room of the police and its two deputies, in the order in which they are called."""
    names = ("演示公安值班室", "演示公安副值班", "演示公安三值班")
    room = [somebody(name, POLICE, f"1000002000{n}") for n, name in enumerate(names, start=2)]
    # against the order of their ids: the rank decides
    for rank, person in reversed(list(enumerate(room))):
        Contact.objects.create(unit=cast.unit(POLICE), person=person, rank=rank)
    return room


@pytest.fixture
def own_settings() -> Iterator[None]:
    """No other test reads what this one chooses."""
    yield
    forget()


def ordered() -> list[str]:
    """Who was sent the order, in the order of the messages; reminders are marked."""
    return [f"{one.person.name}{one.reminder or ''}" for one in orders()]


def heard() -> None:
    """What incidents do when somebody has answered a call, twice: the second changes nothing."""
    for entry in Entry.objects.filter(name="confirm.answered"):
        for name in [one for one in reactions if one == "incident.sign_by_call"] * 2:
            run_reaction(entry_id=entry.pk, reaction=name)


def call() -> Confirmation:
    """The call about the charge that stands now."""
    charge = Charge.objects.get(until__isnull=True)
    return Confirmation.objects.get(about_kind="charge", about_id=str(charge.pk))


def test_each_contact_has_five_minutes_and_then_somebody_goes_there(
    officer: Actor, fire: int, police: list[Person], held_clock: Held
) -> None:
    task = given(officer, fire)
    first, second, third = (person.name for person in police)
    assert ordered() == [first]
    pass_time(held_clock, FIVE - 1)
    assert ordered() == [first]
    pass_time(held_clock, 1)
    assert ordered() == [first, second]
    pass_time(held_clock, FIVE)
    assert ordered() == [first, second, third]
    assert confirmations_waiting(seen_by=officer) == []
    pass_time(held_clock, FIVE)
    (waits,) = confirmations_waiting(seen_by=officer)
    assert (waits.row.text, waits.row.incident) == (task.title, fire)
    assert [one.row.person.name for one in waits.silent] == [first, second, third]
    assert ordered() == [first, second, third], "nobody is called twice"
    told = [one.text for one in orders()]
    assert all("封控三百米" in text and "签收" in text for text in told)
    assert ["前一位联系人没有签收" in text for text in told] == [False, True, True]
    assert len({one.links[0] for one in orders()}) == 3
    said = [line["text_zh"] for line in timeline(seen_by=officer, incident_id=fire)[0]]
    assert sum("封控三百米" in line for line in said) == 1, "the order is said once"
    assert sum(line.startswith("叫应升级") for line in said) == 2
    assert sum("请派人上门" in line for line in said) == 1


def sign_by_link(_by: Actor, _fire: int, task: Task) -> None:
    """The deputy presses the key of his page."""
    assert Phone(str(orders()[-1].links[0])).act("accept")["outcome"] == "taken"
    assert TaskStep.objects.get(task=task).by_kind == "link"


def sign_at_desk(by: Actor, fire: int, task: Task) -> None:
    """The desk notes that somebody signed."""
    accept_task(by=by, incident_id=fire, task_id=task.pk)


def sign_in_words(_by: Actor, _fire: int, task: Task) -> None:
    """The deputy answers the message."""
    charge = Charge.objects.get(task=task)
    sign_by_reply(by=system(), charge=charge.pk, person=orders()[-1].person_id)


def sign_on_the_telephone(by: Actor, _fire: int, _task: Task) -> None:
    """The desk notes at the call that the deputy has answered."""
    person = orders()[-1].person_id
    assert answer_for(by=by, confirmation_id=call().pk, person=person) == "taken"
    heard()


@pytest.mark.parametrize(
    ("sign", "answered"),
    [
        (sign_by_link, {"演示公安副值班": "link"}),
        (sign_at_desk, {}),
        (sign_in_words, {"演示公安副值班": "reply"}),
        (sign_on_the_telephone, {"演示公安副值班": "by_desk"}),
    ],
)
def test_whoever_signs_stops_the_call(
    officer: Actor,
    fire: int,
    police: list[Person],
    held_clock: Held,
    sign: Callable[[Actor, int, Task], None],
    answered: dict[str, str],
) -> None:
    task = given(officer, fire)
    pass_time(held_clock, FIVE)
    sign(officer, fire, task)
    assert Task.objects.get(pk=task.pk).accepted_at is not None
    assert call().state == "met"
    rows = ConfirmPerson.objects.filter(answered_at__isnull=False).select_related("person")
    assert {one.person.name: one.answered_how for one in rows} == answered
    heard()
    pass_time(held_clock, 10 * FIVE)
    assert ordered() == [person.name for person in police[:2]]
    assert confirmations_waiting(seen_by=officer) == []
    assert TaskStep.objects.filter(task=task, kind="accepted").count() == 1
    said = [line["text_zh"] for line in timeline(seen_by=officer, incident_id=fire)[0]]
    assert not [line for line in said if line.startswith(("叫应得到", "叫应完成", "发起叫应"))]


def test_what_is_handed_on_dropped_or_done_calls_nobody_any_more(
    officer: Actor, fire: int, police: list[Person], held_clock: Held
) -> None:
    health = somebody("演示卫健值班室", HEALTH, "10000020009")
    here: dict[str, Any] = {"by": officer, "incident_id": fire}
    one, two, three = (given(officer, fire, title=title) for title in ("封控", "疏导", "警戒"))
    reassign_task(**here, task_id=one.pk, lead=HEALTH)
    drop_task(**here, task_id=two.pk, reason="不用了")
    finish_task(**here, task_id=three.pk)
    ended = Confirmation.objects.filter(ended_at__isnull=False)
    assert ended.count() == 3
    assert ordered() == [police[0].name] * 3 + [health.name]
    pass_time(held_clock, FIVE)
    assert ordered() == [police[0].name] * 3 + [health.name]
    (waits,) = confirmations_waiting(seen_by=officer)
    assert [who.row.person for who in waits.silent] == [health]
    finish_task(**here, task_id=one.pk)
    close_incident(**here)
    assert confirmations_waiting(seen_by=officer) == []


def test_a_reminder_goes_to_who_was_called_and_calls_nobody_sooner(
    officer: Actor, fire: int, police: list[Person], held_clock: Held
) -> None:
    first, second, third = (person.name for person in police)
    given(officer, fire)
    held_clock.forward(timedelta(minutes=2))
    assert remind_unsigned(by=officer, incident_id=fire)[1] == 1
    assert ordered() == [first, f"{first}1"]
    pass_time(held_clock, FIVE - 120)
    assert ordered() == [first, f"{first}1", second]
    held_clock.forward(timedelta(minutes=1))
    assert remind_unsigned(by=officer, incident_id=fire)[1] == 2
    assert ordered()[3:] == [f"{first}2", f"{second}2"]
    pass_time(held_clock, FIVE - 60)
    assert ordered()[5:] == [third]
    keys = [one.key for one in orders()]
    assert len(keys) == len(set(keys)), "nobody is called twice unmarked"
    unmarked = [one.person_id for one in orders() if not one.reminder]
    assert len(unmarked) == len(set(unmarked))


def test_a_unit_that_nobody_answered_for_is_called_once_somebody_does(
    officer: Actor, fire: int, held_clock: Held
) -> None:
    cast.unit(HEALTH)
    given(officer, fire, lead=HEALTH)
    assert not Confirmation.objects.exists()
    with refused("nothing_to_remind", status=409):
        remind_unsigned(by=officer, incident_id=fire)
    somebody("演示卫健值班室", HEALTH, "10000020009")
    assert remind_unsigned(by=officer, incident_id=fire)[1] == 1
    (order,) = orders()
    assert order.reminder == 0, "it is the first that he hears of it"
    assert call().state == "open"
    pass_time(held_clock, FIVE)
    assert call().state == "failed"


def test_the_unit_of_a_person_answers_for_him_and_a_post_has_no_deputy(
    officer: Actor, fire: int, police: list[Person], held_clock: Held
) -> None:
    captain = somebody("演示带队民警", POLICE, "10000020008")
    given(officer, fire, person=captain.pk)
    leader = cast.put_on_duty(cast.LAOLI, phone="10000000002")
    given(officer, fire, post="leader_in_charge", title="带班")
    assert ordered() == [captain.name, leader.name]
    pass_time(held_clock, FIVE)
    assert ordered() == [captain.name, leader.name, police[0].name]
    (waits,) = confirmations_waiting(seen_by=officer)
    assert [who.row.person for who in waits.silent] == [leader]


@pytest.mark.usefixtures("own_settings")
def test_the_time_to_sign_is_a_setting(
    officer: Actor, fire: int, police: list[Person], held_clock: Held
) -> None:
    admin = cast.actor(cast.SYSTEM)
    change_setting(by=admin, module="incident", name="sign_within_min", value=2, version=0)
    given(officer, fire)
    pass_time(held_clock, 120)
    assert len(ordered()) == 2
    pass_time(held_clock, 120)
    pass_time(held_clock, 120)
    assert len(ordered()) == len(police)
    assert call().state == "failed"


def test_the_room_shows_at_which_step_it_is_and_the_interface_too(
    officer: Actor, fire: int, police: list[Person], held_clock: Held
) -> None:
    given(officer, fire)
    assert ordered() == [police[0].name]
    browser = cast.signed_in(cast.XIAOWANG)
    page = text_of(browser.get(f"/incidents/{fire}/"))
    assert "叫应第 1 步 · 14:10 再不签收，叫 演示公安副值班" in page
    pass_time(held_clock, FIVE)
    page = text_of(browser.get(f"/incidents/{fire}/live/"))
    assert "叫应第 2 步 · 14:15 再不签收，叫 演示公安三值班" in page
    assert "演示公安值班室 14:05 没有应答" in page
    (row,) = tasks_of(seen_by=officer, incident_id=fire)
    told = task_json(row)["confirmation"]
    assert (told["id"], told["state"], told["step"]) == (str(call().pk), "open", 2)
    pass_time(held_clock, 2 * FIVE)
    pass_time(held_clock, FIVE)
    page = text_of(browser.get(f"/incidents/{fire}/"))
    assert "都叫过了，没有人签收，请派人上门" in page
    end_confirmation(by=officer, confirmation_id=call().pk, why="已派人去")
    assert "已停叫" in text_of(browser.get(f"/incidents/{fire}/"))


@pytest.mark.usefixtures("own_log")
def test_what_the_law_erases_of_an_order_is_erased_from_its_call(
    officer: Actor, leader: Actor, fire: int, police: list[Person]
) -> None:
    given(officer, fire)
    assert call().text == "封控三百米"
    assert not Body.objects.filter(entry__name="confirm.started").exists(), "it is kept once"
    entry = Entry.objects.get(name="incident.task_opened")
    erase_record(by=leader, kind="entry", ident=entry.pk, reason="本人要求", article="pipl_47")
    assert "封控" not in call().text
    assert police
