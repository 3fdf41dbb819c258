"""Sorting by keys and by mouse, in a real browser: chosen, joined, parted, answered, undone."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
POINTS = {"a": (109.41, 24.32), "b": (109.43, 24.33), "c": (109.45, 24.34), "d": (109.39, 24.35)}
STEP = 0.0022  # a good 200 m


def take_in(house: Demo, text: str, at: str, *, steps: int = 0, category: str = "12G00") -> None:
    """A report at one of the points, or some steps east of it."""
    if not house.token:
        house.token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
    lon, lat = POINTS[at]
    body = {
        "text": text,
        "channel": "phone",
        "lon": lon + steps * STEP,
        "lat": lat,
        "category": category,
        "caller": {"phone": "10000044444"},
    }
    headers = {"Authorization": f"Bearer {house.token}"}
    answer = httpx.post(f"{house.address}/api/v1/reports", json=body, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text


def sorting(screen: Screen, words: str) -> Page:
    """The page, filtered to reports with these words."""
    screen.open(f"/reports/?q={words}")
    expect(screen.page.locator(".group").first).to_be_visible()
    return screen.page


def said(page: Page, sentence: str) -> None:
    """The page says that something was done."""
    expect(page.locator("[data-toast]")).to_contain_text(sentence, timeout=PATIENCE_MS)


def test_a_suggestion_is_taken_with_g_and_undone_with_u(screens: Open, house: Demo) -> None:
    for n in range(3):
        take_in(house, "甲处起火", "a", steps=n % 2)
    screen = screens("zhiban1")
    with quiet(screen):
        page = sorting(screen, "甲处起火")
        expect(page.locator(".group")).to_have_count(1)
        expect(page.locator(".group .tag").first).to_contain_text("2 个事件疑似一件")
        page.keyboard.press("j")
        page.keyboard.press("g")
        said(page, "已归并到")
        expect(page.locator(".group .why-join")).to_contain_text("一个事件")
        page.keyboard.press("u")
        said(page, "已撤销：归并")
        expect(page.locator(".group .tag").first).to_contain_text("2 个事件疑似一件")


def test_reports_of_an_opened_group_are_stepped_through_and_split_off(
    screens: Open, house: Demo
) -> None:
    for _ in range(3):
        take_in(house, "乙处起火", "b")
    screen = screens("zhiban1")
    with quiet(screen):
        page = sorting(screen, "乙处起火")
        for key in ("j", "o"):
            page.keyboard.press(key)
        expect(page.locator("[data-report]")).to_have_count(3)
        for key in ("j", "x", "j", "x"):
            page.keyboard.press(key)
        expect(page.locator("[data-chosen]")).to_have_text("已选 1 组、2 份报告")
        page.keyboard.press("f")
        said(page, "2 份报告已分开")
        expect(page.locator(".group")).to_have_count(2)
        page.locator("[data-toast] button").click()
        said(page, "已撤销：分开")
        expect(page.locator(".group")).to_have_count(1)


def test_groups_are_joined_by_mouse_answered_by_key_and_refused_when_stale(
    screens: Open, house: Demo
) -> None:
    take_in(house, "丙处起火", "c")
    take_in(house, "丙处起火", "d")
    first, second = screens("zhiban1"), screens("zhiban2")
    with quiet(first):
        page, other = sorting(first, "丙处起火"), sorting(second, "丙处起火")
        expect(page.locator(".group")).to_have_count(2)
        for n in range(2):
            page.locator("[data-pick]").nth(n).check()
        page.click("button[value=join]")
        said(page, "1 份报告已归并到")
        expect(page.locator(".group")).to_have_count(1)

        other.keyboard.press("j")
        other.keyboard.press("b")
        other.fill("#sort-answer", "已处置")
        other.click("[data-act=close]")
        expect(other.locator("[data-faults]")).to_contain_text("没有办成")
        expect(other.locator("[data-faults]")).to_contain_text("(stale)")
        expect(other.locator(".group")).to_have_count(1)

        page.keyboard.press("b")
        page.fill("#sort-answer", "明火已扑灭，谢谢")
        page.click("[data-act=close]")
        said(page, "2 份报告已办结：发消息答复 0 人，待电话答复 2 份")
        expect(page.locator(".group")).to_have_count(0)
        page.goto(f"{first.address}/reports/?state=to_call&q=丙处起火")
        page.locator("[data-open]").click()
        page.get_by_role("button", name="已电话答复").first.click()
        said(page, "电话答复了报告人")


def test_a_unit_takes_what_is_assigned(screens: Open, house: Demo) -> None:
    take_in(house, "丁处冒烟", "d", steps=20)
    screen = screens("zhiban1")
    with quiet(screen):
        page = sorting(screen, "丁处冒烟")
        page.keyboard.press("j")
        page.keyboard.press("z")
        page.select_option("#sort-unit", index=1)
        page.fill("#sort-note", "到场核实")
        page.click("[data-act=assign]")
        said(page, "已指派")
        expect(page.locator(".group .tag").first).to_have_text("已指派")


def test_no_key_acts_while_somebody_types(screens: Open, house: Demo) -> None:
    take_in(house, "戊处冒烟", "a", steps=30)
    screen = screens("zhiban1")
    with quiet(screen):
        page = sorting(screen, "戊处冒烟")
        page.locator("main [name=q]").focus()
        for key in ("x", "g", "b"):
            page.keyboard.press(key)
        expect(page.locator("[data-pick]:checked")).to_have_count(0)
        expect(page.locator("dialog[open]")).to_have_count(0)
        composed = "new KeyboardEvent('keydown', {key: 'b', isComposing: true, bubbles: true})"
        page.evaluate(f"document.body.dispatchEvent({composed})")
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()


@pytest.mark.parametrize("width", [1366, 1920, 360])
def test_nothing_keeps_anybody_from_sorting(screens: Open, house: Demo, width: int) -> None:
    take_in(house, "己处冒烟", "b", steps=30)
    screen = screens("zhiban1", viewport={"width": width, "height": 800})
    page = sorting(screen, "己处冒烟")
    page.locator("[data-open]").first.click()
    expect(page.locator("[data-report]").first).to_be_visible()
    assert screen.wrong() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("[data-pick]").first.check()
    page.click("[data-dialog=close]")
    expect(page.locator("#sort-answer")).to_be_visible()
    assert screen.wrong() == []
