"""An empty folder becomes a house: three administrators enrol by one-time links, each once."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from qianjun.org.second.rules import code_at, step_at
from tests.browser import Screen, browser, quiet, screens
from tests.site.running import PROGRAM, Demo, demo_folder, environment, until

pytestmark = pytest.mark.running_clock
__all__ = ["browser", "screens"]
Open = Callable[..., Screen]
PASSWORD = "liu-he-shui-ku-71"
PEOPLE = {
    "system_admin": ("演示陆志远", "luzhiyuan", "系统管理员"),
    "security_admin": ("演示覃安", "qinan", "安全管理员"),
    "audit_admin": ("演示韦审", "weishen", "审计管理员"),
}
SECRETS: dict[str, str] = {}  # what each has on his phone
PHONE = {"width": 360, "height": 740}
VIEWS = ({"width": 1366, "height": 768}, PHONE, {"width": 1920, "height": 1080})


@pytest.fixture(scope="module")
def house() -> Iterator[Demo]:
    """A folder in which nothing was ever set up."""
    with demo_folder() as demo:
        yield demo


def serve(house: Demo) -> None:
    """What ``qianjun serve`` runs, until it is well."""
    house.supervisor = subprocess.Popen(
        [*PROGRAM, "serve", "--port", str(house.port), "--data", str(house.folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env=environment(),
    )
    until(house.is_well)


def enrol(screen: Screen, path: str, *, name: str, login: str) -> None:
    """Fill the form behind a link in as a person does."""
    screen.open(path)
    screen.page.fill("#name", name)
    screen.page.fill("#login", login)
    screen.page.fill("#password", PASSWORD)
    screen.page.fill("#again", PASSWORD)
    screen.page.keyboard.press("Enter")


def sign_in(screen: Screen, login: str) -> None:
    """Through the door with his own password."""
    screen.open("/accounts/login/")
    screen.page.fill("[name=login]", login)
    screen.page.fill("[name=password]", PASSWORD)
    screen.page.keyboard.press("Enter")
    if login in {one[1] for one in PEOPLE.values()}:
        protect(screen, login)
    screen.page.wait_for_selector(".rail")


def protect(screen: Screen, login: str) -> None:
    """An administrator of the realm live gets a second proof before anything else."""
    if login in SECRETS:
        screen.page.wait_for_url("**/accounts/second/code/")
        screen.page.fill("[name=code]", code_at(SECRETS[login], step_at(datetime.now(UTC))))
        screen.page.keyboard.press("Enter")
        return
    screen.page.wait_for_url("**/accounts/second/")
    screen.page.get_by_role("link", name="开启动态码").click()
    screen.page.fill("[name=password]", PASSWORD)
    screen.page.click("form .go")
    secret = SECRETS[login] = screen.page.locator(".meta code").inner_text()
    screen.page.fill("[name=code]", code_at(secret, step_at(datetime.now(UTC))))
    screen.page.click("form .go")
    screen.page.get_by_role("link", name="已收好，回到值班台").click()


def forget(house: Demo, screens: Open) -> None:
    """A forgotten password is set anew on a telephone, which says what will not do."""
    made = house.qianjun(
        "init", "--relink", "audit_admin", "--login", PEOPLE["audit_admin"][1], "--json"
    )
    path = json.loads(made.stdout)["links"][0]["path"]
    screen = screens(viewport=PHONE)
    screen.open(path)
    assert screen.wrong() == []
    screen.page.fill("#password", "123")
    screen.page.fill("#again", "1234")
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("#password-fault")).to_be_visible()
    expect(screen.page.locator("#again-fault")).to_contain_text("两次输入的密码不一样")
    assert screen.wrong() == []
    assert fits(screen)


def employ(screens: Open) -> None:
    """System adds a person and his account, security his role, the auditor reads of it."""
    system, security, audit = (screens(viewport=view) for view in VIEWS)
    for screen, role in ((system, "system_admin"), (security, "security_admin")):
        sign_in(screen, PEOPLE[role][1])
        screen.page.click(".rail >> text=人员")
    system.page.fill("#new-name", "演示新值班")
    system.page.keyboard.press("Enter")
    expect(system.page.locator("h1")).to_have_text("演示新值班")
    system.page.click("text=开通账号的链接")
    link = system.page.locator("code").inner_text()
    assert link.startswith(system.address)
    assert system.wrong() == []
    officer = screens()
    officer.page.goto(link)
    for name, value in (("login", "xinzhiban"), ("password", PASSWORD), ("again", PASSWORD)):
        officer.page.fill(f"#{name}", value)
    officer.page.keyboard.press("Enter")
    expect(officer.page.locator("h1")).to_have_text("密码已设好")

    security.page.fill("main [name=q]", "xzb")
    security.page.keyboard.press("Enter")
    security.page.click("table a")
    security.page.select_option("[name=role]", "duty_officer")
    security.page.click("text=授予角色")
    expect(security.page.locator(".rows b").first).to_have_text("值班员")
    sign_in(officer, "xinzhiban")
    officer.page.wait_for_selector(".rail >> text=接报")

    sign_in(audit, PEOPLE["audit_admin"][1])
    audit.page.click(".rail >> text=角色")
    expect(audit.page.locator(".said", has_text="授予角色“值班员”")).to_contain_text("演示新值班")
    for screen in (security, audit):
        assert screen.wrong() == []
        assert fits(screen)
    for path in ("/", "/admin/people/"):
        system.open(path)
        assert system.wrong() == []
        assert fits(system)


def fits(screen: Screen) -> bool:
    """Whether nothing of the page hangs out at the side."""
    wide = screen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return bool(wide <= 0)


def test_three_administrators_enrol_in_an_empty_folder(house: Demo, screens: Open) -> None:
    first = house.qianjun("init", "--json")
    assert first.returncode == 0, first.stderr
    links = {one["role"]: one["path"] for one in json.loads(first.stdout)["links"]}
    assert set(links) == set(PEOPLE)
    assert "只显示这一次" in first.stderr

    again = house.qianjun("init")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr.count("--relink") == len(PEOPLE)
    lost = links["audit_admin"]
    other = house.qianjun("init", "--relink", "audit_admin", "--address", house.address)
    assert other.stdout.startswith(f"审计管理员\t{house.address}/enrol/")
    links["audit_admin"] = other.stdout.strip().removeprefix(f"审计管理员\t{house.address}")

    serve(house)
    screen = screens()
    with quiet(screen):
        for role, (name, login, word) in PEOPLE.items():
            enrol(screen, links[role], name=name, login=login)
            expect(screen.page.locator("h1")).to_have_text(f"{word}已登记")
        assert screen.wrong() == []
        sign_in(screen, "luzhiyuan")
        expect(screen.page.locator(".topbar .me")).to_contain_text("演示陆志远 · 系统管理员")
    for path in (lost, links["system_admin"]):
        screen.open(path)
        expect(screen.page.locator("[role=status]")).to_contain_text("已经用过或已作废")
        assert screen.wrong() == []
    refused = house.qianjun("init", "--relink", "system_admin")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "已有人登记" in refused.stderr
    forget(house, screens)
    employ(screens)
