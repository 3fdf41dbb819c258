"""What is due to whom: written by the facts, met by what was done, counted per unit and clock."""

from datetime import date, timedelta

import pytest

from qianjun.incident.actions import add_figure, confirm_grade
from qianjun.incident.models import Incident
from qianjun.kernel.clock import Held
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor, system
from qianjun.org.listing.actions import take_list_out
from qianjun.org.seeding import seed_units
from qianjun.response.actions import (
    deliver,
    expect_after_change,
    expect_clocks,
    notify_all,
    quicken_by_grade,
    sign_report,
    waive_report,
)
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.clocks import ClockLine, clocks_of
from qianjun.response.queries.punctuality import Period, period_of, punctual_rows, punctuality
from qianjun.response.queries.upward import upward_of
from tests import cast
from tests.incident.fires import taken

pytestmark = pytest.mark.django_db
HOUSE = system(name="response")
PARTY, GOVERNMENT, CITY, REGION = "450202-QWB", "450202-QZFB", "450200-YJ", "450000-YJ"
HOUR = timedelta(hours=1)


@pytest.fixture
def leader() -> Actor:
    """带班领导老李."""
    return cast.actor(cast.LAOLI)


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire at a factory, told by its enterprise."""
    seed_units()
    told = {"category": "12G01", "text": "厂房起火", "source": "enterprise"}
    incident = taken(officer, **told).stored.incident_id
    expect_clocks(by=HOUSE, incident_id=incident)
    return incident


def clocks(by: Actor, incident: int) -> dict[tuple[str, str], ClockLine]:
    """The lines by step and unit; of several the last."""
    found = clocks_of(seen_by=by, incident_id=incident)
    return {(one.row.step, one.row.unit.code): one for one in found}


def graded(officer: Actor, incident: int, grade: int) -> None:
    """A person says how grave it is, and the house hears it."""
    version = Incident.objects.get(pk=incident).version
    confirm_grade(by=officer, incident_id=incident, grade=grade, why="核实", version=version)
    quicken_by_grade(by=HOUSE, incident_id=incident)


def give(officer: Actor, incident: int, *units: str, phone: bool = False) -> None:
    """Each is told by telephone, or given the paper."""
    for unit in units:
        deliver(
            by=officer,
            incident_id=incident,
            unit=unit,
            act="told",
            way="phone" if phone else "fax",
            taken_by="李工",
            by_phone=phone,
        )


def sign(leader: Actor, incident: int) -> None:
    """The report that comes next is signed as it is."""
    found = upward_of(seen_by=leader, incident_id=incident).draft
    assert found is not None
    sign_report(by=leader, incident_id=incident, digest=found.digest)


def test_what_nobody_has_judged_asks_only_for_what_the_law_asks(officer: Actor, fire: int) -> None:
    found = clocks(officer, fire)
    assert {step for step, _unit in found} == {"accident_notice", "enterprise_report"}
    assert found["enterprise_report", "450202"].state == "met"
    assert not found["enterprise_report", "450202"].is_ours


def test_a_grade_brings_the_region_and_the_short_times(officer: Actor, fire: int) -> None:
    graded(officer, fire, 3)
    found = clocks(officer, fire)
    assert found["phone_report", CITY].row.rule == "quick_phone"
    assert found["written_report", CITY].row.rule == "quick_written"
    assert found["written_report", REGION].row.rule == "region"
    assert found["written_report", REGION].row.start == "verified"
    assert REGION in upward_of(seen_by=officer, incident_id=fire).draft.units  # type: ignore[union-attr]


def test_they_are_met_by_what_is_done_and_late_stays_late(
    officer: Actor, leader: Actor, fire: int, held_clock: Held
) -> None:
    graded(officer, fire, 3)
    held_clock.forward(timedelta(minutes=10))
    give(officer, fire, PARTY, phone=True)
    held_clock.forward(timedelta(minutes=10))
    give(officer, fire, CITY, phone=True)
    found = clocks(officer, fire)
    states = {unit: found["phone_report", unit].state for unit in (PARTY, GOVERNMENT, CITY)}
    assert states == {PARTY: "met", GOVERNMENT: "overdue", CITY: "late"}
    sign(leader, fire)
    give(officer, fire, REGION, CITY)
    held_clock.forward(HOUR)
    graded(officer, fire, 4)
    found = clocks(officer, fire)
    assert found["written_report", REGION].state == "met"
    assert found["written_report", PARTY].state == "overdue"
    assert found["phone_report", GOVERNMENT].state == "overdue"
    assert found["follow_up", CITY].row.rule == "follow_up"


def test_again_changes_nothing(officer: Actor, fire: int) -> None:
    graded(officer, fire, 2)
    before = list(ReportingClock.objects.order_by("pk").values())
    assert expect_clocks(by=HOUSE, incident_id=fire) == len(before)
    assert list(ReportingClock.objects.order_by("pk").values()) == before


def test_a_follow_up_is_due_by_grade_and_sooner_after_a_change(
    officer: Actor, leader: Actor, fire: int, held_clock: Held
) -> None:
    graded(officer, fire, 2)
    sign(leader, fire)
    due = clocks(officer, fire)["follow_up", CITY]
    assert due.row.due_at - due.row.started_at == 12 * HOUR
    held_clock.forward(HOUR)
    add_figure(by=officer, incident_id=fire, kind="injured", value=2, source="120")
    expect_after_change(by=HOUSE, incident_id=fire, at=due.row.started_at + HOUR)
    changed = clocks(officer, fire)["follow_up", CITY]
    assert (changed.row.rule, changed.row.due_at) == ("changed", due.row.started_at + 3 * HOUR)
    held_clock.forward(HOUR)
    sign(leader, fire)
    give(officer, fire, CITY)
    rows = ReportingClock.objects.filter(step="follow_up", unit__code=CITY).order_by("turn")
    assert [row.met_at is None for row in rows] == [False, True]


def test_grave_danger_is_reported_though_nobody_is_hurt(officer: Actor, fire: int) -> None:
    add_figure(by=officer, incident_id=fire, kind="missing", value=3, source="消防")
    expect_clocks(by=HOUSE, incident_id=fire)
    assert clocks(officer, fire)["written_report", REGION].row.rule == "at_risk"


def test_what_need_not_be_reported_is_asked_no_more(
    officer: Actor, leader: Actor, fire: int
) -> None:
    graded(officer, fire, 4)
    assert ("written_report", CITY) in clocks(officer, fire)
    waive_report(by=leader, incident_id=fire, why="不够上报")
    assert ("written_report", CITY) not in clocks(officer, fire)


def test_notices_are_clocks_of_their_units(officer: Actor, fire: int, held_clock: Held) -> None:
    held_clock.forward(3 * HOUR)
    notify_all(by=officer, incident_id=fire)
    states = {
        one.state for key, one in clocks(officer, fire).items() if key[0] == "accident_notice"
    }
    assert "overdue" in states


def test_punctuality_counts_per_unit_and_clock_and_leads_to_its_rows(
    officer: Actor, leader: Actor, fire: int, held_clock: Held
) -> None:
    graded(officer, fire, 3)
    held_clock.forward(timedelta(minutes=12))
    give(officer, fire, PARTY, CITY, phone=True)
    held_clock.forward(timedelta(minutes=28))
    period = period_of("2026-06-01", "2026-06-01")
    found = {(one.step, one.unit): one for one in punctuality(seen_by=leader, period=period)}
    phone = found["phone_report", PARTY]
    assert (phone.due, phone.met, phone.late, phone.median_min) == (1, 1, 0, 12)
    late = found["phone_report", GOVERNMENT]
    assert (late.due, late.met, late.late, late.median_min) == (1, 0, 1, None)
    assert not any(step == "enterprise_report" for step, _unit in found)
    for (step, unit), one in found.items():
        for state, n in (("met", one.met), ("late", one.late), ("open", one.open), ("", one.due)):
            rows = punctual_rows(seen_by=leader, period=period, unit=unit, step=step, state=state)
            assert len(rows) == n
    for name in ("punctuality", "punctuality-rows"):
        _called, content = take_list_out(by=leader, name=name, asked={"from": "2026-06-01"})
        assert content.startswith(b"PK")


def test_a_period_is_days_in_beijing(officer: Actor, fire: int, held_clock: Held) -> None:
    assert period_of("", "") == Period(since=date(2026, 6, 1), until=date(2026, 6, 1))
    assert punctuality(seen_by=officer, period=period_of("2026-05-01", "2026-05-31")) == []
    for since, until in (("2026-6-1", ""), ("2026-06-02", "2026-06-01"), ("", "9999-12-31")):
        with pytest.raises(Refused):
            period_of(since, until)
    assert held_clock
    assert fire
