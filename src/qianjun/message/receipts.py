"""What providers tell afterwards: it arrived, was read, or never will. 回执

Receipts come late, twice and out of order: the first of each kind counts, and nothing that has
arrived goes back to failed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection, transaction

from qianjun.journal.bus import emit
from qianjun.message import rules
from qianjun.message.events import PeopleUnreached
from qianjun.org.actor import system

State = Literal["sent", "delivered", "opened", "answered", "failed"]
ORDER: tuple[State, ...] = ("sent", "delivered", "opened", "answered", "failed")
HOUSE = system(name="message.receipts")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One word of a provider about one copy; ``at`` is domain time, ``code`` why it failed."""

    ref: str
    state: State
    at: datetime
    code: str = ""


def receive(key: str, state: State, at: datetime, *, code: str = "") -> bool:
    """Take one receipt; whether it was news. ``key`` is the name given to the provider."""
    return receive_all([Receipt(ref=key, state=state, at=at, code=code)]) == 1


@transaction.atomic(savepoint=False)
def receive_all(receipts: Sequence[Receipt]) -> int:
    """Take receipts in any order, any number of times; how many were news. 收回执"""
    hold(keys=[rules.split_ref(receipt.ref)[0] for receipt in receipts])
    return sum(_take(state, receipts) for state in ORDER)


def hold(*, keys: Iterable[str]) -> None:
    """Lock these messages in one order, so that pump and receipts never wait in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM message_message WHERE key = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(set(keys))],
        )


def _take(state: State, receipts: Sequence[Receipt]) -> int:
    first = {
        r.ref: r for r in sorted(receipts, key=lambda r: r.at, reverse=True) if r.state == state
    }
    if not first:
        return 0
    named = [rules.split_ref(ref) for ref in first]
    keys, copies = [key for key, _copy in named], [copy for _key, copy in named]
    ats, codes = [r.at for r in first.values()], [r.code for r in first.values()]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS[state], [keys, copies, ats, codes])
        changed = [(incident, purpose) for incident, purpose in cursor]
    if state == "failed":
        say_unreached(changed)
    return len(changed)


_RECEIVE = """
UPDATE message_message m
SET {told}, lease_until = NULL, next_try_at = NULL, unknown_at = NULL
FROM unnest(%s::text[], %s::int[], %s::timestamptz[], %s::text[]) AS r(key, copy, at, code)
WHERE m.key = r.key AND {news} RETURNING m.incident, m.purpose
"""
_ARRIVED = "sent_at = COALESCE(m.sent_at, r.at), delivered_at = COALESCE(m.delivered_at, r.at)"
_THIS_COPY = "m.copies = r.copy"  # bad news of an earlier copy says nothing about a later one
_STATEMENTS: dict[State, str] = {
    "sent": _RECEIVE.format(told="sent_at = r.at", news=f"m.sent_at IS NULL AND {_THIS_COPY}"),
    "delivered": _RECEIVE.format(told=_ARRIVED, news="m.delivered_at IS NULL"),
    "opened": _RECEIVE.format(told=f"{_ARRIVED}, opened_at = r.at", news="m.opened_at IS NULL"),
    "answered": _RECEIVE.format(
        told=f"{_ARRIVED}, answered_at = r.at", news="m.answered_at IS NULL"
    ),
    "failed": _RECEIVE.format(
        told="sent_at = COALESCE(m.sent_at, r.at), failed_at = r.at,"
        " failure = COALESCE(NULLIF(r.code, ''), 'refused')",
        news=f"m.delivered_at IS NULL AND m.failed_at IS NULL AND {_THIS_COPY}",
    ),
}


def say_unreached(whom: Iterable[tuple[int | None, rules.Purpose]]) -> None:
    """One entry per incident and purpose for these messages that failed for good."""
    for (incident, purpose), count in sorted(Counter(whom).items(), key=str):
        emit(PeopleUnreached(count=count, purpose=purpose), by=HOUSE, incident=incident)
