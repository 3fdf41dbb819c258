"""The desk calls two; one answers on his phone, the other is silent and somebody goes there."""

from collections.abc import Callable, Iterator
from typing import Final

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
LEADER: Final = "10000010003"
WORDS: Final = "请到一车间门口会合"
PHONE: Final = {"viewport": {"width": 360, "height": 740}}


def asked(house: Demo, method: str, path: str, **said: object) -> httpx.Response:
    """Ask the house as a program of the duty officer."""
    if not house.token:
        house.token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
    headers = {"Authorization": f"Bearer {house.token}"}
    body = {"json": said} if said else {}
    address = f"{house.address}/api/v1/{path}"
    reply = httpx.request(method, address, headers=headers, timeout=30, **body)  # type: ignore[arg-type]
    assert reply.is_success, reply.text
    return reply


@pytest.fixture(autouse=True)
def nobody_by_himself(house: Demo) -> Iterator[None]:
    """Nobody answers by himself."""
    asked(house, "POST", "simulator/people", auto=False)
    yield
    asked(house, "POST", "simulator/people", auto=True)


def link_of(house: Demo, screen: Screen, phone: str) -> str:
    """The link in the message on this telephone, once it has arrived."""
    for _ in range(100):
        found = asked(house, "GET", f"simulator/messages?to={phone}&purpose=confirm").json()
        if found["items"]:
            return str(found["items"][0]["links"][0])
        screen.page.wait_for_timeout(100)
    raise AssertionError("nothing has arrived")


def test_one_answers_on_his_phone_and_to_the_other_somebody_goes(
    house: Demo, screens: Open
) -> None:
    told = {"text": "弯塘社区一车间起火", "channel": "phone", "source": "119"}
    incident = asked(house, "POST", "reports", **told).json()["incident"]["id"]
    officer, phone = screens("zhiban1"), screens(**PHONE, is_mobile=True, has_touch=True)
    with quiet(officer, phone):
        officer.open(f"/incidents/{incident}/")
        page = officer.page
        page.locator("#new-call > summary").click()
        page.fill("#new-call [name=text]", WORDS)
        names = page.locator("#call-people option").all_inner_texts()
        leader = next(name for name in names if name == "演示李国强")
        silent = next(name for name in names if name != leader)
        page.select_option("#call-people", label=[leader, silent])
        page.locator("#new-call button").click()
        calls = page.locator("#confirmations")
        expect(calls).to_contain_text("应答 0 / 需 2")
        phone.open(link_of(house, officer, LEADER))
        expect(phone.page.locator("main")).to_contain_text(WORDS)
        assert not phone.wrong()
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
        phone.page.locator("main h1").first.tap()  # touching the page answers nothing
        phone.page.fill("#answer-text", "马上到")
        phone.page.get_by_role("button", name="是我本人，我已收到").click()
        expect(phone.page.locator("main")).to_contain_text("已记下您的应答")
        # the room reads it by itself
        expect(calls).to_contain_text("应答 1 / 需 2", timeout=PATIENCE_MS)
        asked(house, "POST", "clock", advance_s=301)
        officer.open("/")
        waiting = page.locator("#confirmations li[data-person]")
        expect(waiting).to_have_count(1, timeout=PATIENCE_MS)
        expect(waiting).to_contain_text(silent)
        assert not officer.wrong()
        waiting.locator("summary").click()
        waiting.locator("[name=goes]").fill("演示网格员")
        waiting.get_by_role("button", name="已派人", exact=True).click()
        expect(waiting).to_contain_text("已派人上门", timeout=PATIENCE_MS)
        waiting.get_by_role("button", name="电话已答应").click()
        expect(page.locator("#confirmations")).to_be_hidden(timeout=PATIENCE_MS)
