"""Two hundred at once want the last piece: one gets it, even if the server is killed meanwhile."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.site.running import Demo, demo_folder

pytestmark = [pytest.mark.crash, pytest.mark.running_clock]
WANT = 200
WANT_MEANWHILE = 60
PATIENCE_S = 120.0
AGAIN = (429, 503)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A real demo with its published stock."""
    with demo_folder() as found:
        found.start()
        yield found


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A role at the demo's interface; asks again under the same key until he has an answer."""

    address: str
    token: str

    def post(self, path: str, body: object = None, *, key: str = "") -> httpx.Response:
        """An answer that is final."""
        headers = {"Authorization": f"Bearer {self.token}"}
        headers |= {"Idempotency-Key": key} if key else {}
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                url = f"{self.address}/api/v1{path}"
                reply = httpx.post(url, json=body or {}, headers=headers, timeout=30)
            except httpx.HTTPError:
                time.sleep(0.2)  # the server was killed, or has just come back
                continue
            busy = reply.status_code == 409 and reply.json()["code"] == "key_in_progress"
            if not busy and reply.status_code not in AGAIN:
                return reply
            time.sleep(0.2)
        raise AssertionError(f"no answer to {path}")

    def get(self, path: str) -> Any:
        """What stands there."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.get(f"{self.address}/api/v1{path}", headers=headers, timeout=30).json()


def somebody(demo: Demo, role: str) -> Somebody:
    """A token of this role."""
    token = demo.qianjun("token", "--role", role).stdout.strip()
    return Somebody(address=demo.address, token=token)


def wanted(officer: Somebody, code: str, *quantities: int) -> list[str]:
    """Proposed orders for so many each; their ids."""
    told = {"text": "河东街道老楼进水，需要安置群众", "channel": "phone", "join": "new"}
    incident = officer.post("/reports", told).json()["incident"]["id"]

    def propose(number: int) -> str:
        asked = {"code": code, "quantity": quantities[number]}
        path, key = f"/incidents/{incident}/orders", f"propose-{code}-{number:04d}"
        return str(officer.post(path, asked, key=key).json()["id"])

    with ThreadPoolExecutor(8) as desks:
        return list(desks.map(propose, range(len(quantities))))


def all_at_once(leader: Somebody, orders: list[str]) -> list[httpx.Response]:
    """Everybody presses the key at the same moment."""
    together = threading.Barrier(len(orders))

    def press(order: str) -> httpx.Response:
        together.wait()
        return leader.post(f"/orders/{order}/approve", key=f"approve-order-{order}")

    with ThreadPoolExecutor(len(orders)) as keys:
        return list(keys.map(press, orders))


def stock(officer: Somebody, code: str) -> tuple[int, int, int]:
    """On hand, reserved, free."""
    listed = officer.get("/supplies?limit=200")["items"]
    one = next(one for one in listed if one["code"] == code)
    return one["on_hand"], one["reserved"], one["free"]


def judged(answers: list[httpx.Response]) -> list[str]:
    """The ids of the orders that won; all others were told that nothing is left."""
    won = [one.json()["id"] for one in answers if one.status_code == 200]
    lost = [one.json()["code"] for one in answers if one.status_code != 200]
    assert set(lost) == {"nothing_left"}
    return won


def test_of_two_hundred_bookings_of_the_last_piece_exactly_one_wins(demo: Demo) -> None:
    officer, leader = somebody(demo, "duty_officer"), somebody(demo, "leader_in_charge")
    keeper = somebody(demo, "keeper")
    first, *others = wanted(officer, "folding_bed", 9, *[1] * WANT)
    assert leader.post(f"/orders/{first}/approve").status_code == 200
    (won,) = judged(all_at_once(leader, others))
    assert stock(officer, "folding_bed") == (10, 10, 0)
    for order in (first, won):
        assert keeper.post(f"/orders/{order}/issue").status_code == 200
    assert stock(officer, "folding_bed") == (0, 0, 0)
    moved = officer.get("/supplies/folding_bed/movements")["items"]
    assert sum(one["quantity"] for one in moved) == 0


def test_a_server_that_is_killed_meanwhile_books_the_last_piece_once(demo: Demo) -> None:
    officer, leader = somebody(demo, "duty_officer"), somebody(demo, "leader_in_charge")
    first, *others = wanted(officer, "tent", 14, *[1] * WANT_MEANWHILE)
    assert leader.post(f"/orders/{first}/approve").status_code == 200
    killing = threading.Timer(0.4, demo.kill, args=("web",))
    killing.start()
    answers = all_at_once(leader, others)
    killing.join()
    (won,) = judged(answers)
    assert stock(officer, "tent") == (15, 15, 0)
    states = [officer.get(f"/orders/{order}")["state"] for order in others]
    assert states.count("approved") == 1
    assert officer.get(f"/orders/{won}")["state"] == "approved"
