"""A code and a security key in a real browser: enrolled, asked for, quiet in both languages."""

import base64
import hmac
import struct
import time
from collections.abc import Callable
from hashlib import sha1

import pytest
from playwright.sync_api import expect

from qianjun.org.seeding import DEMO_PASSWORD
from tests.browser import Screen, browser, house, screens

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PHONE = {"viewport": {"width": 360, "height": 740}}


def shown_on_the_phone(secret: str) -> str:
    """What an app on a phone shows, by RFC 6238 and by its own clock."""
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), sha1
    ).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def left_and_asked(screen: Screen, login: str) -> None:
    """He leaves, and types his password at the door again."""
    screen.page.context.clear_cookies()
    screen.open("/accounts/login/")
    screen.page.fill("[name=login]", login)
    screen.page.fill("[name=password]", DEMO_PASSWORD)
    screen.page.click("form .go")
    screen.page.wait_for_url("**/accounts/second/code/")


def typed_again(screen: Screen) -> None:
    """The password once more, before the protection is changed."""
    screen.page.fill("[name=password]", DEMO_PASSWORD)
    screen.page.click("form .go")


def test_a_code_from_the_phone_opens_the_door(screens: Open) -> None:
    screen = screens("shenji", **PHONE)
    screen.open("/accounts/second/")
    assert not screen.wrong()
    screen.page.get_by_role("link", name="开启动态码").click()
    typed_again(screen)
    secret = screen.page.locator(".meta code").inner_text()
    assert not screen.wrong()
    screen.page.fill("[name=code]", shown_on_the_phone(secret))
    screen.page.get_by_role("button", name="开启动态码").click()
    codes = screen.page.locator(".codes code")
    expect(codes).to_have_count(10)
    assert not screen.wrong()
    first = codes.first.inner_text()
    left_and_asked(screen, "shenji")
    assert not screen.wrong()
    screen.page.fill("[name=code]", first)
    screen.page.click("form .go")
    screen.page.wait_for_url(lambda address: "/second/" not in address)


def test_a_security_key_opens_the_door(screens: Open) -> None:
    screen = screens()
    screen.address = screen.address.replace("127.0.0.1", "localhost")  # a key needs a name
    screen.sign_in("anquan")
    tool = screen.page.context.new_cdp_session(screen.page)
    tool.send("WebAuthn.enable")
    tool.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    screen.open("/accounts/second/keys/add/")
    typed_again(screen)
    screen.page.get_by_role("button", name="插好密钥，添加").click()
    expect(screen.page.locator(".codes code")).to_have_count(10)
    left_and_asked(screen, "anquan")
    screen.page.get_by_role("button", name="用安全密钥").click()
    screen.page.wait_for_url(lambda address: "/second/" not in address)
    assert screen.page.locator("form[action='/accounts/logout/']").count() == 1
