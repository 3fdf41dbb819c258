"""Ask once where a host stands, and check every answer. 域名解析"""

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from qianjun.kernel.fetch.addresses import Address, may_reach
from qianjun.kernel.fetch.bounds import Allow
from qianjun.kernel.fetch.refusals import refuse
from qianjun.kernel.fetch.urls import Target

Resolve = Callable[[str, int], Sequence[str]]


def system_names(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_kind, place in found]


def addresses_of(
    target: Target, *, resolve: Resolve, allow: Allow, within_s: float
) -> tuple[Address, ...]:
    """Where to connect; refused when any of the answers may not be reached."""
    answers = [target.literal] if target.literal else _asked(target, resolve, within_s)
    if not answers:
        raise refuse("fetch_unknown_name", host=target.host)
    for address in answers:
        if not may_reach(address, host=target.host, allow=allow):
            raise refuse("fetch_not_public", host=target.host)
    return tuple(dict.fromkeys(answers))


def _asked(target: Target, resolve: Resolve, within_s: float) -> list[Address]:
    """The answers of the resolver, which knows no time limit of its own."""
    heard: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        found: Sequence[str] = ()
        with contextlib.suppress(OSError, UnicodeError):
            found = resolve(target.host, target.port)
        heard.put(found)

    threading.Thread(target=ask, daemon=True).start()
    try:
        texts = heard.get(timeout=max(0.0, within_s))
    except queue.Empty as wrong:
        raise refuse("fetch_slow", host=target.host) from wrong
    try:
        return [ip_address(text) for text in texts]
    except ValueError as wrong:
        raise refuse("fetch_not_public", host=target.host) from wrong
