"""The house starts with its real units; the people of the demo are recognisably made up."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from qianjun.org.models import Address, Grant, Holding, Person, Post, Unit
from qianjun.org.people import actor_for_user
from qianjun.org.queries import holder_of, holders_of
from qianjun.org.roles import ROLES
from qianjun.org.seeding import DEMO_PASSWORD, demo_password, seed_demo_people, seed_units
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db
SHARED = Path(os.environ.get("QIANJUN_SHARED", Path(__file__).parents[3] / "shared"))
ACCOUNTS = [
    *("zhiban1", "zhiban2", "daiban", "juzhang", "jiedao"),
    *("xitong", "anquan", "shenji", "cangku"),
]
PARTNERS = [
    "区委办",
    "区政府办（总值班室）",
    "宣传部",
    "公安分局",
    "交警大队（城中大队）",
    "消防救援大队",
    "卫健局",
    "疾控中心",
    "工信局",
    "住建局",
    "城管执法局",
    "农业农村局",
    "自然资源分局",
    "生态环境分局",
    "教育局",
    "民政局",
    "市场监管局",
    "人武部",
    "气象台",
    "水文中心",
    "供电",
    "供水",
    "燃气",
    "通信",
]


def test_seven_streets_and_thirty_seven_communities_and_villages_stand_below_the_bureau() -> None:
    seed_units()
    kinds = Counter(Unit.objects.values_list("kind", flat=True))
    assert (kinds["bureau"], kinds["street_office"]) == (1, 7)
    assert (kinds["community"], kinds["village"]) == (31, 6)
    jinglan = Unit.objects.get(code="450202007201")
    assert jinglan.path == "450202/450202007/450202007201"
    assert jinglan.parent is not None
    assert jinglan.parent.short_name == "静兰街道"


def test_every_path_is_the_path_of_the_parent_and_the_code() -> None:
    seed_units()
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == (f"{unit.parent.path}/{unit.code}" if unit.parent else unit.code)
        assert unit.sort_key


def test_the_partners_have_their_names_and_levels() -> None:
    seed_units()
    levels = dict(Unit.objects.values_list("short_name", "level"))
    assert set(PARTNERS) <= set(levels)
    assert {levels[name] for name in PARTNERS[:18]} == {"district"}
    assert {levels[name] for name in PARTNERS[18:]} == {"city"}


def test_the_codes_are_the_real_ones() -> None:
    source = SHARED / "data" / "chengzhong_communities.csv"
    if not source.exists():
        pytest.skip("the shared data are not beside the repository")
    seed_units()
    with source.open(encoding="utf-8-sig") as file:
        real = {row["code12"]: row["short_name"] for row in csv.DictReader(file)}
    ours = Unit.objects.filter(level="community").values_list("code", "short_name")
    assert dict(ours) == real


def test_seeding_again_changes_nothing_and_repairs_a_name() -> None:
    first = seed_units()
    keys = set(Unit.objects.values_list("pk", "code"))
    Unit.objects.filter(code="450202").update(name="别名")
    assert seed_units() == first == len(keys)
    assert set(Unit.objects.values_list("pk", "code")) == keys
    assert Unit.objects.get(code="450202").name == "柳州市城中区应急管理局"


def test_the_people_of_the_demo_are_seeded_once() -> None:
    seed_demo_people()
    before = [table.objects.count() for table in (Person, Address, Grant, Holding, Post, User)]
    seed_demo_people()
    after = [table.objects.count() for table in (Person, Address, Grant, Holding, Post, User)]
    assert after == before
    assert sorted(User.objects.values_list("username", flat=True)) == sorted(ACCOUNTS)


def test_the_people_of_the_demo_are_recognisably_made_up() -> None:
    seed_demo_people()
    assert all(name.startswith("演示") for name in Person.objects.values_list("name", flat=True))
    for address in Address.objects.all():
        assert address.is_synthetic
        assert address.consent_at is not None
        assert re.fullmatch(r"100\d{8}|[a-z]+@example\.test", address.value)


def test_two_officers_and_one_leader_are_on_duty() -> None:
    seed_demo_people()
    assert len(holders_of("duty_officer")) == 2
    leader = holder_of("leader_in_charge")
    assert leader is not None
    assert leader.user is not None
    assert leader.user.username == "daiban"
    assert leader.addresses.filter(channel="sms").count() == 2


def test_each_account_has_one_role_and_the_street_only_its_street() -> None:
    seed_demo_people()
    actors = {user.username: actor_for_user(user.pk) for user in User.objects.all()}
    assert all(actor.role in ROLES for actor in actors.values())
    assert actors["jiedao"].scope.unit_path == "450202/450202001"
    assert actors["zhiban2"].may("incident.close")
    assert not actors["xitong"].may("incident.read")


def test_the_demo_password_works_in_the_demo_alone(settings: Settings) -> None:
    settings.REALM = "demo"
    assert demo_password() == DEMO_PASSWORD
    settings.REALM = "drill"
    assert demo_password() is None
    seed_demo_people()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_live_house_takes_no_made_up_people(settings: Settings) -> None:
    settings.REALM = "live"
    with refused("not_a_demo", status=409):
        seed_demo_people()
    assert not Person.objects.exists()
