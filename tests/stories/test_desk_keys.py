"""The desk by keyboard alone: a line becomes a report, a digit does what waits."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import Screen, browser, house, quiet, screens

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
COMPOSED = """key => document.body.dispatchEvent(
    new KeyboardEvent("keydown", {key, bubbles: true, isComposing: true}))"""


def test_a_line_becomes_a_report_and_a_digit_hands_it_over(screens: Open) -> None:
    screen = screens("zhiban1")
    page = screen.page
    with quiet(screen):
        screen.begin_report()
        screen.open("/")
        page.keyboard.press("Control+k")
        page.keyboard.type("接 弯塘社区 民房起火 2伤")
        expect(page.locator("#command-hits [aria-selected=true]")).to_contain_text("接报")
        expect(page.locator("#command-hits")).to_contain_text("2人受伤")
        assert not screen.wrong()
        page.keyboard.press("Enter")
        page.wait_for_url("**/intake/**")
        expect(page.locator("#where")).to_have_value("弯塘社区")
        expect(page.locator("#text")).to_have_value("民房起火，2人受伤")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/incidents/*/")
        room = page.url.removeprefix(screen.address)
        screen.open("/")
        first = page.locator("#firsts .card").first
        expect(first).to_contain_text("还没有转")
        page.keyboard.press("1")
        expect(page.locator("#firsts")).to_contain_text("等对方说收到")
        # three columns were fetched: what is due upward waits in the second
        expect(page.locator("#owed .card")).not_to_have_count(0)
        page.keyboard.press("l")
        page.keyboard.press("l")
        expect(page.locator("#owed .card").first).to_be_focused()
        page.keyboard.press("o")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{room}")


def test_an_incident_is_found_by_the_end_of_its_number_and_arrows(screens: Open) -> None:
    screen = screens("zhiban1")
    page = screen.page
    with quiet(screen):
        screen.open("/incidents/")
        page.keyboard.press("Control+k")
        page.keyboard.type("0001")
        options = page.locator("#command-hits [role=option]")
        expect(options.first).to_have_attribute("aria-selected", "true")
        expect(options.first).to_contain_text("-0001")
        count = options.count()
        page.keyboard.press("ArrowUp")
        expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/incidents/*/")


def test_single_keys_are_silent_while_composing_and_when_switched_off(screens: Open) -> None:
    screen = screens("zhiban1")
    page = screen.page
    with quiet(screen):
        screen.open("/")
        page.evaluate(COMPOSED, "?")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        expect(page.locator("#keys")).to_contain_text("办各栏第一张卡片的事")
        assert not screen.wrong()
        page.locator("#keys-on").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_hidden()


def test_at_most_ten_sounds_in_ten_minutes_and_only_for_cards_that_are_new(screens: Open) -> None:
    screen = screens("zhiban1")
    screen.open("/")
    told = screen.page.evaluate("""async () => {
        const { gravest, maySound } = await import("/static/js/sounds.js");
        const minute = 60000, played = [...Array(10).keys()].map((n) => n * minute);
        const cards = new Map([["a", 3], ["b", 1]]);
        return [maySound(played, 9 * minute), maySound(played, 10 * minute),
                gravest(cards, new Set()), gravest(cards, new Set(["a", "b"]))];
    }""")
    assert told == [False, True, 1, None]
