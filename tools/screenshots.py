"""The pictures of the manual: a demo of its own, a fire in it, every main page, small files. 截图

``make screenshots`` writes ``docs/user/screens/<page>-<width>.png`` with a palette of 64 colours.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx  # noqa: TID251  # asks the demo that it started
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT: Final = Path(__file__).parents[1]
SCREENS: Final = ROOT / "docs" / "user" / "screens"
PROGRAM: Final = (sys.executable, "-m", "qianjun.site")
PORT: Final = 8793
ADDRESS: Final = f"http://127.0.0.1:{PORT}"
PASSWORD: Final = "qianjun-demo"  # noqa: S105
UP_S: Final = 400.0
COLOURS: Final = 64
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
HEIGHTS: Final = {360: 740, 1366: 768, 1920: 1080, 3840: 2160}
DESKTOP: Final = 1366
# each page at the width of an office screen; the two that are looked at most at every width
EVERYWHERE: Final = ("desk", "room")
PAGES: Final = {
    "desk": "/",
    "intake": "/intake/",
    "room": "/incidents/{id}/",
    "callout": "/incidents/{id}/callouts/",
    "upward": "/incidents/{id}/upward/",
    "supplies": "/supplies/",
    "river": "/river/",
    "phones": "/phones/",
    "show": "/show/",
}
# the pictures are of a desk on any day, not the first
TOURED: Final = """
try { for (let n = 1; n < 100; n += 1) localStorage.setItem(`tour.${n}`, "seen"); } catch {}
"""
FIRE: Final = "静兰涂料厂一车间起火，明火，已派3站，疑有危化，2人没出来"


def main() -> int:
    """Make the demo, the fire, the pictures; leave nothing behind but those."""
    with tempfile.TemporaryDirectory(prefix="screens-", dir=ROOT / "var") as folder:
        os.chmod(folder, 0o755)  # noqa: S103, PTH101  # the database's own user must get there
        words = ("demo", "--small", "--port", str(PORT), "--data", folder)
        house = subprocess.Popen([*PROGRAM, *words], stdout=subprocess.DEVNULL)
        try:
            _wait()
            _pictures(_fire(folder))
        finally:
            house.terminate()
            house.wait(60)
    total = sum(file.stat().st_size for file in SCREENS.glob("*.png"))
    print(f"{len(list(SCREENS.glob('*.png')))} pictures, {total // 1024} KiB")
    return 0


def _wait() -> None:
    end = time.monotonic() + UP_S
    while time.monotonic() < end:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{ADDRESS}/healthz", timeout=5).json()["status"] == "ok":
                return
        time.sleep(1)
    raise SystemExit("the demo did not come up")


def _fire(folder: str) -> str:
    """An incident with something on every page; its id."""
    made = subprocess.run(
        [*PROGRAM, "token", "--role", "duty_officer", "--data", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
    with httpx.Client(base_url=f"{ADDRESS}/api/v1", headers=headers, timeout=120) as asks:
        told = {"text": FIRE, "channel": "phone", "source": "119", "join": "new"}
        ident = str(asks.post("/reports", json=told).json()["incident"]["id"])
        room = f"/incidents/{ident}"
        steps: list[tuple[str, dict[str, Any]]] = [
            ("figures", {"kind": "missing", "value": 2, "source": "企业"}),
            ("first_measures", {}),
            ("notes", {"kind": "order", "text": "下风向 200 米先撤人，听消防现场指挥"}),
            ("orders", {"code": "folding_bed", "quantity": 8, "receiver": "450202007"}),
            ("activation", {"plan": "fire", "level": 3, "why": "疑有甲苯"}),
        ]
        for path, body in steps:
            asks.post(f"{room}/{path}", json=body).raise_for_status()
    return ident


def _pictures(incident: str) -> None:
    from playwright.sync_api import sync_playwright

    SCREENS.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("QIANJUN_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=list(FLAGS))
        for width, height in HEIGHTS.items():
            _at(browser, incident, width=width, height=height)
        browser.close()


def _at(browser: "Browser", incident: str, *, width: int, height: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    context.set_default_timeout(120_000)
    context.add_init_script(TOURED)
    page = context.new_page()
    page.goto(f"{ADDRESS}/accounts/login/")
    page.fill("[name=login]", "zhiban1")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.go")
    page.wait_for_selector(".rail")
    for name, address in PAGES.items():
        if width == DESKTOP or name in EVERYWHERE:
            page.goto(ADDRESS + address.replace("{id}", incident))
            page.wait_for_load_state("networkidle" if name in ("room", "intake") else "load")
            page.wait_for_timeout(1_500)
            _keep(page.screenshot(), SCREENS / f"{name}-{width}.png")
    context.close()


def _keep(picture: bytes, file: Path) -> None:
    """Few colours are enough for a page of words."""
    small = Image.open(io.BytesIO(picture)).convert("RGB")
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
