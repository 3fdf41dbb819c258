"""Headers that go out and come in: nothing splits, nothing leaks to another host. 请求头与响应头"""

import re
from collections.abc import Iterable, Mapping

from qianjun.kernel.fetch.bounds import Limits
from qianjun.kernel.fetch.refusals import refuse

METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
WITH_BODY = frozenset(["POST", "PUT", "PATCH"])
# what the connection itself says
OURS = frozenset(
    """accept-encoding connection content-length expect host http2-settings keep-alive
    proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding
    upgrade""".split()  # noqa: SIM905 - a list has thirteen lines
)
# what may follow a redirect to another host: nothing that could be a secret
FOLLOWS = frozenset(["accept", "accept-language", "user-agent"])
# what describes a body that is not sent again
OF_THE_BODY = ("content-type", "content-language", "content-encoding")
KEPT_BACK = frozenset(["set-cookie", "set-cookie2"])

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_UNPRINTED = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def outgoing(headers: Mapping[str, str], *, limits: Limits) -> dict[str, str]:
    """The headers with lower-case names; refused when one could split or steer the request."""
    kept: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        valid = _NAME.fullmatch(name) and _VALUE.fullmatch(value)
        if not valid or lower in OURS or lower in kept:
            raise refuse("fetch_header")
        kept[lower] = value.strip()
    if len(kept) > limits.headers or sum(map(len, kept.values())) > limits.header_bytes:
        raise refuse("fetch_header")
    return kept


def incoming(pairs: Iterable[tuple[str, str]], *, host: str, limits: Limits) -> dict[str, str]:
    """The headers of an answer by lower-case name, repeated ones joined, cookies left out."""
    kept: dict[str, str] = {}
    for count, (name, value) in enumerate(pairs, 1):
        if count > limits.headers or not _NAME.fullmatch(name) or _UNPRINTED.search(value):
            raise refuse("fetch_bad_answer", host=host)
        lower = name.lower()
        if lower not in KEPT_BACK:
            kept[lower] = f"{kept[lower]}, {value.strip()}" if lower in kept else value.strip()
    return kept
