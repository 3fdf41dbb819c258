"""Numbers per unit and year: no gap after a rollback, none among many at once, four digits."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from qianjun.journal.numbers import next_written, register_of
from qianjun.kernel import clock
from qianjun.kernel.ids import Register
from tests.journal.threads import at_once

AT_ONCE, EACH = 8, 5
LETTERS = Register(mark="LW", unit="450202", year=2026)
CALLS = Register(mark="DH", unit="450202", year=2026)


def take(*registers: Register) -> tuple[str, ...]:
    with transaction.atomic():
        return next_written(*registers)


def counts(numbers: list[str]) -> list[int]:
    return sorted(int(number.rsplit("-", 1)[1]) for number in numbers)


@pytest.mark.django_db
def test_each_unit_and_each_year_counts_for_itself() -> None:
    street = Register(mark="LW", unit="450202001", year=2026)
    assert take(LETTERS) == ("LW-450202-2026-0001",)
    assert take(LETTERS) == ("LW-450202-2026-0002",)
    assert take(street) == ("LW-450202001-2026-0001",)
    assert take(CALLS) == ("DH-450202-2026-0001",)
    assert take(Register(mark="LW", unit="450202", year=2027)) == ("LW-450202-2027-0001",)


@pytest.mark.django_db
def test_many_are_given_in_the_order_that_they_were_asked_for() -> None:
    assert take(LETTERS, CALLS, LETTERS) == (
        "LW-450202-2026-0001",
        "DH-450202-2026-0001",
        "LW-450202-2026-0002",
    )
    assert take(LETTERS) == ("LW-450202-2026-0003",)
    assert take() == ()


@pytest.mark.django_db
def test_the_year_ends_at_midnight_in_beijing() -> None:
    before, after = (
        datetime(2026, 12, 31, 15, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    assert register_of("ZG", unit="450202", at=before).year == 2026
    assert register_of("ZG", unit="450202", at=after).year == 2027
    assert register_of("ZG", unit="450202", at=clock.now()).written(12) == "ZG-450202-2026-0012"


def test_the_ten_thousandth_has_five_digits() -> None:
    assert LETTERS.written(9999).endswith("-9999")
    assert LETTERS.written(10_000).endswith("-10000")


@pytest.mark.parametrize(
    ("mark", "unit", "year"),
    [
        ("lw", "450202", 2026),
        ("LW1", "450202", 2026),
        ("LW", "", 2026),
        ("LW", "a b", 2026),
        ("LW", "1", 0),
    ],
)
def test_what_is_no_register_is_refused(mark: str, unit: str, year: int) -> None:
    with pytest.raises(ValueError, match="no register"):
        Register(mark=mark, unit=unit, year=year)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        next_written(LETTERS)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_its_number_back() -> None:
    assert take(LETTERS) == ("LW-450202-2026-0001",)
    with transaction.atomic():
        assert next_written(LETTERS, LETTERS)[1] == "LW-450202-2026-0003"
        transaction.set_rollback(True)
    assert take(LETTERS) == ("LW-450202-2026-0002",)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap_and_do_not_block_each_other_for_good() -> None:
    def some(turn: int) -> list[str]:
        given: list[str] = []
        for again in range(EACH):
            with transaction.atomic():
                # the other way round each time: locks are taken in one order all the same
                asked = (LETTERS, CALLS) if (turn + again) % 2 else (CALLS, LETTERS)
                numbers = next_written(*asked)
                if (turn + again) % 3 == 0:
                    transaction.set_rollback(True)
                else:
                    given += numbers
        return given

    found = [n for given in at_once(*(lambda t=t: some(t) for t in range(AT_ONCE))) for n in given]
    for mark in ("LW", "DH"):
        got = counts([number for number in found if number.startswith(mark)])
        assert got == list(range(1, len(got) + 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT last FROM journal_counter WHERE series = %s", [LETTERS.series])
        assert cursor.fetchone() == (len(found) // 2,)
