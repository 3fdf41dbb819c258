"""Language, dark room, realm: what every page shares."""

import pytest
from django.test import Client

from tests import cast
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_browser_that_speaks_english_is_answered_in_english() -> None:
    door = text_of(Client(headers={"Accept-Language": "en-US"}).get("/accounts/login/"))
    assert "Log in" in door
    assert "登录" not in door


@pytest.mark.parametrize("language", ["zh-CN", "fr", ""])
def test_every_other_browser_is_answered_in_chinese(language: str) -> None:
    door = Client(headers={"Accept-Language": language}).get("/accounts/login/")
    assert "登录" in text_of(door)
    assert '<html lang="zh-Hans"' in html_of(door)


def test_the_language_is_chosen_on_the_page_and_kept() -> None:
    client = Client()
    chosen = client.post("/look/language/", {"language": "en", "next": "/accounts/login/"})
    assert chosen.headers["Location"] == "/accounts/login/"
    assert "Log in" in text_of(client.get("/accounts/login/"))


def test_the_dark_room_is_kept_by_the_browser() -> None:
    client = Client()
    assert 'data-theme="dark"' not in html_of(client.get("/accounts/login/"))
    client.post("/look/theme/", {"theme": "dark", "next": "/accounts/login/"})
    assert 'data-theme="dark"' in html_of(client.get("/accounts/login/"))


@pytest.mark.parametrize("place", ["https://evil.example.test/", "//evil.example.test", "x:y"])
def test_the_way_back_never_leads_outside(place: str) -> None:
    for path, fields in (("/look/theme/", {"theme": "dark"}), ("/look/language/", {})):
        assert Client().post(path, {**fields, "next": place}).headers["Location"] == "/"


def test_a_theme_that_nobody_knows_changes_nothing() -> None:
    client = Client()
    client.post("/look/theme/", {"theme": "<b>"})
    assert "theme" not in client.cookies


def test_a_demonstration_says_so_on_every_page_and_on_paper() -> None:
    officer = cast.signed_in(cast.XIAOWANG)
    for path in ("/", "/intake/", "/incidents/"):
        page = html_of(officer.get(path))
        assert 'class="drill"' in page
        assert "不计入统计" in page


def test_the_real_house_has_no_frame(settings: pytest.FixtureRequest) -> None:
    settings.REALM = "live"  # type: ignore[attr-defined]
    page = html_of(cast.signed_in(cast.XIAOWANG).get("/"))
    assert 'class="drill"' not in page
    assert "演示</span>" not in page
