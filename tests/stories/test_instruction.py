"""An order of the city by telephone: entered, scanned, directed on a phone, handed on, answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import Screen, browser, house, quiet, screens
from tests.site.running import Demo, until

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}}
POLICE = "450202-GA"
TEXT = "市局16时启动洪水防御四级，请城中区做好沿江低洼防范，18时前报情况。"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


def link_sent(house: Demo) -> str:
    """The link that the police were sent."""
    token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{house.address}/api/v1", headers=headers, timeout=30) as asks:

        def sent() -> str:
            rows = asks.get("/simulator/messages", params={"purpose": "order"}).json()["items"]
            return next((row["links"][0] for row in rows if "【转办】" in row["text"]), "")

        return str(until(sent))


def test_an_order_from_above_goes_its_whole_way(house: Demo, screens: Open, tmp_path: Path) -> None:
    officer, leader = screens("zhiban1"), screens("daiban", **PHONE)
    desk = officer.page
    officer.open("/intake/")
    desk.get_by_role("link", name="登记来文").click()
    desk.select_option("#way", "phone")
    desk.fill("#sender", "市防汛办")
    desk.fill("#text", TEXT)
    desk.fill("#reply_by", "+120")
    desk.get_by_role("button", name="登记来文").click()
    (scan := tmp_path / "来文.pdf").write_bytes(PDF)
    desk.set_input_files("#scan", scan)
    desk.get_by_role("button", name="上传文件").click()
    expect(desk.locator("figure.file")).to_contain_text("来文.pdf")
    desk.get_by_label("拟办意见", exact=True).fill("拟请公安清出地下室")
    desk.get_by_role("button", name="呈领导批示").click()
    leader.open("/decisions/")
    leader.page.get_by_label("我的批示").fill("同意")
    leader.page.get_by_role("button", name="批示", exact=True).click()
    expect(leader.page.locator("[data-opinion=directive]")).to_contain_text("同意")
    hand_on(officer)
    answer(screens("", **PHONE), link_sent(house))
    desk.reload()
    expect(desk.locator("[data-referral]")).to_contain_text("清出 12 辆")
    with quiet(officer, leader):  # what is refused below, the browser itself says on its console
        assert not officer.wrong()
    finish(officer)


def hand_on(officer: Screen) -> None:
    """To the police, within the hour."""
    desk = officer.page
    desk.reload()
    desk.get_by_text("转办给单位、人员").click()
    desk.fill("#order", "清出滨江东、西路地下室")
    desk.select_option("#units", POLICE)
    desk.get_by_label("反馈时限，例如 17:30 或 +60").fill("+60")
    desk.get_by_role("button", name="转办", exact=True).click()
    expect(desk.locator("[data-referral]")).to_contain_text("清出滨江东")


def answer(phone: Screen, link: str) -> None:
    """Whoever has it signs and says what was done, on a phone that nobody knows."""
    phone.open(link)
    assert TEXT not in phone.page.content()
    phone.page.get_by_role("button", name="签收，我来办").click()
    expect(phone.page.locator(".told")).to_contain_text("签收")
    phone.page.locator("#done").fill("清出 12 辆")
    phone.page.get_by_role("button", name="报反馈，办完了").click()
    expect(phone.page.locator(".told")).to_contain_text("清出 12 辆")
    assert not phone.wrong()


def finish(officer: Screen) -> None:
    """Not before the sender has his answer."""
    desk = officer.page
    desk.get_by_role("button", name="办结来文").click()
    expect(desk.get_by_role("alert")).to_contain_text("还没有回复来文单位")
    desk.get_by_text("记一次回复").click()
    desk.get_by_label("回复内容").fill("已清空")
    desk.get_by_label("对方谁接的").fill("市防办李工")
    desk.get_by_role("button", name="记下回复").click()
    desk.get_by_role("button", name="办结来文").click()
    expect(desk.get_by_text("重新办理").first).to_be_visible()
