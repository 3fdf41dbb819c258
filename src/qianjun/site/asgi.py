"""One port: streams in the event loop, everything else in a pool of threads. 入口"""

import asyncio
import json
import logging
import multiprocessing
import os
from contextlib import aclosing
from io import BytesIO

import django
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianjun.site.settings")
django.setup(set_prefix=False)

from qianjun.journal.live import hub  # noqa: E402
from qianjun.media.queries import piece_too_large  # noqa: E402
from qianjun.media.rules.limits import PIECE_BYTES  # noqa: E402
from qianjun.media.tus import PATH as UPLOADS  # noqa: E402
from qianjun.site import problems  # noqa: E402
from qianjun.site.alive import alive_first  # noqa: E402
from qianjun.site.logs import install  # noqa: E402
from qianjun.site.orphans import die_with_parent  # noqa: E402
from qianjun.site.threads import Answer, Receive, Scope, Send, Threads, environ  # noqa: E402

LIVE = "/api/v1/events"
BODY_BYTES = 256 * 1024
LARGER = ((f"{UPLOADS}/", PIECE_BYTES),)
logger = logging.getLogger("qianjun.site")
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


def _asks_json(scope: Scope) -> bool:
    accept = dict(scope["headers"]).get(b"accept", b"")
    return b"application/json" in accept and b"text/html" not in accept


def _too_large(scope: Scope) -> Answer:
    piece = any(scope["path"].startswith(front) for front, _most in LARGER)
    refused = piece_too_large() if piece else problems.plain(413)
    programs = problems.is_for_programs(scope["path"]) or _asks_json(scope)
    response = problems.respond(refused, for_programs=programs)
    headers = [(k.lower().encode(), v.encode()) for k, v in response.items()]
    return Answer(status=413, headers=headers, first=response.content)


install()
# asked of the socket before each request instead of by a statement
connections.settings["default"]["CONN_HEALTH_CHECKS"] = False
pages = Threads(
    alive_first(WSGIHandler()),
    workers=int(os.environ.get("QIANJUN_THREADS", "8")),
    body_limit=BODY_BYTES,
    too_large=_too_large,
    larger=LARGER,
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send live topics to the loop and the rest to the threads."""
    try:
        await _answer(scope, receive, send)
    except Exception:  # the server would write its words, whatever they quote, to the log
        logger.exception("a request ended without an answer")


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] == LIVE and scope["method"] == "GET":
        await _live(dict(scope), receive, send)
    else:
        await pages(dict(scope), receive, send)


async def _live(scope: Scope, receive: Receive, send: Send) -> None:
    """Ask the door in a page thread, then stream from the loop until the screen goes. 实时流

    The door's thread and its connection are free again before the first line is sent.
    """
    door = await pages.ask(environ(scope, BytesIO(), size=0))
    if door.status != 200:
        await send({"type": "http.response.start", "status": door.status, "headers": door.headers})
        await send({"type": "http.response.body", "body": door.first})
        return
    topics = json.loads(door.first)["topics"]
    last = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin1")
    await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
    await _stream(topics, last, receive, send)


async def _stream(topics: list[str], last: str, receive: Receive, send: Send) -> None:
    """One task a screen and no other per notice: a thousand screens hear within a blink."""
    hub.start()
    stream, greeting = hub.open(topics, last or None)
    gone = asyncio.ensure_future(_hung_up(receive))
    gone.add_done_callback(lambda _: stream.end())
    try:
        await send({"type": "http.response.body", "body": greeting, "more_body": True})
        async with aclosing(stream.chunks()) as chunks:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        hub.close(stream)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _lifespan(receive: Receive, send: Send) -> None:
    """Start and stop the listener with the server."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            if multiprocessing.parent_process():  # granian killed with -9 leaves its worker serving
                die_with_parent()
            hub.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
