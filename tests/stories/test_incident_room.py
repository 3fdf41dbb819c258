"""One incident by its people: numbers, grade, a wrong line, tasks, split and joined, closed."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
FIRE = "一车间起火，有明火"
STRANGER = "10000000077"
SEND_UNSEEN = (
    "form => fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))})"
    ".then(() => null)"
)
SIZES = [(1366, 768), (1920, 1080), (360, 740)]


def take_in(screen: Screen, text: str = FIRE, *, where: str = "弯塘社区") -> str:
    """Create an incident from the intake form; the path of its room."""
    screen.open("/intake/")
    page = screen.page
    page.fill("#where", where)
    page.fill("#text", text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/*/")
    return page.url.removeprefix(screen.address)


def tell(page: Page, kind: str, value: str, source: str, *, why: str = "") -> None:
    """Record a number; a jump is asked for its reason, and what was typed is still there."""
    form = page.locator("form[aria-label='报数']")
    form.locator("[name=kind]").select_option(kind)
    form.locator("[name=value]").fill(value)
    form.locator("[name=source]").fill(source)
    form.get_by_role("button", name="报数").click()
    if why:
        expect(form.get_by_role("alert")).to_contain_text("explanation_needed")
        expect(form.locator("[name=value]")).to_have_value(value)
        form.locator("[name=explanation]").fill(why)
        form.get_by_role("button", name="报数").click()


def test_numbers_change_with_a_reason_and_one_key_confirms_the_grade(screens: Open) -> None:
    first, second = screens("zhiban1"), screens("daiban")
    with quiet(second):
        room = take_in(first)
        second.open(room)
        second.wait_until_connected()
        page = first.page
        tell(page, "serious", "2", "医院")
        tell(page, "serious", "12", "120", why="吸入性损伤，医院清点")
        proposal = second.page.locator("#grading .why")
        expect(proposal).to_contain_text("重伤 12，达到较大标准", timeout=PATIENCE_MS)
        expect(second.page.locator("#figures svg.steps")).to_have_count(1)
        second.page.locator("#main").focus()
        second.page.keyboard.press("1")
        expect(second.page.locator("#grading .why")).to_have_count(0)
        expect(second.page.locator("#head .lvl").first).to_contain_text("较大")
        line = page.locator("#timeline li", has_text="事件分级定为较大")
        expect(line).to_be_visible(timeout=PATIENCE_MS)


def test_a_double_click_and_a_lost_answer_record_one_line(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        take_in(screen)
        page = screen.page
        form = page.locator("form[aria-label='记一条']")
        form.locator("textarea").fill("北门已封，双击也只记一次")
        form.get_by_role("button", name="记下").dblclick()
        line = page.locator("#timeline li", has_text="双击也只记一次")
        expect(line).to_have_count(1, timeout=PATIENCE_MS)
        screen.open(page.url.removeprefix(screen.address))
        expect(line).to_have_count(1)
        # it was recorded, its answer never came, and the page that still stands sends once more
        form.locator("textarea").fill("南门已封，答复丢了再发一次")
        form.evaluate(SEND_UNSEEN)
        form.get_by_role("button", name="记下").click()
        again = page.locator("#timeline li", has_text="答复丢了再发一次")
        expect(again).to_have_count(1, timeout=PATIENCE_MS)
        expect(page.locator("body")).to_contain_text("没有重复记录")


def test_a_wrong_line_is_corrected_by_keys_and_stays_struck(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        take_in(screen)
        page = screen.page
        page.fill(".say[aria-label='记一条'] textarea", "南门外设现场指挥部")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#timeline [data-fix]")).to_have_count(1)
        page.locator("#main").focus()
        page.keyboard.press("j")
        while not page.evaluate("document.activeElement.innerText.includes('南门外')"):
            page.keyboard.press("j")
        page.keyboard.press("e")
        expect(page.locator("#fix textarea")).to_be_focused(timeout=PATIENCE_MS)
        page.fill("#fix textarea", "北门外设现场指挥部")
        page.fill("#fix [name=why]", "方位听错")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#timeline .struck s")).to_have_text("南门外设现场指挥部")
        expect(page.locator("#timeline li", has_text="方位听错")).to_contain_text("更正")


def test_whoever_walks_the_lines_by_keys_stays_on_his_line_when_another_comes(
    screens: Open,
) -> None:
    first, second = screens("zhiban1"), screens("daiban")
    with quiet(first, second):
        second.open(take_in(first))
        second.wait_until_connected()
        reader, line = second.page, second.page.locator("#timeline li", has_text="车间起火").first
        line.focus()
        first.page.fill(".say[aria-label='记一条'] textarea", "北门已清空")
        first.page.keyboard.press("Control+Enter")
        expect(reader.locator("#timeline li", has_text="北门已清空")).to_be_attached(
            timeout=PATIENCE_MS
        )
        expect(line).to_be_focused()


def test_a_task_keeps_the_incident_open_until_it_is_done(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        room = take_in(screen)
        page = screen.page
        form = page.locator("form[aria-label='下达任务']")
        form.locator("[name=title]").fill("转移两栋居民")
        form.locator("[name=due]").fill("+30")
        form.locator("[name=title]").press("Control+Enter")
        row = page.locator("#tasks li", has_text="转移两栋居民")
        expect(row.locator(".due")).to_contain_text("剩")
        expect(page.locator("#ending")).to_contain_text("任务未办结 1")
        page.locator("#ending").get_by_role("button", name="结案").click()
        said = page.get_by_role("alert").filter(has_text="(held)")
        expect(said).to_contain_text("还有未了结的事，不能结案：任务未办结 1。")
        expect(page.locator("#head")).to_contain_text("处置中")
        row.locator("[name=result]").fill("42 人")
        row.get_by_role("button", name="办结").click()
        expect(page.locator("#tasks li.done")).to_contain_text("42 人")
        page.locator("#ending").get_by_role("button", name="结案").click()
        expect(page.locator("#head")).to_contain_text("已结案")
        page.fill("#ending [name=reason]", "复燃")
        page.locator("#ending").get_by_role("button", name="重新打开").click()
        expect(page.locator("#head")).to_contain_text("处置中")
        assert page.url.endswith(room)


def test_a_report_is_split_off_and_joined_again(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        room = take_in(screen, where="东门社区")
        page = screen.page
        screen.open("/intake/")
        page.fill("#where", "东门社区")
        page.fill("#text", "三楼也着火了")
        page.check(f"#join-{room.strip('/').rsplit('/', 1)[1]}")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**{room}")
        other = page.locator("#reports .report", has_text="三楼也着火了")
        other.get_by_role("button", name="拆分，另立事件").click()
        expect(page.locator("[data-toast]")).to_contain_text("已拆开，另立事件")
        number = re.search(r"\d{6}-\d{8}-\d{4}", page.locator("[data-toast]").inner_text())
        assert number
        screen.open(f"/incidents/?q={number[0]}")
        page.locator("#rows a.main").click()
        page.locator("#reports summary", has_text="归并到别的事件").click()
        page.locator("#reports [name=incident]").select_option(room.strip("/").rsplit("/", 1)[1])
        page.locator("#reports details[open] button").click()
        page.wait_for_url(f"**{room}")
        expect(page.locator("#reports .report")).to_have_count(2)


def test_facts_are_settled_by_a_found_place_and_taken_back(screens: Open) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        take_in(screen)
        page = screen.page
        page.get_by_role("link", name="核定要素").click()
        page.fill("#title", "演示涂料厂火灾")
        page.fill("[name=where]", "静兰桥")
        page.get_by_role("button", name="找地点").click()
        expect(page.locator("#title")).to_have_value("演示涂料厂火灾")
        page.locator("[name=place]").first.check()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#head h1")).to_have_text("演示涂料厂火灾")
        expect(page.locator("#head")).to_contain_text("静兰桥")
        page.locator("#main").focus()
        page.keyboard.press("Control+z")
        expect(page.locator("#timeline")).to_contain_text("撤回上次核定")
        expect(page.locator("#head h1")).not_to_have_text("演示涂料厂火灾")


def test_a_strangers_message_waits_on_the_desk_and_one_key_takes_it_in(
    screens: Open, house: Demo
) -> None:
    screen = screens("zhiban1")
    with quiet(screen):
        screen.open("/")
        screen.wait_until_connected()
        token = house.qianjun("token", "--role", "duty_officer").stdout.strip()
        sent = {"channel": "sms", "from": STRANGER, "text": "静兰桥下有人落水"}
        headers = {"Authorization": f"Bearer {token}"}
        there = f"{house.address}/api/v1/simulator/replies"
        assert httpx.post(there, json=sent, headers=headers, timeout=30).status_code == 202
        letter = screen.page.locator("#letters li", has_text="静兰桥下有人落水")
        expect(letter).to_be_visible(timeout=PATIENCE_MS)
        expect(letter).not_to_contain_text(STRANGER)
        letter.get_by_role("button", name="录为接报").click()
        screen.page.wait_for_url("**/incidents/*/")
        expect(screen.page.locator("#reports")).to_contain_text("静兰桥下有人落水")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_keeps_anybody_from_using_the_room(screens: Open, width: int, height: int) -> None:
    screen = screens("zhiban1", viewport={"width": width, "height": height})
    with quiet(screen):
        room = take_in(screen, where="静兰桥")
        page = screen.page
        tell(page, "serious", "10", "医院")
        page.fill("form[aria-label='下达任务'] [name=title]", "封控")
        page.locator("form[aria-label='下达任务'] button").click()
        page.fill(".say[aria-label='记一条'] textarea", "南门已封")
        page.keyboard.press("Control+Enter")
        page.locator("#timeline [data-fix]").click()
        for one in page.locator("details").all():
            one.evaluate("part => part.open = true")
        assert screen.wrong() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        screen.open(f"{room}facts/?where=静兰桥")
        assert screen.wrong() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
