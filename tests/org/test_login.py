"""Signing in: a wrong password costs time, never the desk."""

from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from qianjun.kernel import clock
from qianjun.org.delays import door_of, forget_old_delays
from qianjun.org.models import KnownNetwork, LoginDelay
from qianjun.org.seeding import DEMO_PASSWORD, seed_demo_people

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "correct-horse-17", "wrong-horse"
DESK, STRANGER = "127.0.0.1", "203.0.113.9"


@pytest.fixture(autouse=True)
def officer() -> User:
    return User.objects.create_user("xiaowang", password=RIGHT)


def tried(password: str, *, username: str = "xiaowang", address: str = DESK) -> str:
    """ "" when he is in, else the sentence he reads."""
    answer = Client(REMOTE_ADDR=address).post(
        "/accounts/login/", {"login": username, "password": password}
    )
    if answer.status_code == 302:
        return ""
    return str(answer.context["form"].non_field_errors()[0])


def fail(times: int, hands: clock.Held, *, address: str = DESK, username: str = "xiaowang") -> None:
    for _ in range(times):
        assert "等待" not in tried(WRONG, username=username, address=address)
        hands.forward(timedelta(seconds=60))


def test_the_right_password_opens_the_house() -> None:
    assert tried(RIGHT) == ""


def test_a_wrong_password_is_told_as_such_and_two_cost_nothing() -> None:
    for _ in range(2):
        assert "等待" not in tried(WRONG)
    assert tried(RIGHT) == ""


def test_after_three_failures_even_the_right_password_waits_two_seconds(
    held_clock: clock.Held,
) -> None:
    for _ in range(3):
        tried(WRONG)
    assert tried(RIGHT) == "密码连续输错，请等待 2 秒后再试。"
    held_clock.forward(timedelta(seconds=1.5))
    assert tried(RIGHT) == "密码连续输错，请等待 1 秒后再试。"
    held_clock.forward(timedelta(seconds=0.5))
    assert tried(RIGHT) == ""


def test_waiting_doubles_up_to_a_minute_and_trying_meanwhile_adds_nothing(
    held_clock: clock.Held,
) -> None:
    fail(2, held_clock)
    for seconds in (2, 4, 8, 16, 32, 60, 60):
        tried(WRONG)
        for _ in range(3):
            assert tried(WRONG) == f"密码连续输错，请等待 {seconds} 秒后再试。"
        held_clock.forward(timedelta(seconds=seconds))
    assert tried(RIGHT) == ""


def test_success_clears_the_waiting(held_clock: clock.Held) -> None:
    fail(5, held_clock)
    assert tried(RIGHT) == ""
    assert not LoginDelay.objects.exists()
    tried(WRONG)
    assert tried(RIGHT) == ""


def test_an_hour_of_quiet_forgives(held_clock: clock.Held) -> None:
    fail(8, held_clock)
    held_clock.forward(timedelta(hours=1))
    tried(WRONG)
    assert tried(RIGHT) == ""


def test_an_account_waits_from_wherever_it_is_tried(held_clock: clock.Held) -> None:
    fail(2, held_clock, address="203.0.113.1")
    tried(WRONG, address="203.0.113.2")
    assert "等待 2 秒" in tried(RIGHT, address="203.0.113.3")


def test_a_network_waits_whatever_account_it_tries() -> None:
    for n in range(3):
        tried(WRONG, username=f"guess{n}", address=STRANGER)
    assert "等待 2 秒" in tried(RIGHT, address=STRANGER)
    assert tried(RIGHT, address=DESK) == ""


def test_strangers_elsewhere_do_not_hold_up_the_desk(held_clock: clock.Held) -> None:
    assert tried(RIGHT, address=DESK) == ""
    fail(8, held_clock, address=STRANGER)
    tried(WRONG, address=STRANGER)
    assert "等待" in tried(RIGHT, address=STRANGER)
    assert tried(RIGHT, address=DESK) == ""


def test_names_are_hashed_and_spelling_does_not_get_around_the_waiting() -> None:
    one, other = door_of("Xiaowang", DESK), door_of("ｘｉａｏｗａｎｇ", DESK)
    assert one == other
    assert "xiaowang" not in " ".join(one.keys)
    assert door_of("x", "2001:db8::1").network == door_of("x", "2001:db8::ffff").network
    assert door_of("x", "not an address").network == "network:unknown"


def test_what_counts_no_longer_is_forgotten(held_clock: clock.Held) -> None:
    tried(RIGHT)
    tried(WRONG)
    assert forget_old_delays() == 0
    held_clock.forward(timedelta(hours=2))
    assert forget_old_delays() == 2
    held_clock.forward(timedelta(days=30))
    assert forget_old_delays() == 1
    assert not KnownNetwork.objects.exists()


def test_the_demo_password_opens_the_demo_and_nothing_else(settings: Settings) -> None:
    settings.REALM = "demo"
    seed_demo_people()
    assert tried(DEMO_PASSWORD, username="zhiban1") == ""
    settings.REALM = "live"
    User.objects.create_user("careless", password=DEMO_PASSWORD)
    assert tried(DEMO_PASSWORD, username="careless") != ""


@pytest.mark.parametrize("path", ["signup", "password/reset", "email", "login/code"])
def test_there_is_no_sign_up_and_no_mail(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}/").status_code == 404


@pytest.mark.parametrize("login", ["", "x" * 10_000, "a\x00b", "x@y", "' OR 1=1 --"])
def test_strange_names_are_refused_in_the_form(login: str) -> None:
    answer = Client().post("/accounts/login/", {"login": login, "password": WRONG})
    assert answer.status_code == 200


def changed(new: str) -> str:
    """The password changed to this: "" when it was, else the sentence."""
    client = Client()
    client.post("/accounts/login/", {"login": "xiaowang", "password": RIGHT})
    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": RIGHT, "password1": new, "password2": new},
    )
    if answer.status_code == 302:
        return ""
    return str(answer.context["form"].errors["password1"][0])


def test_people_change_their_own_password(officer: User) -> None:
    assert changed("staple-battery-9") == ""
    officer.refresh_from_db()
    assert officer.check_password("staple-battery-9")


@pytest.mark.parametrize("new", ["short", "password123", DEMO_PASSWORD])
def test_a_poor_password_is_not_taken(officer: User, new: str) -> None:
    assert changed(new) != ""
    officer.refresh_from_db()
    assert officer.check_password(RIGHT)


def test_signing_out_is_a_post(client: Client, officer: User) -> None:
    client.force_login(officer)
    client.get("/accounts/logout/")
    assert SESSION_KEY in client.session
    client.post("/accounts/logout/")
    assert SESSION_KEY not in client.session


def test_an_account_without_a_password_is_led_to_the_page_that_sets_one(officer: User) -> None:
    officer.set_unusable_password()
    officer.save()
    client = Client()
    client.force_login(officer)
    answer = client.get("/accounts/password/change/")
    assert answer.headers["Location"] == "/accounts/password/set/"
    shown = client.get("/accounts/password/set/").content.decode()
    assert 'name="password1"' in shown
    assert 'name="oldpassword"' not in shown
    new = {"password1": "staple-battery-9", "password2": "staple-battery-9"}
    assert client.post("/accounts/password/set/", new).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password("staple-battery-9")


def test_who_has_a_password_is_asked_for_it_before_a_new_one(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    shown = client.get("/accounts/password/change/").content.decode()
    assert 'name="oldpassword"' in shown
    assert 'action="/accounts/password/change/"' in shown
