"""The simulated carrier at work: it delivers, sends receipts, hands over replies. 模拟运营商运行"""

from threading import Event

from django.db import connection, transaction

from qianjun.journal.loops import Chore, beat, run_loop
from qianjun.kernel import clock
from qianjun.message.inbox import Letter, take_in
from qianjun.message.models import Carrier, CarrierReply, CarrierRow
from qianjun.message.receipts import Receipt, receive_all

BATCH, BEAT_S = 500, 1.0
DEAD_NUMBERS = "1009999"  # numbers that begin like this are out of service


def run_carrier(stop: Event) -> None:
    """Deliver and send receipts until told to stop."""
    chores: list[Chore] = [(BEAT_S, lambda: beat("carrier"))]
    run_loop("carrier", lambda: carrier_turn() > 0, chores=chores, hears=("carrier",), stop=stop)


def carrier_turn() -> int:
    """Settle what is due, send one batch of receipts, hand over what phones have sent; how much."""
    return _settle_due() + _send_receipts() + _hand_over()


# what is due while the channel is away waits; its time of delivery is then the later one
_SETTLE = """
WITH due AS MATERIALIZED (
  SELECT w.id, c.repeat_receipts AS repeats
  FROM message_carrierrow w LEFT JOIN message_carrier c ON c.channel = w.channel
  WHERE w.settled_at IS NULL AND w.due_at <= %(at)s AND c.down IS NOT TRUE
  ORDER BY w.due_at LIMIT %(batch)s FOR UPDATE OF w SKIP LOCKED
)
UPDATE message_carrierrow r
SET settled_at = %(at)s, receipts_left = 1 + COALESCE(due.repeats, 0),
  state = CASE WHEN r."to" LIKE %(dead)s THEN 'failed' ELSE 'delivered' END,
  delivered_at = CASE WHEN r."to" LIKE %(dead)s THEN NULL ELSE %(at)s END
FROM due WHERE r.id = due.id
"""


@transaction.atomic(durable=True)
def _settle_due() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"at": clock.now(), "dead": f"{DEAD_NUMBERS}%", "batch": BATCH})
        return int(cursor.rowcount)


def _send_receipts() -> int:
    """Sent first, crossed off after: a crash between repeats a receipt and loses none."""
    rows = list(CarrierRow.objects.filter(receipts_left__gt=0).order_by("id")[:BATCH])
    receive_all([_receipt(row) for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message_carrierrow SET receipts_left = receipts_left - 1"
            " WHERE id = ANY(%s) AND receipts_left > 0",
            [[row.pk for row in rows]],
        )
    return len(rows)


def _receipt(row: CarrierRow) -> Receipt:
    assert row.settled_at is not None
    if row.state == "failed":
        return Receipt(ref=row.ref, state="failed", at=row.settled_at, code="dead_number")
    return Receipt(ref=row.ref, state="delivered", at=row.settled_at)


def _hand_over() -> int:
    """Hand over what phones have sent, in order; a channel that is away keeps it for later."""
    away = Carrier.objects.filter(down=True).values("channel")
    waiting = CarrierReply.objects.filter(taken_at__isnull=True).exclude(channel__in=away)
    replies = list(waiting.order_by("id")[:BATCH])
    for reply in replies:
        _deliver(reply)
    return len(replies)


@transaction.atomic(durable=True)
def _deliver(reply: CarrierReply) -> None:
    letter = Letter(
        key=reply.key,
        channel=reply.channel,
        from_value=reply.from_value,
        sent_at=reply.sent_at,
        text=reply.text,
        lon=reply.lon,
        lat=reply.lat,
        file=reply.file,
    )
    take_in(letter)
    CarrierReply.objects.filter(pk=reply.pk).update(taken_at=clock.now())
