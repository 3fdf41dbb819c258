"""A report to the upper level: written by the facts, signed as seen, given, received."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from qianjun.confirm.models import Confirmation
from qianjun.incident.actions import add_figure, close_incident, confirm_grade
from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_card, timeline
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline, Entry
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from qianjun.org.contact_models import Contact
from qianjun.org.models import Unit
from qianjun.org.seeding import seed_units
from qianjun.response.actions import (
    act_on_report,
    ask_signature,
    check_figure,
    deliver,
    expect_after_change,
    forget_upward,
    press_for_report,
    quicken_by_grade,
    receive_upward_by_reply,
    sign_report,
    start_response,
    waive_report,
    write_element,
)
from qianjun.response.queries.responding import Asked, activation_json
from qianjun.response.queries.upward import Draft, upward_of
from qianjun.response.rules.upward import delivery_in
from qianjun.response.upward_models import UpwardDelivery, UpwardReport
from tests import cast
from tests.incident.fires import taken
from tests.incident.tasking import somebody
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
HOUSE = system(name="response")
PARTY, GOVERNMENT, CITY = "450202-QWB", "450202-QZFB", "450200-YJ"
TEXT = "厂房起火，有人没出来，电话10012345678"


@pytest.fixture
def leader() -> Actor:
    """带班领导老李."""
    return cast.actor(cast.LAOLI)


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire at a factory; the government's duty room can be reached by message."""
    seed_units()
    unit = Unit.objects.get(code=GOVERNMENT)
    person = somebody("演示总值班", GOVERNMENT, "10000020003")
    Contact.objects.create(unit=unit, person=person)
    return taken(officer, category="12G01", text=TEXT, source="119").stored.incident_id


def draft(by: Actor, incident: int) -> Draft:
    """The report that comes next."""
    found = upward_of(seen_by=by, incident_id=incident).draft
    assert found is not None
    return found


def said(by: Actor, incident: int) -> dict[str, str]:
    """Its elements that are known."""
    return {one.code: one.text for one in draft(by, incident).lines if one.text}


def signed(leader: Actor, incident: int) -> UpwardReport:
    """Signed as it is now."""
    digest = draft(leader, incident).digest
    return sign_report(by=leader, incident_id=incident, digest=digest)


def due(incident: int, kind: str) -> list[Deadline]:
    """The deadlines of this kind."""
    about = "incident", str(incident)
    return [one for one in deadlines_of(about)[about] if one.kind == kind]


def figure(by: Actor, incident: int, kind: str, value: int, why: str = "") -> None:
    """A number with its source."""
    add_figure(by=by, incident_id=incident, kind=kind, value=value, source="消防", explanation=why)


def phoned(by: Actor, incident: int, *units: str) -> None:
    """Each told by telephone."""
    for unit in units:
        deliver(
            by=by,
            incident_id=incident,
            unit=unit,
            act="told",
            way="phone",
            taken_by="李工",
            by_phone=True,
        )


def test_the_draft_stands_by_itself_and_looking_writes_nothing(officer: Actor, fire: int) -> None:
    lines = said(officer, fire)
    assert lines["source"] == "119"
    assert lines["received"] == "2026年6月1日14时05分"
    assert "10012345678" not in lines["course"]
    assert "厂房起火" in lines["course"]
    assert "casualties" not in lines
    assert draft(officer, fire).name == "首报"
    assert not UpwardReport.objects.exists()


def test_a_death_is_reported_only_when_a_person_has_checked_it(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    figure(officer, fire, "dead", 1)
    figure(officer, fire, "missing", 2)
    assert said(officer, fire)["casualties"] == "死亡情况正在核实；失联2人（来源：消防，正在核实）"
    check_figure(by=officer, incident_id=fire, kind="dead")
    assert "死亡1人（已核实，来源：消防）" in said(officer, fire)["casualties"]
    # the next number is to be checked again
    held_clock.forward(timedelta(minutes=1))
    figure(officer, fire, "dead", 2, why="又找到一人")
    assert "死亡情况正在核实" in said(officer, fire)["casualties"]
    check_figure(by=officer, incident_id=fire, kind="dead")
    check_figure(by=officer, incident_id=fire, kind="dead")
    check_figure(by=officer, incident_id=fire, kind="dead", checked=False)
    assert "死亡情况正在核实" in said(officer, fire)["casualties"]
    with refused("no_figure", status=422):
        check_figure(by=officer, incident_id=fire, kind="serious")
    with refused("unknown_kind", status=422):
        check_figure(by=officer, incident_id=fire, kind="evacuated")


def test_words_of_a_person_stand_until_he_gives_the_facts_back(officer: Actor, fire: int) -> None:
    write_element(by=officer, incident_id=fire, element="trend", text=" 火势受控 ", version=0)
    assert said(officer, fire)["trend"] == "火势受控"
    with pytest.raises(Refused) as caught, transaction.atomic():
        write_element(by=officer, incident_id=fire, element="trend", text="x", version=0)
    assert (caught.value.code, caught.value.status) == ("stale", 409)
    assert caught.value.extra["current"]["version"] == draft(officer, fire).version
    version = draft(officer, fire).version
    write_element(by=officer, incident_id=fire, element="trend", text="", version=version)
    assert "trend" not in said(officer, fire)
    with refused("unknown_element", status=422):
        write_element(by=officer, incident_id=fire, element="weather", text="x", version=2)
    with refused("too_long", status=422):
        write_element(by=officer, incident_id=fire, element="trend", text="长" * 2001, version=2)


def test_what_is_signed_is_what_was_seen(officer: Actor, leader: Actor, fire: int) -> None:
    seen = draft(leader, fire).digest
    figure(officer, fire, "injured", 1)
    with refused("changed_meanwhile", status=409):
        sign_report(by=leader, incident_id=fire, digest=seen)
    assert not UpwardReport.objects.exists()
    with refused("not_allowed", status=403):
        sign_report(by=officer, incident_id=fire, digest=draft(officer, fire).digest)
    row = signed(leader, fire)
    assert row.number == "XB-450202-2026-0001"
    assert "受伤1人（来源：消防，正在核实）" in row.text
    assert row.title.endswith("（首报）")
    assert row.units == [PARTY, GOVERNMENT, CITY]
    # what comes later changes nothing of it
    figure(officer, fire, "injured", 2)
    row.refresh_from_db()
    assert "受伤1人" in row.text
    assert draft(leader, fire).name == "续报一"
    assert "course" not in said(leader, fire)


def test_a_signature_reaches_whom_a_message_reaches_and_the_others_stay_a_gap(
    officer: Actor, leader: Actor, fire: int
) -> None:
    row = signed(leader, fire)
    (sent,) = Message.objects.filter(matter__startswith="upward:")
    assert row.number in sent.text
    assert "厂房起火，有人没出来" not in sent.text
    found = upward_of(seen_by=officer, incident_id=fire)
    assert (found.ungiven, len(found.recipients)) == (3, 3)
    delivery = delivery_in(sent.matter)
    assert delivery
    assert receive_upward_by_reply(by=HOUSE, delivery=delivery, person=sent.person_id)
    assert not receive_upward_by_reply(by=HOUSE, delivery=delivery, person=sent.person_id)
    assert upward_of(seen_by=officer, incident_id=fire).ungiven == 2
    assert [one.met_at for one in due(fire, "written_report")] == [None]
    with refused("telephone_them", status=422):
        deliver(by=officer, incident_id=fire, unit=CITY, act="told", way="message")
    for unit in (PARTY, CITY, CITY):
        deliver(by=officer, incident_id=fire, unit=unit, act="told", way="fax")
    assert UpwardDelivery.objects.count() == 3
    assert [one.met_at for one in due(fire, "written_report")] == [clock.now()]
    deliver(by=officer, incident_id=fire, unit=CITY, act="withdrawn", way="")
    assert upward_of(seen_by=officer, incident_id=fire).ungiven == 1
    with refused("unknown_unit", status=422):
        deliver(by=officer, incident_id=fire, unit="450202-GA", act="told", way="fax")
    with refused("unknown_way", status=422):
        deliver(by=officer, incident_id=fire, unit=CITY, act="told", way="pigeon")


def test_the_paper_follows_the_message_that_it_is_there(
    officer: Actor, leader: Actor, fire: int
) -> None:
    signed(leader, fire)
    assert UpwardDelivery.objects.get(unit__code=GOVERNMENT).way == "message"
    for _again in range(2):
        deliver(by=officer, incident_id=fire, unit=GOVERNMENT, act="told", way="paper")
    standing = UpwardDelivery.objects.filter(unit__code=GOVERNMENT, withdrawn_at=None)
    assert [row.way for row in standing] == ["paper"]
    deliver(
        by=officer, incident_id=fire, unit=GOVERNMENT, act="received", way="paper", taken_by="王科"
    )
    assert standing.get().taken_by == "王科"


def test_nothing_is_given_before_it_is_signed(officer: Actor, fire: int) -> None:
    with refused("nothing_signed", status=409):
        deliver(by=officer, incident_id=fire, unit=CITY, act="told", way="fax")


def test_the_short_clocks_run_by_grade_or_by_the_leaders_word(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    began = clock.now()
    assert not quicken_by_grade(by=HOUSE, incident_id=fire)
    version = Incident.objects.get(pk=fire).version
    confirm_grade(by=officer, incident_id=fire, grade=3, version=version)
    assert quicken_by_grade(by=HOUSE, incident_id=fire)
    assert not quicken_by_grade(by=HOUSE, incident_id=fire)
    act_on_report(by=officer, incident_id=fire, act="quicken", why="带班领导电话要求")
    (phone,), (written,) = due(fire, "phone_report"), due(fire, "written_report")
    assert phone.due_at - began == timedelta(minutes=15)
    assert written.due_at - began == timedelta(minutes=35)
    held_clock.forward(timedelta(minutes=7))
    phoned(officer, fire, PARTY, GOVERNMENT)
    assert due(fire, "phone_report")[0].met_at is None
    with refused("too_short", status=422):
        deliver(by=officer, incident_id=fire, unit=CITY, act="told", way="phone", by_phone=True)
    phoned(officer, fire, CITY)
    assert due(fire, "phone_report")[0].met_at == clock.now()


def test_the_leader_decides_that_it_is_not_reported(
    officer: Actor, leader: Actor, fire: int
) -> None:
    with refused("not_allowed", status=403):
        waive_report(by=officer, incident_id=fire, why="猫上树")
    waive_report(by=leader, incident_id=fire, why="猫上树")
    assert due(fire, "written_report")[0].met_at == clock.now()
    assert upward_of(seen_by=officer, incident_id=fire).draft is None
    with refused("no_draft", status=409):
        ask_signature(by=officer, incident_id=fire)
    close_incident(by=officer, incident_id=fire)


def test_what_was_reported_does_not_close_without_its_final_report(
    officer: Actor, leader: Actor, fire: int, held_clock: clock.Held
) -> None:
    with refused("first_is_open", status=409):
        act_on_report(by=officer, incident_id=fire, act="kind", kind="final")
    signed(leader, fire)
    assert incident_card(seen_by=officer, incident_id=fire)["holds"] == [
        {"kind": "final_report", "count": 1}
    ]
    (next_,) = due(fire, "follow_up")
    assert next_.due_at - clock.now() == timedelta(days=1)
    with refused("held", status=409):
        close_incident(by=officer, incident_id=fire)
    held_clock.forward(timedelta(hours=1))
    with refused("follow_up_is_due", status=409):
        waive_report(by=leader, incident_id=fire, why="稳定了")
    assert signed(leader, fire).ordinal == 1
    assert [one.met_at is not None for one in due(fire, "follow_up")] == [True, False]
    held_clock.forward(timedelta(hours=1))
    assert draft(officer, fire).name == "续报二"
    act_on_report(by=officer, incident_id=fire, act="kind", kind="final")
    assert draft(officer, fire).name == "终报"
    act_on_report(by=officer, incident_id=fire, act="kind", kind="follow_up")
    assert draft(officer, fire).name == "续报二"
    act_on_report(by=officer, incident_id=fire, act="kind", kind="final")
    signed(leader, fire)
    assert all(one.met_at for one in due(fire, "follow_up"))
    close_incident(by=officer, incident_id=fire)


def test_casualties_that_change_are_reported_again_soon(
    officer: Actor, leader: Actor, fire: int, held_clock: clock.Held
) -> None:
    assert not expect_after_change(by=HOUSE, incident_id=fire, at=clock.now())
    signed(leader, fire)
    held_clock.forward(timedelta(minutes=40))
    figure(officer, fire, "dead", 1)
    assert expect_after_change(by=HOUSE, incident_id=fire, at=clock.now())
    soonest = min(one.due_at for one in due(fire, "follow_up"))
    assert soonest - clock.now() == timedelta(hours=2)
    held_clock.forward(timedelta(minutes=5))
    signed(leader, fire)
    assert sum(one.met_at is None for one in due(fire, "follow_up")) == 1


def test_a_late_report_calls_the_leader_only_when_it_must_be_made(
    officer: Actor, leader: Actor, fire: int
) -> None:
    assert not press_for_report(by=HOUSE, incident_id=fire, kind="written_report")
    figure(officer, fire, "missing", 2)
    assert press_for_report(by=HOUSE, incident_id=fire, kind="written_report")
    call = Confirmation.objects.get()
    assert "书面报告已过时限" in call.text
    assert list(call.people.values_list("person", flat=True)) == [leader.person]
    waive_report(by=leader, incident_id=fire, why="虚警")
    close_incident(by=officer, incident_id=fire)
    assert not press_for_report(by=HOUSE, incident_id=fire, kind="written_report")


def test_a_response_brings_forth_the_first_report(officer: Actor, leader: Actor, fire: int) -> None:
    juzhang = cast.actor(cast.JUZHANG)
    started = start_response(by=juzhang, incident_id=fire, asked=Asked(plan="fire", level=3))
    told = activation_json(started.row)["upward_report"]
    if started.row.started_at is None:
        assert told is None
    started = start_response(by=leader, incident_id=fire, asked=Asked(plan="fire", level=4))
    told = activation_json(started.row)["upward_report"]
    assert started.row.started_at is not None
    assert (told["kind"], told["state"]) == ("first", "draft")
    assert "启动《" in said(officer, fire)["measures"]
    ask_signature(by=officer, incident_id=fire)
    assert activation_json(started.row)["upward_report"]["state"] == "asked"
    row = signed(leader, fire)
    assert activation_json(started.row)["upward_report"] == {
        "id": str(row.pk),
        "kind": "first",
        "state": "signed",
    }


def test_the_signer_is_told_once_and_without_the_words(officer: Actor, fire: int) -> None:
    cast.put_on_duty(cast.LAOLI, phone="10000020009")
    _row, told = ask_signature(by=officer, incident_id=fire)
    assert ask_signature(by=officer, incident_id=fire)[1] == 0
    sent = Message.objects.filter(matter__startswith="sign:")
    assert sent.count() == told == 1
    assert all("10012345678" not in one.text for one in sent)


def test_what_is_erased_by_law_stands_in_no_report(leader: Actor, fire: int) -> None:
    row = signed(leader, fire)
    entry = Entry.objects.get(name="response.upward_signed")
    forget_upward(entry=entry.pk, hidden=False)
    row.refresh_from_db()
    assert (row.text, row.lines) == ("【已依法删除】", [])
    assert row.digest
    # another entry touches nothing
    forget_upward(entry=Entry.objects.order_by("pk")[0].pk, hidden=True)


def test_the_table_refuses_two_drafts_and_a_signature_without_words(fire: int) -> None:
    now = clock.now()
    UpwardReport.objects.create(incident_id=fire, kind="first", drafted_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        UpwardReport.objects.create(incident_id=fire, kind="final", drafted_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        UpwardReport.objects.filter(incident=fire).update(signed_at=now)


def test_the_timeline_says_every_step(officer: Actor, leader: Actor, fire: int) -> None:
    figure(officer, fire, "dead", 0)
    check_figure(by=officer, incident_id=fire, kind="dead")
    write_element(by=officer, incident_id=fire, element="trend", text="平稳", version=0)
    ask_signature(by=officer, incident_id=fire)
    signed(leader, fire)
    lines, _more = timeline(seen_by=officer, incident_id=fire, limit=200)
    text = " / ".join(one["text_zh"] for one in lines)
    for words in ("遇难 0 已核实", "改写上报稿：发展趋势", "首报送签", "首报已签发", "已报送"):
        assert words in text
