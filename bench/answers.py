"""Two thousand answers a minute on phone pages, and how far the board is behind them. 应召答复

A wave of 2,000 people has arrived on the simulated phones. Each answers by his signed link: a POST
to the real server, at its own instant of one minute, whether the server keeps up or not; two in
three say yes. One board listens to the incident's stream and fetches its live part when told, as
the page does. An answer is on the board with the first fetch that counts as many answers as had
been acknowledged when its own acknowledgement came.
"""

import asyncio
import json
import re
import time
import uuid
from bisect import bisect_left
from dataclasses import dataclass, field

import psycopg

from bench.ground import frame
from bench.ground.crowd import Books, Proposed, crowd, one, proposed, stand_in
from bench.ground.house import House, house
from bench.ground.line import HOST, Line, open_incident, request
from bench.ground.screens import session_of

ANSWERS = 2_000
A_MINUTE, PACE = 2_000, 2_040  # the clients are a little faster than what is promised
CLIENTS = 16
BEHIND_MS = 1_000
GATHER_S = 0.12  # as long as a page gathers changes before it fetches
LAST_S = 30.0
PATIENCE_S = 300.0
OFFICER = "zhiban2"
BOX = re.compile(r'data-is="(\w+)"><b class="num">([\d,]+)<')
_LINKS = "SELECT links->>0 FROM message_message WHERE matter = %(matter)s ORDER BY id"
_WAIT = """
SELECT count(*) FROM message_message WHERE matter = %(matter)s AND delivered_at IS NOT NULL
"""
_STORED = "SELECT count(*) FROM force_callact"


@dataclass(kw_only=True)
class Heard:
    """What phones and board saw, in seconds of one clock. 见闻"""

    sent: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    boards: list[tuple[float, int]] = field(default_factory=list)
    fetch_ms: list[float] = field(default_factory=list)
    over: bool = False

    def behind_ms(self) -> list[float]:
        """For each acknowledged answer, how long until the board counted it; late ones are last."""
        counts, ends = list[int](), list[float]()
        for at, count in sorted(self.boards):
            if not counts or count > counts[-1]:
                counts.append(count)
                ends.append(at)
        found = []
        for number, at in enumerate(sorted(self.acknowledged), 1):
            place = bisect_left(counts, number)
            shown = ends[place] if place < len(ends) else float("inf")
            found.append(max(0.0, min(shown - at, LAST_S)) * 1000)
        return found

    def a_minute(self) -> float:
        """Answers a minute, from the first that was sent to the last that was acknowledged."""
        if not self.sent or not self.acknowledged:
            return 0.0
        return len(self.acknowledged) / (max(self.acknowledged) - min(self.sent)) * 60


def run(args: list[str]) -> frame.Answer:
    """Call them, let them answer, look at the board."""
    began = time.monotonic()
    count = int(args[0]) if args else ANSWERS
    with house("answers") as made, psycopg.connect(made.address(), autocommit=True) as books:
        token = made.token("duty_officer")
        incident = open_incident(made.port, token)
        stand_in(made.folder)
        links, wave = _called(books, crowd(books, count), incident=incident)
        cookie = session_of(made, OFFICER)
        before = one(books, _STORED)
        heard = asyncio.run(_minute(made, token, links, wave=wave, cookie=cookie))
        stored = one(books, _STORED) - before
        behind = heard.behind_ms()
        seen: frame.Answer = {
            "answers": len(heard.acknowledged),
            "answer_ms": frame.spread(heard.late_ms),
            "board_behind_ms": frame.spread(behind),
            "board_fetches": len(heard.boards),
            "fetch_ms": frame.spread(heard.fetch_ms),
            "clients": CLIENTS,
        }
        gates = _gates(heard, behind, count=count, stored=stored)
        return frame.answer("answers", gates=gates, seen=seen, folder=made.folder, began=began)


def _gates(heard: Heard, behind: list[float], *, count: int, stored: int) -> list[frame.Gate]:
    p95 = round(frame.quantile(behind, 0.95))
    return [
        frame.Gate(what="answers a minute", value=round(heard.a_minute()), at_least=A_MINUTE),
        frame.Gate(what="board behind, p95 ms", value=p95, at_most=BEHIND_MS),
        frame.Gate(what="answers refused", value=len(heard.bad), at_most=0),
        frame.Gate(what="answers not kept", value=count - stored, at_most=0),
    ]


def _called(books: Books, people: list[int], *, incident: int) -> tuple[list[str], Proposed]:
    """Call them all, wait until every phone has rung; their links."""
    from qianjun.force.actions import confirm_wave
    from qianjun.kernel import clock
    from qianjun.org.actor import system

    wave = proposed(books, people, incident=incident, now=clock.now())
    confirm_wave(by=system(name="bench"), callout_id=wave.callout, rank=1)
    words: dict[str, object] = {"matter": f"callout:{wave.callout}:1"}
    began = time.monotonic()
    while one(books, _WAIT, words) < len(people):
        if time.monotonic() - began > PATIENCE_S:
            raise SystemExit("the wave has not arrived")
        time.sleep(0.5)
    return [str(row[0]) for row in books.execute(_LINKS.encode(), words)], wave


async def _minute(
    made: House, token: str, links: list[str], *, wave: Proposed, cookie: str
) -> Heard:
    heard = Heard()
    wake = asyncio.Event()
    board = [
        asyncio.create_task(_listen(made.port, token, wave, wake)),
        asyncio.create_task(_board(made.port, wave, heard, wake=wake, cookie=cookie)),
    ]
    while not heard.boards:  # the officer looks at it already
        await asyncio.sleep(0.1)
    start = time.perf_counter() + 0.5
    waiting = iter(enumerate(links))
    phones = [_phone(made.port, waiting, heard, start=start) for _client in range(CLIENTS)]
    await asyncio.gather(*phones)
    until = time.perf_counter() + LAST_S
    while heard.boards[-1][1] < len(heard.acknowledged) and time.perf_counter() < until:
        await asyncio.sleep(0.1)
    for task in board:
        task.cancel()
    await asyncio.gather(*board, return_exceptions=True)
    return heard


async def _phone(port: int, waiting: "enumerate[str]", heard: Heard, *, start: float) -> None:
    """Answer at the instant that is due, one after the other."""
    line = Line(port)
    for number, link in waiting:
        due = start + number * 60 / PACE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        act = "decline" if number % 3 == 2 else "accept"
        words = request("POST", f"{link}/acts", body={"act": act, "act_id": str(uuid.uuid4())})
        heard.sent.append(time.perf_counter())
        reply = await line.ask(words)
        at = time.perf_counter()
        heard.late_ms.append((at - due) * 1000)
        if reply.status == 200 and json.loads(reply.body)["outcome"] == "taken":
            heard.acknowledged.append(at)
        else:
            heard.bad.append(f"{reply.status} {reply.body[:200]!r}")
    await line.close()


async def _listen(port: int, token: str, wave: Proposed, wake: asyncio.Event) -> None:
    """The stream of the incident: every change wakes the board."""
    reader, writer = await asyncio.open_connection(HOST, port)
    path = f"/api/v1/events?topics=incident:{wave.incident}"
    writer.write(request("GET", path, token=token))
    await reader.readuntil(b"\r\n\r\n")
    wake.set()
    while line := await reader.readline():
        if line.startswith(b"data:"):
            wake.set()


async def _board(
    port: int, wave: Proposed, heard: Heard, *, wake: asyncio.Event, cookie: str
) -> None:
    """Fetch the live part when woken, one fetch at a time, and read how many have answered."""
    line = Line(port)
    words = request("GET", f"/incidents/{wave.incident}/callouts/live/")
    words = words.replace(b"\r\n\r\n", f"\r\nCookie: sessionid={cookie}\r\n\r\n".encode(), 1)
    while True:
        await wake.wait()
        wake.clear()
        await asyncio.sleep(GATHER_S)
        began = time.perf_counter()
        reply = await line.ask(words)
        at = time.perf_counter()
        if reply.status != 200:
            raise SystemExit(f"the board answered {reply.status}")
        boxes = {name: int(n.replace(",", "")) for name, n in BOX.findall(reply.body.decode())}
        heard.fetch_ms.append((at - began) * 1000)
        heard.boards.append((at, boxes.get("accepted", 0) + boxes.get("declined", 0)))


if __name__ == "__main__":
    frame.main(run)
