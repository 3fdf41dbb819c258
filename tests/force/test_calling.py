"""A call-out is proposed with its price, sent by a second key, and stood down."""

import pytest

from qianjun.force.actions import (
    confirm_wave,
    end_callout,
    enough,
    propose_callout,
    propose_wave,
    stand_down,
)
from qianjun.force.models import Called, CallOut, Volunteer, Wave
from qianjun.incident.actions import close_incident
from qianjun.incident.models import Hold
from qianjun.incident.queries import timeline
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from tests import cast
from tests.force.calls import Calls, act, again, people, pressed, wanted
from tests.force.some import volunteer
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def messages(purpose: str) -> int:
    """How many messages of this purpose wait or went."""
    return Message.objects.filter(purpose=purpose).count()


def test_a_proposal_says_how_many_and_why_and_calls_nobody(calls: Calls) -> None:
    volunteer(90, adult_from=None)
    volunteer(91, insured_until=None)
    row = calls.proposed()
    wave = Wave.objects.get(callout=row)
    assert (row.state, row.version) == ("proposed", 1)
    assert 3 < wave.count < 40
    assert wave.probability >= 0.95
    assert wave.ladder
    assert (wave.excluded["minor"], wave.excluded["uninsured"]) == (1, 1)
    assert f"通知 {wave.count} 人" in wave.why_zh
    assert "Call" in wave.why_en
    assert len(people(row)) == wave.count
    assert not messages("callout")
    assert not Called.objects.filter(sent_at__isnull=False).exists()
    assert Volunteer.objects.filter(asked__gt=0).count() == 0


def test_the_second_key_calls_exactly_those_who_were_shown_and_once(calls: Calls) -> None:
    row = calls.proposed()
    shown = {one.person_id for one in people(row)}
    for _again in range(2):
        row = confirm_wave(by=calls.by, callout_id=row.pk, rank=1, version=1)
    sent = Message.objects.filter(purpose="callout")
    assert {one.person_id for one in sent} == shown
    assert (row.state, row.version) == ("running", 2)
    assert len({one.text for one in sent}) == 1
    assert len({tuple(one.links) for one in sent}) == len(shown)
    first = sent[0]
    assert (first.rank, first.expects_answer) == (2, True)
    assert "静兰小学体育馆" in first.text
    assert "演示志愿" not in first.text
    lines, _more = timeline(seen_by=calls.by, incident_id=calls.incident.pk, limit=50)
    assert [line["name"] for line in lines].count("force.wave_sent") == 1
    called = Volunteer.objects.get(person=first.person_id)
    assert (called.asked, called.calls_this_year, called.busy_until) == (1, 1, row.needed_by)


def test_who_judged_by_an_old_version_is_told(calls: Calls) -> None:
    row = calls.proposed()
    propose_wave(by=calls.by, callout_id=row.pk, version=1)
    with refused("stale", status=409):
        confirm_wave(by=calls.by, callout_id=row.pk, rank=1, version=1)
    with refused("not_found", status=404):
        confirm_wave(by=calls.by, callout_id=row.pk, rank=2, version=2)


def test_whoever_is_asked_elsewhere_meanwhile_leaves_the_wave(calls: Calls) -> None:
    first, second = calls.proposed(), calls.proposed()
    confirm_wave(by=calls.by, callout_id=first.pk, rank=1)
    confirm_wave(by=calls.by, callout_id=second.pk, rank=1)
    wave = Wave.objects.get(callout=second)
    assert wave.count == len(people(second)) == 0
    assert messages("callout") == Wave.objects.get(callout=first).count
    assert not Hold.objects.filter(about_id=str(second.pk)).exists()


def test_the_next_wave_counts_the_answers_and_asks_nobody_twice(calls: Calls) -> None:
    row = calls.running(need=3)
    called = people(row)
    assert pressed(called[0], "accept") == "taken"
    for one in called[1:]:
        assert pressed(one, "decline") == "taken"
    propose_wave(by=calls.by, callout_id=row.pk)
    second = Wave.objects.get(callout=row, rank=2)
    assert second.count > 0
    assert not set(called) & set(Called.objects.filter(wave=second))
    assert second.excluded["busy"] == 0
    confirm_wave(by=calls.by, callout_id=row.pk, rank=2)
    assert messages("callout") == len(called) + second.count


def test_when_open_answers_suffice_nobody_more_is_called(calls: Calls) -> None:
    row = calls.running(need=2)
    for one in people(row)[:5]:
        pressed(one, "accept")
    propose_wave(by=calls.by, callout_id=row.pk)
    wave = Wave.objects.get(callout=row, rank=2)
    assert wave.count == 0
    assert "不再通知人" in wave.why_zh


def test_what_cannot_be_had_is_proposed_and_says_so(calls: Calls) -> None:
    row = calls.proposed(need=60)
    wave = Wave.objects.get(callout=row)
    assert wave.best_possible is not None
    assert "达不到" in wave.why_zh


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"need": 0}, "out_of_range"),
        ({"needed_by": "now"}, "by_in_the_past"),
        ({"place": ""}, "missing"),
        ({"probability": 1.0}, "out_of_range"),
        ({"radius_m": 1.0}, "out_of_range"),
        ({"skills": (("fly", 1),)}, "unknown_skill"),
        ({"skills": (("nurse", 4),)}, "out_of_range"),
        ({"skills": (("nurse", 1), ("nurse", 1))}, "skill_twice"),
    ],
)
def test_a_need_that_will_not_do_is_refused(
    calls: Calls, changed: dict[str, object], code: str
) -> None:
    if changed.get("needed_by") == "now":
        changed = {"needed_by": clock.now()}
    with refused(code, status=422):
        calls.proposed(**changed)
    assert not CallOut.objects.exists()


def test_a_closed_incident_and_a_stranger_call_nobody(calls: Calls) -> None:
    with refused("not_allowed", status=403):
        propose_callout(by=cast.actor(cast.ZHIHUI), incident_id=calls.incident.pk, wanted=wanted())
    close_incident(by=calls.by, incident_id=calls.incident.pk)
    with refused("incident_closed", status=409):
        calls.proposed()


def test_enough_tells_the_others_and_lets_those_come_who_said_yes(
    calls: Calls, running: CallOut
) -> None:
    called = people(running)
    pressed(called[0], "accept")
    pressed(called[1], "decline")
    for _again in range(2):
        enough(by=calls.by, callout_id=running.pk)
    told = Message.objects.filter(purpose="stand_down")
    assert {one.person_id for one in told} == {one.person_id for one in called[2:]}
    assert {one.rank for one in told} == {1}
    assert again(called[0]).stood_down_at is None
    assert again(called[2]).stood_down_at is not None
    assert pressed(called[0], "en_route") == "taken"
    assert Volunteer.objects.get(pk=called[2].volunteer_id).busy_until is None
    with refused("callout_over", status=409):
        propose_wave(by=calls.by, callout_id=running.pk)


def test_nothing_sent_is_nothing_to_stop(calls: Calls) -> None:
    row = calls.proposed()
    with refused("nothing_sent", status=409):
        enough(by=calls.by, callout_id=row.pk)
    end_callout(by=calls.by, callout_id=row.pk)
    assert not Called.objects.filter(callout=row).exists()


def test_the_incident_is_held_until_everybody_is_back(calls: Calls, running: CallOut) -> None:
    one = people(running)[0]
    for name in ("accept", "en_route", "arrived"):
        pressed(one, name)
    enough(by=calls.by, callout_id=running.pk)
    with refused("held", status=409):
        close_incident(by=calls.by, incident_id=calls.incident.pk)
    pressed(one, "left")
    assert not Hold.objects.filter(lifted_at__isnull=True).exists()
    close_incident(by=calls.by, incident_id=calls.incident.pk)


def test_standing_down_turns_back_who_is_on_his_way(calls: Calls, running: CallOut) -> None:
    way, there, quiet = people(running)[:3]
    pressed(way, "accept")
    pressed(way, "en_route")
    pressed(there, "accept")
    pressed(there, "arrived")
    stand_down(by=calls.by, callout_id=running.pk)
    told = set(Message.objects.filter(purpose="stand_down").values_list("person", flat=True))
    assert {way.person_id, quiet.person_id} <= told
    assert there.person_id not in told
    assert Hold.objects.filter(lifted_at__isnull=True).count() == 1
    assert pressed(way, "home") == "taken"
    assert pressed(there, "left") == "taken"
    assert not Hold.objects.filter(lifted_at__isnull=True).exists()


def test_a_call_out_ends_when_somebody_knows_of_everybody(calls: Calls, running: CallOut) -> None:
    one = people(running)[0]
    pressed(one, "accept")
    with refused("people_out", status=409):
        end_callout(by=calls.by, callout_id=running.pk)
    end_callout(by=calls.by, callout_id=running.pk, reason="已电话问到，在家")
    assert not Hold.objects.filter(lifted_at__isnull=True).exists()
    assert act(one, "arrived")[0] == 410
    assert Entry.objects.filter(name="force.callout_ended").count() == 1
    assert CallOut.objects.get().state == "ended"
    assert Volunteer.objects.get(pk=one.volunteer_id).busy_until is None


def test_an_unknown_call_out_is_not_found(officer: Actor) -> None:
    with refused("not_found", status=404):
        enough(by=officer, callout_id="77")
