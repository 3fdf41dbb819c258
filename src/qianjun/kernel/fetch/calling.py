"""Call out: check the address, connect to what was checked, follow redirects the same way. 外连"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException, HTTPResponse  # noqa: TID251 - this is the place
from urllib.parse import urljoin

from qianjun.kernel.errors import Refused
from qianjun.kernel.fetch import headers as heads
from qianjun.kernel.fetch.addresses import Address
from qianjun.kernel.fetch.body import body_of
from qianjun.kernel.fetch.bounds import DEFAULT, PUBLIC, Allow, Limits
from qianjun.kernel.fetch.connection import Connection, Deadline, trust_of
from qianjun.kernel.fetch.names import Resolve, addresses_of, system_names
from qianjun.kernel.fetch.refusals import refuse
from qianjun.kernel.fetch.urls import Target, parse

REDIRECTS = frozenset([301, 302, 303, 307, 308])
BECOME_GET = frozenset([301, 302, 303])
FINAL_FROM = 200


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """An answer: header names are lower-case; ``url`` is where it came from in the end. 答复"""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, kw_only=True)
class _Request:
    """One request of a call; a redirect makes the next one of it."""

    target: Target
    method: str
    headers: Mapping[str, str]
    body: bytes | None

    def moved(self, to: Target, *, status: int) -> "_Request":
        """What is sent after a redirect: nothing secret and no body to another origin."""
        old = self.target
        if old.scheme == "https" and to.scheme == "http":
            raise refuse("fetch_downgrade", host=old.host)
        as_get = status in BECOME_GET and self.method not in ("GET", "HEAD")
        body = None if as_get else self.body
        kept = dict(self.headers)
        if as_get:
            kept = {n: v for n, v in kept.items() if n not in heads.OF_THE_BODY}
        if to.origin != old.origin:
            if body is not None:
                raise refuse("fetch_body_moved", host=old.host)
            kept = {n: v for n, v in kept.items() if n in heads.FOLLOWS}
        method = "GET" if as_get else self.method
        return replace(self, target=to, method=method, headers=kept, body=body)


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    allow: Allow = PUBLIC,
    limits: Limits = DEFAULT,
    resolve: Resolve = system_names,
) -> Fetched:
    """The answer to one request to the outside; the only way out of the house. 外连

    Raises ``Refused``: 422 when the call may not be made, 502 when the other side fails. Any status
    of the other side is an answer. A host is resolved once in a call.
    """
    if method not in heads.METHODS:
        raise refuse("fetch_method")
    request = _Request(
        target=parse(url, allow=allow, limits=limits),
        method=method,
        headers=heads.outgoing(headers or {}, limits=limits),
        body=body,
    )
    call = _Call(allow=allow, limits=limits, resolve=resolve)
    for _turn in range(limits.redirects + 1):
        answer = call.answer_to(request)
        location = answer.headers.get("location")
        if answer.status not in REDIRECTS or not location:
            return answer
        to = parse(urljoin(request.target.url, location), allow=allow, limits=limits)
        request = request.moved(to, status=answer.status)
    raise refuse("fetch_redirects", host=request.target.host)


class _Call:
    """One call with all its redirects: one deadline, one resolution per host."""

    def __init__(self, *, allow: Allow, limits: Limits, resolve: Resolve) -> None:
        self.allow, self.limits, self.resolve = allow, limits, resolve
        self.deadline = Deadline(limits.total_s)
        self.known: dict[str, tuple[Address, ...]] = {}

    def answer_to(self, request: _Request) -> Fetched:
        """The answer to one request; whatever fails below has one sentence."""
        host = request.target.host
        try:
            return self._exchange(request)
        except Refused:
            raise
        except TimeoutError as wrong:
            raise refuse("fetch_slow", host=host) from wrong
        except ssl.SSLError as wrong:
            raise refuse("fetch_tls", host=host) from wrong
        except OSError as wrong:
            raise refuse("fetch_unreachable", host=host) from wrong
        except (HTTPException, ValueError) as wrong:
            raise refuse("fetch_bad_answer", host=host) from wrong

    def _exchange(self, request: _Request) -> Fetched:
        connection = Connection(
            request.target,
            addresses=self._addresses(request.target),
            deadline=self.deadline,
            limits=self.limits,
            trust=trust_of(request.target, ca_file=self.allow.ca_file),
        )
        try:
            _send(connection, request)
            with connection.getresponse() as answer:
                return self._read(answer, request=request)
        finally:
            connection.end()

    def _addresses(self, target: Target) -> tuple[Address, ...]:
        if target.host not in self.known:
            self.known[target.host] = addresses_of(
                target,
                resolve=self.resolve,
                allow=self.allow,
                within_s=min(self.limits.connect_s, self.deadline.left_s()),
            )
        return self.known[target.host]

    def _read(self, answer: HTTPResponse, *, request: _Request) -> Fetched:
        target = request.target
        if answer.status < FINAL_FROM or answer.msg.defects:
            raise refuse("fetch_bad_answer", host=target.host)
        headers = heads.incoming(answer.getheaders(), host=target.host, limits=self.limits)
        encoding = headers.get("content-encoding", "")
        body = body_of(answer, encoding=encoding, host=target.host, limits=self.limits)
        return Fetched(status=answer.status, headers=headers, body=body, url=target.url)


def _send(connection: Connection, request: _Request) -> None:
    connection.putrequest(
        request.method, request.target.path, skip_host=True, skip_accept_encoding=True
    )
    connection.putheader("Host", request.target.netloc)
    connection.putheader("Accept-Encoding", "gzip")
    connection.putheader("Connection", "close")
    for name, value in request.headers.items():
        connection.putheader(name, value)
    if request.body is not None or request.method in heads.WITH_BODY:
        connection.putheader("Content-Length", str(len(request.body or b"")))
    connection.endheaders(request.body)
