"""The desk: open incidents with their last line, what waits for a person, who is on duty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianjun.duty.queries import desk
from qianjun.incident.actions import add_note, close_incident, open_task
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.seeding import seed_units
from qianjun.response.actions import decide, hand_over, hand_over_form, start_response
from qianjun.response.queries.responding import Asked
from tests import cast
from tests.duty.cards import cards_of
from tests.incident.fires import FAR, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def test_open_incidents_stand_with_their_last_line_and_next_deadline(
    officer: Actor, held_clock: clock.Held
) -> None:
    first = taken(officer)
    held_clock.forward(timedelta(minutes=3))
    second = taken(officer, **FAR)
    add_note(by=officer, incident_id=first.stored.incident_id, text="消防到场", kind="feedback")
    shown = desk(seen_by=officer).incidents
    assert [one.card["number"] for one in shown] == [
        second.stored.incident_number,
        first.stored.incident_number,
    ]
    last = shown[1].last
    assert last is not None
    assert last["text_zh"] == "消防到场"
    due = shown[1].due
    assert due is not None
    assert due.kind == "written_report"


def test_a_closed_incident_leaves_the_desk(officer: Actor) -> None:
    one = taken(officer)
    close_incident(by=officer, incident_id=one.stored.incident_id)
    assert desk(seen_by=officer).incidents == ()


def test_automatic_joins_wait_on_the_desk(officer: Actor) -> None:
    taken(officer)
    second = taken(officer)
    (waiting,) = cards_of("unconfirmed", seen_by=officer)
    assert waiting.pk == second.stored.report_id
    assert waiting.incident.number == second.stored.incident_number


def test_the_desk_names_who_is_on_duty_and_which_post_nobody_holds(officer: Actor) -> None:
    cast.put_on_duty(cast.XIAOWANG, post="duty_officer")
    posts = {one.code: one.people for one in desk(seen_by=officer).answers.on_duty}
    assert posts == {"leader_in_charge": (), "duty_officer": ("值班员小王",)}


PARTS = ("/", "/desk/columns/", "/desk/live/")


def costs() -> dict[str, int]:
    """Statements of each part, once the process knows its plans and words."""
    client, found = cast.signed_in(cast.XIAOWANG), {}
    for path in PARTS:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        found[path] = len(captured.captured_queries)
    return found


def test_the_desk_costs_the_same_however_much_is_open(officer: Actor) -> None:
    seed_units()
    rooms = [taken(officer, lon=109.40 + n * 0.02).stored.incident_id for n in range(3)]
    for room in rooms:
        open_task(by=officer, incident_id=room, title="封控", lead="450202-GA")
    few = costs()
    for n in range(12):
        more = taken(officer, lon=109.50 + n * 0.02).stored.incident_id
        open_task(by=officer, incident_id=more, title="封控", lead="450202-GA")
    assert costs() == few
    assert max(few.values()) <= 25


def test_who_has_no_desk_sees_none() -> None:
    for part in (cast.JIEDAO, cast.XIAOCHEN, cast.AUDIT):
        with refused("not_allowed", status=403):
            desk(seen_by=cast.actor(part))


def test_a_desk_that_has_not_confirmed_waits_on_ours(officer: Actor) -> None:
    one = taken(officer, category="12G00", text="文昌路厂房起火")
    hand_over_form(by=officer, form="another-form", desk="120", act="told")
    waiting = [
        (w.first.desk, w.first.state, bool(w.incident)) for w in cards_of("firsts", seen_by=officer)
    ]
    assert waiting == [("120", "told", False), ("119", "due", True)]
    hand_over(by=officer, incident_id=one.stored.incident_id, desk="119", act="confirmed")
    assert [w.first.desk for w in cards_of("firsts", seen_by=officer)] == ["120"]


def test_what_waits_for_a_decision_is_counted_for_who_decides_and_named_for_others(
    officer: Actor,
) -> None:
    seed_units()
    one = taken(officer, category="12G00", text="文昌路厂房起火", source="119")
    asked = Asked(plan="fire", level=4, why="119 转来")
    row = start_response(by=officer, incident_id=one.stored.incident_id, asked=asked).row
    mine, other = cast.signed_in(cast.LAOLI), cast.signed_in(cast.XIAOWANG)
    shown = mine.get("/desk/live/").content.decode()
    assert "待您批准 1 件" in shown
    assert 'href="/decisions/"' in shown
    assert [lane.row.pk for lane in desk(seen_by=officer).answers.undecided.others] == [row.pk]
    told = other.get("/").content.decode()
    assert "等别人批准 1 件" in told
    assert f'href="/responses/{row.pk}/"' in told
    assert 'href="/decisions/"' not in told
    decide(by=cast.actor(cast.LAOLI), activation_id=row.pk, approve=True)
    assert "批准 1 件" not in mine.get("/desk/live/").content.decode()
