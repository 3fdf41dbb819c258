"""A wrong line is corrected by a new one; the old one stays, marked."""

import json
from datetime import timedelta
from typing import Any

import pytest

from qianjun.incident.actions import add_figure, add_note, correct_entry
from qianjun.incident.queries import timeline
from qianjun.journal.erasing import erase_body
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import FAR, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer).stored.incident_id


def lines(by: Actor, incident: int, **asked: Any) -> dict[str, dict[str, Any]]:
    """The lines of the timeline by their ids."""
    return {line["id"]: line for line in timeline(seen_by=by, incident_id=incident, **asked)[0]}


def test_the_old_line_stays_and_says_what_corrected_it(officer: Actor, fire: int) -> None:
    old = add_note(by=officer, incident_id=fire, text="南门已封", kind="order")
    new, _kind = correct_entry(
        by=officer, incident_id=fire, entry_id=old, text="北门已封", why="听错了"
    )
    shown = lines(officer, fire)
    assert shown[str(old)]["text_zh"] == "南门已封"
    assert shown[str(old)]["corrected_by"] == str(new)
    assert shown[str(new)]["corrects"] == str(old)
    assert shown[str(new)]["kind"] == "order"
    assert shown[str(new)]["text_zh"] == "北门已封（听错了）"


def test_before_the_correction_nothing_was_struck(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    old = add_note(by=officer, incident_id=fire, text="南门已封")
    before = clock.real()
    held_clock.forward(timedelta(minutes=1))
    correct_entry(by=officer, incident_id=fire, entry_id=old, text="北门已封")
    assert lines(officer, fire, as_of=before)[str(old)]["corrected_by"] is None


def test_a_correction_is_corrected_in_its_turn(officer: Actor, fire: int) -> None:
    old = add_note(by=officer, incident_id=fire, text="南门已封")
    new, _kind = correct_entry(by=officer, incident_id=fire, entry_id=old, text="北门已封")
    with refused("already_corrected", status=409):
        correct_entry(by=officer, incident_id=fire, entry_id=old, text="西门已封")
    last, _kind = correct_entry(by=officer, incident_id=fire, entry_id=new, text="西门已封")
    assert lines(officer, fire)[str(new)]["corrected_by"] == str(last)


def test_reports_and_numbers_are_not_rewritten(officer: Actor, fire: int) -> None:
    add_figure(by=officer, incident_id=fire, kind="injured", value=2, source="119")
    for line in lines(officer, fire).values():
        with refused("not_a_note", status=409):
            correct_entry(by=officer, incident_id=fire, entry_id=line["id"], text="别的")


def test_what_was_erased_is_not_corrected(officer: Actor, fire: int) -> None:
    old = add_note(by=officer, incident_id=fire, text="某某住三楼")
    leader = cast.actor(cast.LAOLI)
    erase_body(by=leader, entry=old, reason="本人申请", article="pipl_47")
    with refused("erased", status=409):
        correct_entry(by=officer, incident_id=fire, entry_id=old, text="住三楼")


def test_a_line_of_another_incident_or_of_none_is_not_found(officer: Actor, fire: int) -> None:
    other = taken(officer, **FAR).stored.incident_id
    elsewhere = add_note(by=officer, incident_id=other, text="别处")
    for ident in (elsewhere, "999999", "x", ""):
        with refused("not_found", status=404):
            correct_entry(by=officer, incident_id=fire, entry_id=ident, text="x")


def test_a_correction_says_something(officer: Actor, fire: int) -> None:
    old = add_note(by=officer, incident_id=fire, text="南门已封")
    with refused("too_short", status=422):
        correct_entry(by=officer, incident_id=fire, entry_id=old, text=" ")
    with refused("in_the_future", status=422):
        at = clock.now() + timedelta(hours=1)
        correct_entry(by=officer, incident_id=fire, entry_id=old, text="x", happened_at=at)


def test_the_address_corrects_a_note(fire: int) -> None:
    client = cast.client_for("commander")
    there = f"/api/v1/incidents/{fire}/notes"

    def note(**body: Any) -> tuple[int, dict[str, Any]]:
        reply = client.post(there, json.dumps(body), content_type="application/json")
        return reply.status_code, json.loads(reply.content)

    _status, old = note(text="南门已封")
    status, new = note(text="北门已封", corrects=old["id"], why="听错了")
    assert (status, new["corrects"]) == (201, old["id"])
    assert note(text="x", corrects=old["id"])[1]["code"] == "already_corrected"
    assert note(text="x", corrects="999999")[0] == 404
    told = json.loads(client.get(f"/api/v1/incidents/{fire}/timeline").content)["items"]
    assert [one["corrects"] for one in told][-1] == old["id"]
