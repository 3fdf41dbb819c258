"""The list before closing, what is due after it, lessons, and casualties that change later."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qianjun.incident.actions import (
    add_figure,
    close_incident,
    open_task,
    reopen_incident,
)
from qianjun.incident.models import Incident
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.kernel.clock import Held
from qianjun.org.actor import Actor, system
from qianjun.org.listing.actions import take_list_out
from qianjun.org.seeding import seed_units
from qianjun.response.actions import (
    act_on_report,
    add_lesson,
    deliver,
    end_response,
    expect_after_change,
    expect_purge,
    finish_lesson,
    note_purged,
    sign_report,
    start_response,
    waive_report,
    withdraw_lesson,
)
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.closing import closing_json, closing_of, lessons
from qianjun.response.queries.responding import Asked
from qianjun.response.queries.upward import upward_of
from qianjun.response.rules.closing import bad_day
from qianjun.response.upward_models import UpwardReport
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
HOUSE = system(name="response")
CITY = "450200-YJ"
DAY = timedelta(days=1)


@pytest.fixture
def leader() -> Actor:
    """带班领导老李."""
    return cast.actor(cast.LAOLI)


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire at a factory."""
    seed_units()
    told = {"category": "12G01", "text": "厂房起火", "source": "119"}
    return taken(officer, **told).stored.incident_id


def counts(by: Actor, incident: int) -> dict[str, int]:
    """What is open, by code."""
    found = closing_of(seen_by=by, incident_id=incident)
    return {one.code: one.count for one in found.lines if one.count}


def due(incident: int, kind: str) -> list[Deadline]:
    """The deadlines of this kind."""
    about = "incident", str(incident)
    return [one for one in deadlines_of(about)[about] if one.kind == kind]


def sign(leader: Actor, incident: int) -> UpwardReport:
    """The report that comes next is signed as it is."""
    draft = upward_of(seen_by=leader, incident_id=incident).draft
    assert draft is not None
    return sign_report(by=leader, incident_id=incident, digest=draft.digest)


def closed(officer: Actor, leader: Actor, incident: int) -> None:
    """Reported first and finally, and closed; the house has heard it."""
    sign(leader, incident)
    act_on_report(by=officer, incident_id=incident, act="kind", kind="final")
    sign(leader, incident)
    close_incident(by=officer, incident_id=incident)
    expect_purge(by=HOUSE, incident_id=incident)


def test_a_running_response_holds_the_incident(officer: Actor, leader: Actor, fire: int) -> None:
    row = start_response(
        by=leader, incident_id=fire, asked=Asked(plan="fire", level=4, why="119 转来")
    ).row
    open_ones = counts(officer, fire)
    assert open_ones["responses"] == 1
    with refused("held", status=409):
        close_incident(by=officer, incident_id=fire)
    end_response(by=leader, activation_id=row.pk, why="处置完毕")
    assert "responses" not in counts(officer, fire)


def test_every_line_says_what_to_do_and_where(officer: Actor, fire: int) -> None:
    open_task(by=officer, incident_id=fire, title="封控")
    found = closing_of(seen_by=officer, incident_id=fire)
    assert not found.is_free
    assert [one.code for one in found.lines] == [
        *("people", "supplies", "tasks", "command_post", "responses", "final_report"),
        *("unsent", "unconfirmed"),
    ]
    assert all(one.to_do and one.page for one in found.lines)
    assert closing_json(found)["free"] is False


def test_from_the_end_on_personal_data_is_due_for_erasing(
    officer: Actor, leader: Actor, fire: int, held_clock: Held
) -> None:
    assert closing_of(seen_by=officer, incident_id=fire).purge is None
    waive_report(by=leader, incident_id=fire, why="不够上报")
    close_incident(by=officer, incident_id=fire)
    assert expect_purge(by=HOUSE, incident_id=fire)
    (purge,) = due(fire, "purge")
    # closed on 1 June in Beijing: the thirty days end with 1 July
    assert purge.due_at == datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert "第八十四" in purge.rule
    held_clock.forward(DAY)
    reopen_incident(by=officer, incident_id=fire, reason="复燃")
    assert not expect_purge(by=HOUSE, incident_id=fire)
    assert due(fire, "purge")[0].met_at is not None
    assert closing_of(seen_by=officer, incident_id=fire).purge is None
    with refused("nothing_due", status=409):
        note_purged(by=leader, incident_id=fire, what="来电号码")
    close_incident(by=officer, incident_id=fire)
    expect_purge(by=HOUSE, incident_id=fire)
    note_purged(by=leader, incident_id=fire, what="来电号码、名单")
    purge_now = closing_of(seen_by=officer, incident_id=fire).purge
    assert purge_now is not None
    assert purge_now.met_at is not None


def test_a_lesson_is_somebodys_and_has_its_day(officer: Actor, leader: Actor, fire: int) -> None:
    told: dict[str, Any] = {
        "by": leader,
        "incident_id": fire,
        "text": "补消火栓图",
        "due_on": date(2026, 6, 30),
    }
    with refused("nobody_named", status=422):
        add_lesson(**told)
    with refused("bad_date", status=422):
        add_lesson(**{**told, "due_on": date(2026, 5, 31)}, unit=CITY)
    row = add_lesson(**told, unit="450202-XF")
    gone = add_lesson(**told, person=str(cast.actor(cast.LAOLI).person))
    withdraw_lesson(by=leader, lesson_id=gone.pk)
    assert list(lessons(seen_by=officer, state="open")) == [row]
    assert list(lessons(seen_by=officer, state="late")) == []
    finish_lesson(by=leader, lesson_id=row.pk, how="已补齐上墙")
    assert list(lessons(seen_by=officer, state="done")) == [row]
    assert "lessons" not in counts(officer, fire)
    _called, content = take_list_out(by=officer, name="lessons", asked={})
    assert content.startswith(b"PK")
    assert bad_day(date(2036, 1, 1), today=date(2026, 6, 1))


def test_casualties_that_change_after_the_end_are_reported_on_the_day(
    officer: Actor, leader: Actor, fire: int, held_clock: Held
) -> None:
    closed(officer, leader, fire)
    watch = ReportingClock.objects.get(incident=fire, step="casualty_watch")
    # fire: seven days from 1 June
    assert watch.due_at == datetime(2026, 6, 8, 16, 0, tzinfo=UTC)
    held_clock.forward(4 * DAY)
    told: dict[str, Any] = {
        "by": officer,
        "incident_id": fire,
        "kind": "dead",
        "value": 1,
        "source": "医院",
    }
    with refused("explanation_needed", status=422):
        add_figure(**told)
    row = add_figure(**told, explanation="重伤一人不治")
    at = row.recorded_at
    assert expect_after_change(by=HOUSE, incident_id=fire, at=at)
    assert not expect_after_change(by=HOUSE, incident_id=fire, at=at)
    (supplement,) = due(fire, "supplement")
    assert supplement.due_at == datetime(2026, 6, 5, 16, 0, tzinfo=UTC)
    draft = upward_of(seen_by=leader, incident_id=fire).draft
    assert draft is not None
    assert draft.name == "补报一"
    desk = cast.signed_in(cast.XIAOWANG)
    assert "结案后伤亡有变，当日补报" in desk.get("/desk/columns/").content.decode()
    signed = sign(leader, fire)
    assert signed.kind == "supplement"
    assert 'data-key="supplement-' not in desk.get("/desk/columns/").content.decode()
    deliver(by=officer, incident_id=fire, unit=CITY, act="told", way="fax")
    assert due(fire, "supplement")[0].met_at is not None
    clocks = ReportingClock.objects.filter(incident=fire, step="supplement")
    assert clocks.get(unit__code=CITY).met_at is not None
    assert Incident.objects.get(pk=fire).state == "closed"
    assert upward_of(seen_by=leader, incident_id=fire).draft is None


def test_after_the_days_of_the_law_nothing_is_asked_any_more(
    officer: Actor, leader: Actor, fire: int, held_clock: Held
) -> None:
    closed(officer, leader, fire)
    held_clock.forward(8 * DAY)
    told: dict[str, Any] = {
        "by": officer,
        "incident_id": fire,
        "kind": "dead",
        "value": 1,
        "source": "医院",
    }
    row = add_figure(**told, explanation="不治")
    assert not expect_after_change(by=HOUSE, incident_id=fire, at=row.recorded_at)
    assert due(fire, "supplement") == []


def test_what_was_never_reported_is_not_watched(officer: Actor, leader: Actor, fire: int) -> None:
    waive_report(by=leader, incident_id=fire, why="不够上报")
    close_incident(by=officer, incident_id=fire)
    expect_purge(by=HOUSE, incident_id=fire)
    assert not ReportingClock.objects.filter(incident=fire, step="casualty_watch").exists()
