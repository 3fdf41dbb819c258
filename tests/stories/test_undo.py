"""What was just done is taken back by one key, and the journal tells both."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import Screen, browser, house, quiet, screens

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
SIZES = [(1366, 768), (360, 740)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_note_is_taken_back_by_one_key(screens: Open, width: int, height: int) -> None:
    screen = screens("zhiban1", viewport={"width": width, "height": height})
    page = screen.page
    with quiet(screen):
        screen.open("/intake/")
        page.fill("#where", "弯塘社区")
        page.fill("#text", "一车间起火，有明火")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/incidents/*/")
        form = page.locator("form[aria-label='报数']")
        form.locator("[name=kind]").select_option("injured")
        form.locator("[name=value]").fill("2")
        form.locator("[name=source]").fill("119")
        form.get_by_role("button", name="报数").click()
        toast = page.locator("[data-toast]")
        expect(toast).to_contain_text("已记：2 受伤")
        expect(toast.get_by_role("button")).to_be_in_viewport()
        assert not screen.wrong()
        # while somebody types, the key is the field's own
        form.locator("[name=source]").fill("医院")
        page.keyboard.press("Control+z")
        expect(toast).to_contain_text("已记：2 受伤")
        form.locator("[name=source]").fill("")
        page.locator("#main").focus()
        page.keyboard.press("Control+z")
        expect(page.locator("[data-toast]")).to_contain_text("已撤销")
        expect(page.locator("#timeline")).to_contain_text("受伤 2 已撤回，不再采用")
        expect(page.locator("#timeline")).to_contain_text("受伤 2")
