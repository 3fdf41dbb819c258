"""Wrong passwords make waiting longer, never for ever. 登录延时

Failures count per account and per network. From a network where an account has signed in before it
counts on its own there, so that strangers elsewhere cannot hold up the desk.
"""

import ipaddress
import math
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from qianjun.kernel import clock
from qianjun.org.models import KnownNetwork, LoginDelay
from qianjun.org.rules import FORGIVEN_AFTER, delay_s

KNOWN_FOR: Final = timedelta(days=30)
IPV6_PREFIX: Final = 64


@dataclass(frozen=True, kw_only=True)
class Door:
    """An account tried from a network; names are hashed, people type passwords there. 登录入口"""

    account: str
    network: str
    pair: str

    @property
    def keys(self) -> tuple[str, str, str]:
        """Everything that may have to wait here."""
        return self.account, self.network, self.pair


def door_of(username: str, address: str) -> Door:
    """The door at which somebody from this address tries this account."""
    account = sha256(unicodedata.normalize("NFKC", username).casefold().encode()).hexdigest()[:24]
    network = _network(address)
    return Door(
        account=f"account:{account}", network=f"network:{network}", pair=f"pair:{account}@{network}"
    )


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), IPV6_PREFIX), strict=False))


def counted_at(door: Door) -> tuple[str, str]:
    """The two keys that count here: account or, where it is known, the pair; and network."""
    known = KnownNetwork.objects.filter(pk=door.pair, seen_at__gt=clock.real() - KNOWN_FOR)
    return (door.pair if known.exists() else door.account), door.network


def waiting_s(keys: tuple[str, str]) -> int:
    """Whole seconds until the next try is looked at; 0 is now. 还需等待"""
    real = clock.real()
    rows = LoginDelay.objects.filter(pk__in=keys, open_at__gt=real).values_list(
        "open_at", flat=True
    )
    return max((math.ceil((open_at - real).total_seconds()) for open_at in rows), default=0)


def note_failure(keys: tuple[str, str]) -> None:
    """One wrong password more; a long quiet begins anew. 记录失败"""
    real = clock.real()
    known = LoginDelay.objects.in_bulk(keys)
    rows = [_failed(known.get(key), key=key) for key in sorted(keys)]
    for row in rows:
        row.failed_at, row.open_at = real, real + timedelta(seconds=delay_s(row.failures))
    LoginDelay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["failures", "failed_at", "open_at"],
    )


def _failed(known: LoginDelay | None, *, key: str) -> LoginDelay:
    lately = known is not None and known.failed_at > clock.real() - FORGIVEN_AFTER
    return LoginDelay(key=key, failures=1 + (known.failures if known and lately else 0))


def note_success(door: Door) -> None:
    """The right password: waiting ends, and the network is known from now on. 登录成功"""
    LoginDelay.objects.filter(pk__in=door.keys).delete()
    KnownNetwork.objects.bulk_create(
        [KnownNetwork(key=door.pair, seen_at=clock.real())],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["seen_at"],
    )


def forget_old_delays() -> int:
    """Delete what counts no longer; how many. 清理旧延时"""
    real = clock.real()
    old = LoginDelay.objects.filter(failed_at__lt=real - FORGIVEN_AFTER).delete()[0]
    return old + KnownNetwork.objects.filter(seen_at__lt=real - KNOWN_FOR).delete()[0]
