"""What the database itself refuses about teams and volunteers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qianjun.force.models import MemberSkill, Readiness, Team
from qianjun.force.rules.moving import WAYS
from tests import cast
from tests.force import some

pytestmark = pytest.mark.django_db


def refused(make: Any, **told: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**told)


@pytest.mark.parametrize("kind", Team.Kind.values)
def test_a_team_is_moved_only_as_the_law_says(kind: str) -> None:
    for way in Team.Way.values:
        if way in WAYS[kind]:
            some.team(f"{kind} {way}", kind=kind, way=way)
        else:
            refused(some.team, name=f"{kind} {way}", kind=kind, way=way)


def test_a_team_has_one_leader_and_nobody_twice() -> None:
    team = some.team()
    some.member(team)
    refused(lambda: some.member(team, cast.XIAOCHEN))
    some.member(team, cast.XIAOCHEN, role="member")
    refused(lambda: some.member(team, cast.XIAOCHEN, role="deputy"))


def test_a_leader_who_left_makes_room_for_the_next() -> None:
    team = some.team()
    first = some.member(team)
    first.left_at = some.NOW
    first.save(update_fields=["left_at"])
    some.member(team, cast.XIAOCHEN)
    assert team.members.count() == 2
    first.left_at = first.joined_at - timedelta(seconds=1)
    refused(lambda: first.save(update_fields=["left_at"]))


def test_a_volunteer_agrees_to_something() -> None:
    refused(some.volunteer, consent_text="")
    assert some.volunteer(2, consent_at=None, consent_text="").pk


def test_counts_of_a_volunteer_hang_together() -> None:
    refused(some.volunteer, asked=1, accepted=2)
    refused(some.volunteer, asked=1, calls_this_year=2)
    assert some.volunteer(3, asked=2, accepted=2, calls_this_year=1).pk


def test_an_organisation_is_named_when_it_stands_for_somebody_and_only_then() -> None:
    refused(some.volunteer, source="organisation")
    refused(some.volunteer, organisation=cast.unit())
    assert some.volunteer(4, source="organisation", organisation=cast.unit()).pk


def test_a_list_from_above_is_for_one_incident_until_an_hour() -> None:
    refused(some.volunteer, source="list_from_above")
    refused(some.volunteer, source="list_from_above", expires_at=some.NOW)
    refused(some.volunteer, expires_at=some.NOW)


def test_everybody_is_somewhere_on_earth() -> None:
    refused(some.team, at=(181.0, 24.0))
    refused(some.team, skills=-1)
    refused(some.volunteer, skills=-1)


def test_readiness_and_certificates_are_rows() -> None:
    team = some.team()
    for state in ("ready", "out"):
        Readiness.objects.create(team=team, state=state, since=some.NOW, by_kind="system")
    assert team.readiness.count() == 2
    certificate = {"member": some.member(team), "skill": "nurse"}
    MemberSkill.objects.create(**certificate)
    refused(MemberSkill.objects.create, **certificate)
