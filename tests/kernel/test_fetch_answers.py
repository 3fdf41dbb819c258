"""What the other side may answer: too much, broken, slow. One sentence each, and an end."""

import gzip
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat

import pytest

from qianjun.kernel.fetch import Limits, fetch
from tests.kernel.outside import (
    QUICK,
    Answer,
    answer,
    bomb,
    code_of,
    dripping,
    get,
    moved,
    outside,
)

NAME = "a.example.test"
pytestmark = pytest.mark.running_clock


# --- too much -------------------------------------------------------------------------------------


def endless(head: bytes, piece: bytes) -> Answer:
    """An answer without end."""
    return lambda _request: _endless(head, piece)


def _endless(head: bytes, piece: bytes) -> Iterator[bytes]:
    yield head
    yield from repeat(piece, 100_000)


PACKED = ["Content-Encoding: gzip"]
CHUNKED = answer(more=["Transfer-Encoding: chunked"], length=False)
TOO_MUCH: dict[str, bytes | Answer] = {
    "a declared size": answer(more=["Content-Length: 100001"], length=False),
    "an absurd size": answer(more=["Content-Length: 99999999999999999999"], length=False),
    "no end": endless(answer(length=False), b"x" * 10_000),
    "chunks without end": endless(CHUNKED, b"1000\r\n" + b"x" * 0x1000 + b"\r\n"),
    "a packed bomb": answer(bomb(50_000_000), more=PACKED),
    "a packed bomb in members": answer(bomb(90_000) * 10, more=PACKED),
    "another packing": answer(zlib.compress(bytes(50_000_000)), more=["Content-Encoding: deflate"]),
    "hints without end": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a trailer without end": endless(CHUNKED + b"0\r\n", b"X-A: " + b"b" * 1_000 + b"\r\n"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_not_read(name: str) -> None:
    with outside(TOO_MUCH[name]) as server:
        assert code_of(lambda: get(server)) == "fetch_too_large"


def test_a_body_as_large_as_allowed_is_read_in_each_form() -> None:
    content = bytes(range(250)) * 400
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (content[:99_000], content[99_000:]))
    for said in (
        answer(content),
        answer(content, length=False),
        CHUNKED + chunks + b"0\r\n\r\n",
        answer(gzip.compress(content), more=PACKED),
        answer(gzip.compress(content[:5]) + gzip.compress(content[5:]), more=PACKED),
        answer(zlib.compress(content), more=["Content-Encoding: deflate"]),
        answer(content, more=["Content-Encoding: identity"]),
    ):
        with outside(said) as server:
            assert get(server).body == content


# --- broken ---------------------------------------------------------------------------------------

BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "no status": b"hello\r\n\r\n",
    "an upgrade": answer(status="101 Switching Protocols"),
    "half a body": answer(b"x" * 10, more=["Content-Length: 20"], length=False),
    "half a chunk": CHUNKED + b"100\r\nx",
    "no chunk": CHUNKED + b"zz\r\nx\r\n",
    "half a packed body": answer(gzip.compress(b"x" * 1000)[:-9], more=PACKED),
    "a packed body that is none": answer(b"plain", more=PACKED),
    "an unknown packing": answer(b"x", more=["Content-Encoding: br"]),
    "two packings": answer(
        gzip.compress(gzip.compress(b"x")), more=["Content-Encoding: gzip, gzip"]
    ),
    "too many headers": answer(more=[f"X-{n}: a" for n in range(61)]),
    "far too many headers": answer(more=[f"X-{n}: a" for n in range(200)]),
    "a long header": answer(more=["X-A: " + "b" * 70_000]),
    "a header in two lines": answer(more=["X-A: a\r\n b"]),
    "a control character": answer(more=["X-A: a\x01b"]),
    "a line that is no header": answer(more=["no colon here"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_no_answer(name: str) -> None:
    with outside(BROKEN[name]) as server:
        limits = replace(QUICK, total_s=3.0)
        assert code_of(lambda: get(server, limits=limits)) in (
            "fetch_bad_answer",
            "fetch_unreachable",
        )


# --- slow -----------------------------------------------------------------------------------------

HURRIED = Limits(connect_s=0.3, total_s=0.3, body_bytes=100_000)
SLOW: dict[str, Answer] = {
    "silence": lambda _request: dripping(b"", times=10),
    "a slow status": lambda _request: dripping(b"H", times=10),
    "slow headers": lambda _request: _first(
        b"HTTP/1.1 200 OK\r\n", dripping(b"X-A: b\r\n", times=10)
    ),
    "a slow body": lambda _request: _first(answer(length=False), dripping(b"x", times=10)),
}


def _first(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_answer_ends_with_the_time_of_the_whole_call(name: str) -> None:
    with outside(SLOW[name]) as server:
        assert code_of(lambda: get(server, limits=HURRIED)) == "fetch_slow"


def test_redirects_share_the_time_of_the_whole_call() -> None:
    def slowly(_request: bytes) -> Iterator[bytes]:
        return _first(b"", dripping(moved("/next"), times=1, pause_s=0.2))

    with outside(slowly) as server:
        assert code_of(lambda: get(server, limits=HURRIED)) in ("fetch_slow", "fetch_redirects")
    assert len(server.requests) < 6


def test_a_resolver_that_never_answers_is_not_waited_for() -> None:
    waiting = threading.Event()

    def silent(_host: str, _port: int) -> list[str]:
        waiting.wait(5)
        return []

    refused = code_of(lambda: fetch(f"http://{NAME}/", limits=HURRIED, resolve=silent))
    waiting.set()
    assert refused == "fetch_slow"
