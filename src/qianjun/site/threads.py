"""Serve synchronous views from a fixed pool of threads inside an ASGI server. 线程池"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import Any

MEMORY_BYTES = 1 << 20
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Threads:
    """A WSGI application as an ASGI one: the body is read in the loop, one hop to a thread and back."""

    def __init__(self, app: Callable[..., Iterable[bytes]], workers: int) -> None:
        self.app = app
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="page")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        with SpooledTemporaryFile(MEMORY_BYTES) as body:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body.write(message.get("body", b""))
                if not message.get("more_body"):
                    break
            body.seek(0)
            status, headers, first, rest = await loop.run_in_executor(
                self.pool, self._answer, environ(scope, body)
            )
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": first, "more_body": rest is not None})
            while rest is not None:
                chunk = await loop.run_in_executor(self.pool, next, rest, None)
                if chunk is None:
                    await loop.run_in_executor(self.pool, getattr(rest, "close", int))
                    await send({"type": "http.response.body", "body": b""})
                    return
                await send({"type": "http.response.body", "body": chunk, "more_body": True})

    def _answer(
        self, env: dict[str, Any]
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes, Iterator[bytes] | None]:
        started: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            started["status"] = int(status.split(" ", 1)[0])
            started["headers"] = [
                (k.lower().encode("latin1"), v.encode("latin1")) for k, v in headers
            ]

        response = self.app(env, start)
        if getattr(response, "streaming", False) or not hasattr(response, "content"):
            return started["status"], started["headers"], b"", iter(response)
        try:
            return started["status"], started["headers"], b"".join(response), None
        finally:
            response.close()  # type: ignore[attr-defined]


def environ(scope: dict[str, Any], body: Any) -> dict[str, Any]:
    """The WSGI view of an ASGI request."""
    host, port = scope.get("server") or ("localhost", 80)
    env = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        env["REMOTE_ADDR"] = scope["client"][0]
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin1").upper().replace("-", "_")
        if "_" in raw_name.decode("latin1"):
            continue
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        value = raw_value.decode("latin1")
        joiner = "; " if key == "HTTP_COOKIE" else ","
        env[key] = f"{env[key]}{joiner}{value}" if key in env else value
    return env
