"""Goods and orders over HTTP, as the contract says."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from qianjun.org.seeding import seed_units
from qianjun.supply.seeding import seed_demo_stock
from tests import cast
from tests.incident.fires import taken
from tests.supply.stores import has

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def demo_stock(request: pytest.FixtureRequest) -> None:
    """The published stock."""
    request.getfixturevalue("db")
    seed_units()
    seed_demo_stock()


def post(client: Client, path: str, body: object = None, **headers: str) -> HttpResponse:
    """A body of JSON."""
    reply = client.post(
        f"{API}{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )
    assert isinstance(reply, HttpResponse)
    return reply


def told(reply: Any, status: int = 200) -> dict[str, Any]:
    """What an answer says."""
    assert reply.status_code == status, reply.content.decode()
    said: dict[str, Any] = json.loads(reply.content)
    return said


def proposed(client: Client, **body: object) -> dict[str, Any]:
    """An order for an incident of its own."""
    incident = taken(cast.actor(cast.XIAOWANG), join="new").stored.incident_id
    asked = {"code": "folding_bed", "quantity": 40} | body
    return told(post(client, f"/incidents/{incident}/orders", asked), 201)


def test_the_list_holds_every_article_and_goes_on() -> None:
    officer = cast.client_for("duty_officer")
    first = told(officer.get(f"{API}/supplies?limit=50"))
    rest = told(officer.get(f"{API}/supplies?limit=50&after={first['next']}"))
    every = {one["code"]: one for one in first["items"] + rest["items"]}
    assert rest["next"] is None
    assert len(every) == 58
    bed, gown = every["folding_bed"], every["protective_suit"]
    assert (bed["on_hand"], bed["unit"], bed["sample"]) == (10, "张", False)
    assert (bed["red_line"], bed["red_line_plan"], bed["gap"]) == (120, "earthquake", 110)
    assert (gown["on_hand"], gown["free"], gown["gap"]) == (0, 0, 300)
    found = told(officer.get(f"{API}/supplies?q=棉胎"))["items"]
    assert [one["code"] for one in found] == ["quilt"]


def test_an_order_goes_through_its_steps_and_the_ledger_says_so() -> None:
    officer, leader = cast.client_for("duty_officer"), cast.client_for("leader_in_charge")
    man = cast.client_for("keeper")
    row = proposed(officer, unit="张", receiver="450202007", why="安置点")
    assert (row["state"], row["short"], row["unit"]) == ("proposed", 30, "张")
    here = f"/orders/{row['id']}"
    assert told(post(officer, f"{here}/approve"), 403)["code"] == "not_allowed"
    agreed = told(post(leader, f"{here}/approve"))
    assert (agreed["state"], agreed["lines"][0]["reserved"]) == ("approved", 10)
    out = told(post(man, f"{here}/issue"))
    assert (out["state"], out["lines"][0]["issued"]) == ("issued", 10)
    got = {"lines": [{"code": "folding_bed", "quantity": 9}], "note": "少一张"}
    assert told(post(officer, f"{here}/receive", got))["state"] == "received"
    back = {"lines": [{"code": "folding_bed", "quantity": 9}]}
    some = told(post(man, f"{here}/return", back))
    assert (some["state"], some["lines"][0]["outstanding"]) == ("received", 1)
    rest = {"lines": [], "lost": [{"code": "folding_bed", "quantity": 1}], "why": "途中丢失"}
    assert told(post(man, f"{here}/return", rest))["state"] == "returned"
    assert told(officer.get(f"{API}{here}"))["lines"][0]["lost"] == 1
    moved = told(officer.get(f"{API}/supplies/folding_bed/movements"))["items"]
    assert [(one["reason"], one["quantity"]) for one in moved] == [
        *(("loss", -1), ("return", 1), ("return", 9), ("out", -10), ("opening", 10)),
    ]
    assert moved[3]["slip"] == out["slip"]
    assert has("folding_bed") == (9, 0, 9)


def test_the_same_key_books_once() -> None:
    officer, leader = cast.client_for("duty_officer"), cast.client_for("leader_in_charge")
    row = proposed(officer, quantity=4)
    answers = [
        post(leader, f"/orders/{row['id']}/approve", **{"Idempotency-Key": "approve-only-once"})
        for _time in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotent-Replay"] == "true"
    assert has("folding_bed") == (10, 4, 6)
    assert told(post(leader, f"/orders/{row['id']}/approve"), 409)["code"] == "wrong_state"
    told(post(officer, f"/orders/{row['id']}/cancel", {"why": "不用了"}))
    assert has("folding_bed") == (10, 0, 10)


def test_a_refusal_is_said_in_both_languages() -> None:
    officer, leader = cast.client_for("duty_officer"), cast.client_for("leader_in_charge")
    row = proposed(officer, code="aed", quantity=2)
    assert row["short"] == 2
    said = told(post(leader, f"/orders/{row['id']}/approve"), 409)
    assert said["code"] == "nothing_left"
    assert "自动体外除颤器" in said["detail_zh"]
    told(post(officer, f"/orders/{row['id']}/cancel"))
    late = told(post(leader, f"/orders/{row['id']}/approve"), 409)
    assert "Cancelled" in late["detail_en"]
    assert "Defibrillators" in said["detail_en"]
    own = proposed(leader, quantity=1)
    assert told(post(leader, f"/orders/{own['id']}/approve"), 409)["code"] == "second_key"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 2**40}, "quantity"),
        ({"code": "gold"}, "unknown_article"),
        ({"unit": "箱"}, "wrong_unit"),
        ({"store": "nowhere"}, "unknown_store"),
        ({"receiver": "nobody"}, "unknown_unit"),
        ({"receiver_person": "0"}, "unknown_person"),
    ],
)
def test_what_nobody_can_want_is_refused(body: dict[str, object], code: str) -> None:
    officer = cast.client_for("duty_officer")
    incident = taken(cast.actor(cast.XIAOWANG)).stored.incident_id
    asked = {"code": "folding_bed", "quantity": 1} | body
    said = told(post(officer, f"/incidents/{incident}/orders", asked), 422)
    assert code in {said["code"], *(one["field"] for one in said["errors"])}


def test_who_does_not_read_goods_learns_nothing_of_them() -> None:
    row = proposed(cast.client_for("duty_officer"), quantity=1)
    for role in ("volunteer", "community_worker", "system_admin"):
        stranger = cast.client_for(role)
        assert stranger.get(f"{API}/supplies").status_code == 403
        hidden = stranger.get(f"{API}/orders/{row['id']}")
        none = stranger.get(f"{API}/orders/999999")
        assert hidden.status_code == none.status_code
        assert hidden.content == none.content
    scoped = Client(
        headers={
            "Authorization": f"Bearer {cast.token_for('keeper', unit=cast.unit('450202007'))}",
        }
    )
    listed = told(scoped.get(f"{API}/supplies?limit=200"))["items"]
    held = {one["code"] for one in listed if one["on_hand"]}
    assert held == {"sandbag", "life_jacket", "torch", "warning_tape", "loudspeaker"}
    assert scoped.get(f"{API}/orders/{row['id']}").status_code == 404
