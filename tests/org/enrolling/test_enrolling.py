"""The first administrators enrol by links that live for three days and are used once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from qianjun.journal.models import Entry
from qianjun.journal.queries import lines_of
from qianjun.kernel import clock
from qianjun.org.actor import system
from qianjun.org.enrolling.actions import Opened, invite_administrator
from qianjun.org.enrolling.opening import invite_missing, invite_one, missing_and_closed, waiting
from qianjun.org.enrolling.queries import missing_administrators
from qianjun.org.models import Grant, Link, Person
from qianjun.org.people import actor_for_user
from qianjun.org.roles import ADMINISTRATORS
from qianjun.org.seeding import DEMO_PASSWORD, seed_demo_people
from tests import cast
from tests.org.refusals import refused
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {
    "name": "演示陆志远",
    "login": "luzhiyuan",
    "password": "liu-he-shui-ku-71",
    "again": "liu-he-shui-ku-71",
}
HOSTILE = (
    *("", " ", "\x00", "a\x00b", "\ud800", "\u202e", "x" * 100_000, "<script>alert(1)</script>"),
    *("' OR 1=1 --", "%00", "１２３", "\n", "🔥"),
)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    """The link of the first system administrator."""
    request.getfixturevalue("transactional_db")
    cast.unit()
    return opened("system_admin").path


def opened(role: str) -> Opened:
    return invite_administrator(by=system(name="init"), role=role)


def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def test_an_empty_house_has_three_links_and_asks_for_no_more_when_all_have_enrolled() -> None:
    cast.unit()
    links = invite_missing()
    assert [one.role for one in links] == list(ADMINISTRATORS)
    assert invite_missing() == []
    assert [role for role, _until in waiting()] == list(ADMINISTRATORS)
    for number, one in enumerate(links):
        reply = stranger().post(one.path, GOOD | {"login": f"admin{number}"})
        assert reply.status_code == 200, text_of(reply)
    assert missing_administrators() == []
    assert (invite_missing(), waiting(), missing_and_closed()) == ([], [], [])
    grants = Grant.objects.filter(unit__isnull=True).order_by("pk")
    assert list(grants.values_list("role", flat=True)) == list(ADMINISTRATORS)


def test_looking_changes_nothing_and_the_form_makes_an_account_that_signs_in(place: str) -> None:
    for method in (stranger().get, stranger().head):
        assert method(place).status_code == 200
    assert not User.objects.exists()
    reply = stranger().post(place, GOOD)
    assert "系统管理员已登记" in text_of(reply)
    user = User.objects.get()
    actor = actor_for_user(user.pk)
    assert (actor.role, actor.name, actor.scope.kind) == ("system_admin", "演示陆志远", "all")
    assert "sessionid" not in reply.cookies
    door = Client()
    signed = door.post(
        "/accounts/login/", {"login": GOOD["login"], "password": GOOD["password"]}, follow=True
    )
    assert "演示陆志远" in text_of(signed)


def test_the_journal_says_who_enrolled_and_holds_neither_link_nor_password(place: str) -> None:
    stranger().post(place, GOOD)
    said = [line.text_zh for line in lines_of(Entry.objects.order_by("pk"))]
    assert said == ["为系统管理员开了一次性登记链接", "系统管理员用一次性链接登记：演示陆志远"]
    rows = repr([list(Entry.objects.values()), list(Link.objects.values())])
    assert place.strip("/").rsplit("/", 1)[1] not in rows
    assert GOOD["password"] not in rows
    assert Entry.objects.last().by_kind == "link"  # type: ignore[union-attr]


def test_the_page_is_kept_nowhere_and_tells_no_other_site(place: str) -> None:
    reply = Client().get(place)
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in reply.headers["X-Robots-Tag"]


def test_who_has_signed_in_already_is_nobody_here(place: str) -> None:
    client = cast.signed_in(cast.XIAOWANG)
    assert "值班员小王" not in text_of(client.get(place))
    client.post(place, GOOD)
    assert Grant.objects.filter(role="system_admin").get().person.name == "演示陆志远"


def test_a_link_is_used_once(place: str) -> None:
    stranger().post(place, GOOD)
    for reply in (
        stranger().get(place),
        stranger().post(place, GOOD | {"login": "another"}),
    ):
        assert reply.status_code == 410
        assert "已经用过" in text_of(reply)
    assert User.objects.count() == 1


def test_a_link_lives_for_three_days_of_real_time(place: str, held_clock: clock.Held) -> None:
    held_clock.forward(timedelta(hours=71, minutes=59))
    assert Client().get(place).status_code == 200
    held_clock.forward(timedelta(minutes=1))
    reply = Client().get(place)
    assert reply.status_code == 410
    assert "已过期" in text_of(reply)
    assert "qianjun init --relink" in text_of(reply)
    assert [one.role for one in invite_missing()] == list(ADMINISTRATORS)


def test_an_altered_link_is_unknown_and_says_what_to_do(place: str) -> None:
    for other in (f"{place[:-2]}a/", f"{place[:-3]}/", "/enrol/x/", "/enrol/" + "a" * 42 + "/"):
        if other != place:
            reply = Client().get(other)
            assert reply.status_code == 404, other
            assert "整条复制" in text_of(reply)


def test_a_new_link_ends_the_lost_one(place: str) -> None:
    other = invite_one(role="system_admin")
    assert Client().get(place).status_code == 410
    assert Client().get(other.path).status_code == 200


def test_no_new_link_when_such_an_administrator_stands(place: str) -> None:
    stranger().post(place, GOOD)
    with refused("place_taken", status=409):
        opened("system_admin")
    with refused("not_found", status=404):
        opened("duty_officer")
    with refused("not_found", status=404):
        invite_administrator(by=cast.actor(cast.SYSTEM), role="audit_admin")


def test_a_link_is_over_when_somebody_else_has_the_place(place: str) -> None:
    person = cast.person(cast.SYSTEM)
    assert person.user is not None
    person.user.set_password("liu-he-shui-ku-72")
    person.user.save()
    assert Client().get(place).status_code == 410


def test_who_cannot_sign_in_does_not_count_and_a_demo_has_all(settings: Settings) -> None:
    settings.REALM = "drill"
    seed_demo_people()
    assert missing_administrators() == list(ADMINISTRATORS)
    User.objects.update(password="argon2$something")
    assert missing_administrators() == []
    User.objects.filter(username="shenji").update(is_active=False)
    assert missing_administrators() == ["audit_admin"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"login": ""}, "login"),
        ({"login": "lu zhi"}, "login"),
        ({"login": "XIAOWANG"}, "login"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "password123", "again": "password123"}, "password"),
        ({"password": DEMO_PASSWORD, "again": DEMO_PASSWORD}, "password"),
        ({"again": "something else"}, "again"),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_the_link_lives_on(
    place: str, changed: dict[str, str], field: str
) -> None:
    cast.person(cast.XIAOWANG)
    reply = stranger().post(place, GOOD | changed)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert f'aria-describedby="{field}-fault"' in page
    assert page.count("aria-invalid") == 1
    assert (changed | GOOD)["password"] not in page
    assert not Person.objects.filter(name="演示陆志远").exists()
    assert stranger().post(place, GOOD).status_code == 200


@pytest.mark.parametrize("field", sorted(GOOD))
def test_no_value_breaks_the_page(place: str, field: str) -> None:
    for value in HOSTILE:
        reply = Client(raise_request_exception=False).post(
            place, GOOD | {field: value.encode("utf-8", "surrogatepass")}
        )
        assert reply.status_code in (200, 400, 410, 413, 422), (value[:20], reply.status_code)
        assert "<script>alert" not in reply.content.decode()


def test_a_forgotten_password_of_an_administrator_is_set_anew_from_the_machine(place: str) -> None:
    stranger().post(place, GOOD)
    with refused("unknown_login", status=404):
        invite_one(role="security_admin", login=GOOD["login"])
    other = invite_one(role="system_admin", login=GOOD["login"])
    page = text_of(Client().get(other.path))
    assert GOOD["login"] in page
    before = User.objects.get().password
    reply = Client().post(other.path, {"password": "xin-mi-ma-8800", "again": "xin-mi-ma-8800"})
    assert "密码已设好" in text_of(reply)
    assert User.objects.get().password != before
    assert (User.objects.count(), Grant.objects.count()) == (1, 1)
