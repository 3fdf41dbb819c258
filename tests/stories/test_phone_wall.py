"""The leader is called on his phone and answers; while the carrier is away, the desk knows it."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
LEADER: Final = "10000010003"
SILENT_S: Final = 61  # an urgent message without a receipt shows on the desk after a minute


def told(house: Demo, path: str, **said: object) -> None:
    """Say something to the house as a program of the duty officer."""
    if not house.token:
        house.token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
    headers = {"Authorization": f"Bearer {house.token}"}
    reply = httpx.post(f"{house.address}/api/v1/{path}", json=said, headers=headers, timeout=30)
    assert reply.is_success, reply.text


@pytest.fixture(autouse=True)
def carrier(house: Demo) -> Iterator[None]:
    """Nobody answers by himself, and the carrier serves again afterwards."""
    told(house, "simulator/people", auto=False)
    yield
    told(house, "simulator/carrier", channel="sms", down=False)


def take_in(screen: Screen, text: str) -> tuple[str, str]:
    """Create an incident on the intake page; the path of its room and its number."""
    screen.open("/intake/")
    page = screen.page
    page.fill("#where", "弯塘社区")
    page.fill("#text", text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/*/")
    number = page.locator(".rhead .num").first.inner_text()
    return page.url.removeprefix(screen.address), number


def phone(screen: Screen) -> Locator:
    """The leader's telephone on the wall."""
    return screen.page.locator("article.phone", has_text=LEADER)


def letter(screen: Screen, number: str) -> Locator:
    """What the house has written to him about this incident."""
    return phone(screen).locator(".letters li:not(.mine)", has_text=number)


def switched(screen: Screen, *, down: bool) -> None:
    """Turn the carrier of short messages off or on, on the wall."""
    form = screen.page.locator("form.switch:has([name=channel][value=sms])")
    form.locator("[name=down]").set_checked(down)
    form.get_by_role("button", name="设置通道").click()
    screen.page.wait_for_load_state()
    expect(form.locator("[name=down]")).to_be_checked(checked=down)


def reply_button(screen: Screen, words: str) -> Locator:
    """A quick answer of the leader."""
    return phone(screen).get_by_role("button", name=words, exact=True)


def test_the_leader_answers_on_his_phone_and_the_other_window_reads_it(screens: Open) -> None:
    officer, leader, wall = screens("zhiban1"), screens("daiban"), screens("zhiban1")
    with quiet(officer, leader, wall):
        wall.open("/phones/")
        room, number = take_in(officer, "一车间起火，有明火")
        # the wall looks by itself: nobody has loaded it again
        expect(letter(wall, number)).to_have_count(1, timeout=PATIENCE_MS)
        expect(letter(wall, number).locator(".seen")).to_have_text("已达", timeout=PATIENCE_MS)
        leader.open(room)
        leader.wait_until_connected()
        lines = leader.page.locator("#timeline li")
        expect(lines.filter(has_text="已叫应 1 人")).to_be_visible(timeout=PATIENCE_MS)
        expect(lines.filter(has_text="已应答")).to_have_count(0)

        with wall.page.expect_navigation():
            reply_button(wall, "马上到").click()
        expect(lines.filter(has_text="马上到")).to_have_count(1, timeout=PATIENCE_MS)
        expect(lines.filter(has_text="马上到")).to_contain_text("反馈")
        expect(letter(wall, number).locator(".seen")).to_have_text("已答", timeout=PATIENCE_MS)
        expect(phone(wall).locator(".letters li.mine").first).to_contain_text("马上到")

        phone(wall).get_by_role("textbox", name="以此人身份回复").fill("带两台泵过去")
        phone(wall).get_by_role("button", name="发出").click()
        expect(lines.filter(has_text="带两台泵过去")).to_have_count(1, timeout=PATIENCE_MS)


def test_while_the_carrier_is_away_the_call_waits_and_then_arrives(
    screens: Open, house: Demo
) -> None:
    officer, desk, wall = screens("zhiban1"), screens("daiban"), screens("zhiban1")
    with quiet(officer, desk, wall):
        wall.open("/phones/")
        switched(wall, down=True)
        desk.open("/")
        desk.wait_until_connected()
        room, number = take_in(officer, "静兰桥上货车侧翻")
        called = officer.page.locator("#timeline li", has_text="已叫应 1 人")
        expect(called).to_be_visible(timeout=PATIENCE_MS)
        told(house, "clock", advance_s=SILENT_S)
        unreached = desk.page.locator("#unreached li", has=desk.page.locator(f"a[href='{room}']"))
        expect(unreached).to_contain_text("排队中，尚未发出", timeout=PATIENCE_MS)
        expect(unreached).to_contain_text("演示李国强")
        expect(desk.page.locator("#answers")).to_contain_text(re.compile(r"没有送达\s*1 条"))
        expect(letter(wall, number)).to_have_count(0)

        switched(wall, down=False)
        expect(letter(wall, number)).to_have_count(1, timeout=PATIENCE_MS)
        expect(letter(wall, number).locator(".seen")).to_have_text("已达", timeout=PATIENCE_MS)
        # what arrives is no entry of the journal: the desk looks by itself now and then
        expect(unreached).to_have_count(0, timeout=2 * PATIENCE_MS)
        # answered, for an open question would take the words meant for another incident
        reply_button(wall, "收到").click()
        answer = officer.page.locator("#timeline li", has_text="收到").filter(has_text="反馈")
        expect(answer).to_have_count(1, timeout=PATIENCE_MS)
