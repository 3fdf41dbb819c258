"""Calls that go out, and what the other side may do with them."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from qianjun.kernel.fetch import Allow, fetch
from qianjun.kernel.fetch.refusals import REFUSALS
from tests.kernel.outside import (
    HERE,
    QUICK,
    Outside,
    allowing,
    answer,
    ask,
    certified,
    code_of,
    get,
    here,
    moved,
    outside,
)

NAME, OTHER = "a.example.test", "b.example.test"
pytestmark = pytest.mark.running_clock


def test_an_answer_comes_with_status_headers_body_and_address() -> None:
    more = ["Content-Type: text/plain", "X-Part: a", "X-Part: b", "Set-Cookie: secret=1"]
    with outside(answer("演示".encode(), status="404 Not Found", more=more)) as server:
        found = get(server, "/a?b=c#d")
    assert (found.status, found.body.decode()) == (404, "演示")
    assert found.headers == {"content-type": "text/plain", "x-part": "a, b", "content-length": "6"}
    assert found.url == f"http://{HERE}:{server.port}/a?b=c"
    head = server.head()
    assert head.startswith("get /a?b=c http/1.1\r\n")
    assert f"host: {HERE}:{server.port}" in head
    assert "connection: close" in head


def test_a_body_and_headers_are_sent() -> None:
    with outside(answer(status="204 No Content", length=False)) as server:
        url = f"http://{HERE}:{server.port}/"
        headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
        body = b'{"a":1}'
        found = ask(url, allow=allowing(server), method="POST", body=body, headers=headers)
    assert (found.status, found.body) == (204, b"")
    assert server.requests[0].endswith(b'\r\n\r\n{"a":1}')
    assert "authorization: bearer x" in server.head()
    assert server.head().count("content-length: 7") == 1


def test_a_head_has_no_body() -> None:
    with outside(answer(more=["Content-Length: 5000"], length=False)) as server:
        url = f"http://{HERE}:{server.port}/"
        assert ask(url, method="HEAD", allow=allowing(server)).body == b""


# --- one resolution -------------------------------------------------------------------------------


def test_a_name_is_asked_once_and_the_checked_address_is_called() -> None:
    asked: list[str] = []
    answers = [[HERE], ["10.0.0.1"], ["169.254.169.254"]]

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    with outside([moved("/b"), moved("/c"), answer(b"x")]) as server:
        url = f"http://{NAME}:{server.port}/"
        found = fetch(url, allow=allowing(server), limits=QUICK, resolve=rebinding)
    assert (found.body, found.url) == (b"x", f"{url}c")
    assert asked == [NAME]
    assert f"host: {NAME}:{server.port}" in server.head()


@pytest.mark.parametrize("answers", [[HERE, "10.0.0.1"], ["10.0.0.1", HERE]])
def test_one_answer_inside_refuses_all_of_them(answers: list[str]) -> None:
    with outside(answer(b"x")) as server:
        url, allow = f"http://{NAME}:{server.port}/", allowing(server)
        refused = code_of(lambda: ask(url, allow=allow, resolve=lambda *_: answers))
    assert refused == "fetch_not_public"
    assert not server.requests


def test_a_listed_name_is_called_inside_and_a_stranger_is_not() -> None:
    with outside(answer(b"x")) as server:
        allow = replace(allowing(server, hosts=["gateway"]), networks=())
        assert ask(f"http://gateway:{server.port}/", allow=allow).body == b"x"
        strange = f"http://{NAME}:{server.port}/"
        assert code_of(lambda: ask(strange, allow=allow)) == "fetch_not_public"
    assert len(server.requests) == 1


def test_an_unknown_name_and_a_closed_port_are_said() -> None:
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
    allow = Allow(networks=allowing().networks, ports=frozenset([port]))
    url = f"http://{NAME}:{port}/"
    unknown = code_of(lambda: ask(url, allow=allow, resolve=lambda *_: []))
    assert unknown == "fetch_unknown_name"
    assert code_of(lambda: ask(url, allow=allow)) == "fetch_unreachable"


# --- redirects ------------------------------------------------------------------------------------


def test_five_redirects_are_followed_in_every_form() -> None:
    with outside(answer(b"x")) as last:
        chain = [moved("b"), moved("/c"), moved("?d"), moved(f"//{HERE}:{last.port}/e")]
        with outside(chain) as first:
            allow, url = allowing(first, last), f"http://{HERE}:{first.port}/a/"
            found = ask(url, allow=allow)
    assert [r.split(b" ")[1] for r in first.requests] == [b"/a/", b"/a/b", b"/c", b"/c?d"]
    assert found.url == f"http://{HERE}:{last.port}/e"


def test_a_sixth_redirect_is_not_followed() -> None:
    with outside(moved("/again")) as server:
        assert code_of(lambda: get(server)) == "fetch_redirects"
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://10.0.0.1/", "fetch_not_public"),
        ("http://169.254.169.254/latest/meta-data/", "fetch_not_public"),
        ("http://[::1]/", "fetch_not_public"),
        ("//192.168.1.1/", "fetch_not_public"),
        ("http://2130706433/", "fetch_host"),
        ("http://localhost/", "fetch_not_public"),
        ("http://user@example.test/", "fetch_userinfo"),
        ("http://127.0.0.1:22/", "fetch_port"),
        ("file:///x", "fetch_scheme"),
        ("javascript:x", "fetch_scheme"),
        ("http://example.test\\@127.0.0.1/", "fetch_url"),
        ("/\u00e6\u00bc", "fetch_url"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(location: str, code: str) -> None:
    with outside(moved(location)) as server:
        assert code_of(lambda: get(server)) == code
    assert len(server.requests) == 1


def test_a_redirect_without_place_is_the_answer() -> None:
    with outside(answer(b"x", status="302 Found")) as server:
        assert get(server).status == 302


SECRETS = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Api-Key": "k", "Accept": "text/plain"}


@pytest.mark.parametrize("secret", ["authorization", "cookie", "x-api-key"])
def test_a_secret_stays_with_its_origin(secret: str) -> None:
    with outside(answer(b"x")) as second, outside([moved("/b"), answer(b"x")]) as first:
        allow = allowing(first, second)
        same = f"http://{NAME}:{first.port}/"
        ask(same, headers=SECRETS, allow=allow)
        assert secret in first.head(1)
    for host in (NAME, OTHER):  # another port is another origin as well
        with outside(answer(b"x")) as second, outside(moved_to(host, second)) as first:
            allow = allowing(first, second)
            url = f"http://{NAME}:{first.port}/"
            ask(url, headers=SECRETS, allow=allow)
            assert secret in first.head()
            assert secret not in second.head()
            assert "accept: text/plain" in second.head()


def moved_to(host: str, server: Outside, *, status: str = "302 Found") -> bytes:
    """A redirect to another server under this name."""
    return moved(f"http://{host}:{server.port}/", status=status)


@pytest.mark.parametrize(
    ("status", "method"), [("301", "get"), ("302", "get"), ("303", "get"), ("307", "post")]
)
def test_a_post_becomes_a_get_or_is_sent_again_as_the_status_says(status: str, method: str) -> None:
    with outside([moved("/b", status=f"{status} X"), answer(b"x")]) as server:
        url = f"http://{HERE}:{server.port}/"
        headers = {"Content-Type": "text/plain"}
        allow = allowing(server)
        ask(url, method="POST", body=b"abc", headers=headers, allow=allow)
    assert server.head(1).startswith(f"{method} /b")
    assert server.requests[1].endswith(b"abc") == (method == "post")
    assert ("content-type" in server.head(1)) == (method == "post")


def test_a_body_is_not_carried_to_another_origin() -> None:
    with outside(answer(b"x")) as second:
        with outside(moved_to(OTHER, second, status="307 X")) as first:
            url, allow = f"http://{NAME}:{first.port}/", allowing(first, second)
            refused = code_of(lambda: ask(url, allow=allow, method="POST", body=b"abc"))
        assert refused == "fetch_body_moved"
    assert not second.requests


# --- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "a\r\nX-B: b"},
        {"X-A": "a\nb"},
        {"X-A": "a\rb"},
        {"X-A": "a\x00b"},
        {"X-A": "演示"},
        {"X-A\r\nX-B": "b"},
        {"X A": "b"},
        {"X-A:": "b"},
        {"": "b"},
        {"Host": "10.0.0.1"},
        {"Content-Length": "0"},
        {"transfer-encoding": "chunked"},
        {"Connection": "keep-alive"},
        {"Upgrade": "h2c"},
        {"Proxy-Authorization": "x"},
        {"Accept-Encoding": "br"},
        {"X-A": "a", "x-a": "b"},
        {f"X-{n}": "a" for n in range(61)},
        {"X-A": "b" * 64_001},
    ],
)
def test_a_header_that_splits_or_steers_is_not_sent(headers: dict[str, str]) -> None:
    assert code_of(lambda: fetch(f"http://{NAME}/", headers=headers)) == "fetch_header"


@pytest.mark.parametrize("method", ["get", "TRACE", "CONNECT", "GET /x HTTP/1.1\r\nX:", ""])
def test_a_strange_method_is_not_sent(method: str) -> None:
    assert code_of(lambda: fetch(f"http://{NAME}/", method=method)) == "fetch_method"


# --- encrypted ------------------------------------------------------------------------------------


def test_a_certificate_is_checked_for_its_signer_and_its_name(tmp_path: Path) -> None:
    good = certified(tmp_path, name=NAME)
    with outside(answer(b"x"), tls=good.context) as server:

        def to(host: str, ca_file: str) -> bytes:
            url = f"https://{host}:{server.port}/"
            allow = allowing(server, ca_file=ca_file)
            return ask(url, allow=allow).body

        assert to(NAME, good.ca_file) == b"x"
        assert code_of(lambda: to(NAME, "")) == "fetch_tls"
        assert code_of(lambda: to(OTHER, good.ca_file)) == "fetch_tls"
    assert server.server_names == [NAME, NAME, OTHER]


def test_an_encrypted_call_is_never_led_to_a_plain_one(tmp_path: Path) -> None:
    good = certified(tmp_path, name=NAME)
    with outside(answer(b"x")) as plain:
        with outside(moved_to(NAME, plain), tls=good.context) as server:
            url, allow = (
                f"https://{NAME}:{server.port}/",
                allowing(server, plain, ca_file=good.ca_file),
            )
            refused = code_of(lambda: ask(url, allow=allow))
        assert refused == "fetch_downgrade"
    assert not plain.requests


def test_a_plain_call_may_be_led_to_an_encrypted_one(tmp_path: Path) -> None:
    good = certified(tmp_path, name=NAME)
    with outside(answer(b"x"), tls=good.context) as server, outside(moved_on(server)) as plain:
        allow = allowing(server, plain, ca_file=good.ca_file)
        url = f"http://{NAME}:{plain.port}/"
        assert ask(url, allow=allow).body == b"x"


def moved_on(server: Outside) -> bytes:
    """A redirect to the encrypted server."""
    return moved(f"https://{NAME}:{server.port}/")


def test_a_plain_server_at_an_encrypted_port_is_said() -> None:
    with outside(answer(b"x")) as server:
        url = f"https://{NAME}:{server.port}/"
        limits = replace(QUICK, total_s=1.0)
        refused = code_of(lambda: fetch(url, allow=allowing(server), limits=limits, resolve=here))
    assert refused in ("fetch_tls", "fetch_slow")


def test_every_refusal_has_a_sentence_and_a_status() -> None:
    assert all(status in (422, 502) and zh.endswith("。") for status, zh in REFUSALS.values())
