"""How many an incident needs, who comes and who is there: on card, desk and room."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from qianjun.force.actions import end_callout, enough, stand_down
from qianjun.force.models import CallOut
from qianjun.incident.models import Incident
from qianjun.incident.queries import cards
from qianjun.incident.queries.people import people_of
from qianjun.incident.rules.people import People, together
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from tests import cast
from tests.force.calls import Calls, incident, people, pressed
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db


def counted(row: CallOut) -> tuple[int, int, int]:
    """Need, coming and on scene of the incident of a call-out, by its card."""
    (card,) = cards(Incident.objects.filter(pk=row.incident_id))
    counts = card["people"]
    return counts["need"], counts["coming"], counts["on_scene"]


def test_a_card_counts_who_comes_and_who_is_there(running: CallOut) -> None:
    assert counted(running) == (3, 0, 0)
    first, second, third, fourth = people(running)[:4]
    assert pressed(first, "accept") == "taken"
    assert pressed(second, "late") == "taken"
    assert pressed(third, "decline") == "taken"
    assert counted(running) == (3, 2, 0)
    assert pressed(first, "arrived", headcount=4) == "taken"
    assert counted(running) == (3, 1, 4)
    assert pressed(second, "decline") == "taken"
    assert pressed(first, "break") == "taken"
    assert counted(running) == (3, 0, 4)
    assert pressed(fourth, "en_route") == "taken"
    assert pressed(first, "left") == "taken"
    assert counted(running) == (3, 1, 0)


def test_who_turns_back_comes_no_more_and_who_is_there_is_shown(
    running: CallOut, officer: Actor
) -> None:
    first, second = people(running)[:2]
    pressed(first, "arrived")
    pressed(second, "accept")
    enough(by=officer, callout_id=running.pk)
    assert counted(running) == (3, 1, 1)
    stand_down(by=officer, callout_id=running.pk)
    assert counted(running) == (0, 0, 1)
    pressed(first, "home")
    assert counted(running) == (0, 0, 0)
    end_callout(by=officer, callout_id=running.pk, reason="都已电话报平安")
    assert people_of((running.incident_id,)) == {running.incident_id: []}


def test_it_says_when_the_first_of_those_coming_is_expected(running: CallOut) -> None:
    def soonest() -> datetime | None:
        (line,) = people_of((running.incident_id,))[running.incident_id]
        return line.soonest

    first, second, third = people(running)[:3]
    assert soonest() is None, "nobody has said yes"
    assert pressed(third, "decline") == "taken"
    assert pressed(first, "accept", eta_min=40) == "taken"
    assert pressed(second, "accept", eta_min=15) == "taken"
    assert soonest() == clock.now() + timedelta(minutes=15)
    room = cast.signed_in(cast.XIAOWANG).get(f"/incidents/{running.incident_id}/")
    at = clock.in_beijing(clock.now() + timedelta(minutes=15)).strftime("%H:%M")
    assert f"最早预计 {at} 到" in text_of(room)
    assert pressed(second, "arrived") == "taken"
    assert soonest() == clock.now() + timedelta(minutes=40)
    assert pressed(first, "arrived") == "taken"
    assert soonest() is None, "all are there"


def test_the_map_shows_where_they_meet_and_nobodys_own_place(running: CallOut) -> None:
    first = people(running)[0]
    assert pressed(first, "accept", eta_min=15, lon=109.4, lat=24.3) == "taken"
    officer = cast.signed_in(cast.XIAOWANG)
    (point,) = json.loads(officer.get("/map/callouts/").content)["features"]
    assert point["geometry"]["coordinates"] == [running.lon, running.lat]
    at = clock.in_beijing(clock.now() + timedelta(minutes=15)).strftime("%H:%M")
    said = point["properties"]["name"]
    assert said == f"静兰小学体育馆\n需 3 · 途 1 · 到 0 · 最早预计 {at} 到"
    assert point["properties"]["incident"] == str(running.incident_id)
    assert cast.signed_in(cast.JIEDAO).get("/map/callouts/").status_code == 403
    stand_down(by=cast.actor(cast.XIAOWANG), callout_id=running.pk)
    assert json.loads(officer.get("/map/callouts/").content)["features"] == []


def test_a_proposal_is_no_need(calls: Calls) -> None:
    assert counted(calls.proposed(need=5)) == (0, 0, 0)


def test_needs_are_counted_for_all_incidents_in_a_statement_for_each_kind(
    calls: Calls, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, other = calls.running(need=2), incident()
    calls.incident = incident()
    two = calls.running(need=4)
    keys = [one.incident_id, two.incident_id, other.pk]
    with django_assert_num_queries(2):  # volunteers, teams
        found = people_of(tuple(keys))
    assert [together(found[key]).need for key in keys] == [2, 4, 0]
    assert people_of(()) == {}


@pytest.mark.django_db(transaction=True)
def test_the_desk_hears_who_comes_and_not_who_rests(
    running: CallOut, held_clock: clock.Held
) -> None:
    one = people(running)[0]
    heard = []
    with connection.cursor() as cursor:
        cursor.execute("LISTEN live")
        for name in ("accept", "en_route", "arrived", "break", "left"):
            held_clock.forward(timedelta(minutes=1))
            assert pressed(one, name) == "taken"
            notices = connection.connection.notifies(timeout=0.2)
            topics = [json.loads(notice.payload)["topics"] for notice in notices]
            assert [f"incident:{running.incident_id}" in of for of in topics] == [True]
            heard += [name for of in topics if "desk" in of]
        cursor.execute("UNLISTEN live")
    assert heard == ["accept", "arrived", "left"]


def test_room_and_desk_show_the_gap(running: CallOut) -> None:
    pressed(people(running)[0], "accept")
    browser = cast.signed_in(cast.XIAOWANG)
    room = browser.get(f"/incidents/{running.incident_id}/")
    assert "需 3 · 途 1 · 到 0 · 缺 2" in text_of(room)
    assert 'aria-label="需 3，途中 1，到场 0"' in html_of(room)
    assert "静兰小学体育馆" in text_of(room)
    assert "需 3 · 途 1 · 到 0 · 缺 2" in text_of(browser.get("/desk/live/"))
    assert 'id="people"' in html_of(browser.get(f"/incidents/{running.incident_id}/live/"))
    card = json.loads(
        cast.client_for("duty_officer").get(f"/api/v1/incidents/{running.incident_id}").content
    )
    assert card["people"] == {"need": 3, "coming": 1, "on_scene": 0}


def test_bars_never_pass_the_whole() -> None:
    assert People(need=20, coming=8, on_scene=5).bar == (25, 40)
    assert People(need=2, coming=0, on_scene=9).bar == (100, 0)
    assert People().bar == (0, 0)
    assert (People(need=20, coming=8, on_scene=5).gap, People(on_scene=3).gap) == (7, 0)
