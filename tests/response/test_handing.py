"""Who must know before us is told first, and it stays open until that desk has it."""

import pytest

from qianjun.incident.actions import close_incident
from qianjun.incident.queries import timeline
from qianjun.org.actor import Actor
from qianjun.response.actions import attach_hand_overs, hand_over, hand_over_form
from qianjun.response.models import HandOver
from qianjun.response.queries.handing import firsts_of, firsts_of_form
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
FORM = "key-of-a-form"
FIRE = {"category": "12G00", "text": "文昌路厂房起火", "source": ""}


def names(officer: Actor, incident: int) -> list[str]:
    """What the timeline says of handing over, in the order in which it was."""
    lines, _more = timeline(seen_by=officer, incident_id=incident, limit=50)
    told = ("response.desk_told", "response.desk_confirmed", "response.hand_over_withdrawn")
    return [line["name"] for line in lines if line["name"] in told]


def states(officer: Actor, incident: int) -> list[tuple[str, str]]:
    """Every desk of an incident and how it stands."""
    return [(one.desk, one.state) for one in firsts_of(seen_by=officer, incident_id=incident)]


def test_what_was_handed_over_from_a_form_stands_in_the_incident_it_became(officer: Actor) -> None:
    hand_over_form(by=officer, form=FORM, desk="119", act="told", taken_by="0317 号")
    hand_over_form(by=officer, form=FORM, desk="119", act="told")
    (first,) = firsts_of_form(form=FORM, desk="119", line="先转 119")
    assert first.state == "told"
    incident = taken(officer, **FIRE).stored.incident_id
    assert attach_hand_overs(by=officer, form=FORM, incident_id=incident) == 1
    assert attach_hand_overs(by=officer, form=FORM, incident_id=incident) == 0
    assert states(officer, incident) == [("119", "told")]
    assert names(officer, incident) == ["response.desk_told"]
    row = HandOver.objects.get()
    assert row.taken_by == ""  # it is in the journal now, where it can be erased
    hand_over(by=officer, incident_id=incident, desk="119", act="confirmed", taken_by="0317 号")
    hand_over(by=officer, incident_id=incident, desk="119", act="confirmed")
    assert states(officer, incident) == [("119", "confirmed")]
    assert names(officer, incident).count("response.desk_confirmed") == 1


def test_a_fire_that_119_does_not_know_waits_and_one_from_119_does_not(officer: Actor) -> None:
    unknown = taken(officer, **FIRE).stored.incident_id
    assert states(officer, unknown) == [("119", "due")]
    known = taken(officer, **(FIRE | {"source": "119", "lon": 109.30, "join": "new"}))
    assert states(officer, known.stored.incident_id) == []
    close_incident(by=officer, incident_id=unknown)
    assert states(officer, unknown) == []


def test_a_mark_made_by_mistake_is_taken_back(officer: Actor) -> None:
    incident = taken(officer, **FIRE).stored.incident_id
    hand_over(by=officer, incident_id=incident, desk="119", act="withdrawn")
    assert not HandOver.objects.exists()
    hand_over(by=officer, incident_id=incident, desk="119", act="confirmed")
    hand_over(by=officer, incident_id=incident, desk="119", act="withdrawn")
    assert states(officer, incident) == [("119", "due")]
    hand_over_form(by=officer, form=FORM, desk="120", act="told")
    hand_over_form(by=officer, form=FORM, desk="120", act="withdrawn")
    assert attach_hand_overs(by=officer, form=FORM, incident_id=incident) == 0


def test_what_cannot_be_is_refused_and_nothing_written(officer: Actor) -> None:
    incident = taken(officer, **FIRE).stored.incident_id
    with refused("invalid", status=422):
        hand_over(by=officer, incident_id=incident, desk="911", act="told")
    with refused("invalid", status=422):
        hand_over_form(by=officer, form=FORM, desk="119", act="maybe", taken_by="长" * 61)
    with refused("form_unknown", status=422):
        hand_over_form(by=officer, form="", desk="119", act="told")
    close_incident(by=officer, incident_id=incident)
    with refused("incident_closed", status=409):
        hand_over(by=officer, incident_id=incident, desk="119", act="told")
    with refused("not_allowed", status=403):
        hand_over_form(by=cast.actor(cast.JIEDAO), form=FORM, desk="119", act="told")
    assert not HandOver.objects.exists()
