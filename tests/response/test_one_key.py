"""One key reminds all who owe an answer; two incidents that are one; what the press asks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianjun.incident.actions import (
    close_incident,
    merge_incident,
    open_task,
    unmerge_incident,
)
from qianjun.incident.models import Incident, Task
from qianjun.incident.queries import incident_card
from qianjun.incident.queries.merging import leads_of, merged_into
from qianjun.journal.deadlines import deadlines_of
from qianjun.kernel.clock import Held
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from qianjun.org.contact_models import Contact
from qianjun.org.models import Unit
from qianjun.org.seeding import seed_units
from qianjun.response.actions import (
    answer_enquiry,
    ask_signature,
    expect_clocks,
    expect_merged_report,
    notify_all,
    remind_everybody,
    sign_report,
    take_enquiry,
)
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.chasing import owing_json, owing_of
from qianjun.response.queries.enquiring import enquiries_of, enquiry_json, sayable
from qianjun.response.queries.upward import upward_of
from tests import cast
from tests.incident.fires import FAR, taken
from tests.incident.tasking import somebody
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
HOUSE = system(name="response")
POLICE, GOVERNMENT = "450202-GA", "450202-QZFB"


@pytest.fixture
def leader() -> Actor:
    """带班领导老李."""
    return cast.actor(cast.LAOLI)


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire at a factory; police and government can be reached by message."""
    seed_units()
    for code, phone in ((POLICE, "10000020003"), (GOVERNMENT, "10000020004")):
        person = somebody(f"演示值班{phone[-1]}", code, phone)
        Contact.objects.create(unit=Unit.objects.get(code=code), person=person)
    return taken(officer, category="12G01", text="厂房起火", source="119").stored.incident_id


@pytest.fixture
def other(officer: Actor, fire: int) -> int:
    """Another incident, far away, of the same kind."""
    assert fire
    told = {"category": "12G01", "text": "厂房冒烟", "source": "110", **FAR}
    return taken(officer, **told).stored.incident_id


def signed(leader: Actor, incident: int) -> None:
    """The report that comes next is signed as it is."""
    draft = upward_of(seen_by=leader, incident_id=incident).draft
    assert draft is not None
    sign_report(by=leader, incident_id=incident, digest=draft.digest)


def test_who_owes_an_answer_costs_the_same_for_one_incident_and_for_many(
    officer: Actor, fire: int, other: int
) -> None:
    open_task(by=officer, incident_id=fire, title="封控", lead=POLICE)
    notify_all(by=officer, incident_id=fire)
    with CaptureQueriesContext(connection) as one:
        first = owing_of(seen_by=officer, incident_id=fire)
    open_task(by=officer, incident_id=other, title="疏散", lead=GOVERNMENT)
    notify_all(by=officer, incident_id=other)
    with CaptureQueriesContext(connection) as all_open:
        found = owing_of(seen_by=officer)
    assert {owed.incident for owed in first} == {fire}
    assert {owed.incident for owed in found} == {fire, other}
    assert len(all_open) <= len(one) <= 12


def test_one_key_reminds_everybody_once_and_not_again_at_once(
    officer: Actor, fire: int, held_clock: Held
) -> None:
    open_task(by=officer, incident_id=fire, title="封控", lead=POLICE)
    notify_all(by=officer, incident_id=fire)
    ask_signature(by=officer, incident_id=fire)
    with refused("nothing_to_remind", status=409):  # they were written to this minute
        remind_everybody(by=officer, incident_id=fire)
    held_clock.forward(timedelta(minutes=6))
    kinds = {one.kind for one in owing_of(seen_by=officer, incident_id=fire)}
    assert {"task", "notice"} <= kinds
    before = Message.objects.count()
    found = remind_everybody(by=officer)
    assert Message.objects.count() - before == len(found)
    assert set(Message.objects.order_by("-pk").values_list("reminder", flat=True)[:1]) == {1}
    shown = owing_json(owing_of(seen_by=officer, incident_id=fire))
    assert {one["reminders"] for one in shown} == {1}
    assert not any(one["ready"] for one in shown)
    with refused("nothing_to_remind", status=409):
        remind_everybody(by=officer, incident_id=fire)


def test_two_that_are_one_keep_their_numbers_and_one_leads(
    officer: Actor, leader: Actor, fire: int, other: int
) -> None:
    signed(leader, fire)
    signed(leader, other)
    numbers = dict(Incident.objects.values_list("pk", "number"))
    merge_incident(by=officer, incident_id=fire, other=other, why="同一处起火")
    expect_merged_report(
        by=HOUSE,
        incident_id=fire,
        merged_id=other,
        at=Incident.objects.get(pk=other).closed_at,  # type: ignore[arg-type]
    )
    row = Incident.objects.get(pk=other)
    assert (row.state, row.merged_into_id, row.number) == ("closed", fire, numbers[other])
    assert [one.pk for one in merged_into(seen_by=officer, incident_id=fire)] == [other]
    assert leads_of([row]) == {other: numbers[fire]}
    assert row.reports.count() == 1
    draft = upward_of(seen_by=officer, incident_id=fire).draft
    assert draft is not None
    assert numbers[other] in draft.text
    assert upward_of(seen_by=officer, incident_id=other).draft is None
    about = "incident", str(fire)
    due = [one for one in deadlines_of(about)[about] if one.kind == "follow_up"]
    assert any("伤亡变化后" in one.rule or one.met_at is None for one in due)
    unmerge_incident(by=officer, incident_id=other, why="是两处")
    back = Incident.objects.get(pk=other)
    assert (back.state, back.merged_into_id) == ("open", None)
    draft = upward_of(seen_by=officer, incident_id=fire).draft
    assert draft is not None
    assert numbers[other] not in draft.text
    with refused("not_merged", status=409):
        unmerge_incident(by=officer, incident_id=other, why="再拆")


def test_what_has_something_to_settle_leads_or_settles_it_first(
    officer: Actor, fire: int, other: int
) -> None:
    open_task(by=officer, incident_id=other, title="封控", lead=POLICE)
    with refused("held", status=409):
        merge_incident(by=officer, incident_id=fire, other=other, why="同一处")
    with refused("same_incident", status=422):
        merge_incident(by=officer, incident_id=fire, other=fire, why="同一处")
    merge_incident(by=officer, incident_id=other, other=fire, why="同一处")
    assert incident_card(seen_by=officer, incident_id=fire)["merged_into"] == str(other)


def test_what_was_overdue_of_the_merged_one_stays_so(
    officer: Actor, fire: int, other: int, held_clock: Held
) -> None:
    expect_clocks(by=HOUSE, incident_id=other)
    held_clock.forward(timedelta(hours=3))
    merge_incident(by=officer, incident_id=fire, other=other, why="同一处")
    expect_clocks(by=HOUSE, incident_id=other)
    late = ReportingClock.objects.filter(incident=other, step="accident_notice")
    assert late.exists()
    assert not late.filter(void_at__isnull=False).exists()


def test_the_press_asks_and_a_task_answers(officer: Actor, fire: int) -> None:
    row = take_enquiry(
        by=officer,
        incident_id=fire,
        asked_by="演示记者",
        medium="演示日报",
        question="有没有人受伤",
    )
    assert row.task.lead is not None
    assert row.task.lead.short_name == "宣传部"
    with refused("held", status=409):
        close_incident(by=officer, incident_id=fire)
    incident = Incident.objects.get(pk=fire)
    assert sayable(seen_by=officer, incident=incident) == []
    answered = answer_enquiry(by=officer, enquiry_id=row.pk, answer="正在核实，稍后发布")
    assert enquiry_json(answered)["answer"] == "正在核实，稍后发布"
    assert Task.objects.get(pk=row.task_id).done_at is not None
    assert [one.pk for one in enquiries_of(seen_by=officer, incident_id=fire)] == [row.pk]
    with refused("already_answered", status=409):
        answer_enquiry(by=officer, enquiry_id=row.pk, answer="又问")
