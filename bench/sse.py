"""Screens that listen: 1,000 beside the least that can fan out, and a new incident on 200. 实时推送

The same client, the same words, the same machine, one after the other in one run: once a bare
asyncio server writes to 1,000 streams, once the house. Then 20 incidents are told through the API
while 199 streams and one browser look at the desk.
"""

import asyncio
import contextlib
import json
import sys
import time
import uuid
from collections.abc import Callable, Coroutine

import psycopg

from bench.ground import frame
from bench.ground.house import House, free_port, house
from bench.ground.line import HOST, Line, request
from bench.ground.places import Spot, spots
from bench.ground.screens import desk, listening

LISTENERS = 1000
SAID = 10
PAUSE_S = 0.3
TIMES = 4.0
SCREENS = 200
INCIDENTS = 20
SCREEN_MS = 500
EVENTS_PATH = "/api/v1/events?topics=desk"
Say = Callable[[int], Coroutine[None, None, None]]


def run(args: list[str]) -> frame.Answer:  # noqa: ARG001 - no choice to make
    """Fan out twice, then watch incidents come in."""
    began = time.monotonic()
    with house("sse") as made:
        token = made.token("duty_officer")
        bare = asyncio.run(of_the_bare_server())
        ours = asyncio.run(of_the_house(made, token))
        streams, browser, note = asyncio.run(new_incidents(made, token))
        seen: frame.Answer = {
            "bare_ms": frame.spread(bare),
            "house_ms": frame.spread(ours),
            "incident_to_stream_ms": frame.spread(streams),
            "incident_to_browser_ms": frame.spread(browser),
            "screens": len(streams) // INCIDENTS + bool(browser),
            "note": note,
        }
        gates = _gates(bare, ours, streams=streams, browser=browser)
        return frame.answer("sse", gates=gates, seen=seen, folder=made.folder, began=began)


def _gates(
    bare: list[float], ours: list[float], *, streams: list[float], browser: list[float]
) -> list[frame.Gate]:
    times = round(frame.quantile(ours, 0.95) / frame.quantile(bare, 0.95), 2)
    delivered = round(100 * len(ours) / (LISTENERS * SAID), 3)
    heard, shown = (round(frame.quantile(ms, 0.95), 1) for ms in (streams, browser))
    return [
        frame.Gate(what="delivered to 1,000 screens, per cent", value=delivered, at_least=100),
        frame.Gate(what="p95 / p95 of a bare server", value=times, at_most=TIMES),
        frame.Gate(what="new incident to a stream, p95 ms", value=heard, at_most=SCREEN_MS),
        frame.Gate(what="new incident on a desk, p95 ms", value=shown, at_most=SCREEN_MS),
    ]


async def fan_out(port: int, path: str, token: str, *, say: Say) -> list[float]:
    """Say ten things to 1,000 screens; milliseconds from the saying to each hearing."""
    said: dict[str, float] = {}
    async with listening(port, path, token=token, count=LISTENERS) as heard:
        for number in range(1, SAID + 1):
            said[str(number)] = time.perf_counter()
            await say(number)
            await asyncio.sleep(PAUSE_S)
        await heard.until(LISTENERS, list(said))
    return heard.since(said)


async def of_the_bare_server() -> list[float]:
    """The least that can fan out, in a process of its own."""
    port = free_port()
    words = [sys.executable, "-m", "bench.ground.bare", str(port)]
    server = await asyncio.create_subprocess_exec(*words)
    try:
        _, writer = await _open_when_up(port)

        async def say(number: int) -> None:
            writer.write(b"SAY %d\n" % number)
            await writer.drain()

        return await fan_out(port, "/", "", say=say)
    finally:
        server.kill()
        await server.wait()


async def _open_when_up(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(100):
        with contextlib.suppress(OSError):
            return await asyncio.open_connection(HOST, port)
        await asyncio.sleep(0.1)
    raise SystemExit("the bare server did not come up")


async def of_the_house(made: House, token: str) -> list[float]:
    """The house: the same words by NOTIFY, as the journal says them."""
    notice = json.dumps({"topics": ["desk"], "entry": 0}).replace("0", "%s")
    async with await psycopg.AsyncConnection.connect(made.address(), autocommit=True) as writer:

        async def say(number: int) -> None:
            await writer.execute("SELECT pg_notify('live', %s)", [notice % number])

        return await fan_out(made.port, EVENTS_PATH, token, say=say)


async def new_incidents(made: House, token: str) -> tuple[list[float], list[float], str]:
    """From the request that tells of an incident to its notice, and to its line on a desk."""
    browser: list[float] = []
    told: dict[str, float] = {}
    async with desk(made) as shown:
        count = SCREENS - shown.there
        async with listening(made.port, EVENTS_PATH, token=token, count=count) as heard:
            for spot in spots()[-INCIDENTS:]:
                began = time.perf_counter()
                incident = await _told(made.port, token, spot)
                if shown.there:
                    await shown.sees(incident["url"])
                    browser.append((time.perf_counter() - began) * 1000)
                told[await _opening_of(made, incident["id"])] = began
                await asyncio.sleep(PAUSE_S)
            await heard.until(count, list(told))
    return heard.since(told), browser, shown.note


async def _told(port: int, token: str, spot: Spot) -> dict[str, str]:
    words = request(
        "POST", "/api/v1/reports", token=token, body=spot.report(), key=uuid.uuid4().hex
    )
    line = Line(port)
    reply = await line.ask(words)
    await line.close()
    incident = reply.read()["incident"]
    assert isinstance(incident, dict)
    return incident


async def _opening_of(made: House, incident: str) -> str:
    """The entry that says that the incident was opened."""
    question = "SELECT id FROM journal_entry WHERE name = 'incident.opened' AND incident = %s"
    async with await psycopg.AsyncConnection.connect(made.address()) as reader:
        row = await (await reader.execute(question, [int(incident)])).fetchone()
    assert row is not None
    return str(row[0])


if __name__ == "__main__":
    frame.main(run)
