"""What the pump reads from and writes to the outbox, one short transaction each. 领取与记录"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from django.db import connection, transaction
from django.db.models import F

from qianjun.kernel import clock
from qianjun.message import rules
from qianjun.message.models import WAITING, Message
from qianjun.message.receipts import hold, say_unreached


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message on lease; in doubt when an earlier lease ended without a word. 已领取"""

    message: Message
    in_doubt: bool = False


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What has become of a claimed message. 结果"""

    message: Message
    state: Literal["sent", "failed", "later"]
    provider_id: str = ""
    code: str = ""


# the choice stands in a step of its own: as an inner side of a loop it would be run once for
# every row and take more than the limit
_CLAIM = """
WITH c AS MATERIALIZED (
  SELECT id, lease_until IS NOT NULL AS in_doubt FROM message_message
  WHERE sent_at IS NULL AND failed_at IS NULL AND {lane}
    AND (lease_until IS NULL OR lease_until <= %(real)s)
    AND (next_try_at IS NULL OR next_try_at <= %(real)s)
    AND channel <> ALL(%(paused)s)
  ORDER BY rank, id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE message_message m
SET lease_until = %(until)s, attempts = LEAST(m.attempts + 1, 1000),
  unknown_at = CASE WHEN c.in_doubt THEN COALESCE(m.unknown_at, %(at)s) ELSE m.unknown_at END
FROM c WHERE m.id = c.id RETURNING m.*, c.in_doubt
"""
_URGENT = _CLAIM.format(lane="rank = 0")
_BULK = _CLAIM.format(lane="rank >= 1")


@transaction.atomic(durable=True)
def claim(*, urgent: bool, limit: int, paused: Sequence[str] = ()) -> list[Claimed]:
    """Take the first waiting messages of a lane on lease, in the order of the lane. 领取"""
    real = clock.real()
    words = {
        "until": real + rules.LEASE,
        "real": real,
        "at": clock.now(),
        "paused": list(paused),
        "limit": limit,
    }
    rows = Message.objects.raw(_URGENT if urgent else _BULK, words)
    claimed = [Claimed(message=row, in_doubt=vars(row)["in_doubt"]) for row in rows]
    return sorted(claimed, key=lambda c: (c.message.rank, c.message.pk))


@transaction.atomic(durable=True)
def record(settled: Sequence[Settled]) -> None:
    """Write what has become of claimed messages; a word that came meanwhile stands. 记录"""
    if not settled:
        return
    hold(keys=[one.message.key for one in settled])
    _record_sent([one for one in settled if one.state == "sent"])
    _record_later([one.message for one in settled if one.state == "later"])
    failed = [_record_failed(one) for one in settled if one.state == "failed"]
    say_unreached(whom for whom in failed if whom is not None)


def _record_sent(settled: Sequence[Settled]) -> None:
    if not settled:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message_message m SET sent_at = COALESCE(m.sent_at, %s), unknown_at = NULL,"
            " provider_id = r.provider_id, lease_until = NULL, next_try_at = NULL"
            " FROM unnest(%s::bigint[], %s::text[]) AS r(id, provider_id) WHERE m.id = r.id",
            [clock.now(), [s.message.pk for s in settled], [s.provider_id for s in settled]],
        )


def _record_later(messages: Sequence[Message]) -> None:
    if not messages:
        return
    real = clock.real()
    waits = [rules.back_off(attempts=m.attempts, key=m.key) for m in messages]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message_message m SET next_try_at = r.at, lease_until = NULL,"
            " unknown_at = NULL"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS r(id, at, lease)"
            " WHERE m.id = r.id AND m.sent_at IS NULL AND m.lease_until = r.lease",
            [
                [m.pk for m in messages],
                [real + w for w in waits],
                [m.lease_until for m in messages],
            ],
        )


def _record_failed(settled: Settled) -> tuple[int | None, rules.Purpose] | None:
    """Incident and purpose of what has failed now; nothing when it got through after all."""
    message = settled.message
    changed = Message.objects.filter(
        pk=message.pk,
        sent_at__isnull=True,
        failed_at__isnull=True,
        lease_until=message.lease_until,
    ).update(failed_at=clock.now(), failure=settled.code, lease_until=None, next_try_at=None)
    return (message.incident, cast(rules.Purpose, message.purpose)) if changed else None


@transaction.atomic(durable=True)
def put_back(claimed: Iterable[Claimed]) -> None:
    """Give claimed messages back as they were; this attempt was none. 放回"""
    given = list(claimed)
    _put_back([c.message for c in given if c.in_doubt], ended=clock.real())
    _put_back([c.message for c in given if not c.in_doubt], ended=None)


def _put_back(messages: Sequence[Message], *, ended: datetime | None) -> None:
    if not messages:
        return
    hold(keys=[message.key for message in messages])
    Message.objects.filter(
        pk__in=[message.pk for message in messages],
        lease_until__in={message.lease_until for message in messages},
        sent_at__isnull=True,
        failed_at__isnull=True,
    ).update(lease_until=ended, attempts=F("attempts") - 1)


@transaction.atomic(durable=True)
def doubt_waiting() -> int:
    """Have everything that waits asked for at its provider before it is sent; how many. 存疑

    For a database that was put back: what waits in it may have left long ago.
    """
    waits = Message.objects.filter(WAITING, lease_until__isnull=True)
    return waits.update(lease_until=clock.real())


@transaction.atomic(durable=True)
def mark_repeated(messages: Sequence[Message]) -> None:
    """Count one copy more of each, before it leaves: a crash after this repeats nothing again."""
    hold(keys=[message.key for message in messages])
    wanted = [message.pk for message in messages]
    Message.objects.filter(pk__in=wanted).update(copies=F("copies") + 1)
    for message in messages:
        message.copies += 1
