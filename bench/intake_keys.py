"""Three calls taken in by the keyboard in a real browser: keys, clicks, seconds. 接报按键

The first is that of the drill: 119 reports the fire in the paint factory. The script knows what is
said and which keys an officer presses; the browser counts what really happened. Words are typed at
a simulated speed (characters a minute, may be given), so the seconds are those of a typist at that
speed plus what the house takes. Figures are never typed: they are read from the words and taken by
one key; that they arrive shows that no fact was typed twice.
"""

import os
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bench.ground import frame
from bench.ground.house import House, house
from bench.ground.keying import Call, calls
from bench.ground.line import HOST
from bench.ground.screens import FLAGS, session_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

OFFICER: Final = "zhiban1"
SPEED_PER_MINUTE: Final = 100  # Chinese characters, a practised hand with pinyin
KEY_S: Final = 0.15
NAVIGATION_MOST: Final = 10
EXPERT_S: Final = 35
LATEST_MS: Final = 20_000
COUNTER: Final = """
window.clicks = 0;
addEventListener("pointerdown", (event) => { window.clicks += event.isTrusted; }, true);
"""


@dataclass(kw_only=True)
class Tally:
    """What one call cost. 一单的代价"""

    characters: int = 0
    navigation: int = 0
    clicks: int = 0
    waited_s: float = 0.0
    seconds: float = 0.0
    missing: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)


def run(args: list[str]) -> frame.Answer:
    """Take in the three calls, one after the other."""
    began = time.monotonic()
    speed = int(args[0]) if args else SPEED_PER_MINUTE
    with house("intake_keys") as made:
        tallies = {call.name: tally for call, tally in play(made, speed=speed)}
        seen: frame.Answer = {
            "characters_per_minute": speed,
            "calls": {name: _figures(tally) for name, tally in tallies.items()},
            "asked_for": {"seconds_of_an_expert": EXPERT_S},
        }
        gates = _gates(list(tallies.values()))
        return frame.answer("intake_keys", gates=gates, seen=seen, folder=made.folder, began=began)


def play(made: House, *, speed: int) -> list[tuple[Call, Tally]]:
    """Take in the three calls in a browser; what each cost."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("QIANJUN_CHROMIUM") or shutil.which("chromium")
    cookie = session_of(made, OFFICER)
    address = f"http://{HOST}:{made.port}"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=list(FLAGS))
        context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        context.add_init_script(COUNTER)
        page = context.new_page()
        done = [(call, _take(page, address, call, speed=speed)) for call in calls()]
        browser.close()
    return done


def _take(page: "Page", address: str, call: Call, *, speed: int) -> Tally:
    """Press the keys of one call, from the first on the empty form to the room."""
    page.goto(f"{address}/intake/")
    page.wait_for_selector("[data-map=ready]", timeout=LATEST_MS)
    tally = Tally()
    began = time.monotonic()
    for pressed in call.keys:
        if pressed == "<Control+Enter>":
            tally.clicks = int(page.evaluate("window.clicks"))
        _press(page, pressed, tally, speed=speed)
    page.wait_for_url("**/incidents/*/", timeout=LATEST_MS)
    tally.seconds = time.monotonic() - began
    shown = page.locator("main").inner_text()
    tally.missing = [word for word in call.shown if word not in shown]
    frame.told(f"intake_keys: {call.name} {tally.seconds:.1f} s, {tally.navigation} keys")
    return tally


def _press(page: "Page", pressed: str, tally: Tally, *, speed: int) -> None:
    if not pressed.startswith("<"):
        tally.characters += len(pressed)
        tally.typed.append(pressed)
        page.keyboard.type(pressed, delay=60_000 / speed)
        return
    key = pressed.strip("<>")
    if key.startswith("wait "):
        began = time.monotonic()
        page.locator("#intake, #look", has_text=key[5:]).first.wait_for(timeout=LATEST_MS)
        tally.waited_s += time.monotonic() - began
        return
    tally.navigation += 1
    time.sleep(KEY_S)
    page.keyboard.press(key)


def _figures(tally: Tally) -> frame.Answer:
    return {
        "characters": tally.characters,
        "navigation_keys": tally.navigation,
        "clicks": tally.clicks,
        "waited_for_the_house_s": round(tally.waited_s, 2),
        "seconds": round(tally.seconds, 1),
        "missing": tally.missing,
    }


def _twice(tally: Tally) -> int:
    """Words that were typed although they had been typed before."""
    return len(tally.typed) - len(set(tally.typed))


def _gates(tallies: list[Tally]) -> list[frame.Gate]:
    most = max(tally.navigation for tally in tallies)
    clicks = sum(tally.clicks for tally in tallies)
    twice = sum(_twice(tally) for tally in tallies)
    missing = sum(len(tally.missing) for tally in tallies)
    return [
        frame.Gate(what="clicks of the mouse", value=clicks, at_most=0),
        frame.Gate(what="keys beside the text, most", value=most, at_most=NAVIGATION_MOST),
        frame.Gate(what="facts typed twice", value=twice, at_most=0),
        frame.Gate(what="facts that did not arrive", value=missing, at_most=0),
    ]


if __name__ == "__main__":
    frame.main(run)
