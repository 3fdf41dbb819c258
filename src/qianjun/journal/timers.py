"""Events that will be said when their domain time comes. 定时"""

import json
from datetime import datetime, timedelta

from django.db import connection, transaction

from qianjun.journal.bus import Event, House, emit, is_history, known
from qianjun.journal.models import Card, Timer
from qianjun.journal.payloads import UnknownEvent, from_payload, to_payload
from qianjun.kernel import clock

SOON = timedelta(minutes=1)  # at most a second at the highest speed
TIMER = "timer:"

_SET = """
WITH t AS (
  INSERT INTO journal_timer (key, due_at, name, version, payload, incident, cause, done_at)
  VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s, NULL)
  ON CONFLICT (key) DO UPDATE SET due_at = EXCLUDED.due_at, name = EXCLUDED.name,
    version = EXCLUDED.version, payload = EXCLUDED.payload, incident = EXCLUDED.incident,
    cause = EXCLUDED.cause, done_at = NULL
  RETURNING id
)
SELECT CASE WHEN %s THEN pg_notify('timers', '') END FROM t
"""


def set_timer(
    *,
    key: str,
    due_at: datetime,
    event: Event,
    incident: int | None = None,
    cause: int | None = None,
) -> None:
    """Say this event at ``due_at`` (domain time); the same key again moves it. 设定时

    Commits with the caller's transaction; while history is loaded nothing is set.
    """
    if is_history():
        return
    soon = due_at <= clock.now() + SOON
    payload = json.dumps(to_payload(event))
    with connection.cursor() as cursor:
        cursor.execute(
            _SET, [key, due_at, event.name, event.version, payload, incident, cause, soon]
        )


def cancel_timer(key: str) -> bool:
    """Forget the timer; False when it has rung or never was. 取消定时"""
    gone, _ = Timer.objects.filter(key=key, done_at__isnull=True).delete()
    return gone > 0


def tick(limit: int = 100) -> int:
    """Say the events that are due, each once however many tickers run; return how many. 到期"""
    with transaction.atomic():
        due = (
            Timer.objects.select_for_update(skip_locked=True)
            .filter(done_at__isnull=True, due_at__lte=clock.now())
            .order_by("due_at", "id")[:limit]
        )
        rung = list(due)
        for timer in rung:
            _ring(timer)
        if rung:
            Timer.objects.filter(pk__in=[t.pk for t in rung]).update(done_at=clock.now())
    return len(rung)


def _ring(timer: Timer) -> None:
    try:
        event = _event_of(timer)
    except UnknownEvent as error:
        _give_up(timer, error)
        return
    by = House(ident="ticker", cause=timer.cause)
    emit(event, by=by, incident=timer.incident, about=event.subject)


def _event_of(timer: Timer) -> Event:
    kind = known.get(timer.name)
    if kind is None:
        raise UnknownEvent(timer.name)
    return from_payload(kind, version=timer.version, payload=timer.payload)


def _give_up(timer: Timer, error: UnknownEvent) -> None:
    """A timer nobody understands must not hold up the others: it becomes a card."""
    Card.objects.create(
        reaction=f"{TIMER}{timer.pk}",
        cause=f"{timer.name}: {error}"[:200],
        attempts=1,
        made_at=clock.now(),
    )
