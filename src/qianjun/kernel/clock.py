"""The only reader of the real clock. 时钟

Domain time is what people in the house call now; it equals real time unless a drill moves it:
``now = anchor.domain + anchor.speed * (real - anchor.real)``. It never runs backwards.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """At the real instant ``real`` it was ``domain`` here, running at ``speed``. 时钟锚点"""

    domain: datetime
    real: datetime
    speed: float = 1.0

    def at(self, real_instant: datetime) -> datetime:
        """Domain time at a real instant."""
        return self.domain + self.speed * (real_instant - self.real)


class _Hands:
    """Where the hands stand in this process."""

    def __init__(self) -> None:
        self.anchor: Anchor | None = None
        self.held: datetime | None = None
        self.latest: datetime | None = None
        self.lock = threading.Lock()


_hands = _Hands()


def real() -> datetime:
    """Real time, aware UTC: for leases, heartbeats, sessions, retries. 真实时间"""
    if _hands.held is not None and _hands.anchor is None:
        return _hands.held
    return datetime.now(UTC)


def now() -> datetime:
    """Domain time, aware UTC: for everything that people see. 业务时间"""
    if _hands.held is not None:
        return _hands.held
    anchor = _hands.anchor
    if anchor is None:
        return datetime.now(UTC)
    with _hands.lock:
        said = anchor.at(datetime.now(UTC))
        if _hands.latest is not None and said < _hands.latest:
            return _hands.latest
        _hands.latest = said
        return said


def speed() -> float:
    """How many domain seconds pass in a real one. 倍速"""
    return _hands.anchor.speed if _hands.anchor else 1.0


def anchor_to(anchor: Anchor | None) -> None:
    """Run from this anchor in this process; None is real time. 设置锚点"""
    _hands.anchor = anchor


@contextmanager
def held(instant: datetime) -> Iterator["Held"]:
    """Stop the clock for a test; the yielded object moves it forward. 测试用：停住时钟"""
    before = _hands.held, _hands.anchor, _hands.latest
    _hands.held, _hands.anchor, _hands.latest = instant, None, None
    try:
        yield Held()
    finally:
        _hands.held, _hands.anchor, _hands.latest = before


class Held:
    """A stopped clock. 停住的时钟"""

    def forward(self, by: timedelta) -> datetime:
        """Move on by this much; both clocks of a test are one."""
        assert _hands.held is not None
        _hands.held += by
        return _hands.held


def in_beijing(instant: datetime) -> datetime:
    """The same instant as people here write it. 北京时间"""
    return instant.astimezone(BEIJING)
