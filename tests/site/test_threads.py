"""The adapter between event loop and threads: headers, bodies, limits, streams."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest

from qianjun.site.threads import Answer, Environ, Scope, Threads, environ

Chunks = list[bytes]
Heard = list[dict[str, Any]]
LIMIT = 1000


def scope(**changes: object) -> Scope:
    """A plain request."""
    plain = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 5000),
    }
    return plain | changes


def too_large(_scope: Scope) -> Answer:
    """What the adapter says by itself."""
    return Answer(status=413, headers=[], first=b"too large")


class Plain(list[bytes]):
    """A response of a web framework: content that is closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


class Streaming(Plain):
    """One that is read in pieces."""

    streaming = True


def ask(
    app: Any, request: Scope, chunks: Chunks, *, larger: tuple[tuple[str, int], ...] = ()
) -> Heard:
    """Send a request in these chunks; everything that was answered."""
    heard: Heard = []
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        if not waiting:
            return {"type": "http.disconnect"}
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        heard.append(message)

    adapter = Threads(app, workers=1, body_limit=LIMIT, too_large=too_large, larger=larger)
    asyncio.run(adapter(request, receive, send))
    adapter.pool.shutdown()
    return heard


def echo(env: Environ, start: Callable[..., None]) -> Iterable[bytes]:
    """Answer with what came."""
    start("200 OK", [("X-Length", env["CONTENT_LENGTH"])])
    return Plain([env["wsgi.input"].read()])


def test_a_body_in_pieces_arrives_as_one_with_its_length() -> None:
    start, body = ask(echo, scope(), [b"abc", b"def"])
    assert start["headers"] == [(b"x-length", b"6")]
    assert body == {"type": "http.response.body", "body": b"abcdef", "more_body": False}


def test_an_announced_body_over_the_limit_is_refused_before_it_is_read() -> None:
    def never(_env: Environ, _start: Callable[..., None]) -> Iterable[bytes]:
        raise AssertionError("asked")

    start, _body = ask(never, scope(headers=[(b"content-length", b"1001")]), [b""])
    assert start["status"] == 413


def test_a_body_that_grows_over_the_limit_is_refused() -> None:
    start, *_ = ask(echo, scope(), [b"x" * 600] * 3)
    assert start["status"] == 413


def test_who_hangs_up_while_sending_is_not_answered() -> None:
    assert ask(echo, scope(), []) == []


def test_head_gets_the_head_alone() -> None:
    _start, body = ask(echo, scope(method="HEAD"), [b"abc"])
    assert body["body"] == b""


def test_a_streaming_response_is_passed_on_in_blocks_and_closed() -> None:
    made = Streaming([b"x" * 1000] * 1000)

    def app(_env: Environ, start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [])
        return made

    _start, *bodies = ask(app, scope(), [b""])
    assert b"".join(b["body"] for b in bodies) == b"x" * 1_000_000
    assert 4 <= len(bodies) < 10
    assert not bodies[-1].get("more_body")
    assert made.closed


def test_a_plain_response_is_closed() -> None:
    made = Plain([b"a"])

    def app(_env: Environ, start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [])
        return made

    ask(app, scope(), [b""])
    assert made.closed


def test_a_view_that_breaks_while_streaming_ends_the_answer() -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * 300_000
        raise ValueError("half way")

    def app(_env: Environ, start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [])
        return Streaming(broken())

    with pytest.raises(ValueError, match="half way"):
        ask(app, scope(), [b""])


def headers(*pairs: tuple[bytes, bytes]) -> Environ:
    """What the application sees of them."""
    return environ(scope(headers=list(pairs)), BytesIO(), size=0)


def test_a_header_with_an_underscore_is_dropped() -> None:
    env = headers((b"x_real_ip", b"6.6.6.6"), (b"x-real-ip", b"127.0.0.1"))
    assert env["HTTP_X_REAL_IP"] == "127.0.0.1"
    assert "HTTP_X_REAL_IP" not in headers((b"x_real_ip", b"6.6.6.6"))


def test_two_cookie_headers_become_one() -> None:
    env = headers((b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"))
    assert (env["HTTP_COOKIE"], env["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


def test_an_announced_length_does_not_reach_the_application() -> None:
    assert headers((b"content-length", b"77"))["CONTENT_LENGTH"] == "0"


def test_a_chinese_path_arrives_as_its_bytes() -> None:
    env = environ(scope(path="/地点"), BytesIO(), size=0)
    assert env["PATH_INFO"].encode("latin1").decode() == "/地点"


def test_a_path_may_have_larger_bodies_than_the_rest() -> None:
    larger = (("/large/", 3000),)
    whole = ask(echo, scope(path="/large/1"), [b"a" * 1500, b"a" * 1500], larger=larger)
    assert whole[0]["headers"] == [(b"x-length", b"3000")]
    assert ask(echo, scope(path="/large/1"), [b"a" * 3001], larger=larger)[0]["status"] == 413
    assert ask(echo, scope(path="/large"), [b"a" * 1500], larger=larger)[0]["status"] == 413
