"""How numbers are written, which are personal, when one is due."""

from datetime import UTC, datetime, timedelta

import pytest

from qianjun.org.phonebook.rules import dialled, is_due, shown, tail_asked, written

NOW = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "kind", "kept"),
    [
        ("０７７２－２８１２３４５", "duty", "0772-2812345"),
        ("(0772) 281 2345 转 6", "fax", "07722812345转6"),
        ("+86 100 0000 0000", "mobile", "10000000000"),
        ("100-0001-0001", "mobile", "10000010001"),
        ("110", "duty", "110"),
        ("12", "duty", None),
        ("二八一", "desk", None),
        ("1000000000", "mobile", None),
        ("1" * 40, "satellite", None),
        ("100x0000000", "mobile", None),
    ],
)
def test_a_number_is_kept_in_one_form(said: str, kind: str, kept: str | None) -> None:
    assert written(said, kind=kind) == kept


def test_an_extension_is_dialled_after_a_pause() -> None:
    assert dialled("0772-2812345转6") == "07722812345,6"
    assert dialled("+881612345678") == "+881612345678"


def test_the_number_of_a_room_is_plain_and_that_of_a_person_is_not() -> None:
    assert shown("0772-2812345", personal=False) == "0772-2812345"
    assert shown("10000010001", personal=True) == "100****0001"


def test_three_digits_are_the_end_of_a_number() -> None:
    assert [tail_asked(q) for q in ("0001", "０００１", "01", "王001", "")] == [
        *("0001", "0001", "", "", "")
    ]


def test_a_number_is_due_after_so_many_days_and_when_nobody_has_ever_looked() -> None:
    ago = NOW - timedelta(days=30)
    assert is_due(None, now=NOW, days=30)
    assert is_due(ago, now=NOW, days=30)
    assert not is_due(ago + timedelta(seconds=1), now=NOW, days=30)
