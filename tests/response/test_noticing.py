"""Whom the law names is told of an accident, with time, way and receipt."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from qianjun.incident.actions import close_incident, settle_facts
from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_card, timeline
from qianjun.journal.deadlines import deadlines_of
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from qianjun.org.contact_models import Contact
from qianjun.org.models import Unit
from qianjun.org.seeding import seed_units
from qianjun.response.actions import (
    expect_notices,
    notify,
    notify_all,
    receive_by_reply,
    start_operation,
)
from qianjun.response.notice_models import AccidentNotice
from qianjun.response.queries.noticing import known_rules, notices_about, notices_of
from qianjun.response.queries.responding import Asked
from qianjun.response.rules.noticing import notice_in, notice_rules
from tests import cast
from tests.incident.fires import taken
from tests.incident.tasking import somebody
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
FACTORY = {"category": "12F00", "text": "车间机器伤人"}
POLICE, UNION = "450202-GA", "450202-ZGH"


@pytest.fixture
def accident(officer: Actor) -> int:
    """An accident at work, and a police that can be reached by message."""
    seed_units()
    police = Unit.objects.get(code=POLICE)
    Contact.objects.create(unit=police, person=somebody("演示公安值班室", POLICE, "10000020002"))
    return taken(officer, **FACTORY).stored.incident_id


def states(by: Actor, incident: int) -> dict[str, str]:
    """Each unit of the list and its state."""
    return {one.unit.code: one.state for one in notices_of(seen_by=by, incident_id=incident).lines}


def due(incident: int) -> list[Any]:
    """The deadline of the notices."""
    about = "incident", str(incident)
    return [one for one in deadlines_of(about)[about] if one.kind == "accident_notice"]


def by_phone(by: Actor, incident: int, *units: str) -> None:
    """Each of these by telephone."""
    for unit in units:
        notify(by=by, incident_id=incident, unit=unit, act="told", way="phone", taken_by="李工")


def test_every_unit_of_the_rules_is_one_of_the_house() -> None:
    seed_units()
    known = set(Unit.objects.values_list("code", flat=True))
    assert known >= {code for rule in known_rules() for code in rule.units}
    with pytest.raises(KeyError):
        notice_rules({"rules": [{"code": "x"}]})


def test_an_accident_at_work_asks_for_six_and_shows_the_gap(officer: Actor, accident: int) -> None:
    told = notices_of(seen_by=officer, incident_id=accident)
    assert (told.is_asked, told.is_gap, told.open, told.reachable) == (True, True, 6, 1)
    other = taken(officer, category="12G03", join="new").stored.incident_id
    fire = notices_of(seen_by=officer, incident_id=other)
    assert (fire.is_asked, fire.is_offered, fire.is_gap) == (False, True, False)
    asked = Asked(plan="crowd", level=3)
    row = start_operation(by=officer, asked=asked, title="晚会").row
    none = notices_of(seen_by=officer, incident_id=row.incident_id)
    assert (none.is_asked, none.is_offered) == (False, False)


def test_one_key_writes_to_who_can_be_reached_and_the_answer_is_the_receipt(
    officer: Actor, accident: int
) -> None:
    assert notify_all(by=officer, incident_id=accident) == (1, 5)
    assert notify_all(by=officer, incident_id=accident) == (0, 5)
    (sent,) = Message.objects.filter(purpose="report")
    assert "【事故通报】" in sent.text
    assert "请回复“收到”" in sent.text
    notice = notice_in(sent.matter)
    assert notice is not None
    assert states(officer, accident)[POLICE] == "told"
    house = system(name="response")
    assert receive_by_reply(by=house, notice=notice, person=sent.person_id)
    assert not receive_by_reply(by=house, notice=notice, person=sent.person_id)
    row = AccidentNotice.objects.get()
    assert (row.way, row.received_at, row.taken_by) == ("message", clock.now(), "演示公****")
    with refused("telephone_them", status=422):
        notify(by=officer, incident_id=accident, unit=UNION, act="told")
    by_phone(officer, accident, UNION)
    assert states(officer, accident)[UNION] == "received"


def test_the_clock_runs_from_receipt_and_the_last_one_told_meets_it(
    officer: Actor, accident: int, held_clock: clock.Held
) -> None:
    house = system(name="response")
    began = clock.now()
    assert expect_notices(by=house, incident_id=accident)
    (row,) = due(accident)
    assert (row.due_at, row.met_at) == (began + timedelta(hours=2), None)
    held_clock.forward(timedelta(minutes=20))
    units = list(states(officer, accident))
    by_phone(officer, accident, *units[:-1])
    assert due(accident)[0].met_at is None
    held_clock.forward(timedelta(minutes=5))
    by_phone(officer, accident, units[-1])
    assert due(accident)[0].met_at == clock.now()
    assert expect_notices(by=house, incident_id=accident)
    card = incident_card(seen_by=officer, incident_id=accident)
    (shown,) = [one for one in card["deadlines"] if one["kind"] == "accident_notice"]
    assert not shown["late"]


def test_what_is_settled_to_be_another_kind_is_due_no_longer(officer: Actor, accident: int) -> None:
    house = system(name="response")
    expect_notices(by=house, incident_id=accident)
    settle_facts(by=officer, incident_id=accident, version=1, facts={"category": "12G03"})
    assert not expect_notices(by=house, incident_id=accident)
    assert due(accident)[0].met_at == clock.now()


def test_a_mark_made_by_mistake_is_taken_back_and_both_stay_on_the_timeline(
    officer: Actor, accident: int
) -> None:
    by_phone(officer, accident, UNION)
    for _again in range(2):
        notify(by=officer, incident_id=accident, unit=UNION, act="withdrawn")
    assert states(officer, accident)[UNION] == "due"
    by_phone(officer, accident, UNION)
    lines, _more = timeline(seen_by=officer, incident_id=accident, limit=50)
    said = [one["text_zh"] for one in lines if "notice" in one["name"]]
    assert said == [
        "事故通报，打电话：总工会",
        "事故通报已收到：总工会 · 李工",
        "撤回“已通报”：还没有通报：总工会",
        "事故通报，打电话：总工会",
        "事故通报已收到：总工会 · 李工",
    ]


def test_what_cannot_be_is_refused(officer: Actor, accident: int) -> None:
    words: dict[str, Any] = {"unit": UNION, "act": "told", "taken_by": "李工"}
    for code, changed in (
        ("unknown_unit", {"unit": "450202-NY"}),
        ("unknown_act", {"act": "sung"}),
        ("unknown_way", {"way": "fax"}),
        ("too_long", {"taken_by": "长" * 61}),
        ("telephone_them", {"way": "phone", "taken_by": " "}),
        ("in_the_future", {"at": clock.now() + timedelta(hours=1)}),
    ):
        with refused(code, status=422):
            notify(by=officer, incident_id=accident, **(words | changed))
    with refused("not_allowed", status=403):
        notify(by=cast.actor(cast.ZHIHUI), incident_id=accident, **words)
    with refused("not_found", status=404):
        notify(by=officer, incident_id=999_999, **words)
    by_phone(officer, accident, UNION)
    row = AccidentNotice.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccidentNotice.objects.create(
            incident_id=accident, unit=row.unit, way="message", told_at=clock.now(), by_kind="x"
        )
    close_incident(by=officer, incident_id=accident)
    with refused("incident_closed", status=409):
        notify_all(by=officer, incident_id=accident)


def test_a_program_tells_notes_a_receipt_and_takes_back(accident: int) -> None:
    client = cast.client_for("duty_officer")
    path = f"/api/v1/incidents/{accident}/notices"
    told = json.loads(client.get(path).content)
    assert (told["rule"], told["asked"], len(told["items"])) == ("work_safety", True, 6)

    def post(**body: object) -> dict[str, Any]:
        reply = client.post(path, json.dumps(body), "application/json")
        assert reply.status_code == 200, reply.content.decode()
        return {one["unit"]: one for one in json.loads(reply.content)["items"]}

    assert post(unit="all")[POLICE]["state"] == "told"
    assert post(unit=POLICE, act="received", taken_by="王警官")[POLICE]["taken_by"] == "王警官"
    assert post(unit=UNION, way="phone", taken_by="李工")[UNION]["state"] == "received"
    assert post(unit=UNION, act="withdrawn")[UNION]["state"] == "due"


def test_the_list_is_asked_for_in_one_statement_with_whoever_was_told(
    officer: Actor, accident: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by_phone(officer, accident, POLICE)
    incident = Incident.objects.get(pk=accident)
    with django_assert_num_queries(1):
        found = notices_about(incident)
    line = next(one for one in found.lines if one.unit.code == POLICE)
    assert line.row is not None
    assert line.row == AccidentNotice.objects.get()
    assert (line.state, line.row.taken_by, line.row.told_at) == ("received", "李工", clock.now())
    assert found.open == len(found.lines) - 1
