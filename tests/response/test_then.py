"""An incident at a past minute: what was known then, and nothing that came later."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.incident.actions import (
    add_figure,
    add_note,
    close_incident,
    finish_task,
    open_task,
    reopen_incident,
)
from qianjun.incident.models import Incident
from qianjun.kernel import clock
from qianjun.kernel.clock import Held
from qianjun.org.actor import Actor
from qianjun.response.queries.then import incident_then, then_json
from tests import cast
from tests.force import teaming
from tests.force.calls import Calls, people, pressed
from tests.org.refusals import refused
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def at(by: Actor, incident: int, when: datetime) -> dict[str, Any]:
    """How it stood, as the interface says it."""
    return then_json(incident_then(seen_by=by, incident_id=incident, at=when))


def stages(told: dict[str, Any]) -> list[str]:
    """The stages of its tasks."""
    return [one["stage"] for one in told["tasks"]]


def test_what_came_later_was_not_known_then(officer: Actor, held_clock: Held) -> None:
    running = Calls.made(officer).running(need=3)
    fire = running.incident_id
    begun = clock.now()
    held_clock.forward(MINUTE)
    add_figure(by=officer, incident_id=fire, kind="injured", value=2, source="现场")
    task = open_task(by=officer, incident_id=fire, title="封控路口", lead="")
    first = people(running)[0]
    assert pressed(first, "accept") == "taken"
    told = clock.now()
    held_clock.forward(MINUTE)
    add_figure(
        by=officer, incident_id=fire, kind="injured", value=5, source="医院", explanation="又送来"
    )
    finish_task(by=officer, incident_id=fire, task_id=task.pk, result="已封")
    assert pressed(first, "arrived") == "taken"
    later = clock.now()

    before = at(officer, fire, begun)
    assert (before["figures"], before["tasks"], before["state"]) == ({}, [], "open")
    assert [one["counts"]["accepted"] for one in before["callouts"]] == [0]
    between = at(officer, fire, told)
    assert between["figures"]["injured"]["value"] == 2
    assert stages(between) == ["open"]
    assert between["callouts"][0]["counts"] | {"asked": 0} == {
        **{"asked": 0, "accepted": 1, "declined": 0},
        **{"en_route": 0, "on_scene": 0, "left": 0},
    }
    assert between["later"] == later.isoformat()
    after = at(officer, fire, later)
    assert after["figures"]["injured"]["value"] == 5
    assert stages(after) == ["done"]
    assert after["callouts"][0]["counts"]["on_scene"] == 1
    assert after["later"] is None


def test_a_closing_that_was_taken_back_is_seen_between(officer: Actor, held_clock: Held) -> None:
    fire = Calls.made(officer).incident.pk
    held_clock.forward(MINUTE)
    close_incident(by=officer, incident_id=fire)
    closed = clock.now()
    held_clock.forward(MINUTE)
    reopen_incident(by=officer, incident_id=fire, reason="复燃")
    assert at(officer, fire, closed)["state"] == "closed"
    assert at(officer, fire, clock.now())["state"] == "open"
    opened_at = Incident.objects.get(pk=fire).opened_at
    assert at(officer, fire, opened_at - MINUTE)["state"] == "none"


def test_a_time_to_come_is_refused(officer: Actor) -> None:
    fire = Calls.made(officer).incident.pk
    with refused("at_in_future", status=422):
        at(officer, fire, clock.now() + MINUTE)


def test_the_page_shows_the_minute_that_was_typed(officer: Actor, held_clock: Held) -> None:
    fire = Calls.made(officer).incident.pk
    held_clock.forward(MINUTE)
    add_note(by=officer, incident_id=fire, text="云梯车已到位")
    shown = clock.in_beijing(clock.now())
    held_clock.forward(timedelta(minutes=5))
    add_note(by=officer, incident_id=fire, text="明火已扑灭")
    client = cast.signed_in(cast.XIAOWANG)
    page = client.get(f"/incidents/{fire}/then/", {"at": f"{shown:%Y-%m-%dT%H:%M}"})
    assert "云梯车已到位" in text_of(page)
    assert "明火已扑灭" not in text_of(page)
    assert "当时，不是现在" in text_of(page)
    now = client.get(f"/incidents/{fire}/then/")
    assert "明火已扑灭" in text_of(now)


@pytest.mark.parametrize("typed", ["昨天", "2026-13-01T00:00", "9999-12-31T23:59", "1" * 5000])
def test_a_time_that_is_none_gets_one_sentence(officer: Actor, typed: str) -> None:
    fire = Calls.made(officer).incident.pk
    reply = cast.signed_in(cast.XIAOWANG).get(f"/incidents/{fire}/then/", {"at": typed})
    assert reply.status_code == 422
    said = text_of(reply)
    assert ("时间写成" in said) != ("还没有到" in said)


def test_who_may_not_see_it_finds_nothing(officer: Actor) -> None:
    fire = Calls.made(officer).incident.pk
    assert Client().get(f"/api/v1/incidents/{fire}/then?at=2026-06-01T06:05:00Z").status_code == 401
    assert cast.signed_in(cast.XIAOWANG).get("/incidents/999/then/").status_code == 404


def test_a_team_is_where_it_was(officer: Actor, held_clock: Held) -> None:
    team = teaming.called(officer, Calls.made(officer).incident, teaming.led())
    asked = clock.now()
    held_clock.forward(MINUTE)
    assert teaming.pressed(team, "accept", headcount=6) == "taken"
    signed = clock.now()
    held_clock.forward(MINUTE)
    assert teaming.pressed(team, "arrived") == "taken"
    states = [
        [one["state"] for one in at(officer, team.incident_id, when)["teams"]]
        for when in (asked - MINUTE, asked, signed, clock.now())
    ]
    assert states == [[], ["waiting"], ["accepted"], ["arrived"]]
