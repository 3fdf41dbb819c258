"""The simulator over HTTP: what phones show, and a carrier that can be made to fail."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.kernel.clock import Held
from qianjun.message.actions import send, send_many
from qianjun.org.tokens import make_token
from tests.message.cast import HOUSE, crowd, person
from tests.message.phones import carry, pump

pytestmark = pytest.mark.django_db
CALL: dict[str, Any] = {
    "by": HOUSE,
    "purpose": "report",
    "matter": "incident:1",
    "text": "演示涂料厂起火",
    "rank": 0,
    "incident": 1,
    "links": ("/t/abc",),
}
MESSAGES, CARRIER = "/api/v1/simulator/messages", "/api/v1/simulator/carrier"


def caller(role: str = "duty_officer") -> Client:
    plain, _token = make_token(role=role, name="演示", days=1)
    return Client(headers={"Authorization": f"Bearer {plain}"})


def listed(client: Client, **query: str) -> list[dict[str, Any]]:
    answer = client.get(MESSAGES, query)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["items"])


def switch(client: Client, **body: Any) -> Any:
    return client.post(CARRIER, body, content_type="application/json")


def test_a_message_shows_as_the_phone_would_show_it(held_clock: Held) -> None:
    leader = person()
    send(**CALL, person=leader.pk)
    pump()
    shown = listed(caller())[0]
    assert shown.pop("id").isdigit()
    assert shown == {
        "key": f"report:incident:1:{leader.pk}:sms",
        "channel": "sms",
        "to": "10000000001",
        "person": str(leader.pk),
        "purpose": "report",
        "incident": "1",
        "text": "【演练】演示涂料厂起火",
        "resend": False,
        "reminder": 0,
        "links": ["/t/abc"],
        "accepted_at": "2026-06-01T14:05:00+08:00",
        "delivered_at": None,
        "state": "accepted",
    }
    held_clock.forward(timedelta(seconds=60))
    carry()
    shown = listed(caller("system_admin"))[0]
    assert (shown["state"], shown["delivered_at"]) == ("delivered", "2026-06-01T14:06:00+08:00")


def test_messages_are_filtered_and_paged_in_the_order_received(held_clock: Held) -> None:
    send_many(**CALL, people=crowd(5))
    pump()
    held_clock.forward(timedelta(minutes=1))
    late = CALL | {"incident": 2, "matter": "incident:2", "purpose": "order"}
    send(**late, person=person(phone="10000000077", channel="voice").pk)
    pump()
    client = caller()
    assert len(listed(client)) == 6
    for query in (
        {"since": "2026-06-01T14:06:00+08:00"},
        {"to": "10000000077"},
        {"channel": "voice"},
        {"purpose": "order"},
        {"incident": "2"},
    ):
        assert [m["to"] for m in listed(client, **query)] == ["10000000077"], query
    first = client.get(MESSAGES, {"limit": "4"}).json()
    rest = client.get(MESSAGES, {"limit": "4", "after": first["next"]}).json()
    ids = [m["id"] for m in first["items"] + rest["items"]]
    assert ids == sorted(ids, key=int)
    assert (len(ids), rest["next"]) == (6, None)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"since": "2026-06-01T14:06:00"}, "time_without_offset"),
        ({"since": "yesterday"}, None),
        ({"limit": "201"}, None),
        ({"limit": "0"}, None),
        ({"limit": "x"}, None),
        ({"after": "-1"}, None),
        ({"incident": "1' OR 1"}, None),
        ({"incident": "9" * 40}, None),
        ({"purpose": "gossip"}, "unknown_value"),
        ({"to": "\0"}, None),
        ({"to": "1" * 500}, None),
    ],
)
def test_a_bad_filter_is_refused_in_words(query: dict[str, str], code: str | None) -> None:
    answer = caller().get(MESSAGES, query)
    assert answer.status_code in (400, 422), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    if code:
        assert code in {e["code"] for e in answer.json()["errors"]} | {answer.json()["code"]}


def test_the_carrier_is_switched_step_by_step() -> None:
    client = caller()
    answer = switch(client, channel="sms", down=True, delay_s=2.5, loss=0.1, repeat_receipts=2)
    assert answer.status_code == 200
    assert answer.json() == {
        "channel": "sms",
        "down": True,
        "delay_s": 2.5,
        "loss": 0.1,
        "repeat_receipts": 2,
    }
    answer = switch(client, channel="sms", down=False)
    assert (answer.json()["down"], answer.json()["delay_s"]) == (False, 2.5)


def test_a_repeated_switch_with_its_key_is_answered_from_the_first() -> None:
    client, key = caller(), {"Idempotency-Key": "switch-0001"}
    first = client.post(CARRIER, {"channel": "sms"}, content_type="application/json", headers=key)
    again = client.post(CARRIER, {"channel": "sms"}, content_type="application/json", headers=key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotent-Replay"] == "true"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channel": "pigeon"},
        {"channel": 7},
        {"channel": "sms", "loss": 1.1},
        {"channel": "sms", "loss": -0.1},
        {"channel": "sms", "delay_s": -1},
        {"channel": "sms", "delay_s": 1e9},
        {"channel": "sms", "delay_s": "soon"},
        {"channel": "sms", "repeat_receipts": 10**9},
        {"channel": "sms", "down": "perhaps"},
    ],
)
def test_a_switch_out_of_bounds_changes_nothing(body: dict[str, Any]) -> None:
    assert switch(caller(), **body).status_code == 422


def test_who_may_use_the_simulator() -> None:
    assert Client().get(MESSAGES).status_code == 401
    for role in ("audit_admin", "community_worker", "bureau_leader"):
        assert caller(role).get(MESSAGES).status_code == 403
        assert switch(caller(role), channel="sms").status_code == 403


def test_a_time_is_read_as_everywhere() -> None:
    for said in ("2026-06-01T14:00:00Z", "2026-06-01T14:00:00 08:00"):
        assert listed(caller(), since=said) == []
    for said, code in (
        ("2026-06-01T14:00:00", "time_without_offset"),
        ("1780000000", "not_a_time"),
    ):
        answer = caller().get(MESSAGES, {"since": said})
        assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("wrong", [{"down": "yes"}, {"delay_s": "1"}, {"loss": True}])
def test_a_switch_of_the_wrong_type_is_refused(wrong: dict[str, Any]) -> None:
    answer = switch(caller(), channel="sms", **wrong)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(wrong)))


def test_in_the_live_realm_there_is_no_simulator(settings: Any) -> None:
    client = caller()
    settings.REALM = "live"
    assert client.get(MESSAGES).status_code == 404
    assert switch(client, channel="sms", down=True).status_code == 404
