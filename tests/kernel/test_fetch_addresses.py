"""Every way around the guard that is known: none of them leads inside."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import pytest

from qianjun.kernel.errors import Refused
from qianjun.kernel.fetch import Allow, fetch
from qianjun.kernel.fetch.addresses import is_public, may_reach
from qianjun.kernel.fetch.bounds import DEFAULT, PUBLIC
from qianjun.kernel.fetch.urls import parse

INSIDE = ("127.0.0.1", "10.1.2.3", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1")
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


def number_forms(text: str) -> Iterator[str]:
    """The same address as one, two, three or four numbers, in other bases and letters."""
    value = int(IPv4Address(text))
    a, b, c, d = IPv4Address(text).packed
    yield from (str(value), f"0x{value:x}", f"0X{value:08X}", f"0{value:o}", f"00{value:o}")
    yield from (f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}")
    yield from (f"{a}.{(b << 16) + (c << 8) + d}", f"{a}.{b}.{(c << 8) + d}")
    yield from (f"0x{a:x}.{b}.{c}.{d}", f"{a}.0{b:o}.{c}.{d}", f"{a:03}.{b:03}.{c:03}.{d:03}")
    yield from (f"{value + 2**32}", f"{a + 256}.{b}.{c}.{d}", f"{text}.", f"{text}..")
    yield from (text.translate(FULL_WIDTH), text.translate(CIRCLED), text.replace(".", "。"))
    yield from (f"{a}%2e{b}.{c}.{d}", text.replace(".", "%2E"), f"[{text}]", f"{text}%00")


def carried(text: str) -> Iterator[str]:
    """Addresses of IPv6 that carry one of IPv4."""
    value = int(IPv4Address(text))
    high, low = value >> 16, value & 0xFFFF
    yield from (f"::ffff:{text}", f"::ffff:{high:x}:{low:x}", f"::{text}", f"::ffff:0:{text}")
    yield from (f"64:ff9b::{text}", f"64:ff9b:1::{text}", f"2002:{high:x}:{low:x}::1")
    yield f"2001:0:4136:e378:8000:63bf:{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}"
    yield f"2400:3200::5efe:{high:x}:{low:x}"
    yield f"fe80::5efe:{high:x}:{low:x}"


PLAINLY_INSIDE = """
    0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255 127.0.0.2
    127.255.255.254 168.63.129.16 169.254.0.23 169.254.170.2 172.31.255.255 192.0.0.1 192.0.0.192
    192.0.2.1 192.88.99.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.254 255.255.255.255
    [::] [::1] [0:0:0:0:0:0:0:1] [0000::0001] [fe80::1] [febf::1] [fec0::1] [fc00::1] [fd00::1]
    [fd00:ec2::254] [ff02::1] [ff0e::1] [100::1] [2001::1] [2001:2::1] [2001:10::1] [2001:20::1]
    [2001:db8::1] [3fff::1] [5f00::1] [4000::1] [e000::1] [::ffff:0:0] [::2] [1::1]
""".split()  # noqa: SIM905 - a list has fifty lines

NAMES = """
    localhost LOCALHOST localhost. foo.localhost a.b.localhost localhost.localdomain ip6-localhost
    router intranet metadata metadata.google.internal instance-data.ec2.internal x.internal nas.lan
    printer.local db.corp x.home x.home.arpa x.intranet x.private abc.onion x.invalid
    -a.example.test a-.example.test a..example.test .example.test a_b.example.test example.test.
    *.example.test 演示.example.test ｅxample.test exam\u200bple.test exam\u00adple.test %6c.test
""".split()  # noqa: SIM905 - a list has thirty lines
NAMES += ["a" * 64 + ".example.test", ".".join(["a" * 50] * 6)]

SHAPES = [
    "",
    " ",
    "//example.test/",
    "/x",
    "example.test",
    "http:",
    "http:/example.test/",
    "http:example.test",
    "http://",
    "http:///x",
    "http://?x",
    "http://#x",
    "http://:80/",
    "http://example.test:/",
    "http://example.test:0/",
    "http://example.test:080/",
    "http://example.test:+80/",
    "http://example.test:80x/",
    "http://example.test:65536/",
    "http://example.test:99999999999/",
    "http://example.test:22/",
    "http://example.test:25/",
    "http://example.test:3306/",
    "http://example.test:5432/",
    "http://example.test:6379/",
    "http://example.test:8080/",
    "http://example.test:80:80/",
    "http://example.test,127.0.0.1/",
    "http://example.test;127.0.0.1/",
    "http://example.test 127.0.0.1/",
    "http://example.test\t/",
    "http://example.test\n/",
    "http://example.test/\r\nHost: x",
    "http://example.test/\r\n\r\nGET /x",
    "http://example.test/a b",
    "http://example.test/\x00",
    "http://example.test/演示",
    "\nhttp://example.test/",
    " http://example.test/",
    "http\n://example.test/",
    "http://example.test\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:/\\127.0.0.1/",
    "http://127.0.0.1\\.example.test/",
    "http://user@example.test/",
    "http://user:word@example.test/",
    "http://@example.test/",
    "http://example.test@127.0.0.1/",
    "http://127.0.0.1@example.test/",
    "http://a@b@example.test/",
    "http://example.test%40127.0.0.1/",
    "http://example.test%2f@x/",
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[::1%25lo]/",
    "http://[fe80::1%eth0]/",
    "http://[fe80::1%25eth0]/",
    "http://[v1.a]/",
    "http://[::1]@example.test/",
    "http://[[::1]]/",
    "http://[:::1]/",
    "http://[12345::1]/",
    "http://[example.test]/",
    f"http://example.test/{'x' * 2_048}",
]
SCHEMES = """
    file:///x file://localhost/x ftp://example.test/ sftp://example.test/ gopher://example.test/_x
    dict://example.test/d ldap://example.test/ ldaps://example.test/ tftp://example.test/x
    jar:http://example.test/!/ data:text/plain,x javascript:alert(1) ws://example.test/
    wss://example.test/ ssh://example.test/ telnet://example.test/ smb://example.test/x
    netdoc:///x mailto:a@example.test view-source:http://example.test/ blob:http://example.test/x
    httpx://example.test/ http+unix://%2fx/ unix:///x php://input expect://id imap://example.test/
""".split()  # noqa: SIM905 - a list has thirty lines


def bypasses() -> list[str]:
    """Every address that must be refused before anything is asked or connected."""
    hosts = [form for text in INSIDE for form in (text, *number_forms(text))]
    hosts += [f"[{form}]" for text in INSIDE for form in carried(text)]
    hosts += [*PLAINLY_INSIDE, *NAMES]
    urls = [f"http://{host}/" for host in hosts] + [f"https://{host}/" for host in PLAINLY_INSIDE]
    return list(dict.fromkeys([*urls, *SHAPES, *SCHEMES]))


def never(host: str, _port: int) -> list[str]:
    """A resolver that must not be asked."""
    raise AssertionError(host)


def test_more_than_two_hundred_ways_around_are_tried() -> None:
    assert len(bypasses()) >= 400


@pytest.mark.parametrize("url", bypasses())
def test_no_way_around_leads_inside(url: str) -> None:
    with pytest.raises(Refused) as refused:
        fetch(url, resolve=never)
    assert refused.value.code.startswith("fetch_")
    assert refused.value.status == 422
    assert "%" not in refused.value.zh % refused.value.words


ANSWERS = [
    *INSIDE,
    *(form for text in INSIDE for form in carried(text)),
    *(host.strip("[]") for host in PLAINLY_INSIDE),
    "fe80::1%eth0",
    "0x7f000001",
    "127.1",
    "not an address",
]


@pytest.mark.parametrize("text", ANSWERS)
def test_no_name_leads_inside(text: str) -> None:
    with pytest.raises(Refused) as refused:
        fetch("http://example.test/", resolve=lambda _host, _port: ["8.8.8.8", text])
    assert refused.value.code == "fetch_not_public"


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "8.8.8.8", "114.114.114.114", "223.5.5.5", "9.255.255.255"]
)
def test_the_public_network_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", ["2400:3200::1", "240e::1", "2606:4700::1111", "2a00:1450::1"])
def test_the_public_network_of_ipv6_is_public(text: str) -> None:
    assert is_public(ip_address(text))


def test_every_special_network_is_inside_to_its_last_address() -> None:
    special = "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12"
    special += " 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"
    special += " ::/96 ::ffff:0:0/96 64:ff9b::/96 2001::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8"
    for network in map(ip_network, special.split()):
        assert not is_public(network[0])
        assert not is_public(network[-1])


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://example.test", "example.test", 80, "/"),
        ("HTTPS://Example.TEST/a?b=c#d", "example.test", 443, "/a?b=c"),
        ("http://example.test?x=1", "example.test", 80, "/?x=1"),
        ("http://example.test:443/", "example.test", 443, "/"),
        ("http://xn--fiq228c.example.test/", "xn--fiq228c.example.test", 80, "/"),
        ("http://8.8.8.8/", "8.8.8.8", 80, "/"),
        ("http://[2400:3200::0001]/", "2400:3200::1", 80, "/"),
        ("http://example.test/%E6%BC%94", "example.test", 80, "/%E6%BC%94"),
    ],
)
def test_a_plain_address_is_taken_apart(url: str, host: str, port: int, path: str) -> None:
    target = parse(url, allow=PUBLIC, limits=DEFAULT)
    assert (target.host, target.port, target.path) == (host, port, path)


def test_a_listed_host_may_stand_inside_but_never_at_metadata_or_link_local() -> None:
    allow = Allow(hosts=frozenset(["gateway.lan"]))
    for text in ("10.1.2.3", "192.168.1.1", "127.0.0.1", "100.64.0.1", "fd00::1", "::1"):
        assert may_reach(ip_address(text), host="gateway.lan", allow=allow)
        assert not may_reach(ip_address(text), host="other.lan", allow=allow)
    for text in (
        "169.254.169.254",
        "fe80::1",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "fd00:ec2::254",
    ):
        assert not may_reach(ip_address(text), host="gateway.lan", allow=allow)


def test_a_listed_network_opens_its_addresses_and_no_form_that_carries_them() -> None:
    allow = Allow(networks=(ip_network("10.1.0.0/16"),))
    assert may_reach(ip_address("10.1.2.3"), host="x", allow=allow)
    assert not may_reach(ip_address("10.2.0.1"), host="x", allow=allow)
    assert not may_reach(ip_address("::ffff:10.1.2.3"), host="x", allow=allow)
    assert not may_reach(IPv6Address("64:ff9b::a01:203"), host="x", allow=allow)
    nat64 = Allow(networks=(IPv6Network("64:ff9b::/96"),))
    assert may_reach(IPv6Address("64:ff9b::a01:203"), host="x", allow=nat64)
    scoped = Allow(networks=(IPv6Network("fe80::/10"),))
    assert not may_reach(ip_address("fe80::1%eth0"), host="x", allow=scoped)


def test_a_listed_port_is_open() -> None:
    allow = Allow(ports=frozenset([8443]))
    assert parse("https://example.test:8443/", allow=allow, limits=DEFAULT).port == 8443
