"""A team is proposed, called, signs, comes, and is home before its incident is closed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from qianjun.confirm.actions.stepping import take_step
from qianjun.confirm.models import Confirmation
from qianjun.force.actions import (
    act_for_team,
    confirm_team,
    confirm_teams,
    propose_teams,
    stand_down_team,
    stand_down_teams,
)
from qianjun.force.actions.team_acts import TeamDid
from qianjun.force.models import Readiness, TeamAct, TeamCall
from qianjun.force.queries.nearby import nearest_teams
from qianjun.force.queries.teams import rows_of, team_json
from qianjun.force.rules.team_calls import stands
from qianjun.incident.actions import close_incident
from qianjun.incident.models import Hold, Incident
from qianjun.incident.queries import cards
from qianjun.incident.queries.people import people_of
from qianjun.incident.rules.people import together
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor, system
from tests import cast
from tests.force.calls import incident as an_incident
from tests.force.some import HERE, NOW
from tests.force.teaming import (
    act,
    again,
    ask,
    called,
    errand,
    led,
    messages,
    people,
    pressed,
    proposed,
)
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fire(officer: Actor) -> Incident:
    """An open incident at the usual point."""
    assert officer
    return an_incident()


def counts(incident: Incident) -> tuple[int, int, int]:
    """Need, coming and on scene by the card."""
    (card,) = cards(Incident.objects.filter(pk=incident.pk))
    people_ = card["people"]
    return people_["need"], people_["coming"], people_["on_scene"]


def held(row: TeamCall) -> bool:
    """Whether the team keeps its incident from being closed."""
    rows = Hold.objects.filter(about_kind="team_call", about_id=str(row.pk), lifted_at=None)
    return rows.exists()


# --- proposing and calling ------------------------------------------------------------------------


def test_a_proposal_tells_nobody_and_the_second_key_calls_the_leader(
    officer: Actor, fire: Incident
) -> None:
    (row,) = proposed(officer, fire, led())
    assert (stands(row), Message.objects.count(), counts(fire)) == ("proposed", 0, (0, 0, 0))
    assert not held(row)
    called_now = confirm_team(by=officer, call_id=row.pk, version=row.version)
    again_pressed = confirm_team(by=officer, call_id=row.pk, version=row.version)
    assert (called_now.version, again_pressed.version) == (2, 2)
    (message,) = messages(row)
    assert (message.person_id, message.rank, message.purpose) == (people(row)[0], 0, "order")
    assert message.text.startswith("【演练】【命令】请演示龙城社区响应队出动 8 人")
    assert "静兰小学门口" in message.text
    assert (counts(fire), held(row)) == ((8, 0, 0), True)
    assert Entry.objects.filter(name="force.team_called", incident=fire.pk).count() == 1


@pytest.mark.parametrize(
    ("kind", "way", "word"),
    [
        ("community", "order", "【命令】"),
        ("enterprise", "request", "【请求】"),
        ("social", "invitation", "【邀请】"),
    ],
)
def test_each_way_is_said_plainly(
    officer: Actor, fire: Incident, kind: str, way: str, word: str
) -> None:
    row = called(officer, fire, led(kind=kind, way=way))
    assert messages(row)[0].text.startswith(f"【演练】{word}")


def test_the_law_decides_how_a_team_is_moved(officer: Actor, fire: Incident) -> None:
    of = led(kind="enterprise", way="request")
    with refused("way_not_allowed", status=422):
        asks = [ask(of, way="order")]
        propose_teams(by=officer, incident_id=fire.pk, asks=asks, errand=errand())
    assert not TeamCall.objects.exists()


def test_bad_words_are_named(officer: Actor, fire: Incident) -> None:
    of = led()
    with refused("nobody", status=422):
        propose_teams(by=officer, incident_id=fire.pk, asks=[], errand=errand())
    with refused("by_in_the_past", status=422):
        proposed(officer, fire, of, needed_by=NOW - timedelta(minutes=1))
    with refused("missing", status=422):
        proposed(officer, fire, of, place="")
    with refused("out_of_range", status=422):
        asks = [ask(of, headcount=0)]
        propose_teams(by=officer, incident_id=fire.pk, asks=asks, errand=errand())
    with refused("not_allowed", status=403):
        proposed(cast.actor(cast.ZHIHUI), fire, of)


def test_a_team_is_called_once_in_an_incident(officer: Actor, fire: Incident) -> None:
    of = led()
    row = called(officer, fire, of)
    with refused("team_called_already", status=409):
        proposed(officer, fire, of)
    with pytest.raises(IntegrityError, match="team_called_once"), transaction.atomic():
        TeamCall.objects.create(
            incident=fire,
            team=of,
            way="order",
            lon=HERE[0],
            lat=HERE[1],
            place="x",
            needed_by=NOW + timedelta(hours=1),
            wanted=1,
            proposed_at=NOW,
            by_kind="person",
        )
    assert pressed(row, "decline", reason="车在修") == "taken"
    (second,) = proposed(officer, fire, of)
    assert again(row).ended_at is not None
    assert stands(second) == "proposed"


def test_who_is_out_elsewhere_needs_an_explicit_yes(officer: Actor, fire: Incident) -> None:
    of, other = led(), an_incident()
    called(officer, other, of)
    (row,) = proposed(officer, fire, of)
    with refused("team_busy", status=409):
        confirm_team(by=officer, call_id=row.pk)
    assert messages(row) == []
    confirm_team(by=officer, call_id=row.pk, despite_busy=True)
    assert len(messages(row)) == 1


def test_several_are_confirmed_at_once(officer: Actor, fire: Incident) -> None:
    rows = proposed(officer, fire, led("演示甲队"), led("演示乙队"))
    assert len(confirm_teams(by=officer, incident_id=fire.pk)) == 2
    assert confirm_teams(by=officer, incident_id=fire.pk) == []
    assert [len(messages(row)) for row in rows] == [1, 1]


def test_a_team_without_a_leader_is_shown_as_told_to_nobody(officer: Actor, fire: Incident) -> None:
    row = called(officer, fire, led(deputies=-1))
    assert (row.told, Message.objects.count(), stands(row)) == (0, 0, "waiting")


# --- silence --------------------------------------------------------------------------------------


def test_a_silent_leader_is_passed_over_to_the_deputy_and_then_the_desk(
    officer: Actor, fire: Incident
) -> None:
    row = called(officer, fire, led())
    call = Confirmation.objects.get(about_kind="team_call", about_id=str(row.pk))
    take_step(by=system(), confirmation_id=call.pk, step=1)
    first, second = messages(row)
    assert (first.person_id, second.person_id) == tuple(people(row))
    assert second.text.startswith("【演练】前一位负责人没有回音")
    assert first.links != second.links
    take_step(by=system(), confirmation_id=call.pk, step=2)
    call.refresh_from_db()
    assert call.state == "failed"
    assert pressed(row, "accept", person=people(row)[1], headcount=5) == "taken"
    call.refresh_from_db()
    assert (call.state, again(row).headcount) == ("met", 5)


def test_whoever_signs_ends_the_calling(officer: Actor, fire: Incident) -> None:
    row = called(officer, fire, led())
    assert pressed(row, "accept", headcount=8) == "taken"
    call = Confirmation.objects.get(about_kind="team_call")
    assert call.state == "met"
    assert take_step(by=system(), confirmation_id=call.pk, step=1) is False
    assert len(messages(row)) == 1


# --- acts -----------------------------------------------------------------------------------------


def test_from_the_signature_to_home(officer: Actor, fire: Incident, held_clock: clock.Held) -> None:
    row = called(officer, fire, led())
    steps = [("accept", (8, 6, 0)), ("en_route", (8, 6, 0)), ("arrived", (8, 0, 6))]
    for name, expected in steps:
        held_clock.forward(timedelta(minutes=4))
        assert pressed(row, name, **({"headcount": 6} if name == "accept" else {})) == "taken"
        assert counts(fire) == expected
    with refused("held", status=409):
        close_incident(by=officer, incident_id=fire.pk)
    stand_down_team(by=officer, call_id=row.pk)
    assert next(one.text for one in messages(row, "stand_down")).startswith("【演练】【解除】")
    assert (counts(fire), held(row)) == ((0, 0, 6), True)
    held_clock.forward(timedelta(minutes=9))
    assert pressed(row, "left") == "taken"
    assert held(row), "who has left is not home yet"
    assert pressed(row, "home") == "taken"
    assert (counts(fire), held(row), stands(again(row))) == ((0, 0, 0), False, "home")
    names = Entry.objects.filter(name="force.team_acted").values_list("payload__act", flat=True)
    assert sorted(names) == ["accept", "arrived", "en_route", "home", "left"]


def test_the_same_act_again_is_the_same(officer: Actor, fire: Incident) -> None:
    row, mark = called(officer, fire, led()), uuid4()
    assert pressed(row, "accept", act_id=mark, headcount=8) == "taken"
    assert pressed(row, "accept", act_id=mark, headcount=8) == "repeated"
    assert pressed(row, "accept", headcount=9) == "repeated"
    assert (TeamAct.objects.count(), again(row).headcount) == (2, 8)


def test_an_order_is_declined_with_a_reason_and_an_invitation_without(
    officer: Actor, fire: Incident
) -> None:
    row = called(officer, fire, led())
    with transaction.atomic():  # what is refused is undone
        status, said = act(row, "decline")
    assert (status, said["code"]) == (422, "reason_needed")
    assert pressed(row, "decline", reason="车在修") == "taken"
    row = again(row)
    assert (stands(row), row.reason, counts(fire), held(row)) == (
        "declined",
        "车在修",
        (0, 0, 0),
        False,
    )
    invited = called(officer, fire, led("演示蓝天队", kind="social", way="invitation"))
    assert pressed(invited, "decline") == "taken"
    assert pressed(row, "accept", headcount=3) == "taken"
    assert (again(row).reason, held(row)) == ("", True)


def test_who_signs_after_the_stand_down_is_told_that_he_need_not_come(
    officer: Actor, fire: Incident
) -> None:
    row = called(officer, fire, led())
    stand_down_team(by=officer, call_id=row.pk)
    assert (stands(again(row)), held(row)) == ("stood_down", False)
    status, said = act(row, "accept", headcount=8)
    assert (status, said["outcome"]) == (200, "accepted_late")
    assert "不用来了" in said["message_zh"]
    assert pressed(row, "en_route") == "not_needed"
    assert pressed(row, "arrived") == "not_needed"
    assert (held(row), again(row).ended_at) == (True, None), "who stands there must get home"
    assert pressed(row, "home") == "taken"
    assert not held(row)


def test_an_older_act_never_undoes_a_newer(
    officer: Actor, fire: Incident, held_clock: clock.Held
) -> None:
    row = called(officer, fire, led())
    held_clock.forward(timedelta(minutes=20))
    assert pressed(row, "accept", headcount=8) == "taken"
    early = clock.real() - timedelta(minutes=10)
    assert pressed(row, "decline", reason="来不了", at=early) == "too_late"
    assert stands(again(row)) == "accepted"
    assert TeamAct.objects.get(act="decline").claimed_at is not None


def test_the_desk_notes_what_it_was_told_and_it_is_marked(officer: Actor, fire: Incident) -> None:
    row = called(officer, fire, led())
    did = TeamDid(act="accept", act_id=uuid4(), happened_at=clock.now(), headcount=7)
    row, verdict = act_for_team(by=officer, call_id=row.pk, did=did)
    assert (verdict.outcome, row.headcount) == ("taken", 7)
    assert TeamAct.objects.get().by_desk
    entry = Entry.objects.get(name="force.team_acted")
    assert entry.payload["by_desk"] is True
    assert "值班室代记" in entry.body.text
    assert Confirmation.objects.get().state == "met"
    with refused("unknown_act", status=422):
        wrong = TeamDid(act="fly", act_id=uuid4(), happened_at=clock.now())
        act_for_team(by=officer, call_id=row.pk, did=wrong)
    (waiting,) = proposed(officer, fire, led("演示乙队"))
    with refused("not_called", status=409):
        act_for_team(by=officer, call_id=waiting.pk, did=did)


def test_stand_down_all_tells_the_called_and_drops_the_proposed(
    officer: Actor, fire: Incident
) -> None:
    row = called(officer, fire, led())
    (waiting,) = proposed(officer, fire, led("演示乙队"))
    assert len(stand_down_teams(by=officer, incident_id=fire.pk)) == 2
    assert stand_down_teams(by=officer, incident_id=fire.pk) == []
    assert (len(messages(row, "stand_down")), messages(waiting)) == (1, [])
    assert Confirmation.objects.get().state == "ended"
    names = set(Entry.objects.values_list("name", flat=True))
    assert {"force.team_stood_down", "force.team_withdrawn"} <= names
    close_incident(by=officer, incident_id=fire.pk)


def test_a_stale_version_is_refused(officer: Actor, fire: Incident) -> None:
    (row,) = proposed(officer, fire, led())
    with refused("stale", status=409):
        confirm_team(by=officer, call_id=row.pk, version=7)


# --- nearest --------------------------------------------------------------------------------------


def test_the_team_of_the_community_stands_first_and_the_busy_last(
    officer: Actor, fire: Incident
) -> None:
    Incident.objects.filter(pk=fire.pk).update(division="450202007003")
    lon, lat = HERE
    far = led("演示远队", at=(lon + 0.05, lat), covers=["450202007003"])
    near = led("演示近队", at=(lon + 0.001, lat))
    busy = led("演示忙队", at=(lon, lat))
    resting = led("演示休队", at=(lon, lat))
    called(officer, an_incident(), busy)
    Readiness.objects.create(team=resting, state="resting", since=NOW, by_kind="person")
    Readiness.objects.create(team=near, state="ready", since=NOW, headcount=5, by_kind="person")
    found = nearest_teams(seen_by=officer, incident_id=fire.pk)
    order = [one.row.team.pk for one in found]
    assert order[:2] == [far.pk, near.pk]
    assert set(order[2:]) == {busy.pk, resting.pk}
    assert "负责事发社区" in found[0].why
    assert found[1].why == ("可出动", "可出动 5 人")
    assert [one.can_come for one in found[:2]] == [10, 5]
    away = {one.row.team.pk: one for one in found if one.away}
    assert any("正在" in word for word in away[busy.pk].why)
    assert nearest_teams(seen_by=officer, incident_id=fire.pk, way="invitation") == []


def test_a_team_is_out_from_its_call_until_it_is_home_whatever_it_said(
    officer: Actor, fire: Incident
) -> None:
    team = led()
    said = Readiness.objects.create(
        team=team, state="ready", since=NOW - timedelta(hours=1), headcount=5, by_kind="person"
    )
    other = an_incident()

    def shown() -> tuple[str, bool]:
        """Its readiness for programs, and whether another incident may be proposed it."""
        (row,) = rows_of([team])
        (near,) = nearest_teams(seen_by=officer, incident_id=other.pk)
        told = team_json(row)["readiness"]
        assert told is not None
        assert told["state"] == row.code
        return told["state"], not near.away

    (row,) = proposed(officer, fire, team)
    assert shown() == ("ready", True)
    row = confirm_team(by=officer, call_id=row.pk)
    page = cast.signed_in(cast.XIAOWANG)
    for name in ("accept", "en_route", "arrived", "left"):
        assert shown() == ("out", False)
        assert "出动中" in page.get("/forces/").content.decode()
        assert "从调出到归队" in page.get(f"/forces/teams/{team.pk}/").content.decode()
        assert pressed(row, name) == "taken"
    assert shown() == ("out", False)
    pressed(row, "home")
    assert shown() == ("ready", True)
    assert "从调出到归队" not in page.get(f"/forces/teams/{team.pk}/").content.decode()
    assert Readiness.objects.get() == said, "what the team says is written by the team alone"


def test_bars_count_volunteers_and_teams_side_by_side(officer: Actor, fire: Incident) -> None:
    row = called(officer, fire, led())
    pressed(row, "accept", headcount=6)
    (line,) = people_of((fire.pk,))[fire.pk]
    assert (line.need, line.coming, line.on_scene, line.gap) == (8, 6, 0, 2)
    assert together([line]).counts() == {"need": 8, "coming": 6, "on_scene": 0}
