"""The leader's phone, the page of the desk, the interface, and what comes by message."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from qianjun.confirm.actions import answer_for, take_step
from qianjun.confirm.models import Confirmation
from qianjun.force.actions import stand_down_team
from qianjun.force.models import TeamAct, TeamCall
from qianjun.force.rules.team_calls import stands
from qianjun.incident.models import Incident
from qianjun.incident.queries.people import people_of
from qianjun.journal.bus import emit
from qianjun.journal.events import BodyErased
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Entry
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.kernel.once import one_look
from qianjun.message.actions import switch_people
from qianjun.message.events import LinkFollowed
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from qianjun.response.pages.room import room_of
from qianjun.response.queries.teaming import team_lines
from tests import cast
from tests.force.calls import Calls
from tests.force.calls import incident as an_incident
from tests.force.teaming import (
    again,
    called,
    led,
    messages,
    path_of,
    people,
    pressed,
    proposed,
)
from tests.force.test_callout_api import ask
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db
BROWSER = {"accept": "text/html"}
PHONE = {
    *("kind", "state", "need", "what_zh", "place", "lon", "lat", "by", "risk_zh", "kit_zh"),
    *("asked_by", "insured", "my", "acts", "message_zh"),
}
FIELDS = {
    *("id", "incident", "team", "team_name", "kind", "way", "state", "what", "place", "lon", "lat"),
    *("by", "risk", "wanted", "headcount", "told", "reason", "asked_at", "accepted_at"),
    *("declined_at", "en_route_at", "arrived_at", "left_at", "home_at", "stood_down_at", "version"),
}


@pytest.fixture
def fire(officer: Actor) -> Incident:
    """An open incident at the usual point."""
    assert officer
    return an_incident()


@pytest.fixture
def row(officer: Actor, fire: Incident) -> TeamCall:
    """A community team that was ordered there."""
    return called(officer, fire, led())


# --- the leader's phone ---------------------------------------------------------------------------


def test_looking_changes_nothing_and_says_what_the_leader_must_know(row: TeamCall) -> None:
    reply = Client().get(path_of(row), headers={"accept": "application/json"})
    found = json.loads(reply.content)
    assert set(found) >= PHONE
    assert (found["kind"], found["way"], found["state"]) == ("team", "order", "waiting")
    assert found["acts"] == ["opened", "accept", "late", "decline"]
    page = Client().get(path_of(row), headers=BROWSER).content.decode()
    for words in ("命令：请立即出动", "是您本人吗", "静兰小学门口", "签收，出动", "带多少人来"):
        assert words in page
    assert "演示涂料厂" not in page
    assert again(row).read_at is None
    english = Client().get(f"{path_of(row)}?lang=en", headers=BROWSER).content.decode()
    assert "Order: set out at once" in english
    assert "签收，出动" not in english


def test_a_form_without_scripts_signs_with_how_many(row: TeamCall) -> None:
    fields = {"act": "accept", "act_id": str(uuid4()), "headcount": "6"}
    reply = Client().post(f"{path_of(row)}/acts", fields, headers=BROWSER)
    assert (reply.status_code, reply.headers["Location"]) == (303, path_of(row))
    assert (stands(again(row)), again(row).headcount) == ("accepted", 6)
    page = Client().get(path_of(row), headers=BROWSER).content.decode()
    assert "你们已签收" in page
    assert "出发了" in page
    assert Message.objects.get(pk=messages(row)[0].pk).answered_at is not None


def test_a_link_of_another_thing_opens_no_team(row: TeamCall, calls: Calls) -> None:
    path = path_of(row)
    assert Client().get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 404
    running = calls.running(need=1)
    mine = Message.objects.filter(purpose="callout").latest("pk").links[0]
    told = {"act": "accept", "act_id": str(uuid4()), "headcount": 3}
    Client().post(f"{mine}/acts", json.dumps(told), "application/json")
    assert running.people.filter(accepted_at__isnull=False).count() == 1
    assert stands(again(row)) == "waiting"


# --- what comes by message ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "state"),
    [("收到", "accepted"), ("1", "accepted"), ("2 车在修", "declined"), ("？", "waiting")],
)
def test_a_reply_counts_like_the_button(row: TeamCall, text: str, state: str) -> None:
    (message,) = messages(row)
    Message.objects.filter(pk=message.pk).update(attempts=1)
    letter = Letter(
        key="k1",
        channel=message.channel,
        from_value=message.address,
        sent_at=clock.now(),
        text=text,
    )
    take_in(letter)
    entry = Entry.objects.filter(name="message.answered").latest("pk")
    for _again in range(2):
        run_reaction(entry_id=entry.pk, reaction="force.hear_leader")
    assert stands(again(row)) == state
    assert TeamAct.objects.count() == (state != "waiting")
    if state == "declined":
        assert again(row).reason == "2 车在修"


def test_whom_the_desk_hears_on_the_telephone_has_signed(row: TeamCall, officer: Actor) -> None:
    call = Confirmation.objects.get(about_kind="team_call")
    answer_for(by=officer, confirmation_id=call.pk, person=people(row)[0])
    entry = Entry.objects.filter(name="confirm.answered").latest("pk")
    for _again in range(2):
        run_reaction(entry_id=entry.pk, reaction="force.sign_by_call")
    assert stands(again(row)) == "accepted"


def test_a_simulated_team_signs_comes_and_goes_home(
    row: TeamCall, officer: Actor, held_clock: clock.Held
) -> None:
    switch_people(by=officer, auto=True)
    entry = emit(LinkFollowed(message_id=messages(row)[0].pk), by=system())
    run_reaction(entry_id=entry, reaction="force.sign_as_simulated")
    assert stands(again(row)) == "accepted"
    heard(held_clock, hours=1)
    assert stands(again(row)) == "arrived"
    stand_down_team(by=officer, call_id=row.pk)
    down = Entry.objects.get(name="force.team_stood_down")
    run_reaction(entry_id=down.pk, reaction="force.team_turns_back")
    heard(held_clock, hours=1)
    assert stands(again(row)) == "home"


def heard(hands: clock.Held, *, hours: int) -> None:
    """Time goes by and the steps that are due are taken."""
    hands.forward(timedelta(hours=hours))
    tick()
    for entry in Entry.objects.filter(name="force.team_step_due").order_by("pk"):
        run_reaction(entry_id=entry.pk, reaction="force.take_team_step")


def test_a_reason_that_is_erased_by_law_is_gone_everywhere(row: TeamCall) -> None:
    pressed(row, "decline", reason="队长住院")
    entry = Entry.objects.get(name="force.team_acted")
    erased = emit(BodyErased(entry_id=entry.pk, article="pipl_47"), by=system())
    for _again in range(2):
        run_reaction(entry_id=erased, reaction="force.forget_words")
    assert (again(row).reason, TeamAct.objects.get().reason) == ("", "")


# --- programs -------------------------------------------------------------------------------------


def test_the_interface_from_nearest_to_stood_down(fire: Incident) -> None:
    of, desk = led(), cast.client_for("duty_officer")
    status, near = ask(desk, f"incidents/{fire.pk}/teams/nearest")
    assert (status, near["items"][0]["team"], near["next"]) == (200, str(of.pk), None)
    assert ask(desk, f"incidents/{fire.pk}/teams/nearest?limit=0")[0] == 422
    told: dict[str, Any] = {
        "teams": [{"team": str(of.pk), "way": "order", "headcount": 8}],
        "by": "2026-06-01T14:45:00+08:00",
        "lon": 109.4116,
        "lat": 24.3147,
        "place": "静兰小学门口",
    }
    key = {"Idempotency-Key": "team-call-0001"}
    status, made = ask(desk, f"incidents/{fire.pk}/teams", told, **key)
    assert (status, [set(one) >= FIELDS for one in made["items"]]) == (201, [True])
    assert ask(desk, f"incidents/{fire.pk}/teams", told, **key) == (201, made)
    (one,) = made["items"]
    assert (one["state"], Message.objects.count()) == ("proposed", 0)
    path = f"team_calls/{one['id']}"
    status, sent = ask(desk, f"{path}/confirm", {"version": one["version"]})
    assert (status, sent["state"], sent["told"]) == (200, "waiting", 1)
    noted = {"act": "accept", "headcount": 5, "act_id": str(uuid4())}
    status, done = ask(desk, f"{path}/acts", noted)
    assert (status, done["state"], done["outcome"], done["headcount"]) == (
        *(200, "accepted"),
        *("taken", 5),
    )
    assert ask(desk, f"{path}/acts", noted)[1]["outcome"] == "repeated"
    status, down = ask(desk, f"{path}/stand_down", {})
    assert (status, down["stood_down_at"] is not None) == (200, True)
    listed = ask(desk, f"incidents/{fire.pk}/teams")[1]["items"]
    assert listed == [ask(desk, path)[1]]
    assert ask(desk, f"incidents/{fire.pk}/teams/stand_down", {}) == (200, {"items": []})


@pytest.mark.django_db(transaction=True)
def test_the_interface_refuses_in_one_sentence(fire: Incident) -> None:
    of, desk = led(kind="enterprise", way="request"), cast.client_for("duty_officer")
    told: dict[str, Any] = {
        "teams": [{"team": str(of.pk), "way": "order"}],
        "by": "2026-06-01T14:45:00+08:00",
        "lon": 109.4116,
        "lat": 24.3147,
    }
    path = f"incidents/{fire.pk}/teams"
    status, said = ask(desk, path, told)
    assert (status, said["code"]) == (422, "way_not_allowed")
    status, said = ask(desk, path, told | {"teams": [{"team": "x", "way": "request"}]})
    assert (status, said["code"]) == (422, "unknown_team")
    assert ask(desk, "team_calls/999/confirm", {})[0] == 404
    assert ask(cast.client_for("volunteer"), path, told)[0] == 403
    assert not TeamCall.objects.exists()


# --- the desk -------------------------------------------------------------------------------------


def composed(of: int, **changed: str) -> dict[str, str]:
    """What an officer types and ticks."""
    by = clock.in_beijing(clock.now() + timedelta(minutes=40)).strftime("%Y-%m-%dT%H:%M")
    usual = {"by": by, "place": "静兰小学", "lon": "109.4116", "lat": "24.3147"}
    return usual | {"team": str(of), f"way{of}": "order", f"heads{of}": "8"} | changed


def test_the_desk_chooses_confirms_notes_and_stands_down(fire: Incident) -> None:
    of, desk = led(), cast.signed_in(cast.XIAOWANG)
    path = f"/incidents/{fire.pk}/teams/"
    page = text_of(desk.get(path))
    assert "演示龙城社区响应队" in page
    assert "还没有调队伍" in page
    assert desk.post(f"{path}start/", composed(of.pk, risk="有浓烟")).status_code == 302
    row = TeamCall.objects.get()
    assert "待确认 1 队" in text_of(desk.get(path))
    desk.post(f"/team_calls/{row.pk}/confirm/", {"version": "1", "heads": "7"})
    assert (again(row).wanted, len(messages(row))) == (7, 1)
    desk.post(f"/team_calls/{row.pk}/note/", {"act": "accept", "heads": "5"})
    page = text_of(desk.get(f"{path}live/"))
    for words in ("已签收", "报来 5 人，要 7 人", "缺 2", "值班室代记"):
        assert words in page
    desk.post(f"{path}stand_down/")
    desk.post(f"/team_calls/{row.pk}/note/", {"act": "home"})
    assert stands(again(row)) == "home"
    assert desk.post(f"{path}fly/").status_code == 404
    assert desk.post(f"/team_calls/{row.pk}/fly/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_will_not_do_is_said_with_what_was_typed(fire: Incident) -> None:
    of, desk = led(), cast.signed_in(cast.XIAOWANG)
    path = f"/incidents/{fire.pk}/teams/start/"
    reply = desk.post(path, composed(of.pk, place="静兰小学东门", **{f"heads{of.pk}": "x"}))
    assert reply.status_code == 422
    page = html_of(reply)
    assert "out_of_range" in page
    assert "静兰小学东门" in page
    assert "way_not_allowed" in html_of(desk.post(path, composed(of.pk, **{f"way{of.pk}": "fly"})))
    assert not TeamCall.objects.exists()


def test_readers_watch_and_call_nobody(row: TeamCall) -> None:
    reader = cast.signed_in(cast.ZHIHUI)
    page = reader.get(f"/incidents/{row.incident_id}/teams/").content.decode()
    assert "演示龙城社区响应队" in page
    assert "全部解除" not in page
    assert reader.post(f"/team_calls/{row.pk}/stand_down/").status_code == 403


def test_the_room_shows_proposed_and_called_teams(
    officer: Actor, fire: Incident, row: TeamCall
) -> None:
    (waiting,) = proposed(officer, fire, led("演示乙队"))
    pressed(row, "accept", headcount=6)
    desk = cast.signed_in(cast.XIAOWANG)
    page = text_of(desk.get(f"/incidents/{fire.pk}/"))
    for words in ("命令 演示龙城社区响应队 已签收", "演示乙队 待确认", "需 8 · 途 6 · 到 0 · 缺 2"):
        assert words in page, page
    desk.post(f"/team_calls/{waiting.pk}/confirm/", {"version": "1", "from": "room"})
    assert len(messages(waiting)) == 1


def test_the_room_says_that_a_leader_is_silent(row: TeamCall, fire: Incident) -> None:
    call, desk = Confirmation.objects.get(), cast.signed_in(cast.XIAOWANG)
    said = ("", "已改叫副队长", "都没有应答")
    for step, words in enumerate(said):
        if step:
            take_step(by=system(), confirmation_id=call.pk, step=step)
        assert words in text_of(desk.get(f"/incidents/{fire.pk}/"))
    pressed(row, "accept", headcount=8)
    assert "都没有应答" not in text_of(desk.get(f"/incidents/{fire.pk}/"))


@pytest.mark.usefixtures("row")
def test_teams_cost_one_statement_more_however_many_incidents(
    fire: Incident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    keys = (fire.pk, an_incident().pk)
    with django_assert_num_queries(2):  # volunteers and teams
        assert people_of(keys)[fire.pk][0].need == 8
    with one_look(), django_assert_num_queries(2):
        people_of(keys[:1])
        assert len(team_lines(fire.pk)) == 1


@pytest.mark.usefixtures("row")
def test_the_room_reads_its_teams_in_one_statement(fire: Incident, officer: Actor) -> None:
    with CaptureQueriesContext(connection) as seen:
        room_of(officer, str(fire.pk))
    asked = [one["sql"] for one in seen if "force_teamcall" in one["sql"]]
    assert len(asked) == 1, asked


@pytest.mark.django_db(transaction=True)
def test_a_composer_that_is_sent_twice_proposes_each_team_once(fire: Incident) -> None:
    of, desk = led(), cast.signed_in(cast.XIAOWANG)
    path = f"/incidents/{fire.pk}/teams/"
    (key,) = re.findall(r'name="key" value="([^"]+)"', desk.get(path).content.decode())
    for _click in range(2):
        assert desk.post(f"{path}start/", composed(of.pk, key=key)).status_code == 302
    assert TeamCall.objects.count() == 1
    assert "没有重复记录" in desk.get(path).content.decode()
