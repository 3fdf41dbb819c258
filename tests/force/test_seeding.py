"""The demo's forces: the published numbers come out, made-up people are known as such."""

import re

import pytest
from django.db.models import Count, Sum
from pytest_django import Settings

from qianjun.force.models import CoveredCommunity, Team, TeamMember, Volunteer
from qianjun.force.seeding import VOLUNTEERS, VOLUNTEERS_SMALL, seed_forces
from qianjun.force.seeding.drawing import homes
from qianjun.kernel.errors import Refused
from qianjun.org.models import Address, Person, Unit
from qianjun.place.queries import community_of
from qianjun.place.seeding import seed_places

pytestmark = pytest.mark.django_db
# the published article of the bureau, 2020-11-12: S4-1 to S4-6
ARTICLE = {"community": 27, "enterprise": 22, "full_time": 60, "part_time": 998, "government": 3}
FEW = 300


@pytest.fixture(autouse=True)
def places() -> None:
    seed_places()


def test_the_published_numbers_come_out() -> None:
    seed_forces(volunteers=FEW)
    kinds = dict(Team.objects.values_list("kind").annotate(n=Count("pk")))
    people = Team.objects.filter(kind="enterprise").aggregate(Sum("full_time"), Sum("part_time"))
    assert kinds["community"] == ARTICLE["community"]
    assert kinds["enterprise"] == ARTICLE["enterprise"]
    assert kinds["fire"] + kinds["professional"] == ARTICLE["government"]
    # beyond what was published, so that it can be asked for; the law lets nobody order it
    assert kinds["militia"] == 1
    others = Team.objects.filter(kind__in=("fire", "militia"))
    assert {team.way for team in others} == {"request"}
    assert all(team.schematic and team.name.startswith("演示") for team in others)
    assert people["full_time__sum"] == ARTICLE["full_time"]
    assert people["part_time__sum"] == ARTICLE["part_time"]
    assert (VOLUNTEERS, VOLUNTEERS_SMALL) == (68_945, 2_000)


def test_ten_of_37_communities_are_a_gap() -> None:
    seed_forces(volunteers=FEW)
    covered = set(CoveredCommunity.objects.values_list("code", flat=True))
    every = {home.code for home in homes()}
    assert (len(every), len(every - covered), covered - every) == (37, 10, set())
    each = Team.objects.filter(kind="community").annotate(n=Count("covered"))
    assert {team.n for team in each} >= {1, 2}


def test_every_team_has_a_leader_who_can_be_reached() -> None:
    seed_forces(volunteers=FEW)
    led = TeamMember.objects.filter(role="leader").values_list("team", "person")
    assert len({team for team, _person in led}) == Team.objects.count()
    reached = Address.objects.filter(person__in=[person for _team, person in led])
    assert reached.exclude(consent_at=None).count() == len(led)
    assert all(team.readiness.count() == 1 for team in Team.objects.all())


def test_nobody_made_up_looks_real() -> None:
    seed_forces(volunteers=FEW)
    assert not Person.objects.exclude(name__startswith="演示").exists()
    numbers = list(Address.objects.values_list("value", flat=True))
    numbers += Team.objects.values_list("duty_phone", flat=True)
    assert all(re.fullmatch(r"100\d{8}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert not Volunteer.objects.filter(schematic=False).exists()
    assert not Team.objects.filter(schematic=False).exists()
    enterprises = Unit.objects.filter(level="enterprise", teams__isnull=False)
    assert {unit.code[:5] for unit in enterprises} == {"DEMO-"}


def test_volunteers_live_in_the_community_that_their_record_names() -> None:
    seed_forces(volunteers=FEW)
    for one in Volunteer.objects.select_related("person__unit")[:80]:
        where = community_of(one.lon, one.lat)
        assert where is not None
        assert where.code == one.community == one.person.unit.code
    assert Volunteer.objects.values("community").distinct().count() > 30


def test_made_up_people_have_signed_up_themselves_and_some_may_not_be_called() -> None:
    seed_forces(volunteers=FEW)
    assert set(Volunteer.objects.values_list("source", flat=True)) == {"own_sign_up"}
    assert 0 < Volunteer.objects.filter(consent_at=None).count() < FEW // 10
    assert 0 < Volunteer.objects.filter(insured_until=None).count() < FEW // 4
    assert Volunteer.objects.exclude(skills=0).count() > FEW // 3


def test_seeding_again_changes_nothing_and_brings_back_a_team_that_went() -> None:
    assert seed_forces(volunteers=FEW) == FEW
    gone = Team.objects.get(name="演示防汛抢险队")
    as_was = (gone.lon, gone.lat, gone.duty_phone, gone.members.count())
    before = (Team.objects.count(), Volunteer.objects.count(), Person.objects.count())
    assert seed_forces(volunteers=FEW) == 0
    assert (Team.objects.count(), Volunteer.objects.count(), Person.objects.count()) == before
    gone.delete()
    seed_forces(volunteers=FEW)
    again = Team.objects.get(name="演示防汛抢险队")
    assert (again.lon, again.lat, again.duty_phone, again.members.count()) == as_was


def test_the_same_seed_gives_the_same_people() -> None:
    columns = ("person__name", "lon", "lat", "skills", "adult_from", "asked", "community")
    seed_forces(volunteers=FEW)
    first = list(Volunteer.objects.order_by("person").values_list(*columns))
    Person.objects.filter(volunteer__isnull=False).delete()
    seed_forces(volunteers=FEW)
    assert list(Volunteer.objects.order_by("person").values_list(*columns)) == first


def test_the_live_realm_gets_nobody_made_up(settings: Settings) -> None:
    settings.REALM = "live"
    with pytest.raises(Refused):
        seed_forces(volunteers=FEW)
    assert not Volunteer.objects.exists()
