"""A fire is fought by programs from the first word to the last man home, and on real screens.

What the carrier loses and what is killed on the way costs nobody his call and calls nobody twice;
what is pressed without signal, on a phone whose clock is two days wrong, is not lost.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import PATIENCE_MS, Screen, browser, house, quiet, screens
from tests.site.running import Demo, until
from tests.stories import fire_by_script as script
from tests.stories import fire_on_screens as shown
from tests.stories.fireground import PHONE, Desk, Row, many, phone, unmarked_most

__all__ = ["browser", "house", "screens"]
pytestmark = pytest.mark.running_clock
Open = Callable[..., Screen]
NEED: Final = 20
NOBODY: Final = {"need": 0, "coming": 0, "on_scene": 0}
FEW: Final = 5
EVEN: Final = 0.5  # few are asked
# so many answer by hand, and some more by themselves, of whom not all come
HANDS, AWAKE, COMING = 14, 18, 23
# on screens two press for themselves; so many more answer, and most of them come
ANSWERING, SAID_YES, CAME = 16, 16, 12
ESCALATES_S: Final = 301
TWO_DAYS_MS: Final = 2 * 24 * 3600 * 1000


@pytest.fixture(scope="module")
def desk(house: Demo) -> Iterator[Desk]:
    """The duty desk by its interface."""
    made = Desk(house)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def calm(desk: Desk) -> Iterator[None]:
    """Every fire starts with a carrier that serves and people who do nothing by themselves."""
    desk.people(auto=False)
    desk.carrier(down=False)
    yield
    desk.carrier(down=False)


def test_the_fire_by_script_from_the_first_word_to_the_last_man_home(desk: Desk) -> None:
    incident = desk.fire()
    active = script.started(desk, incident)
    (ours,) = active["callouts"]
    callout = desk.get(f"callouts/{ours['id']}")
    assert callout["need"] == NEED
    messages = script.called(desk, incident, callout)
    *hands, refuses = messages[: HANDS + 1]
    script.by_hand(desk, hands)
    assert desk.pressed(refuses, "decline")["state"] == "declined"
    # the others are simulated: they answer, come, stay for hours, and go home
    desk.simulate(messages, by_hand=HANDS + 1, awake=AWAKE)
    coming = ("accepted", "en_route", "arrived")
    many(lambda: sum(desk.counts(ours["id"])[box] for box in coming), COMING)
    assert desk.post(f"callouts/{ours['id']}/enough")["state"] == "enough"
    late = desk.pressed(refuses, "accept")
    assert late["outcome"] in ("accepted_late", "not_needed")
    desk.pass_time(hours=1)
    many(lambda: desk.counts(ours["id"])["arrived"], NEED)
    script.goods(desk, incident)
    script.tasks(desk, incident)
    script.home(desk, incident, ours["id"], hands)
    chief = desk.other("bureau_leader")
    ended = chief.post(f"activations/{active['id']}/end", why="明火扑灭，人员已撤")
    assert ended["state"] == "ended"
    closed = desk.post(f"incidents/{incident}/close")
    assert closed["state"] == "closed"
    told = desk.lines(incident)
    for name in ("activation_proposed", "activation_started", "activation_ended"):
        assert told[f"incident.{name}"] == 1, (name, told)


def test_a_carrier_that_is_away_and_a_kill_lose_nobody_and_call_nobody_twice(
    house: Demo, desk: Desk
) -> None:
    incident = desk.fire()
    desk.carrier(down=True)
    script.started(desk, incident)
    callout = desk.callout(incident, FEW, probability=EVEN)
    sent = desk.confirm(callout)
    assert desk.counts(callout["id"])["waiting"] == sent["disturbed"]
    assert desk.messages(incident, "callout") == [], "the carrier is away"
    house.kill("worker")
    desk.carrier(down=False)
    # killed again as soon as the first have left, wherever the pump is then
    many(lambda: len(desk.messages(incident, "callout")), 1)
    answered = desk.messages(incident, "callout")[0]
    assert desk.pressed(answered, "accept")["outcome"] == "taken"
    house.kill("worker", "web")
    until(house.is_well)
    messages = desk.messages(incident, "callout")
    many(lambda: len(desk.messages(incident, "callout")), sent["disturbed"])
    until(lambda: desk.counts(callout["id"])["waiting"] == 0)
    messages = desk.messages(incident, "callout")
    assert len({one["person"] for one in messages}) == sent["disturbed"]
    assert unmarked_most(messages) == 1
    assert desk.counts(callout["id"])["accepted"] == 1, "what was acknowledged is there"
    orders = desk.messages(incident, "order")
    assert unmarked_most(orders) == 1
    given = desk.rows(f"incidents/{incident}/tasks")
    assert len({link for one in orders for link in one["links"]}) == len(given)


def test_who_stays_silent_is_passed_over_for_the_next_and_then_stands_on_the_desk(
    desk: Desk,
) -> None:
    incident = desk.fire()
    first, deputy = (one["person"] for one in somebody(desk, incident))
    steps = [{"after_s": 300, "people": [deputy]}]
    told = {"incident": incident, "text": "请到一车间门口", "people": [first], "steps": steps}
    ident = desk.post("confirmations", **told, need=1)["id"]

    def who(person: str) -> Row:
        rows: list[Row] = desk.get(f"confirmations/{ident}")["people"]
        return next(row for row in rows if row["id"] == person)

    until(lambda: who(first)["delivered_at"])
    assert who(deputy)["sent_at"] is None
    desk.pass_time(seconds=ESCALATES_S)
    until(lambda: who(deputy)["delivered_at"])
    assert who(first)["escalated_at"]
    desk.pass_time(seconds=ESCALATES_S)
    until(lambda: desk.get(f"confirmations/{ident}")["state"] == "failed")
    assert who(first)["answered_at"] is None


def somebody(desk: Desk, incident: str) -> list[Row]:
    """Two people with a telephone: who was told of the fire, and who has its first task."""
    report = until(lambda: desk.messages(incident, "report"))
    desk.post(f"incidents/{incident}/tasks", title="封路", lead="450202-GA")
    order = until(lambda: desk.messages(incident, "order"))
    return [report[0], order[0]]


def test_the_fire_on_screens_from_the_first_word_until_it_is_closed(
    screens: Open, browser: Browser, house: Demo, desk: Desk
) -> None:
    officer, keeper = screens("zhiban1"), screens("cangku")
    leader, one, other = screens("daiban", **PHONE), screens(**PHONE), screens(**PHONE)
    with quiet(officer, keeper, leader, one, other):
        incident = shown.reported(officer)
        room = f"/incidents/{incident}/"
        shown.measured(officer)
        shown.proposed(officer, room)
        shown.signed(leader, officer, room)
        first, second = ordered(desk, incident)
        one.open(first["links"][0])
        shown.finished(one.page, "三百米内已封")
        shown.done(one.page)
        with phone(browser, house.address + second["links"][0]) as away:
            shown.finished_without_signal(away, "两栋已空")
        messages = shown.called(officer, desk, incident)
        there = list(zip((one, other), messages, strict=False))
        callout = enough_come(officer, desk, incident, there, messages)
        order, link = shown.sent_out(officer, leader, keeper, incident)
        shown.signed_for(other, link)
        shown.refused_while(officer, room, "人员未撤离 1", "物资未了结 1", "任务未办结")
        shown.others_done(officer, room)
        all_go_home(officer, desk, callout, there)
        shown.ended(officer, room)
        shown.refused_while(officer, room, "物资未了结 1")
        shown.returned(keeper, order)
        shown.response_over(leader, room)
        shown.closed(officer, room, order)
    assert desk.holds(incident) == set()
    assert desk.get(f"incidents/{incident}")["people"] == NOBODY


def enough_come(
    officer: Screen,
    desk: Desk,
    incident: str,
    there: list[tuple[Screen, Row]],
    messages: list[Row],
) -> Row:
    """Two come by their own thumbs, the others are simulated; then it is enough."""
    for screen, message in there:
        shown.comes(screen, message)
    board = officer.page.locator("#callouts")
    expect(board).to_contain_text("已到 2 人", timeout=PATIENCE_MS)
    desk.simulate(messages, by_hand=len(there), awake=ANSWERING)
    callout: Row = desk.get(f"incidents/{incident}/callouts")["items"][0]
    coming = ("accepted", "en_route", "arrived")
    many(lambda: sum(desk.counts(callout["id"])[box] for box in coming), SAID_YES)
    officer.open(f"/incidents/{incident}/callouts/")
    shown.press(officer.page, "够了·停召")
    expect(board).to_contain_text("够了·已停召")
    desk.pass_time(hours=1)
    many(lambda: desk.counts(callout["id"])["arrived"], CAME)
    return callout


def all_go_home(officer: Screen, desk: Desk, callout: Row, there: list[tuple[Screen, Row]]) -> None:
    """Stand-down: who is there leaves, by his page or by himself."""
    shown.stood_down(officer, f"/incidents/{callout['incident']}/")
    for screen, message in there:
        shown.goes_home(screen, message)
    desk.pass_time(hours=7)
    many(lambda: desk.counts(callout["id"])["left"], CAME)
    until(lambda: desk.counts(callout["id"])["arrived"] == 0)


def ordered(desk: Desk, incident: str) -> list[Row]:
    """Two messages that bring somebody the link to his task."""

    def sent() -> list[Row]:
        return [one for one in desk.messages(incident, "order") if one["links"]][:2]

    many(lambda: len(sent()), 2)
    return sent()


def few_called(desk: Desk) -> tuple[str, list[Row]]:
    """A small call-out of its own: its id, and the messages on the phones."""
    incident = desk.fire()
    made = desk.callout(incident, 2, probability=EVEN, confirm=True)
    many(lambda: len(desk.messages(incident, "callout")), made["disturbed"])
    return str(made["id"]), desk.messages(incident, "callout")


def person(desk: Desk, callout: str, state: str) -> Row:
    """The only one in this box of the board."""
    (row,) = until(lambda: desk.get(f"callouts/{callout}/people", state=state)["items"])
    found: Row = row
    return found


def test_a_yes_without_signal_outlives_the_browser_and_counts_once(
    browser: Browser, house: Demo, desk: Desk
) -> None:
    desk.people(auto=False)
    callout, messages = few_called(desk)
    address = house.address + messages[0]["links"][0]
    with phone(browser, address) as page:
        page.context.set_offline(True)
        shown.press(page, "我能到")
        expect(page.locator("[data-sent] li")).to_contain_text("未发送")
        expect(page.locator("[data-net]")).to_contain_text("没有信号")
        state: Any = page.context.storage_state()
    assert desk.counts(callout)["accepted"] == 0
    with phone(browser, address, state) as page:
        shown.received(page, 1)
        page.reload()
        shown.received(page, 1)
        expect(page.locator("h1")).to_have_text("您答应来")
    came = person(desk, callout, "accepted")
    assert not came["other_device"]
    with phone(browser, address) as page:
        shown.press(page, "出发了")
        shown.received(page, 1)
    assert person(desk, callout, "en_route")["other_device"], "the same link on another phone"


@pytest.mark.parametrize("off_ms", [TWO_DAYS_MS, -TWO_DAYS_MS])
def test_a_phone_whose_clock_is_two_days_wrong_moves_no_time(
    browser: Browser, house: Demo, desk: Desk, off_ms: int
) -> None:
    desk.people(auto=False)
    callout, messages = few_called(desk)
    before = desk.now()
    with phone(browser, house.address + messages[0]["links"][0]) as page:
        wrong = page.evaluate("Date.now()") + off_ms
        page.clock.install(time=wrong / 1000)
        page.reload()
        page.context.set_offline(True)
        shown.press(page, "我能到")
        expect(page.locator("[data-sent] li")).to_contain_text("未发送")
        page.context.set_offline(False)
        shown.received(page, 1)
    answered = datetime.fromisoformat(person(desk, callout, "accepted")["answered_at"])
    assert before <= answered <= desk.now()
