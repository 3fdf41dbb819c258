"""Disaster statistics and accident reports: families of their own, never mixed with the events'."""

from typing import Any

import pytest

from qianjun.incident.actions import add_figure
from qianjun.journal.deadlines import deadlines_of
from qianjun.org.actor import Actor, system
from qianjun.org.seeding import seed_units
from qianjun.response.actions import (
    act_on_report,
    deliver,
    expect_clocks,
    sign_report,
    take_paper_out,
    waive_report,
    write_element,
)
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.upward import Upward, upward_json, upward_of
from qianjun.response.rules.families import ELEMENTS_OF, FAMILIES, KINDS, family_of
from qianjun.response.upward_models import UpwardReport
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
HOUSE = system(name="response")
CITY = "450200-YJ"


@pytest.fixture
def leader() -> Actor:
    """带班领导老李."""
    return cast.actor(cast.LAOLI)


@pytest.fixture
def flood(officer: Actor) -> int:
    """A flood."""
    seed_units()
    told = {"category": "11A00", "text": "江水漫上街", "source": "sub_district"}
    return taken(officer, **told).stored.incident_id


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire at a factory."""
    seed_units()
    return taken(officer, category="12G01", text="厂房起火", source="119").stored.incident_id


def seen(by: Actor, incident: int, family: str) -> Upward:
    """The reports of one family."""
    return upward_of(seen_by=by, incident_id=incident, family=family)


def sign(leader: Actor, incident: int, family: str) -> UpwardReport:
    """What comes next in this family is signed as it is."""
    draft = seen(leader, incident, family).draft
    assert draft is not None
    return sign_report(by=leader, incident_id=incident, digest=draft.digest, family=family)


def test_every_kind_is_of_one_family_and_has_its_elements() -> None:
    for family in FAMILIES.values():
        for kind in (*family.firsts, family.repeated, *family.choices):
            assert family_of(kind) is family
            assert kind in KINDS
    assert len({family.register for family in FAMILIES.values()}) == len(FAMILIES)
    assert {"houses", "crops"} <= set(ELEMENTS_OF["initial"])


def test_the_first_statistics_of_a_disaster_are_drafted_by_the_facts(
    officer: Actor, leader: Actor, flood: int
) -> None:
    add_figure(by=officer, incident_id=flood, kind="evacuated", value=45, source="海事")
    draft = seen(officer, flood, "disaster").draft
    assert draft is not None
    assert (draft.kind, draft.units) == ("initial", (CITY,))
    text = {one.code: one.text for one in draft.lines}
    assert text["moved"] == "45人（来源：海事）"
    assert "houses" in {one.code for one in draft.lines if one.missing}
    told: dict[str, Any] = {
        "by": officer,
        "incident_id": flood,
        "element": "houses",
        "text": "倒塌2间",
    }
    write_element(**told, version=draft.version, family="disaster")
    first = sign(leader, flood, "disaster")
    assert first.number.startswith("ZQ-")
    assert "倒塌2间" in first.text
    assert "灾情报告（灾情初报）" in first.title


def test_statistics_go_from_first_to_survey_beside_the_event(
    officer: Actor, leader: Actor, flood: int
) -> None:
    first = sign(leader, flood, "disaster")
    # the event's own first report is as it was: no number, no clock is shared
    event = seen(officer, flood, "event").draft
    assert event is not None
    assert event.kind == "first"
    about = "incident", str(flood)
    assert not any(one.kind == "follow_up" for one in deadlines_of(about)[about])
    given: dict[str, Any] = {
        "by": officer,
        "incident_id": flood,
        "unit": CITY,
        "act": "told",
        "way": "system",
    }
    deliver(**given, family="disaster")
    expect_clocks(by=HOUSE, incident_id=flood)
    rows = ReportingClock.objects.filter(incident=flood, unit__code=CITY)
    assert rows.get(step="disaster_first").met_at is not None
    assert rows.get(step="zero_report").met_at is None
    act_on_report(by=officer, incident_id=flood, act="kind", kind="survey", family="disaster")
    assert sign(leader, flood, "disaster").kind == "survey"
    assert seen(officer, flood, "disaster").draft is None
    expect_clocks(by=HOUSE, incident_id=flood)
    called, content = take_paper_out(by=officer, upward_id=first.pk)
    assert called == f"{first.number}.docx"
    assert content.startswith(b"PK")


def test_an_accident_goes_from_flash_to_report_to_supplement(
    officer: Actor, leader: Actor, fire: int
) -> None:
    flash = sign(leader, fire, "accident")
    assert flash.kind == "flash"
    assert flash.number.startswith("SG-")
    phone: dict[str, Any] = {
        "by": officer,
        "incident_id": fire,
        "unit": CITY,
        "act": "told",
        "way": "phone",
    }
    deliver(**phone, taken_by="李工", family="accident")
    with refused("first_is_open", status=409):
        act_on_report(by=officer, incident_id=fire, act="kind", kind="addition", family="accident")
    assert sign(leader, fire, "accident").kind == "written"
    act_on_report(by=officer, incident_id=fire, act="kind", kind="addition", family="accident")
    assert sign(leader, fire, "accident").kind == "addition"
    draft = seen(officer, fire, "accident").draft
    assert draft is not None
    assert (draft.kind, draft.ordinal) == ("again", 1)
    shown = upward_json(seen(officer, fire, "accident"))
    assert shown["families"] == ["event", "accident"]
    assert {one["family"] for one in shown["items"]} == {"accident"}
    assert seen(officer, fire, "event").reports == ()


def test_what_is_no_disaster_has_no_statistics(officer: Actor, leader: Actor, fire: int) -> None:
    assert seen(officer, fire, "disaster").draft is None
    with refused("no_draft", status=409):
        waive_report(by=leader, incident_id=fire, why="没有", family="disaster")
    with refused("unknown_kind", status=422):
        act_on_report(by=officer, incident_id=fire, act="kind", kind="survey", family="accident")
