"""Calling by program: contract 11, once per key, for whom it is and nobody else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.kernel.clock import Held
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from tests import cast
from tests.confirm.calling import called, deputies, pass_time, people, somebody
from tests.incident.fires import taken
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db
API = "/api/v1/confirmations"


def post(client: Client, path: str, body: dict[str, Any], **headers: str) -> tuple[int, Any]:
    reply = client.post(path, json.dumps(body), content_type="application/json", headers=headers)
    return reply.status_code, json.loads(reply.content)


def test_people_are_called_and_read_as_the_contract_says(officer: Actor) -> None:
    incident = str(taken(officer).stored.incident_id)
    first, deputy = people(2)
    third = somebody("演示王五")
    client = cast.client_for("duty_officer")
    status, made = post(
        client,
        API,
        {
            "incident": incident,
            "text": "请马上到岗",
            "people": [str(first.pk), str(third.pk)],
            "need": "all",
            "steps": [
                {"after_s": 300, "people": [{"id": str(deputy.pk), "in_place_of": str(first.pk)}]}
            ],
        },
    )
    assert status == 201
    assert (made["state"], made["need"], made["answered"]) == ("open", 2, 0)
    assert made["about"] == {"kind": "incident", "id": incident}
    one, other, instead = made["people"]
    assert one["id"] == str(first.pk)
    assert one["name_masked"] == "演示被**"
    assert one["called_at"] == made["started_at"]
    assert {"sent_at", "delivered_at", "opened_at", "answered_at", "escalated_at"} <= set(one)
    assert (instead["in_place_of"], instead["called_at"]) == (str(first.pk), None)
    assert other["called_at"] is not None  # without an address it stands on the desk
    assert Message.objects.get(person=third).failure == "no_address"
    assert json.loads(client.get(f"{API}/{made['id']}").content) == made


def test_the_desk_notes_sends_and_ends(officer: Actor, held_clock: Held) -> None:
    first, third, deputy = people(3)
    row = called(officer, [first, third], steps=[deputies(300, (first, deputy))])
    client, here = cast.client_for("duty_officer"), f"{API}/{row.pk}"
    told = {"person": str(third.pk), "how": "voice", "text": "在岗"}
    status, noted = post(client, f"{here}/answers", told)
    assert (status, noted["outcome"], noted["answered"]) == (200, "taken", 1)
    assert post(client, f"{here}/answers", told)[1]["outcome"] == "repeated"
    pass_time(held_clock, 300)
    pass_time(held_clock, 300)
    status, failed = post(client, f"{here}/knocks", {"person": str(first.pk), "goes": "网格员"})
    assert (status, failed["state"]) == (200, "failed")
    assert failed["silent"] == [str(first.pk), str(deputy.pk)]
    assert failed["people"][0]["knocked_at"] is not None
    assert post(client, f"{here}/end", {"why": "已见到人"})[1]["state"] == "ended"
    status, late = post(client, f"{here}/answers", {"person": str(first.pk)})
    assert (status, late["code"]) == (409, "confirmation_ended")


def test_the_same_key_calls_once() -> None:
    (one,) = people(1)
    client = cast.client_for("duty_officer")
    body = {"text": "在岗请回复", "people": [str(one.pk)]}
    key = {"Idempotency-Key": "confirm-0001"}
    first, again = post(client, API, body, **key), post(client, API, body, **key)
    assert first == again
    assert first[1]["about"] == {"kind": "check", "id": ""}
    assert Message.objects.count() == 1


def test_what_cannot_be_called_is_refused_in_words() -> None:
    (one,) = people(1)
    client = cast.client_for("duty_officer")
    good = {"text": "在岗请回复", "people": [str(one.pk)]}
    for changed, field in (
        ({"people": []}, "people"),
        ({"people": ["x"]}, "people.0"),
        ({"people": ["999999999"]}, "people"),
        ({"need": 5}, "need"),
        ({"need": "most"}, "need"),
        ({"need": 0}, "need"),
        ({"need": True}, "need"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"steps": [{"after_s": 0, "people": [str(one.pk)]}]}, None),
        ({"warning": "7"}, "warning"),
    ):
        status, told = post(client, API, good | changed)
        assert status == 422, changed
        assert told["errors"][0]["detail_zh"]
        if field:
            assert field in {error["field"] for error in told["errors"]}, (changed, told)
            assert len(told["errors"]) == 1, (changed, told)
    assert post(client, API, good | {"incident": "999999"})[0] == 404
    assert post(cast.client_for("bureau_leader"), API, good)[0] == 403
    assert cast.client_for("volunteer").get(f"{API}/1").status_code == 404
    assert Client().get(f"{API}/1").status_code == 401
    assert not Message.objects.filter(purpose="confirm").exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_closed_calls_nobody_any_more(held_clock: Held) -> None:
    officer = cast.actor(cast.XIAOWANG)
    incident = str(taken(officer).stored.incident_id)
    (one,) = people(1)
    client = cast.client_for("duty_officer")
    body = {"incident": incident, "text": "请到场", "people": [str(one.pk)]}
    _status, made = post(client, API, body)
    held_clock.forward(timedelta(minutes=1))
    assert post(client, f"/api/v1/incidents/{incident}/close", {})[0] == 200
    run_jobs()
    ended = json.loads(client.get(f"{API}/{made['id']}").content)
    assert (ended["state"], ended["next_at"]) == ("ended", None)
    assert post(client, API, body)[1]["code"] == "incident_closed"
