"""Who acts after signing in, what lies in his scope, who is on duty, what people are called."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from qianjun.kernel import clock
from qianjun.org.actor import Actor, Scope, require, system
from qianjun.org.http import actor_of, signed_in
from qianjun.org.models import Grant, Holding, Post, Unit
from qianjun.org.people import actor_for_user
from qianjun.org.queries import (
    holder_of,
    holders_of,
    name_of,
    names_of,
    people_of_role,
    sees,
    unit_by_code,
    within,
)
from qianjun.org.seeding import seed_units
from tests import cast
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def test_an_account_acts_as_its_person_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    xiaowang = cast.person(cast.XIAOWANG)
    assert xiaowang.user_id is not None
    with django_assert_num_queries(1):
        actor = actor_for_user(xiaowang.user_id)
    assert (actor.kind, actor.ident, actor.person) == ("person", str(xiaowang.pk), xiaowang.pk)
    assert (actor.role, actor.name, actor.via) == ("duty_officer", "值班员小王", "session")
    assert actor.may("incident.close")


def test_an_outsider_with_an_account_may_nothing() -> None:
    outsider = cast.actor(cast.OUTSIDER)
    assert outsider.permissions == frozenset()
    with refused("not_allowed", status=403):
        require(outsider, "report.take")


def test_an_account_without_a_person_may_nothing() -> None:
    actor = actor_for_user(User.objects.create(username="root", is_superuser=True).pk)
    assert actor.permissions == frozenset()


def test_a_grant_counts_only_while_it_lasts(held_clock: clock.Held) -> None:
    person = cast.person(cast.KEEPER)
    Grant.objects.filter(person=person).update(until=clock.real() + timedelta(hours=1))
    assert cast.actor(cast.KEEPER).may("report.take")
    assert list(people_of_role("keeper")) == [person]
    held_clock.forward(timedelta(hours=1))
    assert not cast.actor(cast.KEEPER).may("report.take")
    assert not people_of_role("keeper").exists()


def test_the_house_itself_may_everything() -> None:
    require(system(), "body.erase")


def test_a_stranger_is_asked_to_sign_in() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with refused("sign_in", status=401):
        actor_of(request)


def test_a_person_is_looked_up_once_per_request(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    request = RequestFactory().get("/")
    user = cast.person(cast.LAOLI).user
    assert user is not None
    request.user = user
    with django_assert_num_queries(1):
        assert actor_of(request) is actor_of(request)


def test_a_street_sees_its_communities_and_no_other_street() -> None:
    seed_units()
    street = cast.actor(cast.JIEDAO)
    seen = within(Unit.objects.all(), street.scope, "path")
    assert seen.count() == 4
    assert all(code.startswith("450202001") for code in seen.values_list("code", flat=True))
    assert sees(street, "450202/450202001/450202001003")
    assert not sees(street, "450202/450202002")


def test_the_district_sees_everything_and_a_link_no_list() -> None:
    seed_units()
    assert within(Unit.objects.all(), Scope(), "path").count() == Unit.objects.count()
    link = Scope(kind="about", about=("callout", "1"))
    assert not within(Unit.objects.all(), link, "path").exists()
    assert not sees(Actor(kind="link", ident="1", scope=link), "450202")


def test_the_holder_of_a_post_is_who_holds_it_now_in_domain_time(held_clock: clock.Held) -> None:
    laoli = cast.put_on_duty(cast.LAOLI)
    assert holder_of("leader_in_charge") == laoli
    Holding.objects.update(until=clock.now() + timedelta(hours=1))
    later = cast.person(cast.JUZHANG)
    post = Post.objects.get(code="leader_in_charge")
    Holding.objects.create(post=post, person=later, since=clock.now() + timedelta(hours=1))
    assert holder_of("leader_in_charge") == laoli
    held_clock.forward(timedelta(hours=1))
    assert holder_of("leader_in_charge") == later


def test_a_post_that_nobody_holds_has_no_holder() -> None:
    assert holder_of("leader_in_charge") is None
    assert holder_of("no_such_post") is None


def test_two_officers_may_hold_the_post_and_are_asked_for_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    both = {cast.put_on_duty(part, post="duty_officer") for part in (cast.XIAOWANG, cast.XIAOZHAO)}
    with django_assert_num_queries(1):
        assert set(holders_of("duty_officer")) == both


def test_units_are_found_by_code() -> None:
    bureau = cast.unit()
    assert unit_by_code("450202") == bureau
    assert unit_by_code("999999") is None


def test_names_are_masked_for_people_and_plain_for_programs(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = cast.person(cast.LAOLI)
    token = cast.actor_for("partner")
    asked = [
        *(("person", str(person.pk)), ("token", token.ident), ("system", "system")),
        *(("person", "999999"), ("person", "x"), ("partner", "p")),
    ]
    with django_assert_num_queries(2):
        names = names_of(asked)
    assert list(names.values()).count("未知") == 3
    assert names["person", str(person.pk)] == "带*****"
    assert names["token", token.ident] == "partner"
    assert name_of("system", "ticker") == "系统"


def test_a_session_writes_only_with_the_token_of_its_page() -> None:
    factory = RequestFactory()
    reading, writing = factory.get("/api/v1/x"), factory.post("/api/v1/x")
    for request in (reading, writing):
        request.user = user_of(cast.XIAOWANG)
    assert signed_in(reading).role == "duty_officer"
    with refused("csrf", status=403):
        signed_in(writing)
    writing.META["HTTP_X_CSRFTOKEN"] = writing.COOKIES["csrftoken"] = "a" * 32
    assert signed_in(writing).role == "duty_officer"


def user_of(part: cast.Part) -> User:
    """His account."""
    user = cast.person(part).user
    assert user is not None
    return user
