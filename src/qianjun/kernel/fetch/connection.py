"""One connection to one checked address, bounded in time and bytes. 连接

The standard library's client resolves and connects by itself; here both are taken out of its hands:
the address is the one that was checked, and every wait ends with the deadline of the whole call.
"""

import io
import socket
import ssl
import time
from http.client import HTTPConnection  # noqa: TID251 - this is the place
from typing import TYPE_CHECKING, Literal

from qianjun.kernel.fetch.addresses import Address
from qianjun.kernel.fetch.bounds import Limits
from qianjun.kernel.fetch.refusals import refuse
from qianjun.kernel.fetch.urls import Target

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

TRIED_ADDRESSES = 4
PIECE_BYTES = 65_536


class Deadline:
    """When the whole call is over, on the monotonic clock. 总时限"""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def left_s(self) -> float:
        """Seconds that are left; ``TimeoutError`` when there are none."""
        left_s = self.at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s


class Connection(HTTPConnection):
    """A connection that goes where it is told and nowhere else. 定向连接"""

    def __init__(
        self,
        target: Target,
        *,
        addresses: tuple[Address, ...],
        deadline: Deadline,
        limits: Limits,
        trust: ssl.SSLContext | None,
    ) -> None:
        super().__init__(target.host, target.port)
        self.target, self.addresses, self.trust = target, addresses, trust
        self.deadline, self.limits = deadline, limits
        self.plain: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first of the checked addresses that answers."""
        self.plain = self._connected()
        if self.trust:
            self.plain.settimeout(self.deadline.left_s())
            self.plain = self.trust.wrap_socket(self.plain, server_hostname=self.target.host)
        most_bytes = self.limits.body_bytes + 2 * self.limits.header_bytes
        self.sock = _Timed(self.plain, host=self.host, deadline=self.deadline, most=most_bytes)

    def _connected(self) -> socket.socket:
        for address in self.addresses[:TRIED_ADDRESSES]:
            wait_s = min(self.limits.connect_s, self.deadline.left_s())
            try:
                return socket.create_connection((str(address), self.port), timeout=wait_s)
            except OSError as wrong:
                failed = wrong
        raise failed

    def end(self) -> None:
        """Close for good; ``close`` is called by the library while the answer is still read."""
        if self.plain:
            self.plain.close()


class _Timed:
    """What the library needs of a socket: each wait ends with the deadline, bytes are counted."""

    def __init__(self, sock: socket.socket, *, host: str, deadline: Deadline, most: int) -> None:
        self.sock, self.host, self.deadline, self.most = sock, host, deadline, most

    def sendall(self, content: "ReadableBuffer") -> None:
        self.sock.settimeout(self.deadline.left_s())
        self.sock.sendall(content)

    def makefile(self, _mode: Literal["rb"]) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self), PIECE_BYTES)

    def close(self) -> None:
        """Left to ``Connection.end``."""


class _Reading(io.RawIOBase):
    """The receiving side as a file."""

    def __init__(self, timed: _Timed) -> None:
        self.timed = timed
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        timed = self.timed
        timed.sock.settimeout(timed.deadline.left_s())
        received = timed.sock.recv_into(buffer)
        self.count += received
        if self.count > timed.most:
            raise refuse("fetch_too_large", host=timed.host)
        return received


def trust_of(target: Target, *, ca_file: str) -> ssl.SSLContext | None:
    """The system's certificates and the listed ones, names checked; None for plain http."""
    if target.scheme != "https":
        return None
    trust = ssl.create_default_context()
    if ca_file:
        trust.load_verify_locations(cafile=ca_file)
    return trust
