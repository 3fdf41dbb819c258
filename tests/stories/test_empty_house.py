"""An empty folder becomes a house: three administrators enrol by one-time links, each once."""

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

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
PHONE = {"width": 360, "height": 740}


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
    screen.page.wait_for_selector(".rail")


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
    wide = screen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]


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
