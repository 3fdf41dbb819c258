"""Simulated people at work: they read and answer what expects an answer. 模拟人员运行"""

from datetime import timedelta
from threading import Event

from django.conf import settings
from django.db import connection, transaction

from qianjun.journal.bus import House, emit
from qianjun.journal.loops import Chore, beat, run_loop
from qianjun.kernel import clock
from qianjun.message import habits, rules
from qianjun.message.events import LinkFollowed
from qianjun.message.models import ASKS, CarrierReply, Intent, Message, SimulatedPeople
from qianjun.message.receipts import Receipt, receive_all

BATCH, BEAT_S = 200, 1.0
HOUSE = House(ident="people")
BY_LINK = ("order",)


def run_people(stop: Event) -> None:
    """Have the simulated people behave until told to stop; in the realm live there are none."""
    if settings.REALM == "live":
        return
    chores: list[Chore] = [(BEAT_S, lambda: beat("people"))]
    run_loop("people", lambda: people_turn() > 0, chores=chores, hears=("people",), stop=stop)


def people_now() -> SimulatedPeople:
    """How they behave now; until somebody chooses, those of a demo answer and no others."""
    chosen = SimulatedPeople.objects.filter(pk=1).first()
    return chosen or SimulatedPeople(pk=1, auto=settings.REALM == "demo")


def people_turn() -> int:
    """Make up the minds of those who were just asked, then do what is due; how much was done."""
    people = people_now()
    return _intend(people) + _act(people) if people.auto else 0


@transaction.atomic(durable=True)
def _intend(people: SimulatedPeople) -> int:
    """Give each delivered question of the last day an intent, whoever is silent an empty one."""
    since = clock.now() - rules.OPEN_FOR
    asked = Message.objects.filter(
        ASKS, delivered_at__gte=since, intent__isnull=True, dropped_at__isnull=True
    )
    made = [_intent(message, people) for message in asked.order_by("id")[:BATCH]]
    Intent.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _intent(message: Message, people: SimulatedPeople) -> Intent:
    drawn = habits.behaviour(
        message.key,
        purpose=message.purpose,
        accept_rate=people.accept_rate,
        median_s=people.delay_s,
    )
    assert message.delivered_at is not None
    reads_at = message.delivered_at + timedelta(seconds=drawn.reads_after_s)
    return Intent(
        message=message,
        reads_at=reads_at,
        answers_at=message.delivered_at + timedelta(seconds=drawn.answers_after_s),
        words=drawn.words,
        due_at=None if message.person_id in people.silent else reads_at,
    )


@transaction.atomic(durable=True)
def _act(people: SimulatedPeople) -> int:
    """Read or answer what is due; who was told to be silent, or has answered, does nothing more."""
    rows = list(
        Intent.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(due_at__lte=clock.now())
        .select_related("message")
        .order_by("due_at", "id")[:BATCH]
    )
    asked = [r for r in rows if r.message.dropped_at is None]
    awake = [r for r in asked if r.message.answered_at is None]
    awake = [r for r in awake if r.message.person_id not in people.silent]
    reading = [r for r in awake if r.due_at == r.reads_at]
    _answer([r for r in awake if r.due_at == r.answers_at])
    for row in rows:
        row.due_at = row.answers_at if row in reading and row.words else None
    Intent.objects.bulk_update(rows, ["due_at"])
    receive_all([Receipt(ref=r.message.key, state="opened", at=r.reads_at) for r in reading])
    return len(rows)


def _answer(rows: list[Intent]) -> None:
    """By text; an order that came with a link is answered where the link leads."""
    for row in rows:
        if _has_link(row):
            emit(LinkFollowed(message_id=row.message_id), by=HOUSE)
    by_text = [row for row in rows if not _has_link(row)]
    if by_text:
        _reply(by_text)


def _has_link(row: Intent) -> bool:
    return row.message.purpose in BY_LINK and bool(row.message.links)


def _reply(rows: list[Intent]) -> None:
    CarrierReply.objects.bulk_create(
        CarrierReply(
            channel=row.message.channel,
            from_value=row.message.address,
            text=row.words,
            sent_at=row.answers_at,
        )
        for row in rows
    )
    wake_carrier()


def wake_carrier() -> None:
    """Wake the carrier when the transaction commits: phones have sent something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('carrier', '')")
