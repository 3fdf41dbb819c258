"""A report is typed on one screen, seen on a second, the leader is called; a kill loses nothing."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo, until

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
FIRE = "一车间起火，有明火，两个人没出来"
SMOKE = "文昌路口冒黑烟，看不清门牌"
PHONE = {"width": 360, "height": 740}


def simulated(house: Demo) -> list[dict[str, Any]]:
    """What the simulated phones show, newest last."""
    if not house.token:
        house.token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
    headers = {"Authorization": f"Bearer {house.token}"}
    there = f"{house.address}/api/v1/simulator/messages?limit=200"
    shown: list[dict[str, Any]] = httpx.get(there, headers=headers, timeout=30).json()["items"]
    return shown


def take_in(screen: Screen, text: str, *, where: str = "") -> str:
    """Type a report and create the incident by the keyboard alone; its number."""
    screen.begin_report()
    page = screen.page
    if where:
        page.fill("#where", where)
    page.locator("#text").press_sequentially(text, delay=5)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/*/")
    return page.locator(".rhead .num").first.inner_text()


def test_a_report_typed_here_is_seen_there_and_the_leader_is_called(
    screens: Open, house: Demo
) -> None:
    first, second = screens("zhiban1"), screens("zhiban2")
    with quiet(first, second):
        second.open("/")
        second.wait_until_connected()
        number = take_in(first, FIRE, where="弯塘社区")
        row = second.page.locator(f"#open [data-key]:has-text('{number}')")
        expect(row).to_be_visible(timeout=PATIENCE_MS)
        expect(second.page.locator("[data-light-words]")).to_contain_text("已连接")

        incident = first.page.url.rstrip("/").rsplit("/", 1)[1]
        calls = until(lambda: [m for m in simulated(house) if m["incident"] == incident])
        assert [m["purpose"] for m in calls] == ["report"]
        assert number in calls[0]["text"]
        line = first.page.locator("#timeline li", has_text="已叫应")
        expect(line).to_be_visible(timeout=PATIENCE_MS)


def test_a_line_noted_in_the_room_appears_in_the_other_room(screens: Open) -> None:
    first, second = screens("zhiban1"), screens("daiban")
    with quiet(first, second):
        take_in(first, FIRE)
        second.open(first.page.url.removeprefix(first.address))
        second.wait_until_connected()
        first.page.fill(".say textarea", "300 米内不留人")
        first.page.check("input[value=order]", force=True)
        first.page.keyboard.press("Control+Enter")
        expect(second.page.locator("#timeline .order")).to_contain_text("300 米内不留人")


def test_a_new_report_appears_in_the_room_and_new_rows_wait_while_one_reads(screens: Open) -> None:
    first, second, third = screens("zhiban1"), screens("zhiban2"), screens("daiban")
    with quiet(first, second, third):
        number = take_in(first, FIRE, where="弯塘社区")
        room = first.page.url
        second.open("/")
        second.wait_until_connected()
        third.open(room.removeprefix(first.address))
        third.wait_until_connected()
        second.page.locator("#open [data-rows]").hover()

        first.open("/intake/")
        first.page.fill("#where", "弯塘社区")
        first.page.fill("#text", "三楼也着火了")
        first.page.check(f"#join-{room.rstrip('/').rsplit('/', 1)[1]}")
        first.page.keyboard.press("Control+Enter")
        expect(third.page.locator("#reports .report")).to_have_count(2)
        assert first.page.locator(".rhead .num").first.inner_text() == number

        other = take_in(first, "静兰桥上货车侧翻", where="静兰桥")
        row = second.page.locator(f"#open [data-key]:has-text('{other}')")
        expect(second.page.locator("#open [data-fresh]")).to_contain_text("1 条新")
        expect(row).to_be_hidden()
        second.page.locator("#open [data-fresh]").click()
        expect(row).to_be_visible()


def test_what_was_typed_is_there_again_after_a_reload(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        screen.begin_report()
        page = screen.page
        page.fill("#where", "静兰桥")
        page.locator("#text").press_sequentially("桥上大货车侧翻")
        expect(page.locator("[data-saved]")).to_contain_text("已存")
        expect(page.locator(".cands li").first).to_contain_text("静兰桥")
        page.reload()
        expect(page.locator("#text")).to_have_value("桥上大货车侧翻")
        page.click("[data-clear]")
        expect(page.locator("#text")).to_have_value("")
        page.click("[data-toast] button")
        expect(page.locator("#text")).to_have_value("桥上大货车侧翻")
        page.click("[data-clear]")
        expect(page.locator("[data-saved]")).to_contain_text("已存")


def test_a_key_pressed_twice_opens_one_incident(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        screen.open("/intake/")
        screen.page.fill("#text", "同一张单按了两次")
        button = screen.page.locator("[data-primary]")
        button.dblclick()
        screen.page.wait_for_url("**/incidents/*/")
        screen.open("/incidents/?state=all&q=同一张单按了两次")
        expect(screen.page.locator("#rows tbody tr")).to_have_count(1)


def test_keys_do_nothing_while_a_word_is_composed(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        screen.open("/incidents/")
        screen.wait_until_connected()
        screen.page.locator("#main").focus()
        screen.page.keyboard.press("?")
        expect(screen.page.locator("#keys")).to_be_visible()
        screen.page.keyboard.press("Escape")
        screen.page.locator("main [name=q]").focus()
        screen.page.keyboard.press("?")
        expect(screen.page.locator("#keys")).not_to_be_visible()
        screen.page.evaluate(
            "document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true}))"
        )
        expect(screen.page.locator("#keys")).not_to_be_visible()


def test_the_dark_room_stays_dark(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        screen.page.click("[name=theme]")
        expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")
        screen.open("/intake/")
        expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")
        assert screen.wrong() == []


def test_nothing_keeps_anybody_from_using_the_pages(screens: Open) -> None:
    door = screens()
    door.open("/accounts/login/")
    assert door.wrong() == []
    screen = screens("zhiban1")
    with quiet(door, screen):
        take_in(screen, FIRE, where="弯塘社区")
        assert screen.wrong() == []
        screen.open("/")
        screen.wait_until_connected()
        assert screen.wrong() == []
        screen.open("/intake/")
        screen.page.fill("#where", "弯塘社区")
        screen.page.fill("#text", FIRE)
        expect(screen.page.locator("#duplicates-title + .meta")).to_be_visible()
        expect(screen.page.locator(".cands li").first).to_be_visible()
        assert screen.wrong() == []
        screen.open("/incidents/?state=all")
        assert screen.wrong() == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/intake/", "/incidents/?state=all"])
def test_a_telephone_shows_whole_pages(screens: Open, path: str) -> None:
    screen = screens("" if "login" in path else "zhiban1", viewport=PHONE)
    screen.open(path)
    wide = screen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    assert screen.wrong() == []


def test_a_kill_of_web_and_worker_loses_nothing_and_the_page_comes_back(
    screens: Open, house: Demo
) -> None:
    first, second = screens("zhiban1"), screens("zhiban2")
    second.open("/")
    second.wait_until_connected()
    before = take_in(first, SMOKE, where="文昌路")
    house.kill("web", "worker")
    second.page.wait_for_selector("[data-light][data-is=off]", timeout=PATIENCE_MS)
    until(house.is_well)
    second.wait_until_connected()
    expect(second.page.locator("[data-missed]")).to_contain_text("重新读取")
    after = take_in(first, "弯塘社区电梯困人", where="弯塘社区")
    for number in (before, after):
        row = second.page.locator(f"#open [data-key]:has-text('{number}')")
        expect(row).to_be_visible(timeout=PATIENCE_MS)
    keys = until(lambda: called(house, before) and called(house, after))
    assert keys == 1


def called(house: Demo, number: str) -> int:
    """How many unmarked copies of the call for this incident the phones show."""
    return sum(number in m["text"] and not m["resend"] for m in simulated(house))
