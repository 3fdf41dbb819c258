"""The page of a task behind its link, on a phone that nobody knows."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from qianjun.incident.actions import (
    close_incident,
    drop_task,
    end_task_links,
    finish_task,
    reassign_task,
)
from qianjun.incident.models import Task, TaskStep
from qianjun.incident.queries import task_json, tasks_of
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.links import make_link, revoke_links
from qianjun.site.settings import HERE
from tests import cast
from tests.incident.fires import taken
from tests.incident.tasking import BROWSER, HEALTH, Phone, given, link_to, somebody

pytestmark = pytest.mark.django_db
FIRST_LOAD_BYTES = 100 * 1024
MINUTE = timedelta(minutes=1)


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer).stored.incident_id


@pytest.fixture
def task(officer: Actor, fire: int) -> Task:
    """A task of somebody with a phone, due in half an hour."""
    him = somebody("演示李建国", HEALTH, "10000020004")
    due = clock.now() + 30 * MINUTE
    return given(officer, fire, person=him.pk, order="先封路口", due_at=due)


@pytest.fixture
def phone(task: Task) -> Phone:
    """His phone."""
    assert task.person
    return Phone(link_to(task.person))


def now(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def rows() -> tuple[int, int]:
    return TaskStep.objects.count(), Entry.objects.count()


def test_looking_changes_nothing_and_asks_who_it_is(phone: Phone, task: Task) -> None:
    before = rows()
    reply = phone.page()
    assert phone.client.head(phone.path).status_code == 200
    phone.told()
    assert rows() == before
    assert now(task).read_at is None
    said = reply.content.decode()
    for words in ("封控三百米", "先封路口", "14:35", "演示李**", "是您本人吗", "签收，我来办"):
        assert words in said, words
    assert "演示李建国" not in said
    assert not reply.cookies
    assert "Cookie" not in reply.headers.get("Vary", "")
    assert "no-referrer" in reply.headers["Referrer-Policy"]


def test_a_program_gets_the_same_as_json(phone: Phone) -> None:
    told = phone.told()
    assert (told["kind"], told["state"], told["my"]) == (
        "task",
        "unsigned",
        {"name_masked": "演示李**"},
    )
    assert told["acts"] == ["accept", "progress", "done", "help"]
    assert told["due_at"]


def test_the_whole_life_by_the_link(
    phone: Phone, task: Task, officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    assert phone.act("opened")["outcome"] == "taken"
    assert now(task).read_at == clock.now()
    for act, text, state in (
        ("accept", "", "accepted"),
        ("progress", "到了", "progress"),
        ("help", "缺泵", "help"),
        ("done", "已封控", "done"),
    ):
        held_clock.forward(MINUTE)
        answer = phone.act(act, text=text)
        assert (answer["status"], answer["state"], answer["outcome"]) == (200, state, "taken")
        assert answer["message_zh"]
        assert answer["received_at"] == clock.now().isoformat()
    (row,) = tasks_of(seen_by=officer, incident_id=fire)
    told = task_json(row)
    assert (told["accepted_how"], told["accepted_by"]) == ("link", "演示李**")
    assert told["outcome"] == "已封控"
    assert close_incident(by=officer, incident_id=fire).state == "closed"


def test_it_works_without_scripts(phone: Phone, task: Task) -> None:
    reply = phone.press("accept")
    assert (reply.status_code, reply.headers["Location"]) == (303, phone.path)
    assert now(task).accepted_at
    reply = phone.press("progress", text="到了", lang="en")
    assert reply.headers["Location"] == f"{phone.path}?lang=en"
    assert "到了" in phone.page().content.decode()


def test_a_second_press_of_one_form_is_one_act(phone: Phone) -> None:
    act = str(uuid4())
    first, again = (phone.act("progress", act_id=act, text="到了") for _ in range(2))
    assert (first["outcome"], again["outcome"]) == ("taken", "repeated")
    assert first["state"] == again["state"] == "progress"
    assert TaskStep.objects.count() == 1


def test_an_act_after_the_task_was_dropped_gets_its_sentence(
    phone: Phone, task: Task, officer: Actor, fire: int
) -> None:
    drop_task(by=officer, incident_id=fire, task_id=task.pk, reason="不需要了")
    answer = phone.act("accept")
    assert (answer["status"], answer["outcome"], answer["state"]) == (200, "too_late", "dropped")
    assert "撤销" in answer["message_zh"]
    assert now(task).accepted_at is None
    assert phone.told()["acts"] == []
    assert "已经撤销" in phone.page().content.decode()


def test_who_had_the_task_before_is_told_that_it_was_handed_on(
    phone: Phone, task: Task, officer: Actor, fire: int
) -> None:
    other = somebody("演示王秀英", HEALTH, "10000020005")
    reassign_task(by=officer, incident_id=fire, task_id=task.pk, person=other.pk)
    assert phone.told()["state"] == "moved"
    answer = phone.act("accept")
    assert (answer["outcome"], answer["state"]) == ("too_late", "moved")
    assert Phone(link_to(other)).act("accept")["outcome"] == "taken"


def test_what_was_said_too_late_is_kept_and_told(
    phone: Phone, task: Task, officer: Actor, fire: int
) -> None:
    finish_task(by=officer, incident_id=fire, task_id=task.pk, result="已封控")
    answer = phone.act("progress", text="有人受阻")
    assert (answer["outcome"], answer["state"]) == ("too_late", "done")
    assert TaskStep.objects.get().text == "有人受阻"
    assert Entry.objects.filter(name="incident.task_progressed").exists()


def test_an_act_made_without_signal_keeps_its_own_time(
    phone: Phone, task: Task, held_clock: clock.Held
) -> None:
    made = clock.now()
    held_clock.forward(40 * MINUTE)
    days = timedelta(days=2)
    answer = phone.act(
        "accept",
        happened_at=(made + days).isoformat(),
        sent_at=(clock.now() + days).isoformat(),
    )
    assert answer["outcome"] == "taken", "made before the time went by"
    step = TaskStep.objects.get()
    assert (step.happened_at, step.received_at) == (made, clock.now())
    assert (step.claimed_at, step.clock_off) == (made + days, True)
    assert now(task).accepted_at == made


def test_an_accept_after_the_time_is_late_and_says_so(phone: Phone, held_clock: clock.Held) -> None:
    held_clock.forward(40 * MINUTE)
    answer = phone.act("accept")
    assert (answer["outcome"], answer["state"]) == ("accepted_late", "accepted")


def test_another_phone_may_answer_and_is_marked(phone: Phone, officer: Actor, fire: int) -> None:
    phone.act("opened", device="one")
    phone.act("accept", device="one")
    (row,) = tasks_of(seen_by=officer, incident_id=fire)
    assert not task_json(row)["other_device"]
    phone.act("progress", device="two", text="到了")
    (row,) = tasks_of(seen_by=officer, incident_id=fire)
    assert task_json(row)["other_device"]


def test_a_session_of_the_desk_counts_for_nothing_here(phone: Phone) -> None:
    phone.client = cast.signed_in(cast.XIAOWANG)
    phone.act("accept")
    assert TaskStep.objects.get().by_kind == "link"


@pytest.mark.django_db(transaction=True)
def test_a_forged_ended_revoked_or_borrowed_link_opens_nothing(
    phone: Phone, task: Task, fire: int
) -> None:
    charge = task.charges.get()
    text = phone.path.removeprefix("/t/")
    forged = [f"/t/{text[:-1]}{'a' if text[-1] != 'a' else 'b'}", f"/v/{text}", "/t/x"]
    person = task.person_id
    borrowed = [
        make_link(purpose="t", about=about, person=person)
        for about in (("incident", str(fire)), ("task", str(task.pk)), ("charge", "x"))
    ]
    for path in [*forged, *borrowed]:
        other = Phone(path)
        assert other.page().status_code == 404, path
    assert "tel:119" in Phone(forged[0]).page().content.decode()
    for path in [forged[0], *borrowed]:
        assert Phone(path).act("accept")["status"] == 404
    end_task_links(incident=fire)
    assert phone.page().status_code == 410
    assert phone.act("accept")["status"] == 410
    revoke_links(("charge", str(charge.pk)))
    assert phone.page().status_code == 404
    assert not TaskStep.objects.exists()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"act": "fly"}, 422),
        ({"act_id": "x"}, 422),
        ({"text": "字" * 5000}, 200),
        ({"text": ["a"]}, 422),
        ({"text": "a\0b"}, 422),
        ({"text": "a\u202eb"}, 200),
        ({"happened_at": "x"}, 422),
    ],
)
def test_hostile_values_break_nothing(phone: Phone, said: dict[str, Any], status: int) -> None:
    answer = phone.act(**{"act": "progress", **said})
    assert answer["status"] == status


def test_it_speaks_english_and_can_be_switched_without_a_session(phone: Phone) -> None:
    assert "Sign: I will do it" in phone.page(accept_language="en").content.decode()
    said = phone.client.get(f"{phone.path}?lang=en", headers={"accept": BROWSER}).content.decode()
    assert "Is that you?" in said
    assert f'data-acts="{phone.path}/acts?lang=en"' in said


def test_the_first_load_is_at_most_100_kb(phone: Phone) -> None:
    page = phone.page().content
    named = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page.decode()))
    scripts = {name for name in named if name.endswith(".js")}
    for name in list(scripts):
        text = (HERE / "static" / name).read_text(encoding="utf-8")
        named |= {f"js/{one}" for one in re.findall(r'from "\./([^"]+)"', text)}
    sizes = {name: (HERE / "static" / name).stat().st_size for name in named}
    assert {"js/acts.js", "css/link.css", "js/words.js"} <= named
    assert len(page) + sum(sizes.values()) <= FIRST_LOAD_BYTES, sizes


def test_what_decides_is_56_px_high_and_nothing_is_inline(phone: Phone) -> None:
    said = phone.page().content.decode()
    (button,) = re.findall(r"<button[^>]*>签收，我来办", said)
    assert "h56" in button
    assert "style=" not in said
