"""A client that keeps its connection: raw HTTP/1.1, so that it costs little beside the server."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.ground.places import spots

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    body: bytes

    def read(self) -> dict[str, object]:
        """The body as the JSON object that it is."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


class Line:
    """One connection, opened when first needed and again when it broke."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> Reply:
        """Send a request, read its whole answer; OSError when the other end is gone."""
        if self._ends is None:
            self._ends = await asyncio.open_connection(HOST, self.port)
        reader, writer = self._ends
        try:
            writer.write(request)
            return await _reply(reader)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError) as gone:
            await self.close()
            if isinstance(gone, asyncio.IncompleteReadError):
                raise ConnectionError("closed in the middle of an answer") from gone
            raise

    async def close(self) -> None:
        """Hang up."""
        if self._ends:
            writer, self._ends = self._ends[1], None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _reply(reader: asyncio.StreamReader) -> Reply:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    named = dict(line.lower().split(b": ", 1) for line in lines if b": " in line)
    if named.get(b"transfer-encoding") == b"chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(named.get(b"content-length", b"0")))
    return Reply(status=int(first.split(b" ", 2)[1]), body=body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while length := int((await reader.readuntil(b"\r\n")).strip(), 16):
        found += (await reader.readexactly(length + 2))[:-2]
    await reader.readexactly(2)
    return found


def request(
    method: str, path: str, *, token: str = "", body: object = None, key: str = ""
) -> bytes:
    """A request as it goes over the wire."""
    words = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"Content-Length: {len(words)}"] if words or method != "GET" else []
    lines += ["Content-Type: application/json"] if words else []
    lines += [f"Idempotency-Key: {key}"] if key else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + words


async def asked(port: int, words: bytes, *, good: int = 200) -> dict[str, object]:
    """One request on a line of its own; its answer, which must have this status."""
    line = Line(port)
    reply = await line.ask(words)
    await line.close()
    if reply.status != good:
        raise SystemExit(f"answered {reply.status}: {reply.body.decode()}")
    return reply.read()


def open_incident(port: int, token: str, *, number: int = 0) -> int:
    """A new incident by a report of the place of this number; its id."""
    body = spots()[number].report() | {"join": "new"}
    words = request("POST", "/api/v1/reports", token=token, body=body, key=uuid.uuid4().hex)
    incident = asyncio.run(asked(port, words, good=201))["incident"]
    assert isinstance(incident, dict)
    return int(incident["id"])


@dataclass(kw_only=True)
class Load:
    """What a number of clients saw together."""

    clients: int
    ms: list[float] = field(default_factory=list)
    bad: list[Reply] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.ms) / self.seconds if self.seconds else 0.0


async def load(port: int, *, clients: int, requests: list[bytes], good: int = 201) -> Load:
    """Send all requests through so many clients that ask one after the other."""
    seen = Load(clients=clients)
    waiting = iter(requests)
    lines = [Line(port) for _ in range(clients)]
    began = time.perf_counter()
    await asyncio.gather(*(_client(line, waiting, seen, good) for line in lines))
    seen.seconds = time.perf_counter() - began
    await asyncio.gather(*(line.close() for line in lines))
    return seen


async def _client(line: Line, waiting: Iterator[bytes], seen: Load, good: int) -> None:
    for words in waiting:
        began = time.perf_counter()
        reply = await line.ask(words)
        seen.ms.append((time.perf_counter() - began) * 1000)
        if reply.status != good:
            seen.bad.append(reply)
