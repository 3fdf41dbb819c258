"""One fire of the golden drill, as programs and phones speak of it. 火场"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, Page

from tests.browser import PATIENCE_MS
from tests.site.running import Demo, until

FACTORY: Final = "静兰街道演示涂料厂一车间起火，有明火和浓烟，疑有甲苯，2人没出来"
LON, LAT = 109.4811, 24.3929
SHELTER: Final = "静兰小学体育馆"
STREET: Final = "450202007"
LEADER_PHONE: Final = "10000010003"
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
HIGH_PX = 56
LONG_S = 300.0  # many people answer, and a machine may have other things to do
Row = dict[str, Any]


class Program:
    """A program of one role before the house. 程序"""

    def __init__(self, house: Demo, role: str) -> None:
        self.house, self.role = house, role
        token = house.qianjun("token", "--role", role).stdout.strip()
        self.asks = httpx.Client(
            base_url=f"{house.address}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )

    def get(self, path: str, **asked: Any) -> Row:
        """What the house shows."""
        reply = self.asks.get(f"/{path}", params=asked)
        assert reply.is_success, reply.text
        shown: Row = reply.json()
        return shown

    def post(self, path: str, **told: Any) -> Row:
        """What the house answers."""
        reply = self.asks.post(f"/{path}", json=told)
        assert reply.is_success, (path, reply.text)
        answer: Row = reply.json()
        return answer

    def refusal(self, path: str, **told: Any) -> tuple[int, str]:
        """How the house refuses: status and code."""
        reply = self.asks.post(f"/{path}", json=told)
        assert reply.is_client_error, reply.text
        return reply.status_code, str(reply.json()["code"])

    def rows(self, path: str, **asked: Any) -> list[Row]:
        """A list to its end."""
        found: list[Row] = []
        after: str | None = ""
        while after is not None:
            page = self.get(path, limit=200, **asked, **({"after": after} if after else {}))
            found += page["items"]
            after = page["next"]
        return found


class Desk(Program):
    """The duty desk, which also holds the switches of the simulated world. 值班台"""

    def __init__(self, house: Demo) -> None:
        super().__init__(house, "duty_officer")
        self.others: dict[str, Program] = {}

    def other(self, role: str) -> Program:
        """A program of another role in the same house."""
        if role not in self.others:
            self.others[role] = Program(self.house, role)
        return self.others[role]

    def close(self) -> None:
        """Hang up."""
        for one in (self, *self.others.values()):
            one.asks.close()

    def fire(self, source: str = "119") -> str:
        """A fire of its own; the id of the incident."""
        told = {"text": FACTORY, "channel": "phone", "source": source, "join": "new"}
        return str(self.post("reports", **told)["incident"]["id"])

    def people(self, *, auto: bool, silent: Iterable[str] = ()) -> None:
        """Have the simulated people answer quickly by themselves, or not; all but the silent."""
        told = {"auto": auto, "silent": list(silent), "accept_rate": 1.0, "delay_s": 1.0}
        self.post("simulator/people", **told)

    def simulate(self, messages: list[Row], *, by_hand: int, awake: int) -> None:
        """So many of those called answer by themselves; the first ones are played by hand."""
        waking = messages[by_hand : by_hand + awake]
        them = {one["person"] for one in messages} - {one["person"] for one in waking}
        self.people(auto=True, silent=sorted(them))

    def carrier(self, *, down: bool) -> None:
        """Short messages get through, or do not."""
        self.post("simulator/carrier", channel="sms", down=down)

    def pass_time(self, **span: float) -> None:
        """Let domain time go on."""
        self.post("clock", advance_s=timedelta(**span).total_seconds())

    def now(self) -> datetime:
        """The domain time of the house."""
        return datetime.fromisoformat(self.get("clock")["now"])

    def messages(self, incident: str, purpose: str) -> list[Row]:
        """What the carrier has taken about an incident."""
        return self.rows("simulator/messages", incident=incident, purpose=purpose)

    def callout(self, incident: str, need: int, **more: Any) -> Row:
        """Propose a call-out to the shelter within the hour."""
        by = (self.now() + timedelta(hours=1)).isoformat()
        told = {"need": need, "by": by, "lon": LON, "lat": LAT, "place": SHELTER, "risk": "低"}
        return self.post(f"incidents/{incident}/callouts", **told, **more)

    def confirm(self, callout: Row) -> Row:
        """The second key of its only wave."""
        told = {"wave": 1, "version": callout["version"]}
        return self.post(f"callouts/{callout['id']}/confirm", **told)

    def counts(self, callout: str) -> dict[str, int]:
        """The board of a call-out: how many in which box."""
        counts: dict[str, int] = self.get(f"callouts/{callout}")["counts"]
        return counts

    def pressed(self, message: Row, act: str, **more: Any) -> Row:
        """Whoever got this message presses a button of the page behind its link."""
        (link,) = message["links"]
        told = {"act": act, "act_id": str(uuid4()), **more}
        reply = httpx.post(f"{self.house.address}{link}/acts", json=told, timeout=60)
        assert reply.status_code == 200, reply.text
        answer: Row = reply.json()
        return answer

    def holds(self, incident: str) -> set[str]:
        """What keeps an incident from being closed."""
        return {one["kind"] for one in self.get(f"incidents/{incident}")["holds"]}

    def lines(self, incident: str) -> Counter[str]:
        """How often the timeline says what."""
        return Counter(one["name"] for one in self.rows(f"incidents/{incident}/timeline"))

    def said(self, incident: str, words: str) -> int:
        """How many lines of the timeline say this."""
        lines = self.rows(f"incidents/{incident}/timeline")
        return sum(words in line["text_zh"] for line in lines)


def unmarked_most(messages: list[Row]) -> int:
    """The most copies of one message that do not say that they are copies."""
    copies = Counter(one["key"] for one in messages if not one["resend"])
    return max(copies.values(), default=0)


def many(ask: Callable[[], int], at_least: int) -> int:
    """The count, once it is so high; a board of many people is not asked all the time."""
    return int(until(lambda: n if (n := ask()) >= at_least else 0, within_s=LONG_S, every_s=0.3))


@contextmanager
def phone(browser: Browser, address: str, state: Any = None) -> Iterator[Page]:
    """A small phone's browser; closed at the end, so that only what it stored is left."""
    context = browser.new_context(**PHONE, locale="zh-CN", storage_state=state)
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = context.new_page()
        page.goto(address)
        yield page
    finally:
        context.close()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the phone, and every button of the form is high enough."""
    boxes = [button.bounding_box() for button in page.locator("form button").all()]
    low = [box for box in boxes if box and box["height"] < HIGH_PX]
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return not low and wide <= PHONE["viewport"]["width"]
