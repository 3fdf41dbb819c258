"""Where responders are is kept while they are out, and not a minute longer."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qianjun.force.actions import end_callout, stand_down, stand_down_team
from qianjun.force.models import CallOut, Position
from qianjun.kernel import clock
from qianjun.kernel.clock import Held
from qianjun.org.actor import Actor
from tests import cast
from tests.force import teaming
from tests.force.calls import Calls, people, pressed

pytestmark = pytest.mark.django_db
AWAY: dict[str, float] = {"lon": 109.40, "lat": 24.31}
NEARER: dict[str, float] = {"lon": 109.42, "lat": 24.32}


def places() -> list[tuple[float, float]]:
    """Every place that is kept."""
    return [(row.lon, row.lat) for row in Position.objects.order_by("pk")]


def test_the_last_place_is_kept_until_he_has_left(running: CallOut, held_clock: Held) -> None:
    first, second = people(running)[:2]
    assert pressed(first, "accept", **AWAY) == "taken"
    assert pressed(second, "decline", **AWAY) == "taken"
    assert places() == [(109.40, 24.31)]
    held_clock.forward(timedelta(minutes=5))
    assert pressed(first, "en_route", **NEARER) == "taken"
    assert places() == [(109.42, 24.32)]
    assert pressed(first, "arrived") == "taken"
    assert places() == [(109.42, 24.32)]
    assert pressed(first, "left", **AWAY) == "taken"
    assert places() == []


def test_a_place_that_comes_late_does_not_take_him_back(running: CallOut, held_clock: Held) -> None:
    one = people(running)[0]
    assert pressed(one, "accept") == "taken"
    before = clock.now()
    held_clock.forward(timedelta(minutes=20))
    assert pressed(one, "arrived", **NEARER) == "taken"
    pressed(one, "en_route", at=before, **AWAY)
    assert places() == [(109.42, 24.32)]


def test_whoever_is_turned_back_or_done_is_nowhere(running: CallOut, officer: Actor) -> None:
    coming, there = people(running)[:2]
    for one, act in ((coming, "accept"), (there, "accept"), (there, "arrived")):
        assert pressed(one, act, **AWAY) == "taken"
    assert len(places()) == 2
    stand_down(by=officer, callout_id=running.pk)
    assert [row.called_id for row in Position.objects.all()] == [there.pk]
    end_callout(by=officer, callout_id=running.pk, reason="电话问过，都回家了")
    assert places() == []


def test_a_team_is_seen_by_name_until_it_is_turned_back(officer: Actor) -> None:
    team = teaming.called(officer, Calls.made(officer).incident, teaming.led())
    assert teaming.pressed(team, "accept", headcount=6, **AWAY) == "taken"
    (point,) = shown()
    assert point["geometry"]["coordinates"] == [109.40, 24.31]
    assert "演示龙城社区响应队" in point["properties"]["name"]
    stand_down_team(by=officer, call_id=team.pk)
    assert shown() == []


def shown() -> list[dict[str, Any]]:
    """The layer of the map."""
    reply = cast.signed_in(cast.XIAOWANG).get("/map/responders/")
    found: list[dict[str, Any]] = json.loads(reply.content)["features"]
    return found


def test_a_volunteer_on_the_map_has_no_name(running: CallOut) -> None:
    one = people(running)[0]
    assert pressed(one, "accept", **AWAY) == "taken"
    (point,) = shown()
    assert "name" not in point["properties"]
    assert cast.signed_in(cast.JIEDAO).get("/map/responders/").status_code == 403


def test_a_place_belongs_to_one_and_lies_on_earth(running: CallOut) -> None:
    one = people(running)[0]
    for wrong in ({"called": None, "lon": 1.0}, {"called": one, "lon": 200.0}):
        told = {"incident_id": running.incident_id, "lat": 24.0, "at": clock.now(), **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Position.objects.create(**told)
