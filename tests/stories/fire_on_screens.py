"""The fire on real screens: each step is what somebody sees and presses."""

from typing import Final

from playwright.sync_api import Page, expect

from tests.browser import PATIENCE_MS, Screen
from tests.stories.fireground import PHONE, SHELTER, STREET, Desk, Row, fits, many

NEED: Final = 20
TENTS: Final = 10


def press(page: Page, name: str, *, exact: bool = True) -> None:
    page.get_by_role("button", name=name, exact=exact).click()


# --- the desk -------------------------------------------------------------------------------------


def reported(officer: Screen) -> str:
    """A caller reports a fire; 119 is told first and says so; the id of the incident."""
    officer.begin_report()
    page = officer.page
    page.locator("[name=source][value=public]").check(force=True)
    page.fill("#where", "演示涂料厂")
    page.fill("#text", "涂料厂一车间起火，有明火，浓烟")
    first = page.locator("[data-first='119']")
    expect(first).to_contain_text("先转 119", timeout=PATIENCE_MS)
    page.keyboard.press("Alt+z")
    expect(first).to_have_attribute("data-state", "told")
    first.locator("[name=taken_by]").fill("9 号台")
    page.keyboard.press("Alt+z")
    expect(first).to_have_attribute("data-state", "confirmed")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/*/")
    expect(page.locator("#firsts")).to_contain_text("已收到")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def measured(officer: Screen) -> None:
    """First measures by one key: the units' tasks stand in the room."""
    page = officer.page
    press(page, "先期处置")
    expect(page.locator("#tasks li").first).to_be_visible()
    expect(page.locator("#tasks")).to_contain_text("先期处置")


def proposed(officer: Screen, room: str) -> None:
    """Look at what level IV would do, then ask for it."""
    page = officer.page
    page.get_by_role("link", name="启动响应").click()
    page.select_option("[name=plan]", "fire")
    page.select_option("[name=level]", "4")
    press(page, "看会做什么")
    expect(page.locator("main")).to_contain_text("批准人：区应急局带班领导")
    page.fill("[name=why]", "车间起火，可能扩大")
    press(page, "报请", exact=False)
    page.wait_for_url("**/responses/*/")
    assert officer.wrong() == []
    officer.open(room)
    expect(page.locator("#responses")).to_contain_text("待批准")


def signed(leader: Screen, officer: Screen, room: str) -> None:
    """The leader logs in on his phone and signs; the officer's room shows it by itself."""
    officer.wait_until_connected()
    leader.open("/decisions/")
    page = leader.page
    waiting = page.locator("main section", has=page.locator(f"a[href='{room}']"))
    expect(waiting).to_contain_text("车间起火，可能扩大")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    assert not leader.wrong()
    waiting.locator("[name=note]").fill("同意，先撤人")
    waiting.get_by_role("button", name="批准启动").click()
    runs = officer.page.locator("#responses li[data-state=active]")
    expect(runs).to_contain_text("四级响应", timeout=PATIENCE_MS)
    line = officer.page.locator("#timeline li", has_text="启动").first
    expect(line).to_be_visible(timeout=PATIENCE_MS)


def called(officer: Screen, desk: Desk, incident: str) -> list[Row]:
    """Twenty are wanted: the price is seen, proposed, and sent by a second key."""
    page = officer.page
    page.get_by_role("link", name="召集志愿者").click()
    page.fill("[name=need]", str(NEED))
    page.fill("[name=place]", SHELTER)
    page.fill("[name=risk]", "低，离火场 900 米")
    expect(page.locator("#look")).to_contain_text("邀请", timeout=PATIENCE_MS)
    press(page, "提出这次召集")
    expect(page.locator("#callouts")).to_contain_text("待确认")
    assert desk.messages(incident, "callout") == []
    assert officer.wrong() == []
    press(page, "确认，通知", exact=False)
    expect(page.locator("#callouts")).to_contain_text("召集中")
    wanted = int(page.locator("#callouts .meta", has_text="共打扰").inner_text().split()[1])
    many(lambda: len(desk.messages(incident, "callout")), wanted)
    return desk.messages(incident, "callout")


# --- phones ---------------------------------------------------------------------------------------


def received(page: Page, count: int) -> None:
    """So many acts of this phone have reached the house."""
    expect(page.locator("[data-sent] li[data-is=received]")).to_have_count(count)


def comes(screen: Screen, message: Row) -> Page:
    """Somebody opens his link, is asked, and says that he comes."""
    screen.open(message["links"][0])
    page = screen.page
    expect(page.locator("main")).to_contain_text(SHELTER)
    assert fits(page)
    assert screen.wrong() == []
    for button, head in (("我能到", "您答应来"), ("出发了", "您在路上"), ("到了", "您在现场")):
        press(page, button)
        expect(page.locator("h1")).to_have_text(head)
    received(page, 3)
    assert fits(page)
    return page


def goes_home(screen: Screen, message: Row) -> None:
    """His work is done: he says that he leaves, and that he is home."""
    screen.open(message["links"][0])
    page = screen.page
    press(page, "离开了")
    expect(page.locator("h1")).to_have_text("您已离开")
    press(page, "平安到家")
    expect(page.locator("[data-sent]")).to_contain_text("已记下：您平安到家")
    expect(page.locator("h1")).to_have_text("您已平安到家")
    expect(page.get_by_role("button", name="平安到家")).to_have_count(0)
    assert screen.wrong() == []


def finished(page: Page, result: str) -> None:
    """Whoever has a task signs for it and says what came of it."""
    press(page, "签收，我来办")
    page.locator("summary", has_text="办完了").click()
    page.fill("#done", result)
    press(page, "报办结")


def finished_without_signal(page: Page, result: str) -> None:
    """The same where there is no signal: the phone keeps it and sends it when there is one."""
    page.context.set_offline(True)
    finished(page, result)
    expect(page.locator("[data-sent] li")).to_have_count(2)
    expect(page.locator("[data-sent]")).to_contain_text("未发送")
    expect(page.locator("[data-net]")).to_contain_text("没有信号")
    page.context.set_offline(False)
    done(page)


def done(page: Page) -> None:
    """The house has both acts, and the page says that the task is over."""
    received(page, 2)
    expect(page.locator(".state")).to_have_text("已办结")


# --- goods ----------------------------------------------------------------------------------------


def sent_out(officer: Screen, leader: Screen, keeper: Screen, incident: str) -> tuple[str, str]:
    """Tents are asked for, agreed to and handed out; the order, and the link of the receipt."""
    officer.open(f"/incidents/{incident}/")
    page = officer.page
    page.locator("#goods").get_by_role("link", name="提出调拨").click()
    expect(page.locator("#order-incident")).to_have_value(incident)
    page.select_option("#order-receiver", STREET)
    page.select_option("#code1", "tent")
    page.fill("[name=quantity1]", str(TENTS))
    press(page, "提出调拨")
    page.wait_for_url("**/supplies/orders/*/")
    order = page.url.removeprefix(officer.address)
    leader.open(order)
    press(leader.page, "批准调拨")
    expect(leader.page.locator("main .tag.inner").first).to_contain_text("已批准")
    keeper.open(order)
    press(keeper.page, "发出物资")
    slip = keeper.page.locator("a[href^='/supplies/slips/']").first
    expect(slip).to_contain_text("CK-")
    press(keeper.page, "生成签收链接")
    shown = keeper.page.locator("main").inner_html()
    link = shown.split("/g/", 1)[1].split('"')[0].split("<")[0]
    slip_path = str(keeper.page.locator("a[href^='/supplies/slips/']").first.get_attribute("href"))
    keeper.open(slip_path)
    expect(keeper.page.locator("main")).to_contain_text("帐篷")
    return order, f"/g/{link}"


def signed_for(screen: Screen, link: str) -> None:
    """Whoever gets the goods counts and signs on his phone."""
    screen.open(link)
    assert fits(screen.page)
    assert screen.wrong() == []
    press(screen.page, "签收物资")
    expect(screen.page.locator("main")).to_contain_text("已签收")


def returned(keeper: Screen, order: str) -> None:
    """The keeper has the tents back: the order is over."""
    keeper.open(order)
    press(keeper.page, "记归还")
    expect(keeper.page.locator("main .tag.inner").first).to_contain_text("已了结")


# --- the end --------------------------------------------------------------------------------------


def refused_while(officer: Screen, room: str, *what: str) -> None:
    """The incident cannot be closed yet, and the page says because of what."""
    officer.open(room)
    page = officer.page
    page.locator("#ending").get_by_role("button", name="结案").click()
    said = page.get_by_role("alert").filter(has_text="(held)")
    expect(said).to_contain_text("还有未了结的事，不能结案")
    for one in what:
        expect(said).to_contain_text(one)
        expect(page.locator("#ending .holds")).to_contain_text(one)
    expect(page.locator("#head")).to_contain_text("处置中")
    assert officer.wrong() == []


def others_done(officer: Screen, room: str) -> None:
    """What the units report by telephone the officer notes, task by task."""
    officer.open(room)
    page = officer.page
    waiting = page.locator("#tasks li.open")
    for left in range(waiting.count(), 0, -1):
        waiting.first.get_by_role("button", name="办结", exact=True).click()
        expect(waiting).to_have_count(left - 1)
    expect(page.locator("#tasks")).to_contain_text("未办结 0")


def stood_down(officer: Screen, room: str) -> None:
    """Nobody is wanted any more; who is there may go."""
    officer.open(f"{room}callouts/")
    press(officer.page, "全部解除")
    expect(officer.page.locator("#callouts")).to_contain_text("已解除")


def ended(officer: Screen, room: str) -> None:
    """Everybody is back, or somebody has asked after him and says so."""
    officer.open(f"{room}callouts/")
    page = officer.page
    expect(page.locator("#callouts")).to_contain_text("已到 0 人", timeout=PATIENCE_MS)
    if page.locator("#callouts [name=reason]").count():
        press(page, "结束")
        expect(page.get_by_role("alert")).to_contain_text("(people_out)")
        page.fill("#callouts [name=reason]", "没到的已逐个电话问到，都在家")
    press(page, "结束")
    expect(page.locator("#callouts")).to_contain_text("已结束")


def response_over(leader: Screen, room: str) -> None:
    """Who started the response ends it."""
    leader.open(room)
    page = leader.page
    page.locator("#responses li[data-state=active] a.main").click()
    over = page.locator("form", has=page.get_by_role("button", name="终止响应"))
    over.locator("[name=why]").fill("明火扑灭，人员已撤")
    over.get_by_role("button", name="终止响应").click()
    expect(page.locator("main")).to_contain_text("终止理由：明火扑灭，人员已撤")


def closed(officer: Screen, room: str, order: str) -> None:
    """Nothing holds the incident: it is closed, and nobody is wanted, coming or there."""
    officer.open(room)
    page = officer.page
    expect(page.locator("#ending .holds")).to_have_count(0)
    ours = page.locator("#goods li", has=page.locator(f"a[href='{order}']"))
    expect(ours).to_have_attribute("data-state", "returned")
    expect(page.locator("#responses li")).to_have_attribute("data-state", "ended")
    page.locator("#ending").get_by_role("button", name="结案").click()
    expect(page.locator("#head")).to_contain_text("已结案")
    expect(page.locator("#people .nco")).to_have_count(0)
    assert officer.wrong() == []
