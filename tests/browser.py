"""A real Chromium before a real house: fixtures for stories on the screen. 浏览器"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from qianjun.org.seeding import DEMO_PASSWORD
from tests.site.running import Demo, demo_folder

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none")
SCREEN = {"width": 1366, "height": 768}
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.0 to 2.2, A and AA, and best practice
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# the graphics card that is not there says this of itself; htmx says that a look was left behind by
# whoever went on to another page (what fails says sendError or responseError as well)
HARMLESS = ("ReadPixels", "htmx:sendAbort", "htmx:afterRequest")
PATIENCE_MS = 20_000
# a page of a house that shares two cores with another house being built
LOADED_MS = 60_000
# whoever is not here for the first time has seen the tour
TOURED = """
try { for (let n = 1; n < 100; n += 1) localStorage.setItem(`tour.${n}`, "seen"); } catch {}
"""


@dataclass
class Screen:
    """One person's browser window on the house; what its console says is kept. 屏幕"""

    page: Page
    address: str
    noise: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("pageerror", lambda error: self._hear("error", str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(word in text for word in HARMLESS):
            self.noise.append(f"{kind}: {text}")

    def open(self, path: str) -> None:
        """Go to a page of the house."""
        self.page.goto(self.address + path)

    def sign_in(self, login: str) -> None:
        """Through the door with the demo's password."""
        self.open("/accounts/login/")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", DEMO_PASSWORD)
        self.page.click("form button.go")
        self.page.wait_for_selector(".rail")

    def begin_report(self) -> None:
        """The empty form of intake, whatever its person had begun before."""
        self.open("/intake/")
        self.page.keyboard.press("Alt+n")
        expect(self.page.locator("#text")).to_have_value("")
        expect(self.page.locator("[data-saved]")).to_contain_text("已存")

    def wait_until_connected(self) -> None:
        """Until the line of changes stands."""
        self.page.wait_for_selector("[data-light][data-is=on]", timeout=PATIENCE_MS)

    def wrong(self) -> list[str]:
        """What axe-core finds wrong with the page as it stands."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(r => r.violations)", list(RULES)
        )
        return [
            f"{self.page.url} {one['id']}: {node['target']} {node['html'][:120]}"
            for one in found
            for node in one["nodes"]
        ]


def _without(sentence: str) -> None:
    """Skip with this sentence, unless the run must have a browser."""
    if os.environ.get("QIANJUN_REQUIRE_BROWSER") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


# no longer than a module: while it lives, an event loop runs in the thread of all other tests
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, else Playwright's own."""
    path = os.environ.get("QIANJUN_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        except Error:
            _without("没有浏览器：请安装 chromium，或用 QIANJUN_CHROMIUM 指明。No browser found.")
            return
        expect.set_options(timeout=PATIENCE_MS)  # a machine may have other things to do
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def house() -> Iterator[Demo]:
    """A demo of its own with all its processes, from its first start on."""
    with demo_folder() as demo:
        demo.start()
        yield demo


@pytest.fixture
def screens(browser: Browser, house: Demo) -> Iterator[Callable[..., Screen]]:
    """Open windows: ``screens("zhiban1")``; each has its own cookies."""
    opened = []

    def screen(login: str = "", *, first_time: bool = False, **options: object) -> Screen:
        context = browser.new_context(**{"viewport": SCREEN, "locale": "zh-CN", **options})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.set_default_navigation_timeout(LOADED_MS)
        opened.append(context)
        if not first_time:
            context.add_init_script(TOURED)
        made = Screen(page=context.new_page(), address=house.address)
        if login:
            made.sign_in(login)
        return made

    yield screen
    for context in opened:
        context.close()


@contextmanager
def quiet(*screens: Screen) -> Iterator[None]:
    """Nothing may be said on the consoles meanwhile."""
    yield
    noise = [line for screen in screens for line in screen.noise]
    assert not noise, noise
