"""Is anything of the whole fire typed twice? Every field that is typed is recorded. 不填两遍

The fire is taken in, answered, signed, called for, supplied, reported and ended on the real screens
by three people. A script in each page notes every field into which somebody types, with the form it
belongs to. A value that is typed into two different forms is a fact typed twice.
"""

import os
import re
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bench.ground import frame
from bench.ground.house import House, house
from bench.ground.line import HOST
from bench.ground.screens import FLAGS, session_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LATEST_MS: Final = 60_000
PEOPLE: Final = ("zhiban1", "daiban", "cangku")
LEAST_FIELDS: Final = 12  # a recorder that hears nothing finds nothing twice
LEAST_CHARACTERS: Final = 2
PART: Final = 4  # so long a word inside another is the same fact
RECORDER: Final = """
addEventListener("input", ({ target: one }) => {
  if (!one.matches?.("input, textarea") || /radio|checkbox|hidden|password/.test(one.type)) return;
  const form = one.form?.getAttribute("action") || location.pathname;
  window.noteTyped({ form, name: one.name, said: one.value });
}, true);
"""


@dataclass(kw_only=True)
class Typed:
    """The last value of each field of each form, by who typed it."""

    said: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def note(self, told: dict[str, str]) -> None:
        """Somebody typed; a field that grows is one value."""
        form = re.sub(r"\d+", "{}", told["form"]).split("?")[0]
        values = self.said.setdefault((form, told["name"]), [])
        if values and told["said"].startswith(values[-1]):
            values[-1] = told["said"]
        else:
            values.append(told["said"])

    def twice(self) -> list[str]:
        """What stands in fields of two different forms."""
        flat = [(form, name, one) for (form, name), all_ in self.said.items() for one in all_]
        return [
            f"{one}: {form} {name}, {other_form} {other_name}"
            for n, (form, name, one) in enumerate(flat)
            for other_form, other_name, other in flat[n + 1 :]
            if form != other_form and same(one, other)
        ]


def same(one: str, other: str) -> bool:
    """Whether two values tell the same fact: equal, or one stands whole in the other."""
    short, long = sorted(("".join(one.split()), "".join(other.split())), key=len)
    if len(short) < LEAST_CHARACTERS:
        return False
    return short == long or (len(short) >= PART and short in long)


def run(args: list[str]) -> frame.Answer:
    """Play the fire and compare what was typed."""
    del args
    began = time.monotonic()
    from playwright.sync_api import sync_playwright

    typed = Typed()
    path = os.environ.get("QIANJUN_CHROMIUM") or shutil.which("chromium")
    with house("twice") as made:
        cookies = [session_of(made, who) for who in PEOPLE]  # before an event loop runs here
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=path, args=list(FLAGS))
            _fire(*(_window(browser, made, cookie, typed) for cookie in cookies))
            browser.close()
        found = typed.twice()
        fields = sum(len(values) for values in typed.said.values())
        gates = [
            frame.Gate(what="facts typed twice", value=len(found), at_most=0),
            frame.Gate(what="fields typed in the story", value=fields, at_least=LEAST_FIELDS),
        ]
        seen: frame.Answer = {
            "twice": found,
            "typed": {f"{form} {name}": said for (form, name), said in typed.said.items()},
        }
        return frame.answer("twice", gates=gates, seen=seen, folder=made.folder, began=began)


def _window(browser: "Browser", made: House, session: str, typed: Typed) -> "Page":
    address = f"http://{HOST}:{made.port}"
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 1366, "height": 768}, base_url=address
    )
    context.set_default_timeout(LATEST_MS)
    cookie: Any = {"name": "sessionid", "value": session, "url": address}
    context.add_cookies([cookie])
    context.expose_function("noteTyped", typed.note)
    context.add_init_script(RECORDER)
    return context.new_page()


def _press(page: "Page", name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def _fire(officer: "Page", leader: "Page", keeper: "Page") -> None:
    """The story of the golden drill as far as anybody types."""
    room = _taken_in(officer)
    _press(officer, "先期处置")
    officer.wait_for_selector("#tasks li")
    response = _started(officer, leader, room)
    _commanded(officer, room)
    _called(officer, room)
    _supplied(officer, leader, keeper, room)
    _reported(officer, leader, room)
    leader.goto(response)
    over = leader.locator("form", has=leader.get_by_role("button", name="终止响应"))
    over.locator("[name=why]").fill("明火已灭，人员撤净")
    over.get_by_role("button", name="终止响应").click()
    leader.wait_for_load_state()


def _taken_in(page: "Page") -> str:
    page.goto("/intake/")
    page.locator("[name=source][value='119']").check(force=True)
    page.locator("#where").fill("静兰涂料厂")
    page.locator("#text").fill("一车间起火，明火，已派3站，疑有危化，2伤")
    page.wait_for_timeout(1_500)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/*/")
    return page.url


def _started(officer: "Page", leader: "Page", room: str) -> str:
    officer.get_by_role("link", name="启动响应").click()
    officer.select_option("[name=plan]", "fire")
    officer.select_option("[name=level]", "4")
    _press(officer, "看会做什么")
    officer.locator("[name=why]").fill("可能扩大到二车间")
    _press(officer, "报请")
    officer.wait_for_url("**/responses/*/")
    response = officer.url
    leader.goto("/decisions/")
    link = room[room.index("/incidents") :]
    waiting = leader.locator("main section", has=leader.locator(f"a[href='{link}']"))
    waiting.locator("[name=note]").fill("同意，先撤人")
    waiting.get_by_role("button", name="批准启动").click()
    leader.wait_for_load_state()
    return response


def _commanded(page: "Page", room: str) -> None:
    page.goto(f"{room}command/")
    form = page.locator("form", has=page.locator("[name=decided_by]"))
    form.locator("[name=decided_by]").fill("区政府分管领导")
    form.locator("input[name=name]").first.fill("演示韦国庆")
    form.get_by_role("button", name="成立指挥部").click()
    page.wait_for_load_state()


def _called(page: "Page", room: str) -> None:
    page.goto(f"{room}callouts/")
    page.locator("[name=need]").fill("20")
    page.locator("[name=place]").fill("静兰小学体育馆")
    page.locator("[name=risk]").fill("低，离火场 900 米")
    _press(page, "提出这次召集")
    _press(page, "确认，通知")
    page.wait_for_load_state()


def _supplied(officer: "Page", leader: "Page", keeper: "Page", room: str) -> None:
    officer.goto(room)
    officer.locator("#goods").get_by_role("link", name="提出调拨").click()
    officer.select_option("#order-receiver", "450202007")
    officer.select_option("#code1", "folding_bed")
    officer.locator("[name=quantity1]").fill("40")
    _press(officer, "提出调拨")
    officer.wait_for_url("**/supplies/orders/*/")
    leader.goto(officer.url)
    _press(leader, "批准调拨")
    leader.wait_for_load_state()
    keeper.goto(officer.url)
    _press(keeper, "发出物资")
    keeper.wait_for_load_state()


def _reported(officer: "Page", leader: "Page", room: str) -> None:
    for taker in ("委办小周", "政府办小吴", "市局小郑"):
        officer.goto(f"{room}upward/")
        waiting = officer.locator("form", has=officer.locator("[name=phone_report]"))
        waiting = waiting.filter(has=officer.locator("[name=taken_by]")).first
        waiting.locator("[name=taken_by]").fill(taker)
        waiting.get_by_role("button", name="已电话报").click()
        officer.wait_for_load_state()
    officer.goto(f"{room}upward/")
    _press(officer, "送签")
    officer.wait_for_load_state()
    leader.goto(f"{room}upward/sign/")
    _press(leader, "签发")
    leader.wait_for_load_state()


if __name__ == "__main__":
    frame.main(run)
