"""The tour of five sentences: once for each person and browser, by keys, never in the way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import Screen, browser, house, quiet, screens

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]


def test_whoever_comes_first_is_shown_round_once_and_may_ask_again(screens: Open) -> None:
    window = screens("zhiban1", first_time=True)
    page, tour = window.page, window.page.locator("#tour")
    with quiet(window):
        expect(tour).to_be_visible()
        expect(tour).to_contain_text("1/5")
        assert window.wrong() == []
        for number in range(2, 6):
            page.keyboard.press("ArrowRight")
            expect(tour).to_contain_text(f"{number}/5")
        page.keyboard.press("ArrowLeft")
        expect(tour).to_contain_text("4/5")
        page.keyboard.press("Escape")
        expect(tour).to_be_hidden()
        window.open("/")
        expect(page.locator(".rail")).to_be_visible()
        expect(tour).to_be_hidden()
        page.keyboard.press("?")
        page.get_by_role("button", name="再看一遍导览").click()
        expect(tour).to_contain_text("1/5")
        page.get_by_role("button", name="不再显示").click()
        expect(tour).to_be_hidden()


def test_an_administrator_without_a_desk_and_a_small_phone(screens: Open) -> None:
    admin = screens("xitong", first_time=True)
    expect(admin.page.locator("#tour")).to_have_count(0)
    small = screens("daiban", first_time=True, viewport={"width": 360, "height": 740})
    expect(small.page.locator("#tour")).to_be_visible()
    assert small.page.evaluate("document.documentElement.scrollWidth") <= 360
    small.page.context.add_cookies(
        [{"name": "django_language", "value": "en", "url": small.address}]
    )
    small.open("/")
    expect(small.page.locator("#tour")).to_contain_text("Alt+N. Where and what first")
