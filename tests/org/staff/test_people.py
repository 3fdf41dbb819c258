"""The system administrator keeps people and accounts, the security administrator roles."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from qianjun.kernel import clock
from qianjun.org.importing.people import KIND
from qianjun.org.models import Grant, Person
from qianjun.org.staff import actions
from qianjun.org.staff.queries import people
from tests import cast
from tests.org.refusals import refused
from tests.org.staff.steps import PASSWORD, PEOPLE, added, at, said, sent, with_password
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db(transaction=True)


# --- from nothing to somebody who works ----------------------------------------------------------


def test_somebody_new_gets_an_account_by_a_link_and_a_role_by_another(
    system: Client, security: Client
) -> None:
    person = added(system)
    reply = system.post(at(person, "link"), {"version": person.version})
    link = re.search(r"http://testserver(/enrol/\w+/)", reply.content.decode())
    assert link
    assert link[1] not in system.get(at(person)).content.decode()
    form = {"login": "xinlai", "password": PASSWORD, "again": PASSWORD}
    assert "密码已设好" in text_of(Client().post(link[1], form))
    assert "已授予" in sent(security, person, "roles", role="duty_officer", unit="")
    client = Client()
    assert client.login(username="xinlai", password=PASSWORD)
    assert client.get("/").status_code == 200
    assert said() == [
        "新增人员：演示新来的",
        "开了设置密码的一次性链接：演示新来的",
        "用一次性链接设置了密码：演示新来的",
        "授予角色“值班员”：演示新来的",
    ]


def test_people_are_found_by_name_initials_account_and_unit(system: Client) -> None:
    cast.unit(cast.STREET)
    for name, unit in (("演示陆志远", cast.DISTRICT), ("演示单雄信", cast.STREET)):
        added(system, name, unit)
    cast.person(cast.XIAOWANG)
    by = cast.actor(cast.SYSTEM)

    def found(q: str = "", unit: str = "") -> list[str]:
        return [row.person.name for row in people(seen_by=by, q=q, unit=unit).rows]

    assert found(q="志远") == ["演示陆志远"]
    assert found(q="lzy") == ["演示陆志远"]
    assert found(q="xiaowang") == ["值班员小王"]
    assert found(unit=cast.STREET) == ["演示单雄信"]
    assert found(unit=cast.STREET, q="lzy") == []
    assert found(unit="nowhere") == []
    page = text_of(system.get(PEOPLE, {"q": "没有这个人"}))
    assert "没有符合的人" in page


def test_a_long_list_is_paged_and_a_page_costs_the_same(
    system: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    unit = cast.unit()
    Person.objects.bulk_create(
        Person(name=f"演示{n}", unit=unit, sort_key=f"{n:03}") for n in range(120)
    )
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        first = text_of(system.get(PEOPLE))
    assert "1 / 3" in first
    assert "演示48" in first
    assert "演示51" not in first
    assert "3 / 3" in text_of(system.get(PEOPLE, {"page": "99"}))


def test_name_and_unit_are_changed_once_and_a_stale_page_is_told(system: Client) -> None:
    cast.unit(cast.STREET)
    person = added(system)
    old = person.version
    assert "已保存" in sent(system, person, "change", name="演示改名的", unit=cast.STREET)
    reply = system.post(
        at(person, "change"), {"version": old, "name": "又一个", "unit": cast.STREET}, follow=True
    )
    assert "别人刚改过" in text_of(reply)
    person.refresh_from_db()
    assert (person.name, person.unit.code) == ("演示改名的", cast.STREET)
    assert [row.person.pk for row in people(seen_by=cast.actor(cast.SYSTEM), q="gmd").rows] == [
        person.pk
    ]
    assert said()[-1].startswith("修改人员：演示新来的（城中区应急管理局） → 演示改名的")


def test_a_stale_version_is_refused_with_how_the_person_stands() -> None:
    person, by = cast.person(cast.XIAOWANG), cast.actor(cast.SYSTEM)
    with pytest.raises(Exception, match="stale") as caught:
        actions.switch_account(by=by, person=person.pk, version=9, on=False)
    current = caught.value.extra["current"]  # type: ignore[attr-defined]
    assert (current["version"], current["roles"]) == (1, ["duty_officer"])
    assert caught.value.status == 409  # type: ignore[attr-defined]


def test_a_sheet_that_changes_somebody_makes_an_open_page_stale() -> None:
    person = cast.person(cast.XIAOWANG)
    KIND.restore({person.pk: {"name": "演示换了", "unit": person.unit_id, "ways": []}})
    with refused("stale", status=409):
        actions.change_person(
            by=cast.actor(cast.SYSTEM), person=person.pk, version=1, name="甲", unit=cast.DISTRICT
        )


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "长" * 61}, {"unit": "nowhere"}, {"unit": ""}]
)
def test_a_wrong_wish_for_somebody_new_is_said_and_makes_nothing(
    system: Client, wrong: dict[str, str]
) -> None:
    before = Person.objects.count()
    reply = system.post(f"{PEOPLE}add/", {"name": "演示甲", "unit": cast.DISTRICT} | wrong)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.content.decode()
    assert Person.objects.count() == before


# --- accounts ------------------------------------------------------------------------------------


def test_a_stopped_account_is_out_at_once_and_comes_back(system: Client) -> None:
    officer = cast.signed_in(cast.XIAOWANG)
    person = cast.person(cast.XIAOWANG)
    assert officer.get("/").status_code == 200
    assert "已停用" in sent(system, person, "account", on="0")
    assert officer.get("/").status_code == 302
    assert "先启用" in sent(system, person, "link")
    assert "已启用" in sent(system, person, "account", on="1")
    assert officer.get("/").status_code == 200
    assert said() == ["停用账号：值班员小王", "启用账号：值班员小王"]


def test_a_link_that_is_out_dies_with_the_account(system: Client) -> None:
    person = cast.person(cast.XIAOWANG)
    reply = system.post(at(person, "link"), {"version": person.version})
    link = re.search(r"(/enrol/\w+/)", reply.content.decode())
    assert link
    sent(system, person, "account", on="0")
    sent(system, person, "account", on="1")
    assert Client().get(link[1]).status_code == 410


def test_nobody_stops_himself_and_the_last_administrator_stays() -> None:
    me, auditor = with_password(cast.SYSTEM), with_password(cast.AUDIT)
    with refused("not_yourself", status=403):
        actions.switch_account(
            by=cast.actor(cast.SYSTEM), person=me.pk, version=me.version, on=False
        )
    client = cast.signed_in(cast.SYSTEM)
    assert "最后一位能登录的审计管理员" in sent(client, auditor, "account", on="0")
    assert auditor.user is not None
    assert User.objects.get(pk=auditor.user.pk).is_active


def test_the_password_of_an_administrator_is_not_set_by_another(system: Client) -> None:
    auditor = with_password(cast.AUDIT)
    page = sent(system, auditor, "link")
    assert "qianjun init --relink audit_admin --login shenji" in page
    assert "/enrol/" not in page


# --- roles ---------------------------------------------------------------------------------------


def test_a_role_over_a_street_is_given_and_taken_back(
    security: Client, held_clock: clock.Held
) -> None:
    person, street = cast.person(cast.OUTSIDER), cast.unit(cast.STREET)
    sent(security, person, "roles", role="community_worker", unit=cast.STREET)
    grant = Grant.objects.get(person=person)
    assert (grant.role, grant.unit, grant.until) == ("community_worker", street, None)
    assert cast.actor(cast.OUTSIDER).may("report.take")
    again = sent(security, person, "roles", role="community_worker", unit=cast.STREET)
    assert "他已经有这个角色" in again
    held_clock.forward(timedelta(seconds=1))
    assert "已收回" in sent(security, person, "roles", grant.pk, "end")
    assert not cast.actor(cast.OUTSIDER).may("report.take")
    body = f"外人（{street.short_name}）"
    assert said() == [f"授予角色“街道/社区”：{body}", f"收回角色“街道/社区”：{body}"]


def test_nobody_grants_himself(security: Client) -> None:
    me = cast.person(cast.SECURITY)
    page = sent(security, me, "roles", role="duty_officer", unit="")
    assert "不能给自己授予角色" in page
    assert Grant.objects.filter(person=me).count() == 1
    assert "授予角色</button>" not in security.get(at(me)).content.decode()


@pytest.mark.parametrize("role", ["security_admin", "audit_admin"])
def test_the_three_administrators_are_three_people(security: Client, role: str) -> None:
    person = cast.person(cast.SYSTEM)
    reply = security.post(at(person, "roles"), {"version": person.version, "role": role})
    assert reply.status_code == 422
    assert "三员分立" in text_of(reply)
    assert "他已有角色“系统管理员”" in text_of(reply)
    assert f'<option value="{role}" selected>' in reply.content.decode()
    grant = Grant.objects.get(person=person)
    sent(security, person, "roles", grant.pk, "end")
    assert "已授予" in sent(security, person, "roles", role=role, unit="")


def granted(person: Person, role: str) -> Grant:
    """By the security administrator, over the whole district."""
    person.refresh_from_db()
    by = cast.actor(cast.SECURITY)
    return actions.grant_role(by=by, person=person.pk, version=person.version, role=role)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [("system_admin", "duty_officer"), ("audit_admin", "volunteer"), ("keeper", "system_admin")],
)
def test_an_administrator_is_nothing_else(held: str, wanted: str, held_clock: clock.Held) -> None:
    person = cast.person(cast.OUTSIDER)
    grant = granted(person, held)
    with refused("kept_apart", status=422):
        granted(person, wanted)
    assert list(Grant.objects.filter(person=person)) == [grant]
    held_clock.forward(timedelta(minutes=1))
    Grant.objects.filter(pk=grant.pk).update(until=clock.real())
    granted(person, wanted)


@pytest.mark.parametrize("begins", [timedelta(days=-1), timedelta(hours=1)])
def test_a_role_that_ends_later_than_the_other_begins_keeps_it_away(begins: timedelta) -> None:
    person, real = cast.person(cast.OUTSIDER), clock.real()
    Grant.objects.create(
        person=person, role="keeper", since=real + begins, until=real + timedelta(hours=2)
    )
    with refused("kept_apart", status=422):
        granted(person, "audit_admin")


def test_who_holds_both_from_before_gets_no_link_and_sets_no_password(system: Client) -> None:
    person = added(system)
    reply = system.post(at(person, "link"), {"version": person.version})
    link = re.search(r"(/enrol/\w+/)", reply.content.decode())
    assert link
    for role in ("keeper", "audit_admin"):
        Grant.objects.create(person=person, role=role, since=clock.real())
    form = {"login": "liangzhong", "password": PASSWORD, "again": PASSWORD}
    reply = Client().post(link[1], form)
    assert reply.status_code == 422
    assert "不能开账号" in text_of(reply)
    assert not User.objects.filter(username="liangzhong").exists()
    assert "不能开账号" in sent(system, person, "link")


def test_the_last_administrator_of_a_kind_keeps_his_role_until_another_has_it(
    security: Client,
) -> None:
    auditor = with_password(cast.AUDIT)
    grant = Grant.objects.get(person=auditor)
    assert "最后一位" in sent(security, auditor, "roles", grant.pk, "end")
    other = with_password(cast.OUTSIDER)
    sent(security, other, "roles", role="audit_admin", unit="")
    assert "已收回" in sent(security, auditor, "roles", grant.pk, "end")


def test_an_open_link_ends_when_its_holder_becomes_an_administrator(
    system: Client, security: Client
) -> None:
    person = added(system)
    reply = system.post(at(person, "link"), {"version": person.version})
    link = re.search(r"(/enrol/\w+/)", reply.content.decode())
    assert link
    sent(security, person, "roles", role="audit_admin", unit="")
    assert Client().get(link[1]).status_code == 410


def test_a_security_administrator_of_a_street_grants_within_it_only() -> None:
    cast.unit("450202002")
    part = cast.Part(name="街道安全员", role="security_admin", login="jd", unit=cast.STREET)
    by, inside = cast.actor(part), cast.person(cast.JIEDAO)
    outside = cast.person(cast.XIAOWANG)

    def given(person: Person, unit: str) -> Grant:
        return actions.grant_role(by=by, person=person.pk, version=1, role="volunteer", unit=unit)

    with refused("not_found", status=404):
        given(outside, cast.STREET)
    for unit in ("", "450202002", cast.DISTRICT):
        with refused("unknown_unit", status=422):
            given(inside, unit)
    grant = given(inside, cast.STREET)
    assert grant.unit == cast.unit(cast.STREET)
