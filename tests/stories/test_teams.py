"""Two teams are proposed for a fire, confirmed, signed for on a phone, come, and go home.

The incident cannot be closed before the last of them is home.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo, until
from tests.stories.fireground import Desk, Row, fits, phone

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]


@pytest.fixture(scope="module")
def desk(house: Demo) -> Iterator[Desk]:
    """The duty desk by its interface; nobody answers by himself."""
    made = Desk(house)
    made.people(auto=False)
    yield made
    made.close()


def teams(desk: Desk, incident: str) -> list[Row]:
    """The teams of an incident, the first called first."""
    return list(reversed(desk.rows(f"incidents/{incident}/teams")))


def proposed(desk: Desk, incident: str) -> list[Row]:
    """First measures propose the community's team, level III an enterprise's."""
    desk.post(f"incidents/{incident}/first_measures")
    asked = {"plan": "fire", "level": 3, "why": "疑有甲苯"}
    active = desk.other("bureau_leader").post(f"incidents/{incident}/activation", **asked)
    assert [one["way"] for one in active["teams"]] == ["order", "request"]
    rows = teams(desk, incident)
    assert {one["state"] for one in rows} == {"proposed"}
    return rows


def order_of(desk: Desk, incident: str, team: Row) -> Row:
    """The message that its leader got, once he has it."""

    def sent() -> Row | None:
        orders = desk.messages(incident, "order")
        return next((one for one in orders if team["team_name"] in one["text"]), None)

    found: Row = until(sent)
    return found


def confirmed(desk: Desk, officer: Screen, incident: str, first: Row) -> None:
    """One in the room, the other on the page of teams; only then the incident is held."""
    assert "people" not in desk.holds(incident)
    officer.open(f"/incidents/{incident}/")
    room = officer.page.locator("#teams")
    expect(room).to_contain_text("待确认")
    room.get_by_role("button", name="确认，通知队长 " + first["team_name"]).click()
    expect(officer.page.locator(f"[data-team='{first['id']}']")).to_contain_text("未签收")
    assert "people" in desk.holds(incident)
    officer.open(f"/incidents/{incident}/teams/")
    officer.page.get_by_role("button", name="确认，通知 1 队").click()
    expect(officer.page.locator("#called")).to_contain_text("未签收 2 队")
    assert not officer.wrong()


def signed(desk: Desk, browser: Browser, message: Row) -> None:
    """The leader says on his phone how many he brings."""
    with phone(browser, desk.house.address + message["links"][0]) as leader:
        expect(leader.locator("h1")).to_contain_text("命令：请立即出动")
        assert fits(leader)
        leader.fill("#heads", "6")
        leader.get_by_role("button", name="签收，出动").click()
        expect(leader.locator("h1")).to_contain_text("你们已签收", timeout=PATIENCE_MS)


def arrived(desk: Desk, incident: str, message: Row) -> None:
    """Six people who were coming are there."""
    before = desk.get(f"incidents/{incident}")["people"]
    assert desk.pressed(message, "en_route")["outcome"] == "taken"
    assert desk.pressed(message, "arrived")["state"] == "arrived"
    after = desk.get(f"incidents/{incident}")["people"]
    assert (after["on_scene"], after["coming"]) == (before["on_scene"] + 6, before["coming"] - 6)


def went_home(desk: Desk, incident: str, message: Row) -> None:
    """Stood down; the hold stays until the leader says that everybody is home."""
    assert len(desk.post(f"incidents/{incident}/teams/stand_down")["items"]) == 2
    until(lambda: len(desk.messages(incident, "stand_down")) >= 1)
    assert desk.pressed(message, "left")["state"] == "left"
    assert "people" in desk.holds(incident)
    assert desk.pressed(message, "home")["state"] == "home"
    assert "people" not in desk.holds(incident)


def test_two_teams_from_the_proposal_to_the_last_man_home(
    desk: Desk, browser: Browser, screens: Open
) -> None:
    incident = desk.fire()
    first, second = proposed(desk, incident)
    officer = screens("zhiban1")
    called = officer.page.locator("#called")
    confirmed(desk, officer, incident, first)
    message = order_of(desk, incident, first)
    signed(desk, browser, message)
    expect(called).to_contain_text("报来 6 人", timeout=PATIENCE_MS)
    arrived(desk, incident, message)
    # the enterprise tells the desk by telephone that it cannot come
    noted = {"act": "decline", "reason": "设备检修"}
    assert desk.post(f"team_calls/{second['id']}/acts", **noted)["state"] == "declined"
    expect(called).to_contain_text("值班室代记", timeout=PATIENCE_MS)
    went_home(desk, incident, message)
    late = desk.pressed(order_of(desk, incident, second), "accept", headcount=3)
    assert late["outcome"] == "accepted_late"
    with quiet(officer):
        expect(called).to_contain_text("已归队", timeout=PATIENCE_MS)
