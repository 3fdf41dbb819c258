"""A task on a real phone: touched, signed without signal, closed, sent at the next opening."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo, until

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
POLICE = "450202-GA"
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
HIGH_PX = 56


class Desk:
    """The duty desk by its API. 值班台"""

    def __init__(self, house: Demo) -> None:
        token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
        self.asks = httpx.Client(
            base_url=f"{house.address}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        told = {"text": "弯塘社区民房起火", "channel": "phone", "source": "119", "join": "new"}
        self.incident = self.post("reports", told)["incident"]["id"]
        self.tasks = f"incidents/{self.incident}/tasks"

    def post(self, path: str, told: dict[str, Any]) -> dict[str, Any]:
        """What the house answers."""
        reply = self.asks.post(f"/{path}", json=told)
        assert reply.is_success, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    def people(self, *, auto: bool) -> None:
        """Have the simulated people answer, at once, or not."""
        self.post("simulator/people", {"auto": auto, "accept_rate": 1.0, "delay_s": 1.0})

    def give(self, title: str) -> tuple[str, str]:
        """A task for the police: its id, and the link that its phone was sent."""
        task = self.post(self.tasks, {"title": title, "lead": POLICE})
        return task["id"], until(lambda: self.link(title))

    def link(self, title: str) -> str:
        """The link in the message about this task, once the carrier has it."""
        rows = self.asks.get(
            "/simulator/messages", params={"purpose": "order", "incident": self.incident}
        ).json()["items"]
        return next((row["links"][0] for row in rows if title in row["text"]), "")

    def reminders(self) -> list[dict[str, Any]]:
        """The first reminders that the carrier has, marked as such."""
        found = self.asks.get("/simulator/messages", params={"purpose": "order"}).json()["items"]
        return [row for row in found if row["reminder"] == 1 and "【提醒1】" in row["text"]]

    def task(self, ident: str) -> dict[str, Any]:
        """How a task stands."""
        rows = self.asks.get(f"/{self.tasks}").json()["items"]
        return next(row for row in rows if row["id"] == ident)

    def entries(self, words: str) -> int:
        """How many lines of the timeline say this."""
        lines = self.asks.get(f"/incidents/{self.incident}/timeline").json()["items"]
        return sum(words in line["text_zh"] for line in lines)


@pytest.fixture(scope="module")
def desk(house: Demo) -> Iterator[Desk]:
    """The desk, and people who do nothing by themselves."""
    made = Desk(house)
    made.people(auto=False)
    yield made
    made.asks.close()


@contextmanager
def phone(browser: Browser, address: str, state: Any = None) -> Iterator[Page]:
    """A phone's browser; closed at the end, so that only what it stored is left."""
    context = browser.new_context(**PHONE, locale="zh-CN", storage_state=state)
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = context.new_page()
        page.goto(address)
        yield page
    finally:
        context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_the_page_fits_a_small_phone_and_says_what_is_read_only_when_touched(
    screens: Open, desk: Desk
) -> None:
    ident, link = desk.give("封控三百米")
    screen = screens("", **PHONE)
    with quiet(screen):
        screen.open(link)
        page = screen.page
        expect(page.get_by_role("heading", name="封控三百米")).to_be_visible()
        assert screen.wrong() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for button in page.get_by_role("button").all():
            box = button.bounding_box()
            assert box is None or box["height"] >= HIGH_PX
        assert page.context.cookies() == []
        assert desk.task(ident)["read_at"] is None, "shown, not yet touched"
        page.get_by_role("heading", name="封控三百米").tap()
        until(lambda: desk.task(ident)["read_at"])
        press(page, "签收，我来办")
        expect(page.locator("[data-sent] li[data-is=received]")).to_contain_text("已收到")
        expect(page.locator(".state")).to_have_text("已签收")
        expect(page.get_by_role("button", name="签收，我来办")).to_have_count(0)
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("button", name="Report progress")).to_be_visible()
        assert screen.wrong() == []
    assert desk.task(ident)["accepted_how"] == "link"


def test_what_is_done_without_signal_outlives_the_browser_and_arrives_once(
    browser: Browser, house: Demo, desk: Desk
) -> None:
    ident, link = desk.give("转移两栋居民")
    with phone(browser, house.address + link) as page:
        page.context.set_offline(True)
        press(page, "签收，我来办")
        page.fill("#progress", "一栋已空")
        press(page, "报进展")
        waiting = page.locator("[data-sent] li")
        expect(waiting).to_have_count(2)
        expect(waiting.first).to_contain_text("未发送")
        expect(page.locator("[data-net]")).to_contain_text("没有信号")
        state = page.context.storage_state()
    assert desk.task(ident)["stage"] == "unsigned"
    with phone(browser, house.address + link, state) as page:
        received = page.locator("[data-sent] li[data-is=received]")
        expect(received).to_have_count(2)
        expect(page.locator(".state")).to_have_text("进行中")
        page.reload()
        expect(received).to_have_count(2)
    told = desk.task(ident)
    assert (told["stage"], told["last_word"]) == ("progress", "一栋已空")
    assert told["accepted_at"] < told["progress_at"]
    assert not told["other_device"]
    assert desk.entries("任务进展：转移两栋居民") == 1
    assert desk.entries("任务已签收：转移两栋居民") == 1


def test_an_answer_that_got_lost_is_asked_for_again_and_counts_once(
    browser: Browser, house: Demo, desk: Desk
) -> None:
    ident, link = desk.give("调两台泵")
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost or "泵已出库" not in str(route.request.post_data):
            return route.continue_()
        lost.append(route.fetch().text())
        return route.abort()

    with phone(browser, house.address + link) as page:
        page.route("**/acts", lose_the_first)
        page.fill("#progress", "泵已出库")
        press(page, "报进展")
        expect(page.locator("[data-sent] li[data-is=received]")).to_have_count(1)
        expect(page.locator("[data-sent]")).to_contain_text("之前已经收到")
    assert lost
    assert desk.entries("任务进展：调两台泵") == 1
    assert desk.task(ident)["stage"] == "progress"


def test_a_phone_two_days_wrong_and_the_same_link_on_another_phone(
    browser: Browser, house: Demo, desk: Desk
) -> None:
    ident, link = desk.give("设卡")
    with phone(browser, house.address + link) as page:
        page.clock.install(time="2020-01-01T00:00:00Z")
        page.reload()
        press(page, "签收，我来办")
        expect(page.locator("[data-sent] li[data-is=received]")).to_have_count(1)
    signed = desk.task(ident)
    assert signed["accepted_at"][:4] != "2020"
    assert signed["accepted_at"] >= signed["opened_at"]
    with phone(browser, house.address + link) as page:
        page.fill("#progress", "代报")
        press(page, "报进展")
        expect(page.locator("[data-sent] li[data-is=received]")).to_have_count(1)
    assert desk.task(ident)["other_device"]


def test_without_scripts_the_same_form_goes_by_itself(
    browser: Browser, house: Demo, desk: Desk
) -> None:
    ident, link = desk.give("清点人数")
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(house.address + link)
    press(page, "签收，我来办")
    expect(page.locator(".state")).to_have_text("已签收")
    page.fill("#progress", "42 人")
    press(page, "报进展")
    expect(page.locator(".told")).to_contain_text("42 人")
    context.close()
    assert desk.task(ident)["stage"] == "progress"


def test_the_room_shows_who_has_not_signed_and_one_key_reminds(screens: Open, desk: Desk) -> None:
    ident, link = desk.give("巡查河堤")
    screen = screens("zhiban1")
    with quiet(screen):
        screen.open(f"/incidents/{desk.incident}/")
        page = screen.page
        row = page.locator(f"[data-key=task-{ident}]")
        expect(row).to_contain_text("未签收")
        row.get_by_role("button", name="催办").click()
        expect(row).to_contain_text("第 1 次催办")
        assert screen.wrong() == []
    until(lambda: any(row["links"] == [link] for row in desk.reminders()))


def test_a_unit_prints_its_own_sheet(screens: Open, desk: Desk) -> None:
    desk.give("维持秩序")
    desk.post(desk.tasks, {"title": "检测空气", "lead": "450202-WJ"})
    screen = screens("zhiban1")
    with quiet(screen):
        screen.open(f"/incidents/{desk.incident}/tasks/sheet/{POLICE}/")
        said = screen.page.locator("main")
        expect(said).to_contain_text("维持秩序")
        expect(said).not_to_contain_text("检测空气")
        assert screen.wrong() == []


def test_the_simulated_people_follow_their_links(desk: Desk) -> None:
    desk.people(auto=True)
    try:
        given = [desk.give(title)[0] for title in ("值守路口", "引导车辆")]
        until(lambda: all(desk.task(one)["accepted_how"] == "link" for one in given))
    finally:
        desk.people(auto=False)
