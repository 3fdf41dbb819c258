"""Tasks: given, due, done, dropped; an open one keeps the incident from closing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.incident.actions import close_incident, drop_task, finish_task, open_task
from qianjun.incident.models import Hold, Task
from qianjun.incident.queries import incident_card, timeline
from qianjun.journal.models import Entry
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import FAR, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer).stored.incident_id


def lines_of(by: Actor, incident: int) -> list[str]:
    """The sentences of the timeline."""
    return [line["text_zh"] for line in timeline(seen_by=by, incident_id=incident)[0]]


def test_a_task_is_given_and_done_and_told(officer: Actor, fire: int) -> None:
    due = clock.now() + timedelta(minutes=30)
    task = open_task(
        by=officer, incident_id=fire, title="转移两栋居民", lead=cast.DISTRICT, due_at=due
    )
    assert incident_card(seen_by=officer, incident_id=fire)["tasks"] == {
        "open": 1,
        "overdue": 0,
        "done": 0,
        "unsigned": 1,
        "help": 0,
    }
    finish_task(by=officer, incident_id=fire, task_id=task.pk, result="42 人")
    assert incident_card(seen_by=officer, incident_id=fire)["tasks"]["done"] == 1
    told = lines_of(officer, fire)
    assert "任务：转移两栋居民 · 城中区应急管理局 · 14:35" in told
    assert "任务办结：转移两栋居民 · 42 人" in told


def test_an_open_task_holds_the_incident_until_it_ends(officer: Actor, fire: int) -> None:
    one = open_task(by=officer, incident_id=fire, title="封控")
    two = open_task(by=officer, incident_id=fire, title="监测")
    with refused("held", status=409):
        close_incident(by=officer, incident_id=fire)
    assert incident_card(seen_by=officer, incident_id=fire)["holds"] == [
        {"kind": "tasks", "count": 2}
    ]
    finish_task(by=officer, incident_id=fire, task_id=one.pk)
    drop_task(by=officer, incident_id=fire, task_id=two.pk, reason="已由消防承担")
    assert not Hold.objects.filter(lifted_at__isnull=True).exists()
    assert close_incident(by=officer, incident_id=fire).state == "closed"
    assert "任务撤销：监测 · 已由消防承担" in lines_of(officer, fire)
    with refused("incident_closed", status=409):
        open_task(by=officer, incident_id=fire, title="再来一项")


def test_a_task_ends_once(officer: Actor, fire: int) -> None:
    task = open_task(by=officer, incident_id=fire, title="封控")
    finish_task(by=officer, incident_id=fire, task_id=task.pk)
    with refused("task_ended", status=409):
        finish_task(by=officer, incident_id=fire, task_id=task.pk)
    with refused("task_ended", status=409):
        drop_task(by=officer, incident_id=fire, task_id=task.pk, reason="x")


def test_a_task_that_is_due_is_told_once_and_counts_as_overdue(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    due = clock.now() + timedelta(minutes=10)
    task = open_task(by=officer, incident_id=fire, title="封控", due_at=due)
    done = open_task(by=officer, incident_id=fire, title="监测", due_at=due)
    finish_task(by=officer, incident_id=fire, task_id=done.pk)
    held_clock.forward(timedelta(minutes=11))
    tick()
    tick()
    passed = Entry.objects.filter(name="journal.deadline_passed")
    assert [row.payload["about_id"] for row in passed] == [str(task.pk)]
    assert incident_card(seen_by=officer, incident_id=fire)["tasks"]["overdue"] == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": " "}, "too_short"),
        ({"title": "字" * 201}, "too_long"),
        ({"lead": "nowhere"}, "unknown_unit"),
        ({"lead": "\0"}, "unknown_unit"),
        ({"person": "999999"}, "unknown_person"),
        ({"person": "x"}, "unknown_person"),
        ({"due_at": timedelta(minutes=-1)}, "in_the_past"),
        ({"due_at": timedelta(days=400)}, "too_far"),
    ],
)
def test_a_task_that_nobody_could_do_is_refused(
    officer: Actor, fire: int, wrong: dict[str, Any], code: str
) -> None:
    asked = {"title": "封控"} | wrong
    if "due_at" in asked:
        asked["due_at"] = clock.now() + asked["due_at"]
    with refused(code, status=422):
        open_task(by=officer, incident_id=fire, **asked)
    assert not Task.objects.exists()


def test_a_task_is_dropped_only_for_a_reason(officer: Actor, fire: int) -> None:
    task = open_task(by=officer, incident_id=fire, title="封控")
    with refused("too_short", status=422):
        drop_task(by=officer, incident_id=fire, task_id=task.pk, reason=" ")


def test_a_task_of_another_incident_is_not_found(officer: Actor, fire: int) -> None:
    other = taken(officer, **FAR).stored.incident_id
    task = open_task(by=officer, incident_id=other, title="封控")
    for ident in (task.pk, "999999", "x", ""):
        with refused("not_found", status=404):
            finish_task(by=officer, incident_id=fire, task_id=ident)


def test_only_the_desk_gives_and_ends_tasks(officer: Actor, fire: int) -> None:
    task = open_task(by=officer, incident_id=fire, title="封控")
    for part in (cast.JUZHANG, cast.ZHIHUI, cast.JIEDAO, cast.SYSTEM):
        by = cast.actor(part)
        with refused("not_allowed", status=403):
            open_task(by=by, incident_id=fire, title="x")
        with refused("not_allowed", status=403):
            finish_task(by=by, incident_id=fire, task_id=task.pk)
        with refused("not_allowed", status=403):
            drop_task(by=by, incident_id=fire, task_id=task.pk, reason="x")


def ask(client: Client, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Status and body of an answer; a GET without a body."""
    there = f"/api/v1/incidents/{path}"
    if body is None:
        reply = client.get(there)
    else:
        reply = client.post(there, json.dumps(body), content_type="application/json")
    return reply.status_code, json.loads(reply.content)


def test_the_addresses_list_give_and_end(fire: int) -> None:
    client = cast.client_for("duty_officer")
    due = "2026-06-01T15:00:00+08:00"
    person = str(cast.person(cast.AQIANG).pk)
    status, given = ask(
        client,
        f"{fire}/tasks",
        {"title": "封控", "lead": "450202", "person": person, "due_at": due},
    )
    assert status == 201
    assert (given["state"], given["lead"], given["late"]) == ("open", "450202", False)
    assert given["person_masked"] != cast.AQIANG.name
    status, done = ask(client, f"{fire}/tasks/{given['id']}/done", {"result": "好"})
    assert (status, done["state"], done["outcome"]) == (200, "done", "好")
    status, again = ask(client, f"{fire}/tasks/{given['id']}/drop", {"reason": "x"})
    assert (status, again["code"]) == (409, "task_ended")
    assert ask(cast.client_for("bureau_leader"), f"{fire}/tasks")[1]["items"] == [done]
    assert ask(cast.client_for("volunteer"), f"{fire}/tasks")[0] in (403, 404)
