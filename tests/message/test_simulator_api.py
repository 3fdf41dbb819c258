"""Replies and people over HTTP: what a phone sends, and how its holders behave."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.kernel.clock import Held
from qianjun.kernel.coordinates import to_wgs84
from qianjun.message.actions import send
from qianjun.message.models import CarrierReply, Inbound, Message, SimulatedPeople
from tests.message.cast import HOUSE, person
from tests.message.phones import carry, pump
from tests.message.test_api import caller

pytestmark = pytest.mark.django_db
REPLIES, PEOPLE = "/api/v1/simulator/replies", "/api/v1/simulator/people"
SAID = {"channel": "sms", "from": "10000000001", "text": "收到"}


def post(client: Client, path: str, body: Any, **headers: Any) -> Any:
    return client.post(path, body, content_type="application/json", headers=headers)


def test_a_reply_is_accepted_and_answers_the_call(held_clock: Held) -> None:
    send(
        by=HOUSE,
        purpose="report",
        matter="incident:1",
        text="起火",
        rank=0,
        incident=1,
        expects_answer=True,
        person=person().pk,
    )
    pump()
    held_clock.forward(timedelta(seconds=30))
    answer = post(caller(), REPLIES, SAID)
    assert answer.status_code == 202, answer.content
    assert answer.json()["sent_at"] == "2026-06-01T14:05:30+08:00"
    carry()
    assert Message.objects.get().state == "answered"


def test_a_position_is_converted_once() -> None:
    body = {"channel": "wechat", "from": "10000000001", "lon": 109.42, "lat": 24.31, "crs": "gcj02"}
    assert post(caller(), REPLIES, body).status_code == 202
    carry()
    row = Inbound.objects.get()
    assert (row.lon, row.lat) == to_wgs84(109.42, 24.31, crs="gcj02")
    assert row.text == ""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"channel": "pigeon"}, "unknown_value"),
        ({"from": "138" + "0" * 8}, "not_simulated"),
        ({"from": "10000000001 "}, "not_simulated"),
        ({"from": None}, None),
        ({"text": None}, "empty_reply"),
        ({"text": " \t"}, "empty_reply"),
        ({"text": "\0"}, None),
        ({"text": "字" * 5001}, None),
        ({"text": 7}, None),
        ({"lon": 109.4}, "missing"),
        ({"lon": 181, "lat": 24}, None),
        ({"lon": 109.4, "lat": 24.3, "crs": "mars"}, None),
        ({"file": "f1"}, None),
        ({"file": "999999999"}, "unknown_file"),
        ({"file": 7}, None),
    ],
)
def test_a_reply_that_cannot_be_is_refused_in_words(
    changed: dict[str, Any], code: str | None
) -> None:
    answer = post(caller(), REPLIES, SAID | changed)
    assert answer.status_code == 422, answer.content
    told = answer.json()
    assert told["detail_zh"]
    assert told["errors"]
    if code:
        assert told["errors"][0]["code"] == code
    assert not CarrierReply.objects.exists()


def test_a_reply_repeated_with_its_key_is_sent_once() -> None:
    client, key = caller(), "reply-0001"
    first = post(client, REPLIES, SAID, **{"Idempotency-Key": key})
    again = post(client, REPLIES, SAID, **{"Idempotency-Key": key})
    assert (again.status_code, again.content) == (202, first.content)
    assert CarrierReply.objects.count() == 1


def test_people_are_switched_and_what_is_not_said_stays() -> None:
    client, who = caller("system_admin"), person()
    body = {"auto": True, "accept_rate": 0.5, "delay_s": 20, "silent": [str(who.pk)]}
    answer = post(client, PEOPLE, body)
    assert answer.status_code == 200, answer.content
    assert answer.json() == body
    answer = post(client, PEOPLE, {"auto": False, "silent": []})
    assert answer.json() == {"auto": False, "accept_rate": 0.5, "delay_s": 20, "silent": []}


@pytest.mark.parametrize(
    "body",
    [
        {"auto": "yes"},
        {"auto": True, "accept_rate": 1.1},
        {"auto": True, "accept_rate": -0.1},
        {"auto": True, "delay_s": 0},
        {"auto": True, "delay_s": 1e9},
        {"auto": True, "silent": ["999999999"]},
        {"auto": True, "silent": ["x"]},
        {"auto": True, "silent": "1"},
    ],
)
def test_people_out_of_bounds_are_refused(body: dict[str, Any]) -> None:
    assert post(caller(), PEOPLE, body).status_code == 422
    assert not SimulatedPeople.objects.exists()


def test_who_may_play_the_phones_and_where(settings: Any) -> None:
    for path in (REPLIES, PEOPLE):
        assert post(Client(), path, SAID).status_code == 401
        for role in ("leader_in_charge", "bureau_leader", "community_worker", "audit_admin"):
            assert post(caller(role), path, SAID).status_code == 403
    client = caller()
    settings.REALM = "live"
    assert post(client, REPLIES, SAID).status_code == 404
    assert post(client, PEOPLE, {"auto": True}).status_code == 404
