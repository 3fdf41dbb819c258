"""A call is taken in by the keyboard alone, with a map or without; half a word does nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
SIZES = [(1366, 768), (1920, 1080), (360, 740)]
TYPED = {"1": "119", "110": "110", "12345": "12345", "qy": "enterprise"}
NO_WEBGL = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return String(kind).startsWith("webgl") ? null : get.call(this, kind, ...more);
};
"""


def intake(screen: Screen, *, map_is: str = "ready") -> Page:
    """The empty form, with its map drawn."""
    screen.open("/intake/")
    page = screen.page
    page.wait_for_selector(f"[data-map={map_is}]", timeout=PATIENCE_MS)
    page.keyboard.press("Alt+n")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("[data-saved]")).to_contain_text("已存")
    return page


def focused(page: Page) -> str:
    """The name of the field that the keys go to."""
    return str(page.evaluate("document.activeElement.name ?? document.activeElement.className"))


def chosen(page: Page, name: str) -> str:
    """Which radio button is on."""
    return str(page.evaluate(f"document.querySelector('[name={name}]:checked')?.value ?? ''"))


def sketch(page: Page) -> Locator:
    """What stands in for the map."""
    return page.locator("#sketch")


def test_a_call_of_119_becomes_an_incident_with_a_grade_proposed_without_the_mouse(
    screens: Open,
) -> None:
    screen = screens("zhiban1")
    page = intake(screen)
    keys = page.keyboard
    with quiet(screen):
        assert focused(page) == "source"
        keys.press("1")
        assert chosen(page, "source") == "119"
        keys.press("Enter")
        assert focused(page) == "where"
        keys.type("静兰 涂料厂")
        expect(page.locator("#heard-where")).to_contain_text("演示涂料厂")
        expect(page.locator(".pin.on")).to_contain_text("演示涂料厂")
        keys.press("Enter")
        keys.type("一车间起火，明火，已派3站，疑有危化，2伤，请通知环保和供水。")
        expect(page.locator("[data-take]")).to_contain_text("Alt+T")
        assert page.input_value("#injured") == ""
        keys.press("Alt+t")
        expect(page.locator("#injured")).to_have_value("2")
        assert focused(page) == "text"
        expect(page.locator("#look")).to_contain_text("建议启动 城中区火灾事故应急预案 三级")
        expect(page.locator("#look")).to_contain_text("批准人：区政府分管副区长")
        expect(page.locator("#look")).to_contain_text("建议 一般")
        keys.press("Alt+q")
        keys.type("甲苯 40 桶")
        keys.press("Enter")
        assert focused(page) == "ask-inside"
        keys.press("Control+Enter")
        page.wait_for_url("**/incidents/*/")
        expect(page.locator(".rhead")).to_contain_text("演示涂料厂火灾")
        expect(page.locator(".rhead")).to_contain_text("建议 一般")
        expect(page.locator("#reports, .reports").first).to_contain_text("甲苯 40 桶")
        page.wait_for_selector("[data-map=ready]", timeout=PATIENCE_MS)
        expect(page.locator(".pin.on")).to_contain_text("演示涂料厂")


def test_candidates_are_chosen_by_arrows_by_digits_and_on_the_map(screens: Open) -> None:
    screen = screens("zhiban2")
    page = intake(screen)
    keys = page.keyboard
    with quiet(screen):
        page.locator("#where").focus()
        keys.type("文昌")
        expect(page.locator("[data-spot]")).not_to_have_count(0)
        rows = page.locator("[data-spot]")
        names = rows.evaluate_all("all => all.map(one => one.dataset.name)")
        assert len(names) > 1
        expect(page.locator(".pin")).to_have_count(len(names))
        keys.press("ArrowDown")
        assert focused(page) == "where"
        expect(page.locator("#heard-where")).to_contain_text(f"{names[0]} · 您选的")
        page.locator(".maplibregl-canvas").focus()
        # alike in probability, so in no order; the community lies apart from road and bridge
        road = names.index("文昌路") + 1
        keys.press(str(road))
        expect(page.locator("#heard-where")).to_contain_text("文昌路 · 您选的")
        page.locator(".pin", has_text="文昌社区").click()
        expect(page.locator("#heard-where")).to_contain_text("文昌社区 · 您选的")

        box = page.locator("[data-canvas]").bounding_box()
        assert box
        page.mouse.click(box["x"] + 40, box["y"] + 60)
        expect(page.locator("#heard-where")).to_contain_text("图上定的点")
        assert page.input_value("[name=lon]").startswith("109.")
        page.locator(".maplibregl-canvas").focus()
        keys.press("0")
        expect(page.locator("#heard-where")).not_to_contain_text("图上定的点")
        assert page.input_value("[name=lon]") == ""
        page.locator(".maplibregl-canvas").focus()
        keys.press("ArrowRight")
        keys.press("Enter")
        expect(page.locator("#heard-where")).to_contain_text("图上定的点")


def test_each_source_asks_its_own_and_the_others_are_not_sent(screens: Open) -> None:
    screen = screens("zhiban1")
    page = intake(screen)
    with quiet(screen):
        for typed, source in (
            ("1", "119"),
            ("110", "110"),
            ("12345", "12345"),
            ("qy", "enterprise"),
        ):
            page.wait_for_timeout(950)
            page.locator("[name=source]").first.focus()
            page.keyboard.type(typed)
            assert chosen(page, "source") == source
            expect(page.locator("[data-own]:not([hidden])")).to_have_count(1)
            expect(page.locator(f"[data-own='{source}']")).to_be_visible()
        page.fill("#own-enterprise-name", "演示涂料厂")
        page.fill("#text", "我们厂里起火了")
        expect(page.locator("[data-saved]")).to_contain_text("已存")
        page.reload()
        expect(page.locator("#own-enterprise-name")).to_have_value("演示涂料厂")
        expect(page.locator("[data-own='119']")).to_be_hidden()


def test_no_key_acts_while_pinyin_is_composed(screens: Open) -> None:
    screen = screens("zhiban1")
    page = intake(screen)
    with quiet(screen):
        page.fill("#text", "着火了，2伤")
        expect(page.locator("[data-take]")).to_be_visible()
        page.locator("#where").focus()
        input_method = page.context.new_cdp_session(page)
        compose(input_method, "wenchang")
        for pressed in COMPOSING:
            page.evaluate(KEY, pressed)
        assert focused(page) == "where"
        assert page.input_value("#injured") == ""
        assert "/intake/" in page.url
        expect(page.locator("#keys")).not_to_be_visible()
        input_method.send("Input.insertText", {"text": "文昌路"})
        expect(page.locator("#where")).to_have_value("文昌路")
        expect(page.locator("#heard-where")).to_contain_text("文昌路")


COMPOSING: list[dict[str, Any]] = [
    {"key": "Enter", "isComposing": True},
    {"key": "Enter", "ctrlKey": True, "isComposing": True},
    {"key": "ArrowDown", "isComposing": True},
    {"key": "t", "code": "KeyT", "altKey": True, "isComposing": True},
    {"key": "n", "code": "KeyN", "altKey": True, "isComposing": True},
    # what older input methods send instead
    {"key": "Process", "code": "KeyT", "altKey": True, "keyCode": 229},
    {"key": "Enter", "ctrlKey": True, "keyCode": 229},
    {"key": "Enter", "keyCode": 229},
]
KEY = """pressed => {
  const event = new KeyboardEvent("keydown", { ...pressed, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""


def compose(input_method: Any, letters: str) -> None:  # playwright's session
    """Type pinyin that is not yet a word."""
    for end in range(1, len(letters) + 1):
        part = {"text": letters[:end], "selectionStart": end, "selectionEnd": end}
        input_method.send("Input.imeSetComposition", part)


def test_alt_n_begins_anew_from_any_page_and_can_be_taken_back(screens: Open) -> None:
    screen = screens("zhiban2")
    page = intake(screen)
    with quiet(screen):
        page.fill("#text", "说到一半")
        expect(page.locator("[data-saved]")).to_contain_text("已存")
        page.keyboard.press("Alt+n")
        expect(page.locator("#text")).to_have_value("")
        page.click("[data-toast] button")
        expect(page.locator("#text")).to_have_value("说到一半")
        page.keyboard.press("Alt+n")
        expect(page.locator("[data-saved]")).to_contain_text("已存")
        screen.open("/")
        page.keyboard.press("Alt+n")
        page.wait_for_url("**/intake/")


def test_119_is_told_first_by_one_key_and_stays_open_until_it_has_it(screens: Open) -> None:
    screen = screens("zhiban1")
    page = intake(screen)
    with quiet(screen):
        page.fill("#text", "文昌路演示厂房起火，冒黑烟")
        first = page.locator("[data-first='119']")
        expect(first).to_have_attribute("data-state", "due")
        page.locator("#text").press("Alt+z")
        expect(first).to_have_attribute("data-state", "told")
        assert focused(page) == "text"
        first.locator("[name=taken_by]").fill("0317")
        # what the house sees meanwhile does not take the line away from under the hands
        page.wait_for_timeout(1_500)
        expect(first.locator("[name=taken_by]")).to_have_value("0317")
        assert screen.wrong() == []
        page.locator("#text").press("Control+Enter")
        page.wait_for_url("**/incidents/*/")
        waiting = page.locator("#firsts [data-first='119']")
        expect(waiting).to_have_attribute("data-state", "told")
        assert screen.wrong() == []
        waiting.locator("[name=taken_by]").fill("0317")
        waiting.locator("[value=confirmed]").click()
        expect(waiting).to_have_attribute("data-state", "confirmed")
        expect(page.locator("#timeline")).to_contain_text("119 已收到转警")
        assert screen.wrong() == []


def test_without_webgl_the_sketch_says_so_and_the_list_is_as_good(screens: Open) -> None:
    screen = screens("zhiban2")
    screen.page.add_init_script(NO_WEBGL)
    page = intake(screen, map_is="none")
    with quiet(screen):
        expect(page.locator("[data-unmapped]")).to_contain_text("画不了地图")
        expect(sketch(page)).to_be_visible()
        page.fill("#where", "静兰 涂料厂")
        expect(page.locator("#sketch .dot")).to_have_count(1)
        expect(page.locator("[data-canvas]")).to_be_hidden()
        page.locator("#where").press("ArrowDown")
        expect(page.locator("#heard-where")).to_contain_text("您选的")
        assert screen.wrong() == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_keeps_anybody_from_using_the_form(screens: Open, width: int, height: int) -> None:
    screen = screens("zhiban1", viewport={"width": width, "height": height})
    page = intake(screen)
    with quiet(screen):
        assert screen.wrong() == []
        page.check("[name=source][value='119']", force=True)
        page.fill("#where", "文昌")
        page.fill("#text", "一车间起火，有甲苯，2伤")
        expect(page.locator("#ask")).to_be_visible()
        expect(page.locator("[data-take]")).to_be_visible()
        page.click("[data-layers] summary")
        assert screen.wrong() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
