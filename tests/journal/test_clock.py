"""Domain time is moved by one verb for the whole house, and never backwards."""

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from qianjun.journal.actions import move_clock
from qianjun.journal.hands import follow_clock
from qianjun.journal.models import ClockRow, Entry
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from tests.journal.threads import elsewhere
from tests.journal.words import ADMIN, STRANGER

pytestmark = pytest.mark.running_clock
committed = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_hands() -> Iterator[None]:
    """The clock of this process is put back after each test."""
    with clock.held(clock.real()):
        clock._hands.held = None
        yield


def ahead() -> timedelta:
    return clock.now() - clock.real()


@pytest.mark.django_db
def test_without_a_row_time_is_real() -> None:
    follow_clock()
    assert abs(ahead()) < HOUR / 60


@committed
def test_an_hour_forward_is_an_hour_later_in_every_process() -> None:
    move_clock(by=ADMIN, advance_s=3600)
    assert abs(ahead() - HOUR) < HOUR / 60
    clock.anchor_to(None)
    clock._hands.latest = None
    follow_clock()
    assert abs(ahead() - HOUR) < HOUR / 60
    move_clock(by=ADMIN, advance_s=3600)
    assert abs(ahead() - 2 * HOUR) < HOUR / 60


@committed
def test_another_speed_goes_on_from_the_same_moment() -> None:
    anchor = move_clock(by=ADMIN, speed=60)
    assert (anchor.speed, clock.speed()) == (60, 60)
    assert anchor.at(anchor.real + timedelta(minutes=1)) == anchor.domain + HOUR
    later = move_clock(by=ADMIN, speed=0)
    assert later.domain >= anchor.domain
    assert move_clock(by=ADMIN, advance_s=5).speed == 0


@committed
def test_moving_the_clock_is_an_entry_and_wakes_the_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN clock")
        elsewhere(lambda: move_clock(by=ADMIN, speed=2.5))
        notes = list(connection.connection.notifies(timeout=5, stop_after=1))
        cursor.execute("UNLISTEN clock")
    assert [note.channel for note in notes] == ["clock"]
    entry = Entry.objects.get(name="journal.clock_moved")
    assert (entry.by_id, entry.payload["speed"]) == ("1", "2.5")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"advance_s": 0}, "clock_backwards"),
        ({"advance_s": -1}, "clock_backwards"),
        ({"advance_s": math.inf}, "clock_backwards"),
        ({"advance_s": 1e12}, "clock_backwards"),
        ({"speed": -1}, "clock_speed"),
        ({"speed": 61}, "clock_speed"),
        ({"speed": math.nan}, "clock_speed"),
        ({}, "clock_unmoved"),
    ],
)
def test_backwards_too_fast_and_not_at_all_are_refused(words: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        move_clock(by=ADMIN, **words)
    assert (refused.value.status, refused.value.code) == (422, code)
    assert not ClockRow.objects.exists()


@pytest.mark.django_db
def test_who_may_not_and_where_time_is_real_it_is_not_moved(settings: Any) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        move_clock(by=STRANGER, speed=2)
    assert refused.value.status == 403
    settings.REALM = "live"
    with pytest.raises(Refused) as refused, transaction.atomic():
        move_clock(by=ADMIN, speed=2)
    assert refused.value.status == 404
