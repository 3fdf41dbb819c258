"""On the screen: a mark, two keys, a print and a copy written down, a paste that is not kept."""

from collections.abc import Callable

import pytest

from tests.browser import Screen, browser, house, quiet, screens

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Screens = Callable[..., Screen]
WIDTHS = (
    {"width": 1366, "height": 768},
    {"width": 1920, "height": 1080},
    {"width": 360, "height": 740},
)
SECRET = "关于某事的方案\n机密★20年\n一、总体要求"


def a_room(screen: Screen) -> str:
    """The first incident of the list."""
    screen.open("/incidents/?state=all")
    path = screen.page.locator("a.main").first.get_attribute("href")
    assert path
    screen.open(path)
    return path


def a_note(screen: Screen, words: str) -> str:
    """A note that was just written; the path of its record."""
    room = a_room(screen)
    csrf = screen.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    screen.page.request.post(
        f"{screen.address}{room}notes/",
        form={"csrfmiddlewaretoken": csrf, "text": words, "kind": "fact"},
        headers={"Referer": f"{screen.address}{room}"},
    )
    screen.open(room)
    line = screen.page.locator(".tl li", has_text=words).first
    path = line.locator("a[href^='/records/entry/']").get_attribute("href")
    assert path
    return path


def test_a_line_is_marked_copied_and_erased_with_two_keys(screens: Screens) -> None:
    leader = screens("daiban")
    words = "北门已由保安封闭，车辆改走南门"
    path = a_note(leader, words)
    with quiet(leader):
        leader.open(path)
        page = leader.page
        assert not page.locator("[data-copy]").count()
        page.get_by_label("公开", exact=True).check(force=True)
        page.fill("#why", "已对外通报")
        page.click("text=改标记")
        page.wait_for_selector("h1 + .tag[data-mark=public]")
        page.click("[data-copy]")
        page.wait_for_selector("[data-toast] >> text=已复制")
        page.select_option("#article", "erl_85")
        page.fill("#reason", "事件已结束")
        page.keyboard.press("Enter")  # from the field: the first key
        page.wait_for_selector(".sure")
        assert words in page.inner_text("main")
        assert not leader.wrong()
        page.keyboard.press("Enter")  # the second key has the focus
        page.wait_for_selector("h1 ~ .tag >> text=已依法删除")
        assert words not in page.inner_text("main")
    audit = screens("shenji")
    audit.open("/admin/reads/")
    assert "公开条目" in audit.page.inner_text("main")


def test_a_print_is_written_down_by_button_and_by_the_browsers_menu(screens: Screens) -> None:
    officer = screens("zhiban1")
    a_room(officer)
    page = officer.page
    page.evaluate("window.print = () => { window.printed = true }")
    with page.expect_response("**/leaving/print/") as told:
        page.click("[data-print]")
    assert told.value.status == 204
    page.wait_for_function("window.printed")
    officer.open("/incidents/")
    with page.expect_response("**/leaving/print/") as told:
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert told.value.status == 204
    assert not page.locator(".watermark").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".watermark").is_visible()
    name = page.locator(".watermark").get_attribute("data-watermark") or "?"
    assert page.locator(".watermark span", has_text=name).count() >= 9


def test_a_marked_paste_is_kept_neither_here_nor_there(screens: Screens) -> None:
    officer = screens("zhiban2")
    officer.open("/intake/")
    page = officer.page
    with page.expect_response("**/intake/look/"):
        page.fill("#text", "关于某事的方案")
    with page.expect_response("**/intake/look/"):
        page.fill("#text", SECRET)
    page.wait_for_selector("main >> text=密级标志")
    kept = page.evaluate("Object.values(localStorage).join(' ')")
    assert "方案" not in kept
    officer.open("/")
    officer.open("/intake/")
    assert page.input_value("#text") == ""


@pytest.mark.parametrize("login", ["daiban", "anquan"])
def test_the_pages_of_records_hold_at_every_width(screens: Screens, login: str) -> None:
    path = a_note(screens("daiban"), "南门有两辆车等候")
    screen = screens(login)
    with quiet(screen):
        for size in WIDTHS:
            screen.page.set_viewport_size(size)  # type: ignore[arg-type]
            for opened in (path, *(("/records/",) if login == "anquan" else ())):
                screen.open(opened)
                wide = screen.page.evaluate("document.documentElement.scrollWidth")
                assert wide <= size["width"], (opened, size)
                assert not screen.wrong()
