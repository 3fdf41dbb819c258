"""Which addresses belong to the public network and which lead inside. 公网地址

The tables follow the special-purpose registries (RFC 6890 and successors). IPv6 is turned around:
only what is handed out as global unicast counts, so forms that carry an IPv4 address inside
(mapped, compatible, NAT64, 6to4, Teredo) never pass, whatever they carry.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from qianjun.kernel.fetch.bounds import Allow

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NOT_PUBLIC = (
    IPv4Network("0.0.0.0/8"),  # this network
    IPv4Network("10.0.0.0/8"),  # private
    IPv4Network("100.64.0.0/10"),  # carrier
    IPv4Network("127.0.0.0/8"),  # this machine
    IPv4Network("168.63.129.16/32"),  # a cloud's own
    IPv4Network("169.254.0.0/16"),  # link-local, metadata
    IPv4Network("172.16.0.0/12"),  # private
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("192.0.2.0/24"),  # documentation
    IPv4Network("192.31.196.0/24"),  # AS112
    IPv4Network("192.52.193.0/24"),  # AMT
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv4Network("192.168.0.0/16"),  # private
    IPv4Network("192.175.48.0/24"),  # AS112
    IPv4Network("198.18.0.0/15"),  # benchmarks
    IPv4Network("198.51.100.0/24"),  # documentation
    IPv4Network("203.0.113.0/24"),  # documentation
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved, broadcast
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
NOT_PUBLIC_6 = (
    IPv6Network("2001::/23"),  # protocol assignments, Teredo
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("2620:4f:8000::/48"),  # AS112
    IPv6Network("3ffe::/16"),  # 6bone
    IPv6Network("3fff::/20"),  # documentation
)
# where a listed name may stand: private, carrier, this machine; never link-local
NEAR: tuple[Network, ...] = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("fc00::/7"),
    IPv6Network("::1/128"),
)
# clouds answer there with keys of the machine
METADATA = frozenset([IPv4Address("100.100.100.200"), IPv6Address("fd00:ec2::254")])
ISATAP = frozenset([0x00005EFE, 0x02005EFE])  # upper half of an interface that carries IPv4


def is_public(address: Address) -> bool:
    """Whether the address is one of the public network."""
    if isinstance(address, IPv4Address):
        return address.is_global and not _within(address, NOT_PUBLIC)
    if address.scope_id is not None or address not in GLOBAL_UNICAST:
        return False
    if _within(address, NOT_PUBLIC_6) or not address.is_global:
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in ISATAP


def may_reach(address: Address, *, host: str, allow: Allow) -> bool:
    """Whether this host may be called at this address."""
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return False
    if is_public(address) or _within(address, allow.networks):
        return True
    return host in allow.hosts and _within(address, NEAR) and address not in METADATA


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
