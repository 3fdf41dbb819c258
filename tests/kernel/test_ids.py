"""Numbers that are read aloud, ids that nobody guesses."""

import re
from datetime import date

import pytest

from qianjun.kernel.ids import incident_number, report_number, short_id

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(("n", "end"), [(1, "0001"), (9999, "9999"), (10000, "10000")])
def test_a_number_has_at_least_four_digits(n: int, end: str) -> None:
    assert incident_number("450202", DAY, n) == f"450202-20260601-{end}"
    assert report_number(DAY, n) == f"J-20260601-{end}"


def test_a_short_id_is_safe_in_an_address_and_never_the_same() -> None:
    ids = {short_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[a-z2-7]{16}", one) for one in ids)
    assert len(short_id(5)) == 8
