"""No page asks for anything outside the house: there is nothing outside to ask.

House and browser run in a network namespace without a route where the machine lets us make one;
where it does not, the browser resolves no name but the house's own. Every request is noted.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, sync_playwright

from tests.browser import FLAGS, Screen, house, screens
from tests.settings import CLUSTER
from tests.site.running import Demo
from tests.stories.fireground import Desk
from tests.stories.test_every_page import LINKED, OPENED_BY, pages

__all__ = ["house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
ALONE: Final = "OFFLINE_ALONE"
HERE: Final = "127.0.0.1"
NOWHERE: Final = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HERE}"
INSIDE: Final = ("http", "https", "ws", "wss")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for which no name has an address."""
    path = os.environ.get("QIANJUN_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as player:
        launched = player.chromium.launch(executable_path=path, args=[*FLAGS, NOWHERE])
        yield launched
        launched.close()


def namespaces() -> bool:
    """Whether this machine gives us a network of our own, with nothing in it but ourselves."""
    words = ["unshare", "-n", "ip", "link", "set", "lo", "up"]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_every_page_asks_the_house_and_nobody_else(request: pytest.FixtureRequest) -> None:
    if os.environ.get(ALONE) is None and namespaces():
        again = f"{__file__}::{request.node.name}"
        words = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
        words += [sys.executable, "-m", "pytest", "-q", again]
        own = {ALONE: "1", "QIANJUN_TEST_CLUSTER": f"{CLUSTER}-alone"}
        done = subprocess.run(
            words, env=os.environ | own, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:]
        return
    asks_nobody_else(request.getfixturevalue("screens"), request.getfixturevalue("house"))


def asks_nobody_else(screens: Open, house: Demo) -> None:
    """Open every page and note whom it asks."""
    desk = Desk(house)
    incident = desk.fire()
    desk.post(f"incidents/{incident}/first_measures")
    desk.close()
    asked: set[str] = set()
    windows: dict[str, Screen] = {}
    for path in pages():
        if any(one in path for one in LINKED) or "{upward_id}" in path:
            continue
        who = OPENED_BY.get(path, "zhiban1")
        if who not in windows:
            windows[who] = screens(who)
            windows[who].page.context.on("request", lambda one: note(one, asked))
        filled = path.replace("{incident_id}", incident).replace("{kind}", "incident")
        filled = filled.replace("{code}", "folding_bed").replace("{record}", incident)
        windows[who].open(filled.replace("{unit}", "450202-GA"))
    assert len(asked) > 0
    assert asked <= {HERE}, asked


def note(one: Request, asked: set[str]) -> None:
    """Keep the host of a request that leaves the page."""
    parts = urlsplit(one.url)
    if parts.scheme in INSIDE:
        asked.add(parts.hostname or "")


def test_the_browser_really_reaches_nothing_outside(screens: Open) -> None:
    window = screens("zhiban1")
    reached = window.page.evaluate(
        "fetch('https://example.test/', {mode: 'no-cors'}).then(() => true, () => false)"
    )
    assert reached is False
