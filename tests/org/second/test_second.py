"""A code from a phone at the log-in: enrolled, asked, slow for guessers, reset by one other."""

import base64
import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.test import Client
from pytest_django import Settings

from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.org.models import Person
from qianjun.org.second.rules import code_at, step_at
from qianjun.org.staff.actions import reset_second_factor
from tests import cast
from tests.org.refusals import refused
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)
RIGHT = "correct-horse-17"
HALF_MINUTE = timedelta(seconds=30)
INDEX, CODE, PHONE = "/accounts/second/", "/accounts/second/code/", "/accounts/second/phone/"


@pytest.fixture(autouse=True)
def key(settings: Settings, tmp_path: Path) -> None:
    """A key file to seal secrets with."""
    settings.SETTINGS_KEY_FILE = tmp_path / "settings.key"
    settings.SETTINGS_KEY_FILE.write_text("k" * 43)


def somebody(part: cast.Part) -> Person:
    """Him with a password."""
    found = cast.person(part)
    assert found.user is not None
    found.user.set_password(RIGHT)
    found.user.save()
    return found


def entered(part: cast.Part) -> Client:
    """A browser in which he has typed his password."""
    browser = Client()
    browser.post("/accounts/login/", {"login": part.login, "password": RIGHT})
    return browser


def now_shown(secret: str) -> str:
    """What his phone shows now."""
    return code_at(secret, step_at(clock.real()))


def enrolled(part: cast.Part = cast.SYSTEM) -> tuple[str, list[str]]:
    """Secret and recovery codes of somebody who has gone through the pages."""
    browser = entered(part)
    asked = browser.get(PHONE)
    assert asked.status_code == 302, "the password once more"
    page = browser.post(asked.headers["Location"], {"password": RIGHT}, follow=True)
    html = html_of(page)
    assert "<svg" in html
    assert "<script src=" not in html
    secret = str(page.context["form"].secret)
    wrong = browser.post(PHONE, {"code": "000000"})
    assert "验证码不对" in text_of(wrong)
    shown = browser.post(PHONE, {"code": now_shown(secret)}, follow=True)
    codes = re.findall(r"<li><code>(\d+)</code>", html_of(shown))
    assert len(codes) == 10
    assert codes[0] not in html_of(browser.get("/accounts/second/recovery/")), "only once"
    return secret, codes


def test_the_secret_is_sealed_and_the_picture_is_drawn_here() -> None:
    somebody(cast.SYSTEM)
    secret, codes = enrolled()
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in kept
    assert not any(code in kept for code in codes)
    said = Entry.objects.filter(name="org.second_factor_changed")
    assert [row.payload["change"] for row in said] == ["activated"]


def test_the_log_in_asks_for_the_code_and_takes_it_once() -> None:
    somebody(cast.SYSTEM)
    secret, _codes = enrolled()
    browser = entered(cast.SYSTEM)
    assert SESSION_KEY not in browser.session
    assert browser.get("/admin/people/").status_code == 302
    assert "再验证一次" in text_of(browser.get(CODE))
    code = now_shown(secret)
    assert browser.post(CODE, {"code": code}).status_code == 302
    assert SESSION_KEY in browser.session
    assert browser.get("/admin/people/").status_code == 200
    again = entered(cast.SYSTEM)
    assert "验证码不对" in text_of(again.post(CODE, {"code": code})), "a code is good once"


def test_a_recovery_code_opens_once() -> None:
    somebody(cast.SYSTEM)
    _secret, codes = enrolled()
    assert entered(cast.SYSTEM).post(CODE, {"code": codes[0]}).status_code == 302
    assert entered(cast.SYSTEM).post(CODE, {"code": codes[0]}).status_code == 200


def test_guessing_gets_slower_and_locks_nobody_out(held_clock: clock.Held) -> None:
    somebody(cast.SYSTEM)
    secret, _codes = enrolled()
    browser = entered(cast.SYSTEM)
    for _guess in range(3):
        browser.post(CODE, {"code": "000000"})
    held_clock.forward(timedelta(seconds=1))
    assert "请等待" in text_of(browser.post(CODE, {"code": now_shown(secret)}))
    held_clock.forward(HALF_MINUTE)
    assert browser.post(CODE, {"code": now_shown(secret)}).status_code == 302


def test_an_administrator_in_the_realm_live_gets_it_first(settings: Settings) -> None:
    settings.REALM = "live"
    somebody(cast.SYSTEM)
    browser = entered(cast.SYSTEM)
    answer = browser.get("/admin/people/")
    assert (answer.status_code, answer.headers["Location"]) == (302, INDEX)
    assert "还没有开启" in text_of(browser.get(INDEX))
    secret, _codes = enrolled()
    browser = entered(cast.SYSTEM)
    browser.post(CODE, {"code": code_at(secret, step_at(clock.real()) + 1)})
    assert browser.get("/admin/people/").status_code == 200
    off = browser.get("/accounts/second/phone/off/")
    page = browser.post(off.headers["Location"], {"password": RIGHT}, follow=True)
    assert "必须有登录保护" in text_of(page)
    browser.post("/accounts/second/phone/off/")
    assert Authenticator.objects.filter(type="totp").exists(), "the last one stays"
    somebody(cast.XIAOWANG)
    assert entered(cast.XIAOWANG).get("/").status_code == 200, "others choose themselves"


def test_nobody_of_a_demonstration_is_kept_out() -> None:
    somebody(cast.SYSTEM)
    assert entered(cast.SYSTEM).get("/admin/people/").status_code == 200


def test_a_program_with_the_session_of_such_an_administrator_is_told(settings: Settings) -> None:
    settings.REALM = "live"
    browser = cast.signed_in(cast.SYSTEM)
    reply = browser.get("/api/v1/uploads/1")
    assert reply.status_code == 403
    assert reply.json()["code"] == "second_factor_needed"


def test_the_security_administrator_resets_it_and_never_his_own() -> None:
    lost = somebody(cast.SYSTEM)
    enrolled()
    by = cast.actor(cast.SECURITY)
    browser = cast.signed_in(cast.SECURITY)
    there = f"/admin/people/{lost.pk}/"
    assert "重置登录保护" in text_of(browser.get(there))
    page = browser.post(f"{there}second/", {"version": lost.version}, follow=True)
    assert "已重置" in text_of(page)
    assert not Authenticator.objects.exists()
    assert SESSION_KEY in entered(cast.SYSTEM).session
    said = Entry.objects.filter(name="org.second_factor_changed").latest("pk")
    assert said.payload == {"person_id": lost.pk, "factor": "all", "change": "reset"}
    lost.refresh_from_db()
    words = {"person": lost.pk, "version": lost.version}
    with refused("no_second", status=409):
        reset_second_factor(by=by, **words)
    with refused("not_allowed", status=403):
        reset_second_factor(by=cast.actor(cast.SYSTEM), **words)
    himself = cast.person(cast.SECURITY)
    with refused("not_yourself", status=403):
        reset_second_factor(by=by, person=himself.pk, version=himself.version)


def test_without_the_key_file_it_says_so_instead_of_failing(settings: Settings) -> None:
    somebody(cast.SYSTEM)
    secret, _codes = enrolled()
    browser = entered(cast.SYSTEM)
    Path(settings.SETTINGS_KEY_FILE).unlink()
    reply = browser.post(CODE, {"code": now_shown(secret)})
    assert reply.status_code == 503
    assert "密钥文件" in text_of(reply)


def test_a_credential_that_is_none_is_refused() -> None:
    somebody(cast.SYSTEM)
    enrolled()
    browser = entered(cast.SYSTEM)
    for credential in ("", "x", "{}", "[1]", '{"id": 1}', "null"):
        assert browser.post(CODE, {"credential": credential}).status_code == 200, credential
    assert browser.post(CODE, {"code": "\u0660" * 6}).status_code == 200
    assert browser.post(CODE, {"code": base64.b64encode(b"x" * 9_000).decode()}).status_code == 200
