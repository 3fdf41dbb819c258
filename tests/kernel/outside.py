"""Servers of the outside that say exactly what a test wants, byte for byte, on this machine."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from qianjun.kernel.errors import Refused
from qianjun.kernel.fetch import Allow, Fetched, Limits, Resolve, fetch

HERE = "127.0.0.1"
LOOPBACK = (IPv4Network("127.0.0.0/8"),)
QUICK = Limits(connect_s=2.0, total_s=5.0, body_bytes=100_000)
END_OF_HEAD = b"\r\n\r\n"

Answer = Callable[[bytes], Iterable[bytes]]


@dataclass
class Outside:
    """A server while it runs: its port, and every request as it came."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)

    def head(self, number: int = -1) -> str:
        """The head of a request, in lower case."""
        return self.requests[number].split(END_OF_HEAD)[0].decode().lower()


def answer(
    body: bytes = b"", *, status: str = "200 OK", more: Sequence[str] = (), length: bool = True
) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", *more]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + END_OF_HEAD + body


def moved(to: str, *, status: str = "302 Found") -> bytes:
    """A redirect."""
    return answer(status=status, more=[f"Location: {to}"])


@contextlib.contextmanager
def outside(
    says: Answer | bytes | Sequence[bytes], *, tls: ssl.SSLContext | None = None
) -> Iterator[Outside]:
    """A server; a list of answers is given one per request, the last again and again."""
    listening = socket.create_server((HERE, 0))
    server = Outside(port=listening.getsockname()[1])
    if tls:
        tls.sni_callback = lambda _sock, name, _context: server.server_names.append(name)
    reply = says if callable(says) else _in_turn([says] if isinstance(says, bytes) else says)
    stopped = threading.Event()
    arguments = (listening, server, reply, tls, stopped)
    thread = threading.Thread(target=_accept, args=arguments, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stopped.set()
        listening.close()
        thread.join(5)


def _in_turn(answers: Sequence[bytes]) -> Answer:
    left = list(answers)
    return lambda _request: [left.pop(0) if len(left) > 1 else left[0]]


def _accept(
    listening: socket.socket,
    server: Outside,
    reply: Answer,
    tls: ssl.SSLContext | None,
    stopped: threading.Event,
) -> None:
    listening.settimeout(0.05)
    while not stopped.is_set():
        try:
            sock, _place = listening.accept()
        except TimeoutError:
            continue
        except OSError:
            return
        with contextlib.suppress(OSError), sock:
            sock.settimeout(3)
            _serve(tls.wrap_socket(sock, server_side=True) if tls else sock, server, reply)


def _serve(sock: socket.socket, server: Outside, reply: Answer) -> None:
    with sock:
        request = b""
        while END_OF_HEAD not in request or not _whole(request):
            piece = sock.recv(65_536)
            if not piece:
                return
            request += piece
        server.requests.append(request)
        for piece in reply(request):
            sock.sendall(piece)


def _whole(request: bytes) -> bool:
    head, _, body = request.partition(END_OF_HEAD)
    said = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return not said or len(body) >= int(said[0].split(b":")[1])


def dripping(piece: bytes, *, times: int = 100, pause_s: float = 0.05) -> Iterator[bytes]:
    """A little, again and again."""
    for _turn in range(times):
        yield piece
        time.sleep(pause_s)


def allowing(*servers: Outside, hosts: Iterable[str] = (), ca_file: str = "") -> Allow:
    """The loopback network and the ports of these servers."""
    ports = frozenset(server.port for server in servers)
    return Allow(networks=LOOPBACK, ports=ports, hosts=frozenset(hosts), ca_file=ca_file)


def here(_host: str, _port: int) -> list[str]:
    """Every name stands on this machine."""
    return [HERE]


def get(server: Outside, path: str = "/", *, limits: Limits = QUICK) -> Fetched:
    """One plain request to a server."""
    return fetch(f"http://{HERE}:{server.port}{path}", allow=allowing(server), limits=limits)


def ask(
    url: str,
    *,
    allow: Allow,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    resolve: Resolve = here,
) -> Fetched:
    """A call under the limits of a test, every name on this machine."""
    return fetch(
        url,
        method=method,
        body=body,
        headers=headers,
        allow=allow,
        limits=QUICK,
        resolve=resolve,
    )


def bomb(size: int) -> bytes:
    """Zeros, packed."""
    return gzip.compress(bytes(size))


def code_of(call: Callable[[], object]) -> str:
    """The code with which a call is refused; its sentence is whole."""
    with pytest.raises(Refused) as refused:
        call()
    assert "%" not in refused.value.zh % refused.value.words
    return refused.value.code


# --- certificates ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Certified:
    """A server's context, and the certificate by which it can be trusted."""

    context: ssl.SSLContext
    ca_file: str


def certified(folder: Path, *, name: str) -> Certified:
    """A certificate for this host name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paper, secret = folder / f"{name}.crt", folder / f"{name}.key"
    paper.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paper, secret)
    return Certified(context=context, ca_file=str(paper))
