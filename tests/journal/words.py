"""Events and reactions that only tests know."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.db import transaction

from qianjun.journal.bus import Event, House, Said, emit, on
from qianjun.journal.models import Counter
from qianjun.journal.rules import Code

TESTER = House(ident="tester")


@dataclass(frozen=True, kw_only=True)
class Tester(House):
    """Somebody with permissions."""

    permissions: frozenset[str] = frozenset()

    def may(self, permission: str, /) -> bool:
        """Whether he may."""
        return permission in self.permissions


ADMIN = Tester(
    ident="1",
    kind="person",
    role="system_admin",
    permissions=frozenset({"card.settle", "clock.move", "body.erase"}),
)
STRANGER = Tester(ident="2", kind="person", role="volunteer")


@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    """A bell rang."""

    name: ClassVar[str] = "tests.rang"
    version: ClassVar[int] = 2
    says: ClassVar[str] = "铃响 %(times)s 次"
    kind: ClassVar[str] = "fact"
    times: int
    tone: Literal["high", "low"] = "low"

    @staticmethod
    def upcast_v1(payload: dict[str, Any]) -> dict[str, Any]:
        """Version 1 counted from nought."""
        return {"times": payload["count"] + 1}


@dataclass(frozen=True, kw_only=True)
class Failed(Event):
    """Whoever hears this fails."""

    name: ClassVar[str] = "tests.failed"
    says: ClassVar[str] = ""
    code: Code


@dataclass(frozen=True, kw_only=True)
class Chimed(Event):
    """Another bell answered."""

    name: ClassVar[str] = "tests.chimed"


class Broken(Exception):
    """What the failing reaction raises."""


@on(Rang, "tests.count")
def count(event: Rang, _: Said) -> None:
    """Count the rings; not idempotent by itself."""
    row, _new = Counter.objects.get_or_create(series="tests.rings", defaults={"last": 0})
    row.last += event.times
    row.save()


@on(Failed, "tests.fail")
def fail(event: Failed, _: Said) -> None:
    """Write, then fail: the writing must not stay."""
    Counter.objects.create(series=f"tests.failed:{event.code}", last=1)
    raise Broken("看不见的 10000000000\nsecond line")


@on(Chimed, "tests.listen")
def listen(_event: Chimed, _said: Said) -> None:
    """Hear it."""


def rings() -> int:
    """How often it was counted."""
    row = Counter.objects.filter(series="tests.rings").first()
    return row.last if row else 0


def say(event: Event, **words: Any) -> int:
    """Say it in a transaction of its own."""
    with transaction.atomic():
        return emit(event, by=TESTER, **words)
