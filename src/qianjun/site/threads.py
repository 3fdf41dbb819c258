"""Serve synchronous views from a fixed pool of threads inside an ASGI server. 线程池

Django gives every request of its own ASGI handler a thread, and with it a connection; a fixed pool
keeps one connection per thread. Bodies are read in the loop, so a slow sender holds no thread.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

MEMORY_BYTES = 1 << 20
BLOCK_BYTES = 1 << 18
DRAIN_BYTES = 64 << 20
DRAIN_S = 20.0
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Headers = list[tuple[bytes, bytes]]


class WsgiApp(Protocol):
    """What PEP 3333 calls an application."""

    def __call__(self, env: Environ, start: Callable[..., Any], /) -> Iterable[bytes]:
        """Answer one request."""
        ...


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response on its way back to the loop; ``rest`` is left of one that is read in blocks."""

    status: int
    headers: Headers
    first: bytes
    rest: Iterator[bytes] | None = None


class TooLarge(Exception):
    """A body over the limit."""


class Threads:
    """A WSGI application as an ASGI one: one hop to a thread and back. 线程适配"""

    def __init__(
        self,
        app: WsgiApp,
        *,
        workers: int,
        body_limit: int,
        too_large: Callable[[Scope], Answer],
        larger: tuple[tuple[str, int], ...] = (),
    ) -> None:
        self.app = app
        self.body_limit = body_limit
        self.larger = larger  # path prefixes whose bodies may be larger, in bytes
        self.too_large = too_large
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with SpooledTemporaryFile(MEMORY_BYTES) as body:
            try:
                size = await self._read(scope, receive, body)
            except TooLarge:
                await _send(scope, send, self.too_large(scope))
                await _drain(receive)
                return
            if size is None:
                return
            answer = await self.ask(environ(scope, body, size=size))
            await _send(scope, send, answer)
            if answer.rest is not None:
                await self._send_rest(answer.rest, send)

    async def ask(self, env: Environ) -> Answer:
        """The application's answer, from a thread of the pool."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, self._answer, env)

    def limit_of(self, path: str) -> int:
        """How many bytes a body under this path may have."""
        larger = (most for front, most in self.larger if path.startswith(front))
        return next(larger, self.body_limit)

    async def _read(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int | None:
        """Take the body in; its size, or None when the sender has hung up."""
        most = self.limit_of(scope["path"])
        if _announced(scope) > most:
            raise TooLarge
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            size += body.write(message.get("body", b""))
            if size > most:
                raise TooLarge
            if not message.get("more_body"):
                body.seek(0)
                return size

    def _answer(self, env: Environ) -> Answer:
        started: list[tuple[int, Headers]] = []

        def start(status: str, headers: list[tuple[str, str]], _fault: object = None) -> None:
            pairs = [(k.lower().encode("latin1"), v.encode("latin1")) for k, v in headers]
            started.append((int(status.split(" ", 1)[0]), pairs))

        response: Any = self.app(env, start)
        status, headers = started[-1]
        if getattr(response, "streaming", False):
            return Answer(status=status, headers=headers, first=b"", rest=_blocks(response))
        with closing(response):
            return Answer(status=status, headers=headers, first=b"".join(response))

    async def _send_rest(self, rest: Iterator[bytes], send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            while (block := await loop.run_in_executor(self.pool, next, rest, None)) is not None:
                await send({"type": "http.response.body", "body": block, "more_body": True})
        finally:
            await loop.run_in_executor(self.pool, rest.close)  # type: ignore[attr-defined]
        await send({"type": "http.response.body", "body": b""})


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _drain(receive: Receive) -> None:
    """Let a sender finish what was refused: a connection reset would hide the answer from him."""

    async def read() -> None:
        left = DRAIN_BYTES
        while left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                return

    try:
        await asyncio.wait_for(read(), DRAIN_S)
    except (TimeoutError, RuntimeError, OSError):
        return


async def _send(scope: Scope, send: Send, answer: Answer) -> None:
    """Send the head and the first of the body; a HEAD request gets the head alone."""
    first = b"" if scope["method"] == "HEAD" else answer.first
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    more = answer.rest is not None
    await send({"type": "http.response.body", "body": first, "more_body": more})


def _blocks(response: Iterable[bytes]) -> Iterator[bytes]:
    """A streaming response in larger pieces: each costs a hop between loop and thread."""
    with closing(response):  # type: ignore[type-var]
        waiting = bytearray()
        for piece in response:
            waiting += piece
            if len(waiting) >= BLOCK_BYTES:
                yield bytes(waiting)
                waiting.clear()
        if waiting:
            yield bytes(waiting)


def environ(scope: Scope, body: IO[bytes], *, size: int) -> Environ:
    """The WSGI view of an ASGI request. 环境变量"""
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client")
    return {
        **_headers(scope["headers"]),
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "CONTENT_LENGTH": str(size),  # as read: a chunked body announces none
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> Environ:
    env: Environ = {}
    for raw_name, raw_value in pairs:
        if b"_" in raw_name or (raw_name == b"host" and not raw_value):
            continue  # X_Forwarded_For would pass for X-Forwarded-For; HTTP/1.0 names no host
        name = raw_name.decode("latin1").upper().replace("-", "_")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        value = raw_value.decode("latin1")
        joiner = "; " if key == "HTTP_COOKIE" else ","
        env[key] = f"{env[key]}{joiner}{value}" if key in env else value
    return env
