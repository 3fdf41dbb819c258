"""What people do with teams and volunteers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from qianjun.force import actions, queries
from qianjun.force.models import Team
from qianjun.journal.models import Entry
from qianjun.kernel.errors import Refused
from qianjun.org.models import Address, Person, Read
from qianjun.org.tokens import actor_for_token
from qianjun.place.seeding import seed_places
from tests import cast
from tests.force import some

pytestmark = pytest.mark.django_db
CODE = "450202001001"


@pytest.fixture(autouse=True)
def places() -> None:
    seed_places()


def code_of(verb: Any, **told: Any) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        verb(**told)
    return refused.value.code


def said(name: str) -> int:
    return Entry.objects.filter(name=f"force.{name}").count()


def edited(team: Team, **changed: Any) -> Team:
    told: dict[str, Any] = {
        "by": cast.actor(cast.XIAOWANG),
        "team_id": team.pk,
        "version": team.version,
        "name": team.name,
        "way": team.way,
        "full_time": 0,
        "part_time": 12,
        "duty_phone": None,
        "insured_until": None,
        "skills": (),
        "communities": (),
    }
    return actions.edit_team(**(told | changed))


# --- readiness ------------------------------------------------------------------------------------


def test_the_desk_and_the_leader_say_whether_a_team_can_come() -> None:
    team = some.team()
    some.member(team)
    first = actions.set_readiness(by=cast.actor(cast.XIAOWANG), team_id=team.pk, state="ready")
    leader = cast.actor(cast.AQIANG)
    actions.set_readiness(by=leader, team_id=team.pk, state="out", headcount=8)
    (row,) = queries.rows_of([team])
    assert row.readiness is not None
    assert (row.readiness.state, row.readiness.headcount) == ("out", 8)
    assert (first.by_kind, team.readiness.count(), said("readiness_set")) == ("person", 2, 2)


def test_saying_the_same_again_is_no_news() -> None:
    team, by = some.team(), cast.actor(cast.XIAOWANG)
    rows = {actions.set_readiness(by=by, team_id=team.pk, state="ready").pk for _ in range(3)}
    assert (len(rows), said("readiness_set")) == (1, 1)


def test_a_leader_speaks_for_his_own_team_and_for_no_other() -> None:
    mine, other = some.team(), some.team("演示别的响应队")
    some.member(mine)
    leader = cast.actor(cast.AQIANG)
    told: dict[str, Any] = {"by": leader, "state": "ready"}
    assert code_of(actions.set_readiness, **told, team_id=other.pk) == "not_found"
    some.member(other, cast.XIAOCHEN)
    stranger = cast.actor_for("team_leader")
    assert (
        code_of(actions.set_readiness, by=stranger, state="ready", team_id=mine.pk) == "not_found"
    )
    reader = cast.actor(cast.JUZHANG)
    assert (
        code_of(actions.set_readiness, by=reader, state="ready", team_id=mine.pk) == "not_allowed"
    )


def test_a_leader_who_left_speaks_no_more() -> None:
    team = some.team()
    member = some.member(team)
    actions.remove_member(by=cast.actor(cast.XIAOWANG), team_id=team.pk, member_id=member.pk)
    leader = cast.actor(cast.AQIANG)
    assert code_of(actions.set_readiness, by=leader, team_id=team.pk, state="out") == "not_found"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"state": "asleep"}, "unknown_value"),
        ({"state": "out", "headcount": -1}, "bad_headcount"),
        ({"state": "out", "headcount": 10_001}, "bad_headcount"),
    ],
)
def test_what_is_no_state_is_refused(told: dict[str, Any], code: str) -> None:
    team = some.team()
    by = cast.actor(cast.XIAOWANG)
    assert code_of(actions.set_readiness, by=by, team_id=team.pk, **told) == code


# --- the team itself ------------------------------------------------------------------------------


def test_a_team_is_changed_as_a_whole() -> None:
    team = some.team(covers=("450202001002",), duty_phone="10030000001")
    edited(
        team,
        name=" 演示  新名队 ",
        way="request",
        full_time=3,
        insured_until=date(2027, 1, 1),
        skills=["boat", "nurse"],
        communities=[CODE, CODE],
    )
    team = Team.objects.get()
    assert (team.name, team.way, team.full_time, team.version) == ("演示 新名队", "request", 3, 2)
    assert team.duty_phone == "10030000001"
    (row,) = queries.rows_of([team])
    assert row.covers == ("龙城社区",)
    assert said("team_changed") == 1
    edited(team, duty_phone="")
    assert Team.objects.get().duty_phone == ""


def test_who_was_slower_is_told_how_it_stands() -> None:
    team = some.team()
    edited(team)
    with pytest.raises(Refused) as refused, transaction.atomic():
        edited(team)
    assert (refused.value.code, refused.value.status) == ("stale", 409)
    assert refused.value.extra["current"]["version"] == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "bad_name"),
        ({"name": "演示别的响应队"}, "name_taken"),
        ({"way": "invitation"}, "way_not_allowed"),
        ({"full_time": -1}, "bad_headcount"),
        ({"duty_phone": "138" + "00000000"}, "not_synthetic"),
        ({"skills": ["magic"]}, "unknown_skill"),
        ({"communities": ["450203001001"]}, "unknown_community"),
    ],
)
def test_what_cannot_stand_about_a_team_is_refused(changed: dict[str, Any], code: str) -> None:
    some.team("演示别的响应队")
    assert code_of(edited, team=some.team(), **changed) == code


def test_a_street_changes_no_team_of_another_street() -> None:
    team = some.team(unit=cast.unit("450202002"))
    by = actor_for_token(cast.token_for("duty_officer", unit=cast.unit(cast.STREET)))
    assert code_of(edited, team=team, by=by) == "not_found"
    assert list(queries.teams_seen(by)) == []


# --- members --------------------------------------------------------------------------------------


def added(team: Team, **changed: Any) -> Any:
    told = {"name": "演示新队员", "phone": "1000000 0055", "role": "member"}
    by = cast.actor(cast.XIAOWANG)
    return actions.add_member(by=by, team_id=team.pk, **(told | changed))


def test_somebody_new_is_taken_in_with_his_number_and_what_he_agreed_to() -> None:
    team = some.team()
    row = added(team, agrees=True)
    (way,) = Address.objects.filter(person=row.person)
    assert (way.value, way.is_synthetic, row.person.unit_id) == ("10000000055", True, team.unit_id)
    assert way.consent_at == some.NOW
    assert way.consent_text
    assert said("member_added") == 1


def test_somebody_known_is_found_again_by_name_and_number() -> None:
    first = added(some.team())
    again = added(some.team("演示别的响应队"))
    assert first.person_id == again.person_id
    assert Address.objects.filter(value="10000000055").count() == 1
    assert Address.objects.get(value="10000000055").consent_at is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "member_already"),
        ({"name": "演示另一人"}, "phone_of_another"),
        ({"name": "演示另一人", "phone": "10000000056", "role": "leader"}, "has_leader"),
        ({"phone": ""}, "phone_needed"),
        ({"phone": "138 0000 0000"}, "not_synthetic"),
        ({"role": "king"}, "unknown_value"),
        ({"name": ""}, "bad_name"),
    ],
)
def test_who_cannot_be_taken_in_is_refused(changed: dict[str, str], code: str) -> None:
    team = some.team()
    some.member(team)
    added(team)
    people = Person.objects.count()
    assert code_of(added, team=team, **changed) == code
    assert team.members.count() == 2
    assert Person.objects.count() - people <= 1


def test_somebody_leaves_once_and_stays_known() -> None:
    team = some.team()
    member = some.member(team)
    told: dict[str, Any] = {"by": cast.actor(cast.XIAOWANG), "team_id": team.pk}
    actions.remove_member(**told, member_id=member.pk)
    assert queries.whole(team).members == ()
    assert Person.objects.filter(pk=member.person_id).exists()
    assert code_of(actions.remove_member, **told, member_id=member.pk) == "left_already"
    assert code_of(actions.remove_member, **told, member_id="7" * 30) == "not_found"


# --- telephones -----------------------------------------------------------------------------------


def test_a_whole_number_is_shown_to_whoever_may_and_that_is_kept() -> None:
    team = some.team(duty_phone="10030000001")
    member = some.member(team)
    address = Address.objects.get(person=member.person).pk
    told: dict[str, Any] = {"by": cast.actor(cast.XIAOWANG), "team_id": team.pk}
    assert actions.reveal_team_phone(**told) == "10030000001"
    assert actions.reveal_team_phone(**told, address=address, why="通知集合") == "10000000077"
    assert Read.objects.filter(what="phone.reveal").count() == 2
    assert code_of(actions.reveal_team_phone, **told, address=address) == "why_needed"
    other = Address.objects.create(person=cast.person(cast.LAOLI), channel="sms", value="1")
    assert code_of(actions.reveal_team_phone, **told, address=other.pk, why="x") == "not_found"
    told["by"] = cast.actor(cast.JUZHANG)
    assert code_of(actions.reveal_team_phone, **told) == "not_allowed"


def test_a_team_without_a_duty_number_says_so() -> None:
    by = cast.actor(cast.XIAOWANG)
    assert code_of(actions.reveal_team_phone, by=by, team_id=some.team().pk) == "no_phone"


# --- volunteers -----------------------------------------------------------------------------------


def test_a_paused_volunteer_is_not_called_until_he_is_back() -> None:
    one, by = some.volunteer(), cast.actor(cast.XIAOWANG)
    until = some.NOW + timedelta(days=30)
    for _ in range(2):
        actions.pause_volunteer(by=by, volunteer_id=one.pk, until=until)
    assert queries.summary(seen_by=by).excluded["paused"] == 1
    for _ in range(2):
        actions.resume_volunteer(by=by, volunteer_id=one.pk)
    assert queries.summary(seen_by=by).callable == 1
    assert (said("volunteer_paused"), said("volunteer_resumed")) == (1, 1)


def test_a_pause_ends_in_the_future_and_within_two_years() -> None:
    one, by = some.volunteer(), cast.actor(cast.XIAOWANG)
    told: dict[str, Any] = {"by": by, "volunteer_id": one.pk}
    for days in (0, 1_000):
        until = some.NOW + timedelta(days=days)
        assert code_of(actions.pause_volunteer, **told, until=until) == "bad_until"
    reader = cast.actor(cast.JUZHANG)
    assert code_of(actions.resume_volunteer, by=reader, volunteer_id=one.pk) == "not_allowed"
    assert code_of(actions.resume_volunteer, by=by, volunteer_id="x") == "not_found"
