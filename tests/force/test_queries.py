"""Coverage and volunteers in numbers: the counts are those of the rule."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from qianjun.force import queries
from qianjun.force.models import Volunteer
from qianjun.force.queries.limits import limits
from qianjun.force.queries.volunteers import standing
from qianjun.force.rules.calling import REASONS, counted
from qianjun.force.seeding import seed_forces
from qianjun.force.skills import mask_of
from qianjun.org.actor import Scope
from qianjun.org.tokens import actor_for_token
from qianjun.place.seeding import seed_places
from tests import cast
from tests.force import some

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> Iterator[None]:
    """The shipped places, read in Chinese whatever a test before has chosen."""
    seed_places()
    with override("zh-hans"):
        yield


def test_the_summary_counts_what_the_rule_says() -> None:
    seed_forces(volunteers=400)
    later = some.NOW + timedelta(days=1)
    some_of_them = Volunteer.objects.order_by("pk").values("pk")
    Volunteer.objects.filter(pk__in=some_of_them[:9]).update(busy_until=later)
    Volunteer.objects.filter(pk__in=some_of_them[20:30]).update(minutes_this_year=20_000)
    Volunteer.objects.filter(pk__in=some_of_them[40:55]).update(asked=9, calls_this_year=9)
    found = queries.summary(seen_by=cast.actor(cast.XIAOWANG))
    everybody = Volunteer.objects.prefetch_related("person__addresses")
    by_rule = counted((standing(one, at=some.NOW) for one in everybody), limits())
    assert found.excluded == by_rule
    assert all(found.excluded[name] for name in REASONS)
    assert found.callable == 400 - sum(by_rule.values())
    lon, lat = some.HERE
    pool = queries.pool(by=cast.actor(cast.XIAOWANG), lon=lon, lat=lat, radius_m=60_000)
    assert pool.excluded() == by_rule
    for rows in (found.by_community, found.by_source):
        assert sum(one.count for one in rows) == 400
        assert sum(one.callable for one in rows) == found.callable


def test_people_with_several_skills_count_under_each() -> None:
    some.volunteer(1, skills=mask_of(["nurse", "driver"]))
    some.volunteer(2, skills=mask_of(["driver"]), adult_from=None)
    found = queries.summary(seen_by=cast.actor(cast.XIAOWANG))
    assert [(one.code, one.count, one.callable) for one in found.by_skill] == [
        ("nurse", 1, 1),
        ("driver", 2, 1),
    ]
    assert [one.title for one in found.by_community] == ["社区不明"]


def test_nobody_at_all_is_a_summary_too() -> None:
    found = queries.summary(seen_by=cast.actor(cast.XIAOWANG))
    assert (found.count, found.callable, found.by_community) == (0, 0, ())
    assert found.excluded == dict.fromkeys(REASONS, 0)


def test_a_street_counts_its_own_people() -> None:
    some.volunteer(1)
    some.volunteer(2, unit=cast.unit("450202002"))
    by = actor_for_token(cast.token_for("duty_officer", unit=cast.unit(cast.STREET)))
    assert queries.summary(seen_by=by).count == 1
    assert [one.row.person.name for one in queries.volunteers_named("演示", seen_by=by)] == [
        "演示志愿1"
    ]


def test_a_gap_shows_the_nearest_community_team() -> None:
    own = some.team(covers=("450202001001",))
    some.team("演示厂队", kind="enterprise", way="request", at=(109.4201, 24.3352))
    found = {one.community.code: one for one in queries.coverage(seen_by=cast.actor(cast.LAOLI))}
    assert len(found) == 37
    assert found["450202001001"].teams == (own,)
    gap = found["450202002003"]
    assert (gap.teams, gap.cover, gap.community.street) == ((), own, "公园街道")
    assert gap.distance_m is not None
    assert 1_500 < gap.distance_m < 3_500


def test_a_street_sees_the_gaps_of_its_own_communities() -> None:
    by = actor_for_token(cast.token_for("duty_officer", unit=cast.unit(cast.STREET)))
    assert {one.community.street for one in queries.coverage(seen_by=by)} == {"城中街道"}


def test_a_list_of_teams_takes_few_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    seed_forces(volunteers=10)
    by = cast.actor(cast.XIAOWANG)
    with django_assert_max_num_queries(6):
        rows = queries.rows_of(queries.teams(seen_by=by))
    assert len(rows) == 53
    assert all(row.leader and "*" in row.leader and row.readiness for row in rows)
    assert len(queries.rows_of(queries.teams(seen_by=by, kind="enterprise", q="tlc"))) == 1


def test_volunteers_are_found_by_initials_and_shown_masked() -> None:
    some.volunteer(7, insured_until=date(2026, 5, 1))
    (found,) = queries.volunteers_named("yszy", seen_by=cast.actor(cast.XIAOWANG))
    assert (found.name, found.why) == ("演示志**", "没有有效保险")
    assert found.phone == "100****0007"
    assert queries.volunteers_named(" ", seen_by=cast.actor(cast.XIAOWANG)) == []


def test_an_actor_of_one_matter_sees_no_forces() -> None:
    some.team()
    some.volunteer()
    told: Any = cast.actor(cast.XIAOWANG)
    from dataclasses import replace

    by = replace(told, scope=Scope(kind="about", about=("incident", "1")))
    assert list(queries.teams_seen(by)) == []
    assert queries.summary(seen_by=by).count == 0
    lon, lat = some.HERE
    assert len(queries.pool(by=by, lon=lon, lat=lat, radius_m=5_000)) == 0
