"""Close and reopen, settle facts: what holds, what is stale, what stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from qianjun.incident.actions import (
    Place,
    close_incident,
    lift_hold,
    place_hold,
    reopen_incident,
    settle_facts,
    undo_settling,
)
from qianjun.incident.events import FactsSettled, SettlingUndone
from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_card, timeline
from qianjun.journal.models import Body, Entry
from qianjun.journal.payloads import from_payload
from qianjun.kernel import clock
from qianjun.kernel.coordinates import from_wgs84
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.site.problems import document
from tests import cast
from tests.incident.fires import LAT, LON, taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer).stored.incident_id


def test_an_incident_closes_though_its_written_report_is_still_due(
    officer: Actor, fire: int
) -> None:
    close_incident(by=officer, incident_id=fire)
    card = incident_card(seen_by=officer, incident_id=fire)
    assert card["state"] == "closed"
    assert card["closed_at"] == clock.now().isoformat()
    assert card["deadlines"][0]["met_at"] is None
    assert card["version"] == 2


def test_what_is_not_settled_above_holds_it(officer: Actor, fire: int) -> None:
    for number in ("1", "2"):
        place_hold(incident=fire, kind="people", about=("callout", number))
    place_hold(incident=fire, kind="people", about=("callout", "2"))  # once per thing
    place_hold(incident=fire, kind="tasks", about=("task", "9"))
    with pytest.raises(Refused) as caught, transaction.atomic():
        close_incident(by=officer, incident_id=fire)
    assert (caught.value.code, caught.value.status) == ("held", 409)
    holds = [{"kind": "people", "count": 2}, {"kind": "tasks", "count": 1}]
    assert caught.value.extra["holds"] == holds
    told = document(caught.value)
    assert told["detail_zh"] == "还有未了结的事，不能结案：人员未撤离 2 · 任务未办结 1。"
    assert told["detail_en"].endswith("cannot be closed: people still out 2 · tasks not done 1.")
    assert incident_card(seen_by=officer, incident_id=fire)["holds"] == holds
    for about in (("callout", "1"), ("callout", "2"), ("task", "9")):
        assert lift_hold(about=about) == 1
    assert lift_hold(about=("task", "9")) == 0
    assert close_incident(by=officer, incident_id=fire).state == "closed"


def test_a_closed_incident_is_reopened_with_a_reason(officer: Actor, fire: int) -> None:
    close_incident(by=officer, incident_id=fire)
    with refused("incident_closed", status=409):
        close_incident(by=officer, incident_id=fire)
    with refused("too_short", status=422):
        reopen_incident(by=officer, incident_id=fire, reason="  ")
    reopen_incident(by=officer, incident_id=fire, reason="又冒烟了")
    assert incident_card(seen_by=officer, incident_id=fire)["closed_at"] is None
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    assert lines[-1]["text_zh"] == "事件重新打开：又冒烟了"
    with refused("already_open", status=409):
        reopen_incident(by=officer, incident_id=fire, reason="再来")


def settle(by: Actor, incident: int, version: int, **facts: Any) -> Incident:
    """Settle some facts."""
    return settle_facts(by=by, incident_id=incident, version=version, facts=facts)


def test_facts_are_settled_and_a_stale_version_is_refused_with_what_is_now(
    officer: Actor, fire: int
) -> None:
    at = clock.now() - timedelta(minutes=9)
    settle(officer, fire, 1, title="演示涂料厂火灾", category="12D03", occurred_at=at)
    card = incident_card(seen_by=officer, incident_id=fire)
    assert (card["title"], card["category"], card["version"]) == ("演示涂料厂火灾", "12D03", 2)
    assert card["occurred_at"] == at.isoformat()
    with pytest.raises(Refused) as caught, transaction.atomic():
        settle(officer, fire, 1, title="别的")
    assert (caught.value.code, caught.value.status) == ("stale", 409)
    assert caught.value.extra["current"]["title"] == "演示涂料厂火灾"
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    assert lines[-1]["text_zh"] == (
        "事件要素已核定，类型为危险化学品火灾事故：演示涂料厂火灾 · 2026-06-01 13:56"
    )
    assert "type: Hazardous chemicals fire: 演示涂料厂火灾" in lines[-1]["text_en"]
    entry = Entry.objects.get(name="incident.facts_settled")
    assert entry.payload == {"incident_id": fire, "category": "12D03"}
    assert "危险化学品" not in Body.objects.get(entry=entry).text


def test_a_line_of_before_is_said_as_it_was_stored() -> None:
    stored = {"incident_id": 7}
    settled = from_payload(FactsSettled, version=1, payload=stored)
    undone = from_payload(SettlingUndone, version=1, payload=stored)
    assert settled.category is undone.category is None
    assert (settled.sentence, undone.sentence) == ("事件要素已核定", "撤回上次核定，恢复为")


def test_a_place_is_settled_in_any_system_and_is_confirmed(officer: Actor, fire: int) -> None:
    lon, lat = from_wgs84(LON, LAT, crs="gcj02")
    settle(officer, fire, 1, place=Place(lon=lon, lat=lat, crs="gcj02", name="演示涂料厂"))
    place = incident_card(seen_by=officer, incident_id=fire)["place"]
    assert place["confirmed"]
    assert place["name"] == "演示涂料厂"
    assert place["lon"] == pytest.approx(LON, abs=1e-5)


def said_last(officer: Actor, fire: int) -> str:
    """The newest line of the incident."""
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    return str(lines[-1]["text_zh"])


def test_facts_can_be_emptied_but_not_the_title(officer: Actor, fire: int) -> None:
    settle(officer, fire, 1, category=None, occurred_at=None)
    card = incident_card(seen_by=officer, incident_id=fire)
    assert card["category"] is None
    assert "what" in card["questions"]
    assert said_last(officer, fire) == "事件要素已核定，类型为未定：—"
    undo_settling(by=officer, incident_id=fire, version=2)
    assert said_last(officer, fire).startswith("撤回上次核定，类型恢复为火灾")
    with refused("too_short", status=422):
        settle(officer, fire, 3, title=None)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"category": "99X"}, "unknown_category"),
        ({"title": "火" * 201}, "too_long"),
        ({"occurred_at": "ahead"}, "in_the_future"),
        ({}, "nothing_to_change"),
    ],
)
def test_facts_that_cannot_be_are_refused(
    officer: Actor, fire: int, facts: dict[str, Any], code: str
) -> None:
    if facts.get("occurred_at"):
        facts = {"occurred_at": clock.now() + timedelta(hours=1)}
    with refused(code, status=422):
        settle(officer, fire, 1, **facts)
    assert incident_card(seen_by=officer, incident_id=fire)["version"] == 1


def test_only_the_desk_closes_reopens_and_settles(fire: int) -> None:
    for part in (cast.JUZHANG, cast.ZHIHUI, cast.JIEDAO, cast.SYSTEM):
        by = cast.actor(part)
        with refused("not_allowed", status=403):
            close_incident(by=by, incident_id=fire)
        with refused("not_allowed", status=403):
            reopen_incident(by=by, incident_id=fire, reason="x")
        with refused("not_allowed", status=403):
            settle(by, fire, 1, title="x")


def test_what_is_unknown_is_not_found(officer: Actor) -> None:
    for ident in ("999999", "x", "", "１２"):
        with refused("not_found", status=404):
            close_incident(by=officer, incident_id=ident)


def test_the_last_settling_is_taken_back(officer: Actor, fire: int) -> None:
    before = incident_card(seen_by=officer, incident_id=fire)
    at = clock.now() - timedelta(minutes=9)
    settle(officer, fire, 1, title="别的", occurred_at=at, place=Place(lon=LON + 0.01, lat=LAT))
    undo_settling(by=officer, incident_id=fire, version=2)
    after = incident_card(seen_by=officer, incident_id=fire)
    assert after["version"] == 3
    assert {k: after[k] for k in ("title", "place", "occurred_at")} == {
        k: before[k] for k in ("title", "place", "occurred_at")
    }
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    assert lines[-1]["text_zh"].startswith("撤回上次核定，恢复为：")
    with refused("nothing_to_undo", status=409):
        undo_settling(by=officer, incident_id=fire, version=3)


def test_what_was_changed_since_is_not_taken_back(officer: Actor, fire: int) -> None:
    settle(officer, fire, 1, title="别的")
    settle(officer, fire, 2, title="又是别的")
    with refused("stale", status=409):
        undo_settling(by=officer, incident_id=fire, version=2)
    undo_settling(by=officer, incident_id=fire, version=3)
    assert incident_card(seen_by=officer, incident_id=fire)["title"] == "别的"
    with refused("not_allowed", status=403):
        undo_settling(by=cast.actor(cast.JUZHANG), incident_id=fire, version=4)
