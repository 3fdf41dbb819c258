"""Call-outs for programs, as the contract says them."""

import json
from typing import Any

import pytest
from django.test import Client

from qianjun.message.models import Message
from tests import cast
from tests.force.calls import Calls, people, pressed

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {
    "need": 3,
    "skills": [],
    "by": "2026-06-01T15:05:00+08:00",
    "lon": 109.4116,
    "lat": 24.3147,
    "place": "静兰小学体育馆",
    "risk": "低",
}
FIELDS = {
    *("id", "incident", "state", "need", "skills", "by", "lon", "lat", "probability", "proposal"),
    *("waves", "counts", "disturbed", "forecast", "best_possible", "version"),
}
PERSON = {
    *("id", "name_masked", "state", "distance_m", "chance", "eta_at", "sent_at", "reached_at"),
    *("read_at", "answered_at", "arrived_at", "left_at", "other_device"),
}


def ask(client: Client, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    """Status and answer of a request; with a body it is a POST."""
    if body is None:
        reply = client.get(f"/api/v1/{path}")
    else:
        reply = client.post(
            f"/api/v1/{path}", json.dumps(body), "application/json", headers=headers
        )
    return reply.status_code, json.loads(reply.content)


@pytest.fixture
def desk(calls: Calls) -> Client:
    """A duty officer with a token."""
    assert calls
    return cast.client_for("duty_officer")


def test_a_call_out_from_proposal_to_enough(calls: Calls, desk: Client) -> None:
    status, made = ask(desk, f"incidents/{calls.incident.pk}/callouts", BODY)
    assert status == 201
    assert set(made) >= FIELDS
    assert (made["state"], made["disturbed"], made["forecast"]) == ("proposed", 0, None)
    assert set(made["proposal"]["excluded"]) >= {
        *("minor", "uninsured", "hours", "busy", "paused", "capped")
    }
    assert set(made["counts"]) == {
        *("waiting", "reached", "read", "accepted", "declined", "en_route", "arrived", "left")
    }
    path = f"callouts/{made['id']}"
    status, sent = ask(desk, f"{path}/confirm", {"wave": 1, "version": made["version"]})
    assert (status, sent["state"], sent["proposal"]) == (200, "running", None)
    assert sent["disturbed"] == made["proposal"]["count"] == Message.objects.count()
    assert ask(desk, f"{path}/confirm", {"wave": 1, "version": made["version"]})[1] == sent
    pressed(people(calls.incident.callouts.get())[0], "accept")
    listed = ask(desk, f"{path}/people?state=accepted")[1]["items"]
    assert [set(one) >= PERSON for one in listed] == [True]
    assert listed[0]["name_masked"].startswith("演")
    assert "演示志愿" not in listed[0]["name_masked"]
    status, done = ask(desk, f"{path}/enough", {})
    assert (status, done["state"], done["counts"]["accepted"]) == (200, "enough", 1)
    assert ask(desk, path)[1] == done
    assert ask(desk, f"incidents/{calls.incident.pk}/callouts")[1]["items"] == [done]


def test_confirmed_at_once_and_once_by_key(calls: Calls, desk: Client) -> None:
    path = f"incidents/{calls.incident.pk}/callouts"
    key = {"Idempotency-Key": "call-out-0001"}
    first = ask(desk, path, BODY | {"confirm": True}, **key)
    assert first == ask(desk, path, BODY | {"confirm": True}, **key)
    assert first[1]["state"] == "running"
    assert calls.incident.callouts.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": "2026-06-01T14:00:00+08:00"}, "by_in_the_past"),
        ({"need": 0}, "out_of_range"),
        ({"skills": [{"skill": "fly", "count": 1}]}, "unknown_skill"),
    ],
)
def test_a_wrong_need_is_422_with_its_field(
    calls: Calls, desk: Client, change: dict[str, Any], code: str
) -> None:
    status, said = ask(desk, f"incidents/{calls.incident.pk}/callouts", BODY | change)
    assert (status, said["code"]) == (422, code)
    assert said["errors"][0]["field"] in change


def test_a_need_that_cannot_be_had_is_201(calls: Calls, desk: Client) -> None:
    status, made = ask(desk, f"incidents/{calls.incident.pk}/callouts", BODY | {"need": 200})
    assert status == 201
    assert made["best_possible"] == 0
    assert "达不到" in made["proposal"]["why_zh"]


def test_stand_down_and_end(calls: Calls, desk: Client) -> None:
    row = calls.running()
    pressed(people(row)[0], "accept")
    assert ask(desk, f"callouts/{row.pk}/stand_down", {})[1]["state"] == "stood_down"
    status, said = ask(desk, f"callouts/{row.pk}/end", {})
    assert (status, said["code"], said["out"]) == (409, "people_out", 1)
    assert ask(desk, f"callouts/{row.pk}/end", {"reason": "已问到"})[1]["state"] == "ended"


def test_who_may_not_know_finds_nothing(calls: Calls) -> None:
    row = calls.running()
    for role, status in (("commander", 200), ("volunteer", 403), ("system_admin", 403)):
        assert ask(cast.client_for(role), f"callouts/{row.pk}")[0] == status
    assert ask(cast.client_for("commander"), f"callouts/{row.pk}/enough", {})[0] == 403
    assert ask(cast.client_for("duty_officer"), "callouts/999999")[0] == 404
    assert ask(Client(), f"callouts/{row.pk}")[0] == 401
