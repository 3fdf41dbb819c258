"""A messy list of people: looked at row by row, its good rows taken, and all of it taken back."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.kernel.sheets.books import Failed, Formula, xlsx
from tests.org.imports.sheets import HEAD, comma, person

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
UNIT: Final = "450202"
SHEET: Final = "应急联系人（最终版 2）.xlsx"
TITLE: Final = "城中区应急联系人登记表"
HEADER_ROWS: Final = 2  # a title over all columns, then the headings
REAL: Final = "138" + "00000026"  # in two parts, for no telephone that could ring is named here
HELD: Final = "10000010001"  # the telephone of somebody of the demo


def somebody(n: int, **changed: Any) -> list[Any]:
    """A good row, whose number nobody of the demo has; any content may stand in a cell."""
    usual = {"name": f"混表人{n}", "unit": UNIT, "phone": f"100077{n:05d}"}
    return person(n, **(usual | changed))


GOOD: Final = (
    somebody(1, name="混表人 甲"),
    somebody(2, name="混表人乙", phone="１０００７７０００ ０２"),
    somebody(3, name="=混表人丙", unit="柳州市城中区应急管理局"),
)
# every kind of bad row, and what must be said of it
BAD: Final[tuple[tuple[list[Any], str], ...]] = (
    (somebody(21, name=""), "姓名：必填，但是空着。"),
    (somebody(22, unit="没有的单位"), "工作单位：没有这个单位"),
    (somebody(23, unit=""), "工作单位：必填，但是空着。"),
    (somebody(24, phone="很长的电话"), "联系电话：不是电话号码。"),
    (somebody(25, phone="10007700025/10007700026"), "联系电话：写了不止一个号码"),
    (somebody(27, phone="1.00001E+10"), "联系电话：号码被表格改成了科学计数法"),
    (somebody(28, phone=REAL), "联系电话：演示和演练环境只收 100 开头的虚构号码。"),
    (somebody(29, mail="不是邮箱"), "邮箱：格式不对。"),
    (somebody(30, consent="也许"), "是否同意：请填“是”或“否”。"),
    (somebody(31, day="某天"), "签字日期：不是日期"),
    (somebody(32, day="2026年5月"), "签字日期：日期没有写到日。"),
    (somebody(33, day="2099-07-01"), "签字日期：同意的日期还没有到。"),
    (somebody(34, name="混" * 61), "姓名：超过 60 字。"),
    (somebody(1, name="混表人 甲"), "与第 3 行重复。"),
    (somebody(35, phone="10007700001"), "联系电话：这个号码在表里给了不同的人（第 3 行）。"),
    (somebody(36, phone=HELD), "联系电话：这个号码已经是系统里另一个人的。"),
    (somebody(37, name=Formula("A3&B3")), "姓名：必填，但是空着。"),
    (somebody(38, unit=Failed()), "工作单位：必填，但是空着。"),
)


def messy() -> bytes:
    """The workbook: a merged title, headings, good rows, then the bad ones."""
    return xlsx([(TITLE,), HEAD, *GOOD, *(row for row, _said in BAD)], merges=["A1:F1"])


def uploaded(screen: Screen, content: bytes, *, name: str = SHEET) -> Page:
    """Choose the file on the page of imports and have it looked at."""
    screen.open("/admin/import/")
    page = screen.page
    page.select_option("#kind", "people")
    page.set_input_files("#file", FilePayload(name=name, mimeType="", buffer=content))
    page.get_by_role("button", name="上传并核对").click()
    expect(page.locator("#decide-title")).to_have_text("还没有写入", timeout=PATIENCE_MS)
    return page


def counts(page: Page) -> dict[str, str]:
    """The figures above the rows."""
    parts = page.locator("dl.counts > div").all()
    return {part.locator("dt").inner_text(): part.locator("dd").inner_text() for part in parts}


def found(screen: Screen, name: str) -> int:
    """How many people of this name the page of people lists."""
    screen.open(f"/admin/people/?q={name}")
    expect(screen.page.get_by_role("status").first).to_contain_text("人")
    return screen.page.locator("table.list tbody tr", has_text=name).count()


def taken_back(page: Page) -> None:
    """Undo the run that stands on the page."""
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.locator("main h1 + .tag")).to_have_text("已撤销", timeout=PATIENCE_MS)


def test_each_bad_row_is_refused_by_name_and_the_good_ones_come_and_go(screens: Open) -> None:
    screen = screens("xitong")
    with quiet(screen):
        page = uploaded(screen, messy())
        rows = page.locator("section[aria-labelledby=rows-title] tbody tr")
        expect(rows).to_have_count(len(GOOD) + len(BAD))
        for number, (_row, said) in enumerate(BAD, HEADER_ROWS + len(GOOD) + 1):
            cells = rows.nth(number - HEADER_ROWS - len(GOOD) - 1).locator("td")
            expect(cells.nth(0)).to_have_text(str(number))
            expect(cells.nth(1)).to_have_text("有问题")
            expect(cells.nth(2)).to_contain_text(said)
        figures = {"行数": str(len(GOOD) + len(BAD)), "新增": "3", "更新": "0", "未变": "0"}
        figures["有问题"] = str(len(BAD))
        assert counts(page) == figures
        remarked = rows.filter(has_text="按文字保存，不会当公式执行")
        expect(remarked.locator("td").nth(1)).to_have_text("新增")
        expect(remarked).to_contain_text("=混表人丙")
        expect(page.locator("main")).not_to_contain_text("10007700001")
        # written with a gap and in full width, it is masked all the same
        expect(rows.filter(has_text="混表人乙")).to_contain_text("100****0002")

        page.get_by_role("button", name="只导入正确的行").click()
        expect(page.locator("main h1 + .tag")).to_have_text("已导入", timeout=PATIENCE_MS)
        assert counts(page) == figures
        problems = page.locator("section[aria-labelledby=problems-title] tbody tr")
        # the row that is only remarked upon is listed too
        expect(problems).to_have_count(len(BAD) + 1)
        run = page.url.removeprefix(screen.address)
        assert found(screen, "混表人") == len(GOOD)
        assert found(screen, "混表人甲") == 1
        screen.page.get_by_role("link", name="混表人甲").click()
        expect(screen.page.locator("main")).to_contain_text("混表人甲")

        screen.open(run)
        taken_back(screen.page)
        assert found(screen, "混表人") == 0
        screen.open("/admin/import/")
        expect(page.locator("tbody tr", has_text=SHEET).first).to_contain_text("已撤销")


def test_all_or_none_takes_nothing_of_a_list_with_bad_rows(screens: Open) -> None:
    screen = screens("xitong")
    with quiet(screen):
        page = uploaded(screen, messy())
        expect(page.get_by_role("button", name="全部导入")).to_have_count(0)
        # a page from before, or a program, may still ask for all of it
        page.locator("button[name=rows]").evaluate("button => button.value = 'all'")
        page.locator("button[name=rows]").click()
        refused = f"还有 {len(BAD)} 行有问题；请改好再传，或只导入正确的行。"
        expect(page.locator("main").get_by_role("alert")).to_contain_text(
            refused, timeout=PATIENCE_MS
        )
        expect(page.locator("#decide-title")).to_have_text("还没有写入", timeout=PATIENCE_MS)
        waiting = page.url.removeprefix(screen.address)
        assert found(screen, "混表人") == 0
        screen.open(waiting)
        page.get_by_role("button", name="放弃").click()
        page.wait_for_url("**/admin/import/")
        assert found(screen, "混表人") == 0


def test_a_clean_list_of_an_old_program_is_taken_whole(screens: Open) -> None:
    screen = screens("xitong")
    rows = [
        somebody(61, name="老表人\u202e一", phone="１０００７７０００６１"),
        somebody(62, name="老表人二", phone="100 0770 0062", day="2026/5/1"),
        somebody(63, name="　老表人三\u3000", consent="√"),
    ]
    with quiet(screen):
        page = uploaded(screen, comma(rows, encoding="gb18030"), name="名单.csv")
        assert counts(page)["有问题"] == "0"
        page.get_by_role("button", name="全部导入").click()
        expect(page.locator("main h1 + .tag")).to_have_text("已导入", timeout=PATIENCE_MS)
        assert counts(page)["新增"] == "3"
        run = page.url.removeprefix(screen.address)
        for name in ("老表人一", "老表人二", "老表人三"):
            assert found(screen, name) == 1
        screen.open(run)
        taken_back(page)
        assert found(screen, "老表人") == 0


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (360, 740)])
def test_nothing_keeps_anybody_from_checking_a_list(screens: Open, width: int, height: int) -> None:
    screen = screens("xitong", viewport={"width": width, "height": height})
    with quiet(screen):
        page = uploaded(screen, messy())
        for one in page.locator("details").all():
            one.evaluate("part => part.open = true")
        assert screen.wrong() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
