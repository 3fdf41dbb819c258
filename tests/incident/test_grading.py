"""A person confirms the grade: rows are added, the suggestion stays beside it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from qianjun.incident.actions import add_figure, confirm_grade
from qianjun.incident.models import Grading
from qianjun.incident.queries import grade_history, incident_card, timeline
from qianjun.incident.rules.grading import Said, suggested_steps
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer, category="12G03").stored.incident_id


def ask(client: Client, incident: int, **body: Any) -> tuple[int, dict[str, Any]]:
    """The answer of the address."""
    reply = client.post(
        f"/api/v1/incidents/{incident}/grade", json.dumps(body), content_type="application/json"
    )
    return reply.status_code, json.loads(reply.content)


def test_a_grade_is_none_until_a_person_confirms_it(officer: Actor, fire: int) -> None:
    card = incident_card(seen_by=officer, incident_id=fire)
    assert (card["grade"], card["grade_suggested"]) == (None, 4)
    confirm_grade(by=officer, incident_id=fire, grade=4, version=1)
    add_figure(by=officer, incident_id=fire, kind="serious", value=10, source="医院")
    card = incident_card(seen_by=officer, incident_id=fire)
    assert (card["grade"], card["grade_suggested"], card["version"]) == (4, 3, 2)
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    assert "事件分级定为一般" in [line["text_zh"] for line in lines]


def test_every_grading_stays_with_what_was_suggested_then(officer: Actor, fire: int) -> None:
    confirm_grade(by=officer, incident_id=fire, grade=4, version=1)
    confirm_grade(by=officer, incident_id=fire, grade=2, version=2, why="上级要求提级")
    rows = Grading.objects.filter(incident=fire).order_by("pk")
    assert [(row.value, row.suggested, row.why) for row in rows] == [
        (4, 4, ""),
        (2, 4, "上级要求提级"),
    ]
    assert all((row.by_kind, row.by_id) == (officer.kind, officer.ident) for row in rows)


def test_who_judged_by_an_older_state_is_refused_with_what_is_now(
    officer: Actor, fire: int
) -> None:
    confirm_grade(by=officer, incident_id=fire, grade=3, version=1)
    with pytest.raises(Refused) as caught, transaction.atomic():
        confirm_grade(by=officer, incident_id=fire, grade=4, version=1)
    assert (caught.value.code, caught.value.status) == ("stale", 409)
    assert caught.value.extra["current"]["grade"] == 3
    assert Grading.objects.count() == 1


@pytest.mark.parametrize("grade", [0, 5, -1])
def test_there_are_four_grades(officer: Actor, fire: int, grade: int) -> None:
    with refused("unknown_value", status=422):
        confirm_grade(by=officer, incident_id=fire, grade=grade, version=1)


def test_the_address_confirms_and_says_what_is_stale(fire: int) -> None:
    client = cast.client_for("leader_in_charge")
    status, card = ask(client, fire, grade=3, why="按医院数字", version=1)
    assert (status, card["grade"], card["version"]) == (200, 3, 2)
    status, told = ask(client, fire, grade=4, version=1)
    assert (status, told["code"], told["current"]["grade"]) == (409, "stale", 3)
    for wrong in ({"grade": 7, "version": 2}, {"grade": "3", "version": 2}, {"grade": 3}):
        assert ask(client, fire, **wrong)[0] == 422


@pytest.mark.parametrize("role", ["bureau_leader", "commander", "community_worker", "partner"])
def test_only_the_desk_confirms_a_grade(fire: int, role: str) -> None:
    assert ask(cast.client_for(role), fire, grade=3, version=1)[0] == 403


def test_the_history_shows_when_the_suggestion_moved(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    held_clock.forward(timedelta(minutes=10))
    add_figure(by=officer, incident_id=fire, kind="serious", value=10, source="医院")
    held_clock.forward(timedelta(minutes=10))
    add_figure(
        by=officer, incident_id=fire, kind="serious", value=2, source="医院", explanation="复核"
    )
    steps, gradings = grade_history(seen_by=officer, incident_id=fire)
    assert [one.grade for one in steps] == [4, 3, 4]
    assert [(one.at - steps[0].at).seconds for one in steps] == [0, 600, 1200]
    assert gradings == ()


def test_a_withdrawn_number_no_longer_speaks() -> None:
    start = clock.now()

    def after(minutes: int) -> Any:
        return start + timedelta(minutes=minutes)

    told = Said(kind="dead", value=3, at=after(1), recorded_at=after(2), withdrawn_at=after(5))
    steps = suggested_steps(category="12G03", since=start, said=[told])
    assert [(one.grade, one.at) for one in steps] == [(4, start), (3, after(2)), (4, after(5))]
