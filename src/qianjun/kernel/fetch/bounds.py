"""What one call may reach and what it may cost. 允许与限额"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

USUAL_PORTS = frozenset([80, 443])


@dataclass(frozen=True, kw_only=True)
class Allow:
    """What may be reached besides the public network, as an administrator has listed it. 例外

    A listed host may stand in a private network, on this machine too; a listed network opens every
    address in it. ``ca_file`` are further certificates to trust.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    ports: frozenset[int] = frozenset()
    ca_file: str = ""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Times, sizes and counts of one call with all its redirects. 限额"""

    connect_s: float = 5.0
    total_s: float = 20.0
    body_bytes: int = 10_000_000  # as sent and as unpacked
    headers: int = 60
    header_bytes: int = 64_000
    redirects: int = 5
    url_characters: int = 2_048


PUBLIC = Allow()
DEFAULT = Limits()
