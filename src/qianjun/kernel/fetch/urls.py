"""Read an address strictly: what two programs could read in two ways is refused. 网址解析"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from qianjun.kernel.fetch.addresses import Address
from qianjun.kernel.fetch.bounds import USUAL_PORTS, Allow, Limits
from qianjun.kernel.fetch.refusals import refuse

DEFAULT_PORTS = {"http": 80, "https": 443}
MOST_PORT = 65_535
NAME_CHARACTERS = 253
# names that mean this machine or this network, whoever answers for them
INSIDE = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "home.arpa",
    "private",
    "onion",
    "invalid",
)

_FORM = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?([^/?#]*)([^#]*)(?:#.*)?")
_PRINTED = re.compile(r"[!-~]+")
_BRACKETS = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::([0-9]+))?")
_NAME = re.compile(r"([A-Za-z0-9.-]+)(?::([0-9]+))?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LOOKS_LIKE_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_QUAD = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")
_PORT = re.compile(r"[1-9][0-9]{0,4}")


@dataclass(frozen=True, kw_only=True)
class Target:
    """One address taken apart; ``literal`` where the host is a number. 目标"""

    scheme: str
    host: str
    port: int
    path: str
    literal: Address | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: credentials stay inside."""
        return self.scheme, self.host, self.port

    @property
    def netloc(self) -> str:
        """As the Host header writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """In one form, without fragment."""
        return f"{self.scheme}://{self.netloc}{self.path}"


def parse(url: str, *, allow: Allow, limits: Limits) -> Target:
    """The parts of an address; refused when it is not plainly http or https. 解析"""
    if len(url) > limits.url_characters or not _PRINTED.fullmatch(url) or "\\" in url:
        raise refuse("fetch_url")
    form = _FORM.fullmatch(url)
    if form is None:
        raise refuse("fetch_url")
    scheme, slashes, authority, path = form.groups()
    scheme = scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise refuse("fetch_scheme")
    if not slashes:
        raise refuse("fetch_url")
    if "@" in authority:
        raise refuse("fetch_userinfo")
    host, port_text, literal = _host(authority, allow=allow)
    port = _port(port_text, scheme=scheme, allow=allow)
    path = path if path.startswith("/") else f"/{path}"
    return Target(scheme=scheme, host=host, port=port, path=path, literal=literal)


def _host(authority: str, *, allow: Allow) -> tuple[str, str | None, Address | None]:
    """Host in its one form, the port as written, and the address if it is one."""
    if brackets := _BRACKETS.fullmatch(authority):
        try:
            address = IPv6Address(brackets[1])
        except ValueError as wrong:
            raise refuse("fetch_host") from wrong
        return str(address), brackets[2], address
    name = _NAME.fullmatch(authority)
    if name is None:
        raise refuse("fetch_host")
    host = name[1].lower()
    if _LOOKS_LIKE_NUMBER.fullmatch(host.rstrip(".").rsplit(".", 1)[-1]):
        return host, name[2], _quad(host)
    _refuse_name(host, allow=allow)
    return host, name[2], None


def _quad(host: str) -> IPv4Address:
    """Four decimal numbers without leading zeros; other forms of a number are refused."""
    if not _QUAD.fullmatch(host):
        raise refuse("fetch_host")
    try:
        return IPv4Address(host)
    except ValueError as wrong:
        raise refuse("fetch_host") from wrong


def _refuse_name(host: str, *, allow: Allow) -> None:
    labels = host.split(".")
    if len(host) > NAME_CHARACTERS or not all(map(_LABEL.fullmatch, labels)):
        raise refuse("fetch_host")
    if host in allow.hosts:
        return
    if len(labels) == 1 or any(host == name or host.endswith(f".{name}") for name in INSIDE):
        raise refuse("fetch_not_public", host=host)


def _port(written: str | None, *, scheme: str, allow: Allow) -> int:
    if written is None:
        return DEFAULT_PORTS[scheme]
    if not _PORT.fullmatch(written) or int(written) > MOST_PORT:
        raise refuse("fetch_url")
    port = int(written)
    if port not in USUAL_PORTS | allow.ports:
        raise refuse("fetch_port", port=port)
    return port
