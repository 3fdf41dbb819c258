"""演示一遍 in a real browser: from the button beside the demo's accounts to its end.

It is hurried by its own key; what happens between is what a visitor sees. The worker is killed on
the way: the show goes on where it was.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from qianjun.drill.queries import script
from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo
from tests.stories.fireground import Desk

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
LATE_MS: Final = 150_000  # a machine may have other things to do
PAUSED_AT, KILLED_AT, FOLLOWED = 1, 2, 4


def at_step(page: Page, number: int) -> None:
    """Until the bar of the page shows this step, wherever the page has gone meanwhile."""
    bar = page.locator("#show[data-step]")
    expect(bar).to_have_attribute("data-step", re.compile(rf"\.{number}$"), timeout=LATE_MS)
    expect(bar.locator("b").first).to_have_text(script().steps[number - 1].said.zh)


def seen_where_it_happens(page: Page, number: int) -> None:
    """The page has followed to where the step is seen."""
    at_step(page, number)
    path = str(page.locator("#show").get_attribute("data-page"))
    page.wait_for_url(lambda url: urlsplit(url).path == path, timeout=LATE_MS)
    at_step(page, number)


def test_a_visitor_has_the_fire_shown_to_its_end(screens: Open, house: Demo) -> None:
    window = screens()
    page = window.page
    last = len(script().steps)
    with quiet(window):
        window.open("/accounts/login/")
        page.get_by_role("button", name=re.compile("演示一遍")).click()
        page.wait_for_url("**/show/")
        assert window.wrong() == []
        page.get_by_role("button", name="开始演示").click()
        for number in range(1, FOLLOWED + 1):
            seen_where_it_happens(page, number)
            if number == PAUSED_AT:
                held_and_resumed(window)
            if number == KILLED_AT:
                house.kill("worker")
            page.keyboard.press("Shift+N")
        at_step(page, FOLLOWED + 1)
        # the rest from one page, which is quicker; the last leads back to where it began
        page.get_by_label("跟着走").uncheck()
        page.wait_for_function("localStorage.getItem('show.follow') === 'off'")
        window.open("/show/")
        for number in range(FOLLOWED + 1, last):
            at_step(page, number)
            page.keyboard.press("Shift+N")
        at_step(page, last)
        expect(page.locator("#show .tag.done")).to_contain_text("演完了")
        page.reload()
        # every step did what it says: the page names those that did not
        expect(page.locator("main")).not_to_contain_text("没有办成")
        assert page.locator(".stops a").count() >= len(script().shown()) - 1
    desk = Desk(house)
    assert desk.get("clock")["speed"] == 1
    desk.close()


def held_and_resumed(window: Screen) -> None:
    """A key holds it, the clock stands, and a key lets it go on."""
    page = window.page
    page.keyboard.press("Shift+P")
    expect(page.locator("#show")).to_contain_text("已暂停")
    assert window.wrong() == []
    page.keyboard.press("Shift+P")
    expect(page.locator("#show")).not_to_contain_text("已暂停")


def test_whoever_stops_it_plays_himself_and_is_led_nowhere(screens: Open, house: Demo) -> None:
    officer, phone = screens("zhiban1"), screens("daiban", viewport={"width": 360, "height": 740})
    page = officer.page
    officer.open("/show/")
    page.get_by_role("button", name="开始演示").click()
    seen_where_it_happens(page, 1)
    page.get_by_label("跟着走").uncheck()
    page.wait_for_function("localStorage.getItem('show.follow') === 'off'")
    officer.open("/phones/")
    page.keyboard.press("Shift+N")
    at_step(page, 2)
    assert page.url.endswith("/phones/"), "he has switched the following off"
    phone.open("/incidents/")
    at_step(phone.page, 2)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Shift+X")
    page.wait_for_url("**/show/")
    expect(page.get_by_role("button", name="开始演示")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#show[data-step]")).to_have_count(0)
    desk = Desk(house)
    assert desk.get("clock")["speed"] == 1
    desk.close()
