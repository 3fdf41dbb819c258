"""The addresses of the command post: once per key, a version with every change, what is open."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from qianjun.incident.command_models import CommandPost
from qianjun.org.actor import Actor
from qianjun.org.seeding import seed_units
from qianjun.supply.seeding import seed_demo_stock
from tests import cast
from tests.incident.fires import taken

pytestmark = pytest.mark.django_db
FIELDS = {
    *("id", "incident", "state", "place", "decided_by", "set_up_at", "stood_down_at", "why"),
    *("commands", "version", "commander", "seats", "past", "transfers", "changed"),
}
NEW: dict[str, Any] = {
    "place": "学院路口东侧",
    "decided_by": "区政府",
    "commander": {"name": "演示韦国庆", "title": "副区长"},
    "chief": {"name": "演示覃区长"},
    "deputies": [{"name": "演示李国强"}],
    "groups": [{"seat": "medical", "unit": "450202-CDC"}],
}


class Asks:
    """An officer's program at one incident."""

    def __init__(self, incident: int, client: Client) -> None:
        self.client = client
        self.room = f"/api/v1/incidents/{incident}"

    def post(self, path: str, told: object, **headers: str) -> HttpResponse:
        """What came back."""
        reply = self.client.post(
            self.room + path, json.dumps(told), content_type="application/json", headers=headers
        )
        assert isinstance(reply, HttpResponse)
        return reply

    def made(self, path: str, told: object, status: int = 200) -> dict[str, Any]:
        """The body of an answer with this status."""
        reply = self.post(path, told)
        assert reply.status_code == status, reply.content.decode()
        body: dict[str, Any] = json.loads(reply.content)
        return body

    def stands(self) -> dict[str, Any]:
        """The command post as it is read."""
        body: dict[str, Any] = json.loads(self.client.get(f"{self.room}/command_post").content)
        return body


@pytest.fixture
def asks(officer: Actor) -> Asks:
    """A fire, and who asks."""
    seed_units()
    return Asks(taken(officer).stored.incident_id, cast.client_for("duty_officer"))


def test_without_one_every_field_is_there_and_null(asks: Asks) -> None:
    told = asks.stands()
    assert set(told) == FIELDS
    assert (told["state"], told["id"], told["seats"]) == ("none", None, [])
    card = json.loads(asks.client.get(asks.room).content)
    assert card["command_post"] is None


def test_a_post_is_set_up_changed_handed_over_and_stood_down(asks: Asks) -> None:
    told = asks.made("/command_post", NEW, 201)
    assert set(told) == FIELDS
    assert (told["state"], told["version"], told["commander"]["name"]) == (
        "standing",
        1,
        "演示韦国庆",
    )
    seats = {one["seat"]: one for one in told["seats"]}
    assert len(told["seats"]) == 3 + 8
    assert (seats["medical"]["unit"], seats["rescue"]["unit"]) == ("450202-CDC", "450202-XF")
    assert asks.made("/command_post", NEW, 409)["code"] == "already_standing"
    to = {"name": "演示李国强", "why": "回区里", "version": 1}
    told = asks.made("/command_post/commander", to)
    assert (told["version"], told["commander"]["name"], told["past"][0]["name"]) == (
        2,
        "演示李国强",
        "演示韦国庆",
    )
    stale = asks.made("/command_post/commander", {**to, "name": "丙"}, 409)
    assert (stale["code"], stale["current"]["version"]) == ("stale", 2)
    assert stale["current"]["changed"]["by_masked"] == "duty_officer"
    seat = {"seat": "order", "unit": "450202-JJ", "version": 2}
    told = asks.made("/command_post/seats", seat)
    assert told["version"] == 3
    ended = asks.made("/command_post/stand_down", {"why": "完", "version": 3})
    assert (ended["state"], ended["why"]) == ("stood_down", "完")
    assert asks.stands()["state"] == "stood_down"


def test_the_list_of_what_is_open_goes_with_command(asks: Asks) -> None:
    seed_demo_stock()
    asks.made("/tasks", {"title": "封控三百米", "lead": "450202-GA"}, 201)
    done = asks.made("/tasks", {"title": "已经办完"}, 201)["id"]
    asks.made(f"/tasks/{done}/done", {})
    asks.made("/orders", {"code": "folding_bed", "quantity": 40}, 201)
    asks.made("/command_post", NEW, 201)
    body = {"to": "city", "taken_by": "市工作组", "version": 1}
    seen = asks.made("/command_post/transfer", {**body, "preview": True})
    assert CommandPost.objects.get().commands == "district"
    told = asks.made("/command_post/transfer", body)
    assert told["hand_over_list"] == seen["hand_over_list"]
    assert [one["kind"] for one in told["hand_over_list"]] == ["task", "order", "deadline"]
    assert "折叠床40" in told["hand_over_list"][1]["title"].replace(" ", "")
    assert (told["commands"], told["version"]) == ("city", 2)
    asks.made("/tasks", {"title": "后来的"}, 201)
    assert asks.stands()["transfers"][0]["hand_over_list"] == told["hand_over_list"]
    assert asks.made("/command_post/stand_down", {"why": "完", "version": 2}, 409)["code"] == (
        "city_commands"
    )
    back = asks.made("/command_post/transfer", {**body, "to": "district", "version": 2})
    assert (back["commands"], len(back["hand_over_list"])) == ("district", 4)


def test_the_same_key_does_it_once(asks: Asks) -> None:
    key = {"Idempotency-Key": "command-post-1"}
    first, again = asks.post("/command_post", NEW, **key), asks.post("/command_post", NEW, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotent-Replay"] == "true"
    assert CommandPost.objects.count() == 1


def test_a_commander_hands_over_and_does_not_set_up(asks: Asks) -> None:
    his = Asks(int(asks.room.rsplit("/", 1)[1]), cast.client_for("commander"))
    assert his.post("/command_post", NEW).status_code == 403
    asks.made("/command_post", NEW, 201)
    to = {"name": "演示李国强", "why": "回区里", "version": 1}
    assert his.made("/command_post/commander", to)["version"] == 2
    body = {"to": "city", "taken_by": "市工作组", "version": 2}
    assert his.post("/command_post/transfer", body).status_code == 403
    assert his.post("/command_post/transfer", {**body, "preview": True}).status_code == 403
    assert his.post("/command_post/stand_down", {"why": "完", "version": 2}).status_code == 403
