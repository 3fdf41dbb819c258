"""One listener per process, many screens: who looks is told that something changed. 实时推送

Notices carry a topic and an entry's id, no content: the page fetches, and the fetch asks who may
see. Each process numbers what it hears and keeps the last 10,000.
"""

import asyncio
import json
import logging
import secrets
import time
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from itertools import islice
from typing import Any

import psycopg
from django.db import connection

from qianjun.journal.bus import known
from qianjun.kernel import clock

log = logging.getLogger(__name__)
RING = 10_000
QUEUE = 200
SEEN = 20_000
AGAIN = 2_000  # more entries than this after a silence: every screen looks again
KEEP_ALIVE_TURNS, TURN_S = 15, 1.0
WAIT_S = 0.5
GATHER_S = 0.02  # what comes meanwhile is heard together: each waking costs page threads their turn
POLL_S = 1.0
HORIZONS = 10
COMMENT = b": here\n\n"
ALL = "*"
_POLL = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, c.domain, c.real, c.speed
FROM (SELECT 1) AS one LEFT JOIN journal_clockrow c ON true
"""
_SINCE = """
SELECT id, name, incident FROM journal_entry WHERE transaction >= %s ORDER BY id LIMIT %s
"""
Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Stream:
    """One screen: the topics it looks at and what it has not been sent yet. 一个屏幕

    ``chunks`` ends when the hub stops, when ``end`` is called, or when 200 notices wait: then the
    browser comes back with its last number and is given what it missed.
    """

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = frozenset(topics)
        self.bucket = 0
        self._waiting: list[bytes] = []
        self._ended = False
        self._wake: asyncio.Future[None] | None = None

    def push(self, chunk: bytes) -> None:
        """Queue one notice."""
        if len(self._waiting) >= QUEUE:
            self._waiting.clear()
            self.end()
        elif not self._ended:
            self._waiting.append(chunk)
            self._awake()

    def keep_alive(self) -> None:
        """Queue a comment line unless there is something to send anyway."""
        if not self._waiting:
            self.push(COMMENT)

    def end(self) -> None:
        """Let ``chunks`` end after what is waiting."""
        self._ended = True
        self._awake()

    def _awake(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """What to send, joined as far as it has come."""
        while True:
            if self._waiting:
                chunk = b"".join(self._waiting)
                self._waiting.clear()
                yield chunk
            elif self._ended:
                return
            else:
                self._wake = asyncio.get_running_loop().create_future()
                await self._wake


class Hub:
    """Fans the notices of one connection out to the streams of this process. 分发"""

    def __init__(self) -> None:
        self.epoch = secrets.token_hex(4)
        self.listening = asyncio.Event()
        self._number = 0
        self._ring: deque[tuple[int, str, bytes]] = deque(maxlen=RING)
        self._by_topic: dict[str, set[Stream]] = {}
        self._buckets: list[set[Stream]] = [set() for _ in range(KEEP_ALIVE_TURNS)]
        self._opened = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._hearing = _Hearing(self)

    def start(self) -> None:
        """Listen and keep streams alive in the running loop; once, however often called."""
        if not self._tasks or any(task.done() for task in self._tasks):
            for task in self._tasks:
                task.cancel()
            self._tasks = [
                asyncio.create_task(self._hearing.listen()),
                asyncio.create_task(self._keep_alive()),
            ]

    async def stop(self) -> None:
        """End every stream and the listener."""
        for stream in self._streams():
            stream.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def open(self, topics: Iterable[str], last_event_id: str | None = None) -> tuple[Stream, bytes]:
        """A stream on these topics, and what to send first: greeting and what was missed."""
        stream = Stream(topics)
        for topic in stream.topics:
            self._by_topic.setdefault(topic, set()).add(stream)
        self._opened += 1
        stream.bucket = self._opened % KEEP_ALIVE_TURNS
        self._buckets[stream.bucket].add(stream)
        return stream, self._greeting(stream, last_event_id)

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        stream.end()
        self._buckets[stream.bucket].discard(stream)
        for topic in stream.topics:
            looking = self._by_topic.get(topic, set())
            looking.discard(stream)
            if not looking:
                self._by_topic.pop(topic, None)

    async def stream(
        self, topics: Iterable[str], last_event_id: str | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Server-sent events on these topics until the hub stops or the screen is too slow."""
        self.start()
        stream, greeting = self.open(topics, last_event_id)
        try:
            yield greeting
            async with aclosing(stream.chunks()) as chunks:
                async for chunk in chunks:
                    yield chunk
        finally:
            self.close(stream)

    def say(self, topics: Iterable[str], entry: int | None) -> None:
        """Number a notice and send it to whoever looks; topic ``*`` makes everybody look again."""
        for topic in topics:
            if topic == ALL:
                self.resync()
                return
            self._number += 1
            content = json.dumps({"topic": topic, "entry": None if entry is None else str(entry)})
            chunk = f"id: {self.here}\nevent: changed\ndata: {content}\n\n".encode()
            self._ring.append((self._number, topic, chunk))
            for stream in self._by_topic.get(topic, ()):
                stream.push(chunk)

    def resync(self, *, beyond_known: bool = False) -> None:
        """Tell every screen to look again, or those with topics that entries do not show."""
        for stream in self._streams():
            if not beyond_known or any(not _shown_by_entries(t) for t in stream.topics):
                stream.push(self._resync())

    @property
    def here(self) -> str:
        """The number of the last notice, as browsers give it back."""
        return f"{self.epoch}-{self._number}"

    def _streams(self) -> list[Stream]:
        return [stream for bucket in self._buckets for stream in bucket]

    def _resync(self) -> bytes:
        return f"id: {self.here}\nevent: resync\ndata: {{}}\n\n".encode()

    def _greeting(self, stream: Stream, last_event_id: str | None) -> bytes:
        # an id from the first moment on: who drops out before the first notice misses nothing
        hello = f": hello\nretry: 1000\nid: {self.here}\n\n".encode()
        if not last_event_id:
            return hello
        heard = self._heard_until(last_event_id)
        if heard is None:
            return hello + self._resync()
        missed = self._ring and islice(self._ring, max(0, heard + 1 - self._ring[0][0]), None)
        return b"".join([hello, *(c for _, topic, c in missed or () if topic in stream.topics)])

    def _heard_until(self, last_event_id: str) -> int | None:
        """The number in it when this process gave it and still has all that followed."""
        epoch, _, number = last_event_id.rpartition("-")
        if epoch != self.epoch or not number.isascii() or not number.isdigit():
            return None
        oldest = self._ring[0][0] if self._ring else self._number + 1
        return int(number) if oldest - 1 <= int(number[:18]) <= self._number else None

    async def _keep_alive(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(TURN_S)
            turn = (turn + 1) % KEEP_ALIVE_TURNS
            for stream in list(self._buckets[turn]):
                stream.keep_alive()


def _shown_by_entries(topic: str) -> bool:
    return topic == "desk" or topic.startswith("incident:")


class _Hearing:
    """The one connection, and how to lose it without losing a notice. 监听

    Once a second it notes which transactions have ended. After a silence it reads every entry of
    those that had not ended some seconds before, and says what has not been said.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._seen: dict[int, None] = {}
        self._horizons: deque[int] = deque(maxlen=HORIZONS)
        self._without_entry = False

    async def listen(self) -> None:
        """Listen for ever; a lost connection is made again."""
        while True:
            try:
                connected = await psycopg.AsyncConnection.connect(**_address(), autocommit=True)
                async with connected as conn:
                    await conn.execute("LISTEN live")
                    await conn.execute("LISTEN clock")
                    await self._catch_up(conn)
                    self.hub.listening.set()
                    while True:
                        await self._hear(conn)
                        await self._poll(conn)
            except psycopg.Error as error:
                log.warning("listener lost the database, again in %s s: %s", WAIT_S, error)
            except Exception:  # a fault must not make this process deaf for ever
                log.exception("listener failed, again in %s s", WAIT_S)
            self.hub.listening.clear()
            await asyncio.sleep(WAIT_S)

    async def _hear(self, conn: Connection) -> None:
        """Take what comes within a second, or until the clock is moved."""
        moved = False
        until = time.monotonic() + POLL_S
        while not moved and (left_s := until - time.monotonic()) > 0:
            # to its end, not broken off: the rest of a packet would be lost
            async for note in conn.notifies(timeout=left_s, stop_after=1):
                moved = moved or note.channel == "clock"
                self._note(note)
            await asyncio.sleep(GATHER_S)

    def _note(self, note: psycopg.Notify) -> None:
        if note.channel != "live":
            return
        with suppress(ValueError, KeyError, TypeError):  # somebody else's words on our channel
            said = json.loads(note.payload)
            topics, entry = [str(topic) for topic in said["topics"]], said["entry"]
            self._say(topics, None if entry is None else int(entry))

    def _say(self, topics: list[str], entry: int | None) -> None:
        if entry is None:
            self._without_entry = True
        elif entry in self._seen:
            return
        else:
            self._seen[entry] = None
            if len(self._seen) > SEEN:
                del self._seen[next(iter(self._seen))]
        self.hub.say(topics, entry)

    async def _poll(self, conn: Connection) -> int:
        row = await (await conn.execute(_POLL)).fetchone()
        assert row is not None
        horizon, domain, real, speed = row
        anchored = domain is not None
        clock.anchor_to(clock.Anchor(domain=domain, real=real, speed=speed) if anchored else None)
        self._horizons.append(horizon)
        return self._horizons[-1]

    async def _catch_up(self, conn: Connection) -> None:
        floor = self._horizons[0] if self._horizons else None
        horizon = await self._poll(conn)
        if floor is None or horizon < floor:  # the first time, or another cluster
            self.hub.resync()
            return
        rows = await (await conn.execute(_SINCE, [floor, AGAIN + 1])).fetchall()
        if len(rows) > AGAIN or self._without_entry:
            self._seen.update(dict.fromkeys(row[0] for row in rows))
            self.hub.resync()
            return
        for ident, name, incident in rows:
            self._say(_topics_of(name, incident), ident)
        self.hub.resync(beyond_known=True)


def _topics_of(name: str, incident: int | None) -> list[str]:
    kind = known.get(name)
    on_desk = kind is None or kind.on_desk
    return [
        *(("desk",) if on_desk else ()),
        *(() if incident is None else (f"incident:{incident}",)),
    ]


def _address() -> dict[str, Any]:
    for_django = ("cursor_factory", "context", "pool", "prepare_threshold")
    params = {k: v for k, v in connection.get_connection_params().items() if k not in for_django}
    return params | {"application_name": "qianjun listener"}


hub = Hub()


def stream(topics: Iterable[str], last_event_id: str | None = None) -> AsyncGenerator[bytes, None]:
    """Server-sent events of this process on these topics; the caller has asked who may. 实时流"""
    return hub.stream(topics, last_event_id)
