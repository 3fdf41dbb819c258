"""Hundreds of answers to a call-out do not bury what happens in an incident."""

import pytest

from qianjun.incident.actions import add_note
from qianjun.org.actor import Actor
from tests import cast
from tests.force.calls import Calls, people, pressed
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db


def test_the_room_lists_answers_only_when_asked(officer: Actor) -> None:
    running = Calls.made(officer).running(need=3)
    path = f"/incidents/{running.incident_id}/"
    add_note(by=officer, incident_id=running.incident_id, text="云梯车已到位")
    for one in people(running):
        assert pressed(one, "accept") in ("taken", "accepted_late", "not_needed")
    client = cast.signed_in(cast.XIAOWANG)
    for address in (path, f"{path}live/"):
        usual = text_of(client.get(address))
        assert "云梯车已到位" in usual
        assert "1 名志愿者：我能到" not in usual
        assert "1 名志愿者：我能到" in text_of(client.get(address, {"all": ""}))
    page = client.get(path, {"all": ""}).content.decode()
    assert "live/?fix=&amp;all" in page
    asked = f"/api/v1/incidents/{running.incident_id}/timeline"
    told = cast.client_for("duty_officer").get(asked, {"limit": 200}).json()["items"]
    assert any(line["name"] == "force.call_acted" for line in told)
