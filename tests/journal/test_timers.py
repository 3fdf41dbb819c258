"""A timer says its event when domain time comes, once; a deadline that is met stays silent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from qianjun.journal.actions import retry_card
from qianjun.journal.bus import recording_history
from qianjun.journal.deadlines import deadlines_of, meet_deadline, set_deadline
from qianjun.journal.events import DeadlinePassed
from qianjun.journal.models import Deadline, Entry, Timer
from qianjun.journal.queries import open_cards
from qianjun.journal.timers import cancel_timer, set_timer, tick
from qianjun.kernel import clock
from tests.journal.threads import at_once, elsewhere
from tests.journal.words import ADMIN, Rang

committed = pytest.mark.django_db(transaction=True)
ABOUT = ("incident", "5")
HOUR = timedelta(hours=1)


def in_an_hour(key: str = "bell", **words: Any) -> None:
    set_timer(key=key, due_at=clock.now() + HOUR, event=Rang(times=1), **words)


def said() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("name", flat=True))


@pytest.mark.django_db
def test_a_timer_speaks_when_its_time_comes_and_once(held_clock: clock.Held) -> None:
    in_an_hour(incident=5, cause=17)
    assert tick() == 0
    held_clock.forward(HOUR)
    assert (tick(), tick()) == (1, 0)
    entry = Entry.objects.get()
    assert (entry.name, entry.incident, entry.cause) == ("tests.rang", 5, 17)
    assert (entry.by_kind, entry.at) == ("system", clock.now())


@pytest.mark.django_db
def test_a_cancelled_timer_is_silent(held_clock: clock.Held) -> None:
    in_an_hour()
    assert cancel_timer("bell")
    assert not cancel_timer("bell")
    held_clock.forward(HOUR)
    assert tick() == 0


@pytest.mark.django_db
def test_a_timer_set_again_is_moved_even_after_it_rang(held_clock: clock.Held) -> None:
    in_an_hour()
    held_clock.forward(HOUR / 2)
    in_an_hour()
    held_clock.forward(HOUR / 2)
    assert tick() == 0
    held_clock.forward(HOUR / 2)
    assert tick() == 1
    in_an_hour()
    held_clock.forward(HOUR)
    assert tick() == 1


@committed
def test_a_timer_goes_with_the_transaction_that_set_it(held_clock: clock.Held) -> None:
    with transaction.atomic():
        in_an_hour()
        transaction.set_rollback(True)
    held_clock.forward(HOUR)
    assert tick() == 0


@committed
def test_many_timers_and_four_tickers_ring_each_once(held_clock: clock.Held) -> None:
    for number in range(40):
        in_an_hour(f"bell{number}")
    held_clock.forward(HOUR)

    def ring() -> int:
        return sum(tick(limit=7) for _ in range(8))

    assert sum(at_once(ring, ring, ring, ring)) == 40
    assert len(said()) == 40


@committed
def test_a_ticker_does_not_wait_for_another(held_clock: clock.Held) -> None:
    in_an_hour("first")
    in_an_hour("second")
    held_clock.forward(HOUR)
    with transaction.atomic():
        assert tick(limit=1) == 1
        assert elsewhere(tick) == 1
    assert len(said()) == 2


@committed
def test_a_killed_ticker_has_said_nothing_and_the_next_one_does(held_clock: clock.Held) -> None:
    in_an_hour()
    held_clock.forward(HOUR)
    with transaction.atomic():
        tick()
        transaction.set_rollback(True)
    assert said() == []
    assert tick() == 1


@pytest.mark.django_db
def test_a_timer_nobody_understands_becomes_a_card_and_holds_up_nobody(
    held_clock: clock.Held,
) -> None:
    in_an_hour("first")
    Timer.objects.update(name="tests.forgotten")
    in_an_hour("second")
    held_clock.forward(HOUR)
    assert tick() == 2
    assert "tests.rang" in said()
    card = open_cards().get()
    assert card.cause.startswith("tests.forgotten")
    Timer.objects.update(name="tests.rang")
    retry_card(by=ADMIN, card=card.pk)
    assert tick() == 1


@pytest.mark.django_db
def test_loading_history_sets_nothing_off(held_clock: clock.Held) -> None:
    with recording_history():
        in_an_hour()
        set_written_report()
    held_clock.forward(HOUR * 3)
    assert tick() == 0
    assert Deadline.objects.count() == 1


def set_written_report(due_at: datetime | None = None) -> Deadline:
    started_at = datetime(2026, 6, 1, tzinfo=clock.BEIJING)
    return set_deadline(
        about=ABOUT,
        kind="written_report",
        started_at=started_at,
        due_at=due_at or clock.now() + 2 * HOUR,
        rule="ERL 61",
        incident=5,
    )


@pytest.mark.django_db
def test_a_deadline_costs_one_statement(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    with django_assert_num_queries(1):
        deadline = set_written_report()
    assert Deadline.objects.get() == deadline
    with django_assert_num_queries(1):
        meet_deadline(about=ABOUT, kind="written_report", at=clock.now())


@pytest.mark.django_db
def test_a_deadline_that_passes_is_said_with_what_was_due(held_clock: clock.Held) -> None:
    deadline = set_written_report()
    held_clock.forward(2 * HOUR)
    tick()
    entry = Entry.objects.get()
    assert (entry.name, entry.incident) == (DeadlinePassed.name, 5)
    assert (entry.about_kind, entry.about_id) == ABOUT
    assert entry.payload["deadline_id"] == deadline.pk
    assert entry.payload["deadline_kind"] == "written_report"


@pytest.mark.django_db
def test_a_deadline_met_in_time_is_silent_and_keeps_when(held_clock: clock.Held) -> None:
    set_written_report()
    met_at = held_clock.forward(HOUR)
    assert meet_deadline(about=ABOUT, kind="written_report", at=met_at)
    assert not meet_deadline(about=ABOUT, kind="written_report", at=met_at)
    held_clock.forward(2 * HOUR)
    assert tick() == 0
    assert deadlines_of(ABOUT, ("incident", "6")) == {
        ABOUT: [Deadline.objects.get(met_at=met_at)],
        ("incident", "6"): [],
    }


@pytest.mark.django_db
def test_a_deadline_met_late_has_spoken_before(held_clock: clock.Held) -> None:
    set_written_report()
    late = held_clock.forward(3 * HOUR)
    tick()
    assert meet_deadline(about=ABOUT, kind="written_report", at=late)
    deadline = deadlines_of(ABOUT)[ABOUT][0]
    assert deadline.met_at is not None
    assert deadline.met_at > deadline.due_at


@pytest.mark.django_db
def test_a_deadline_set_again_is_moved_and_a_met_one_stays(held_clock: clock.Held) -> None:
    first = set_written_report()
    moved = set_written_report(clock.now() + 4 * HOUR)
    assert (moved.pk, moved.due_at) == (first.pk, clock.now() + 4 * HOUR)
    held_clock.forward(3 * HOUR)
    assert tick() == 0
    meet_deadline(about=ABOUT, kind="written_report", at=clock.now())
    assert set_written_report(clock.now() + 9 * HOUR).due_at == moved.due_at
    held_clock.forward(24 * HOUR)
    assert tick() == 0


@committed
def test_who_is_first_wins_when_a_deadline_is_met_as_it_passes(held_clock: clock.Held) -> None:
    set_written_report()
    now = held_clock.forward(2 * HOUR)

    def meet() -> int:
        return int(meet_deadline(about=ABOUT, kind="written_report", at=now))

    passed, met = at_once(tick, meet)
    assert met == 1
    assert len(said()) == passed
    assert not Timer.objects.filter(done_at__isnull=True).exists()


@committed
def test_a_timer_due_at_once_wakes_the_ticker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN timers")
        elsewhere(lambda: set_timer(key="now", due_at=clock.now(), event=Rang(times=1)))
        raw = connection.connection
        assert [note.channel for note in raw.notifies(timeout=5, stop_after=1)] == ["timers"]
        cursor.execute("UNLISTEN timers")
