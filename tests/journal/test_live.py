"""Screens are told that something changed; who was away is given what he missed, or looks again."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
from django.db import transaction

from qianjun.journal import live
from qianjun.journal.actions import move_clock
from qianjun.journal.bus import emit
from qianjun.journal.live import Hub
from qianjun.kernel import clock
from tests.journal.threads import PATIENCE_S, closing, cut, in_a_loop
from tests.journal.words import ADMIN, TESTER, Rang, say

Screen = AsyncGenerator[bytes, None]
database = pytest.mark.django_db(transaction=True)


class Deaf(Hub):
    """A hub without a database, to be spoken to directly."""

    def start(self) -> None:
        """Listen to nobody."""


def notes(chunk: bytes) -> list[tuple[str, str, object]]:
    """Event, id and content of each notice in a chunk; greetings and comments left out."""
    found = []
    for block in chunk.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in lines:
            found.append((lines["event"], lines["id"], json.loads(lines["data"])))
    return found


async def open_screen(hub: Hub, *topics: str, last: str | None = None) -> tuple[Screen, bytes]:
    screen = hub.stream(topics, last)
    return screen, await anext(screen)


def test_a_screen_hears_its_topics_only_and_each_notice_has_a_number() -> None:
    async def story() -> None:
        hub = Deaf()
        screen, greeting = await open_screen(hub, "desk", "incident:4")
        assert greeting == f": hello\nretry: 1000\nid: {hub.epoch}-0\n\n".encode()
        hub.say(["desk", "incident:4"], 7)
        hub.say(["incident:5"], 8)
        hub.say(["desk"], None)
        assert notes(await anext(screen)) == [
            ("changed", f"{hub.epoch}-1", {"topic": "desk", "entry": "7"}),
            ("changed", f"{hub.epoch}-2", {"topic": "incident:4", "entry": "7"}),
            ("changed", f"{hub.epoch}-4", {"topic": "desk", "entry": None}),
        ]
        await screen.aclose()
        assert hub._by_topic == {}

    in_a_loop(story)


def test_who_comes_back_is_given_what_he_missed_of_his_topics() -> None:
    async def story() -> None:
        hub = Deaf()
        for n in range(1, 6):
            hub.say(["desk" if n % 2 else "incident:4"], n)
        _, missed = await open_screen(hub, "desk", last=f"{hub.epoch}-2")
        assert [content for _, _, content in notes(missed)] == [
            {"topic": "desk", "entry": "3"},
            {"topic": "desk", "entry": "5"},
        ]
        _, nothing = await open_screen(hub, "desk", last=f"{hub.epoch}-5")
        assert notes(nothing) == []
        _, everything = await open_screen(hub, "desk", last=f"{hub.epoch}-0")
        assert len(notes(everything)) == 3

    in_a_loop(story)


@pytest.mark.parametrize(
    "last",
    ["other-3", "EPOCH-6", "EPOCH--1", "EPOCH-x", "EPOCH-٣", "EPOCH-" + "9" * 5000, "-", "3"],
)
def test_a_number_this_process_did_not_give_makes_the_screen_look_again_once(last: str) -> None:
    async def story() -> None:
        hub = Deaf()
        hub.say(["desk"], 1)
        screen, greeting = await open_screen(hub, "desk", last=last.replace("EPOCH", hub.epoch))
        assert notes(greeting) == [("resync", f"{hub.epoch}-1", {})]
        hub.say(["desk"], 2)
        assert [event for event, _, _ in notes(await anext(screen))] == ["changed"]

    in_a_loop(story)


def test_a_number_older_than_what_is_kept_makes_the_screen_look_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "RING", 3)

    async def story() -> None:
        hub = Deaf()
        for n in range(5):
            hub.say(["desk"], n)
        for number, event in ((1, "resync"), (2, "changed"), (4, "changed")):
            _, greeting = await open_screen(hub, "desk", last=f"{hub.epoch}-{number}")
            assert {found for found, _, _ in notes(greeting)} == {event}

    in_a_loop(story)


def test_a_screen_too_slow_is_ended_and_comes_back_without_loss() -> None:
    async def story() -> None:
        hub = Deaf()
        screen, _ = await open_screen(hub, "desk")
        for n in range(live.QUEUE + 1):
            hub.say(["desk"], n)
        with pytest.raises(StopAsyncIteration):
            await anext(screen)
        _, missed = await open_screen(hub, "desk", last=f"{hub.epoch}-0")
        assert len(notes(missed)) == live.QUEUE + 1

    in_a_loop(story)


def test_a_quiet_screen_gets_a_comment_line_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "TURN_S", 0.001)

    async def story() -> None:
        hub = Deaf()
        turning = asyncio.create_task(hub._keep_alive())
        screen, _ = await open_screen(hub, "desk")
        assert await anext(screen) == b": here\n\n"
        assert await anext(screen) == b": here\n\n"
        turning.cancel()

    in_a_loop(story)


def test_stopping_the_hub_ends_every_stream() -> None:
    async def story() -> None:
        hub = Deaf()
        screens = [(await open_screen(hub, "desk"))[0] for _ in range(3)]
        hub.say(["desk"], 1)
        await hub.stop()
        for screen in screens:
            assert len([chunk async for chunk in screen]) == 1

    in_a_loop(story)


def test_a_notice_with_too_many_topics_makes_everybody_look_again() -> None:
    async def story() -> None:
        hub = Deaf()
        screen, _ = await open_screen(hub, "incident:4")
        hub.say(["*"], 1)
        assert [event for event, _, _ in notes(await anext(screen))] == ["resync"]

    in_a_loop(story)


def with_database(story: Callable[[Hub], Awaitable[None]]) -> None:
    """Run the story with a hub that listens to the test database."""

    async def run() -> None:
        hub = Hub()
        hub.start()
        try:
            await hub.listening.wait()
            await story(hub)
        finally:
            await hub.stop()

    in_a_loop(run)


async def in_thread(act: Callable[[], object]) -> None:
    await asyncio.to_thread(closing, act)


async def heard(screen: Screen, count: int) -> list[tuple[str, str, object]]:
    """Notices until so many have come."""
    found: list[tuple[str, str, object]] = []
    while len(found) < count:
        found += notes(await anext(screen))
    return found


def entries(found: list[tuple[str, str, object]]) -> list[object]:
    return [content["entry"] for _, _, content in found if isinstance(content, dict)]


@database
def test_what_is_said_reaches_the_screens_after_the_commit() -> None:
    async def story(hub: Hub) -> None:
        screen, _ = await open_screen(hub, "incident:4", "special")
        said: list[int] = []
        await in_thread(lambda: said.append(say(Rang(times=1), incident=5)))
        await in_thread(lambda: said.append(say(Rang(times=1), incident=4)))
        await in_thread(lambda: said.append(say(Rang(times=1), topics=("special",))))
        assert entries(await heard(screen, 2)) == [str(said[1]), str(said[2])]

    with_database(story)


@database
def test_what_is_rolled_back_reaches_nobody() -> None:
    def change_his_mind() -> None:
        with transaction.atomic():
            emit(Rang(times=1), by=TESTER)
            transaction.set_rollback(True)

    async def story(hub: Hub) -> None:
        screen, _ = await open_screen(hub, "desk")
        await in_thread(change_his_mind)
        said: list[int] = []
        await in_thread(lambda: said.append(say(Rang(times=1))))
        assert entries(await heard(screen, 1)) == [str(said[0])]

    with_database(story)


async def deaf_while(act: Callable[[], object]) -> None:
    """Cut the listener and act before it is back."""

    def cut_and_act() -> None:
        cut("listener")
        act()

    await in_thread(cut_and_act)


@database
def test_what_is_said_while_the_listener_is_deaf_comes_after_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.05)
    said: list[int] = []

    async def story(hub: Hub) -> None:
        screen, _ = await open_screen(hub, "desk")
        for _ in range(3):
            await in_thread(lambda: said.append(say(Rang(times=1))))
        found = await heard(screen, 3)
        await asyncio.sleep(0.2)
        await deaf_while(lambda: said.extend(say(Rang(times=1)) for _ in range(3)))
        found += await heard(screen, 3)
        await in_thread(lambda: said.append(say(Rang(times=1))))
        found += await heard(screen, 1)
        assert sorted(entries(found), key=str) == sorted(map(str, said))
        assert {event for event, _, _ in found} == {"changed"}

    with_database(story)


@database
def test_a_writer_who_began_before_the_silence_and_ends_in_it_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.05)
    said: list[int] = []
    spoken, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            said.append(emit(Rang(times=1), by=TESTER))
            spoken.set()
            may_end.wait(PATIENCE_S)

    def end() -> None:
        may_end.set()
        assert ended.wait(PATIENCE_S)

    async def story(hub: Hub) -> None:
        screen, _ = await open_screen(hub, "desk")
        writer = asyncio.create_task(in_thread(slow))
        writer.add_done_callback(lambda _: ended.set())
        await asyncio.to_thread(spoken.wait, PATIENCE_S)
        await in_thread(lambda: said.append(say(Rang(times=1))))
        assert entries(await heard(screen, 1)) == [str(said[1])]
        await asyncio.sleep(0.2)
        await deaf_while(end)
        assert entries(await heard(screen, 1)) == [str(said[0])]

    with_database(story)


@database
def test_screens_with_topics_that_entries_do_not_show_look_again_after_a_silence() -> None:
    async def story(hub: Hub) -> None:
        special, _ = await open_screen(hub, "special")
        desk, _ = await open_screen(hub, "desk")
        await asyncio.sleep(0.1)
        await deaf_while(lambda: say(Rang(times=1), topics=("special",)))
        assert [event for event, _, _ in await heard(special, 1)] == ["resync"]
        assert [event for event, _, _ in await heard(desk, 1)] == ["changed"]

    with_database(story)


@database
def test_after_a_long_silence_every_screen_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "AGAIN", 2)

    async def story(hub: Hub) -> None:
        screen, _ = await open_screen(hub, "desk")
        await deaf_while(lambda: [say(Rang(times=1)) for _ in range(3)])
        assert [event for event, _, _ in await heard(screen, 1)] == ["resync"]

    with_database(story)


@database
@pytest.mark.running_clock
def test_a_process_that_streams_follows_the_clock() -> None:
    async def story(hub: Hub) -> None:
        await in_thread(lambda: move_clock(by=ADMIN, speed=7))
        clock.anchor_to(None)
        while clock.speed() != 7:
            await asyncio.sleep(0.01)
        assert hub.listening.is_set()

    with clock.held(clock.real()):
        clock._hands.held = None
        with_database(story)
