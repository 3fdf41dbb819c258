"""Absences: reported, ended, judged by domain time; calls go to the stand-in and say so."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from qianjun.confirm.models import Confirmation
from qianjun.duty.queries import on_duty
from qianjun.incident.actions import add_figure
from qianjun.incident.models import Charge
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.kernel.clock import Held
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from qianjun.org.away.actions import end_absence, report_absence, set_post_deputies
from qianjun.org.away.queries import absences
from qianjun.org.models import Holding, Person
from qianjun.org.phonebook.finding import find_in_book
from qianjun.org.queries import answering_for, holder_of, holders_of, on_post_or_role
from qianjun.org.telephone_models import Absence
from qianjun.response.actions import press_for_report
from tests import cast
from tests.confirm.calling import pass_time
from tests.incident.fires import taken
from tests.incident.tasking import given, somebody
from tests.org.refusals import refused
from tests.pages.reading import text_of
from tests.worker import run_jobs

pytestmark = pytest.mark.django_db
POST = "leader_in_charge"
HOUR = timedelta(hours=1)
FIVE = 300
HOUSE = system(name="test")


@pytest.fixture
def officer() -> Actor:
    """值班员小王."""
    return cast.actor(cast.XIAOWANG)


@pytest.fixture
def leader() -> Person:
    """带班领导老李, on his post."""
    return cast.put_on_duty(cast.LAOLI, phone="10000020051")


@pytest.fixture
def second() -> Person:
    """局长, who stands in."""
    return cast.person(cast.JUZHANG, phone="10000020052")


def away(
    by: Actor, person: Person, stand_in: Person | None, *, since: datetime, until: datetime
) -> Absence:
    """He is away for this time."""
    return report_absence(
        by=by,
        person=person.pk,
        stand_in=stand_in.pk if stand_in else None,
        since=since,
        until=until,
        where="outside",
        place="南宁",
    )


def now_away(by: Actor, person: Person, stand_in: Person | None) -> Absence:
    """He is away from now on for an hour."""
    return away(by, person, stand_in, since=clock.now(), until=clock.now() + HOUR)


def test_the_stand_in_holds_the_post_from_the_minute_to_the_minute_over_midnight(
    officer: Actor, leader: Person, second: Person, held_clock: Held
) -> None:
    local = clock.in_beijing(clock.now())
    evening = local.replace(hour=23, minute=30, second=0, microsecond=0)
    away(officer, leader, second, since=evening, until=evening + HOUR)
    held_clock.forward(evening - local - timedelta(seconds=1))
    assert holder_of(POST) == leader
    held_clock.forward(timedelta(seconds=1))
    assert holder_of(POST) == second
    held_clock.forward(timedelta(minutes=30))
    assert clock.in_beijing(clock.now()).hour == 0
    assert holders_of(POST) == [second]
    (one,) = answering_for(POST)
    assert one.instead_of == leader
    held_clock.forward(timedelta(minutes=30))
    assert holder_of(POST) == leader


def test_both_away_the_leader_himself_is_called(
    officer: Actor, leader: Person, second: Person
) -> None:
    now_away(officer, leader, second)
    mine = now_away(officer, second, leader)
    assert holders_of(POST) == [leader]
    end_absence(by=officer, absence=mine.pk)
    assert holders_of(POST) == [second]


def test_whoever_has_the_role_is_replaced_too_and_nobody_comes_twice(
    officer: Actor, second: Person
) -> None:
    laoli = cast.person(cast.LAOLI)
    assert on_post_or_role(POST) == [laoli]
    now_away(officer, laoli, second)
    assert on_post_or_role(POST) == [second]
    cast.put_on_duty(cast.LAOLI)
    cast.put_on_duty(cast.JUZHANG)
    assert on_post_or_role(POST) == [second]
    assert Holding.objects.count() == 2


def test_who_holds_a_post_costs_one_statement_while_nobody_is_away(
    officer: Actor,
    leader: Person,
    second: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert holders_of(POST) == [leader]
    now_away(officer, leader, second)
    with django_assert_num_queries(3):
        assert holders_of(POST) == [second]


def test_what_cannot_be_is_refused(officer: Actor, leader: Person, second: Person) -> None:
    now = clock.now()
    with refused("same_person", status=422):
        away(officer, leader, leader, since=now, until=now + HOUR)
    for until in (now, now + timedelta(days=181)):
        with refused("bad_order" if until == now else "too_long", status=422):
            away(officer, leader, second, since=now, until=until)
    now_away(officer, leader, second)
    with refused("away_already", status=409):
        away(officer, leader, None, since=now - HOUR, until=now + 2 * HOUR)
    with refused("not_allowed", status=403):
        now_away(cast.actor(cast.ZHIHUI), second, None)
    with refused("not_found", status=404):
        end_absence(by=officer, absence=0)
    with refused("unknown_person", status=422):
        set_post_deputies(by=officer, post=POST, people=[0])


def test_it_ends_once_and_what_has_not_begun_never_was(
    officer: Actor, leader: Person, second: Person
) -> None:
    later = away(officer, leader, second, since=clock.now() + HOUR, until=clock.now() + 2 * HOUR)
    for _press in range(2):
        end_absence(by=officer, absence=later.pk)
    assert absences(seen_by=officer) == []
    names = Entry.objects.filter(name__startswith="org.absence").order_by("pk")
    assert [row.name for row in names] == ["org.absence_reported", "org.absence_ended"]
    assert now_away(officer, leader, second)


@pytest.mark.django_db(transaction=True)
def test_the_call_of_a_new_incident_goes_to_the_stand_in_and_the_timeline_says_so(
    officer: Actor, leader: Person, second: Person
) -> None:
    now_away(officer, leader, second)
    incident = taken(officer).stored.incident_id
    run_jobs()
    run_jobs()
    (call,) = Message.objects.all()
    assert call.person == second
    (said,) = Entry.objects.filter(name="org.stand_in_called")
    assert said.incident == incident
    assert said.body.text == "带***** → 局*"
    (post, _duty) = on_duty()
    assert post.people == ("局长（代 带班领导老李，外出）",)
    (found, *_rest) = find_in_book(by=officer, q="带班领导老李")
    assert found.absence is not None


def test_a_silent_leader_is_followed_by_his_deputies_each_once(
    officer: Actor, leader: Person, second: Person, held_clock: Held
) -> None:
    third = somebody("演示副局长", cast.DISTRICT, "10000020053")
    words: dict[str, Any] = {"by": officer, "post": POST}
    set_post_deputies(people=[leader.pk, second.pk, third.pk], **words)
    set_post_deputies(people=[leader.pk, second.pk, third.pk], **words)
    assert Entry.objects.filter(name="org.post_deputies_set").count() == 1
    fire = taken(officer).stored.incident_id
    add_figure(by=officer, incident_id=fire, kind="missing", value=2, source="119")
    assert press_for_report(by=HOUSE, incident_id=fire, kind="written_report")
    (call,) = Confirmation.objects.filter(about_kind="incident")
    seen = []
    for _step in range(4):
        called = Message.objects.filter(matter=f"confirmation:{call.pk}").order_by("pk")
        seen.append([one.person_id for one in called])
        pass_time(held_clock, FIVE)
    assert seen == [[leader.pk], [leader.pk, second.pk], *([[leader.pk, second.pk, third.pk]] * 2)]


def test_a_task_for_a_post_goes_on_to_the_deputies_of_the_post(
    officer: Actor, leader: Person, second: Person, held_clock: Held
) -> None:
    set_post_deputies(by=officer, post=POST, people=[second.pk])
    fire = taken(officer).stored.incident_id
    given(officer, fire, post=POST)
    charge = Charge.objects.get()
    sent = Message.objects.filter(purpose="order").order_by("pk")
    assert [one.person_id for one in sent] == [leader.pk]
    pass_time(held_clock, FIVE)
    assert [one.person_id for one in sent.all()] == [leader.pk, second.pk]
    assert charge.post == POST


def test_the_page_reports_shows_and_ends(leader: Person, second: Person) -> None:
    browser = cast.signed_in(cast.XIAOWANG)
    now = clock.in_beijing(clock.now())
    told = {
        "person": leader.pk,
        "stand_in": second.pk,
        "since": f"{now:%Y-%m-%dT%H:%M}",
        "until": f"{now + HOUR:%Y-%m-%dT%H:%M}",
        "where": "city",
        "key": "k" * 20,
    }
    for _press in range(2):
        page = text_of(browser.post("/absences/report/", told, follow=True))
    assert Absence.objects.count() == 1
    assert "现在外出 1 人" in page
    assert "局长 代" in page
    saved = browser.post(f"/posts/{POST}/deputies/", {"people": ["", second.pk]}, follow=True)
    assert "已保存" in text_of(saved)
    ended = browser.post(f"/absences/{Absence.objects.get().pk}/end/", follow=True)
    assert "现在没有人外出" in text_of(ended)
    reader = cast.signed_in(cast.ZHIHUI)
    assert "谁代班" not in text_of(reader.get("/absences/"))
    assert reader.post("/absences/report/", told).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_stays_when_it_is_refused(leader: Person) -> None:
    browser = cast.signed_in(cast.XIAOWANG)
    told = {"person": leader.pk, "since": "x", "until": "", "where": "city", "place": "南宁"}
    reply = browser.post("/absences/report/", told)
    assert reply.status_code == 422
    assert "bad_time" in text_of(reply)
    assert 'value="南宁"' in reply.content.decode()


def test_programs_report_and_end(leader: Person, second: Person) -> None:
    client = cast.client_for("duty_officer")

    def sent(path: str, body: object) -> tuple[int, dict[str, str]]:
        reply = client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
        return reply.status_code, json.loads(reply.content)

    until = clock.now() + HOUR
    body = {"person": str(leader.pk), "stand_in": str(second.pk), "where": "district"}
    body |= {"since": clock.now().isoformat(), "until": until.isoformat()}
    status, made = sent("absences", body)
    assert (status, made["stand_in_masked"]) == (201, "局*")
    assert len(client.get("/api/v1/absences").json()["items"]) == 1
    assert sent(f"absences/{made['id']}/end", {})[0] == 200
    assert client.get("/api/v1/absences").json()["items"] == []
    assert sent(f"posts/{POST}/deputies", {"people": [str(second.pk)]})[0] == 200
