"""Stock is judged from values alone, and never falls below nothing whatever is asked of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.supply import rules
from qianjun.supply.rules import Account, Goods, Sent, Shelved

DAY = date(2026, 6, 1)
SMALL = st.integers(-30, 30)
LOTS = st.lists(
    st.builds(
        Shelved,
        lot=st.integers(1, 50),
        quantity=st.integers(0, 20),
        expires_on=st.none() | st.dates(DAY - timedelta(days=9), DAY + timedelta(days=9)),
    ),
    max_size=8,
    unique_by=lambda lot: lot.lot,
)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Goods as a plan asks for them."""

    code: str
    quantity: int
    from_level: int = 4
    months: tuple[int, ...] = ()


@given(st.lists(st.tuples(SMALL, SMALL)))
def test_no_sequence_of_changes_brings_an_account_below_nothing(
    steps: list[tuple[int, int]],
) -> None:
    account, on_hand, reserved = Account(), 0, 0
    for more, promised in steps:
        after = account.after(on_hand=more, reserved=promised)
        if after is not None:
            account, on_hand, reserved = after, on_hand + more, reserved + promised
        assert (account.on_hand, account.reserved) == (on_hand, reserved)
        assert 0 <= account.reserved <= account.on_hand


@given(LOTS, st.integers(0, 100))
def test_what_is_allotted_is_there_and_good_and_the_first_to_expire(
    lots: list[Shelved], quantity: int
) -> None:
    given_ = rules.allot(lots, quantity=quantity, on=DAY)
    there = {lot.lot: lot for lot in lots}
    assert given_.quantity + given_.short == quantity
    assert given_.quantity == min(quantity, rules.free_of(lots, reserved=0, on=DAY))
    assert all(0 < part.quantity <= there[part.lot].quantity for part in given_.parts)
    assert all(there[part.lot].good_on(DAY) for part in given_.parts)
    taken = {part.lot: part.quantity for part in given_.parts}
    days = [there[part.lot].expires_on or date.max for part in given_.parts]
    assert days == sorted(days)
    untouched = [lot for lot in rules.usable(lots, on=DAY) if lot.lot not in taken]
    assert all((lot.expires_on or date.max) >= max(days, default=date.min) for lot in untouched)


@given(LOTS, st.integers(0, 200))
def test_what_is_free_is_never_less_than_nothing(lots: list[Shelved], reserved: int) -> None:
    free = rules.free_of(lots, reserved=reserved, on=DAY)
    assert 0 <= free <= sum(lot.quantity for lot in lots)


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 40)), st.integers(1, 100))
def test_a_need_is_spread_over_the_stores_and_nothing_of_it_is_lost(
    free: dict[int, int], quantity: int
) -> None:
    parts = rules.spread(quantity, free)
    assert sum(n for _store, n in parts) == quantity
    short = [max(0, n - free.get(store or 0, 0)) for store, n in parts]
    assert sum(short) == max(0, quantity - sum(free.values()))
    assert all(n > 0 for _store, n in parts)


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 9)), st.integers(0, 50))
def test_what_comes_back_goes_where_it_came_from(out: dict[int, int], quantity: int) -> None:
    parts = rules.put_back(out, quantity=quantity)
    assert sum(part.quantity for part in parts) == min(quantity, sum(out.values()))
    assert all(0 < part.quantity <= out[part.lot] for part in parts)


def test_a_store_that_has_most_of_it_is_asked_and_none_when_none_has_any() -> None:
    wanted = {"bed": 10, "sheet": 10}
    assert rules.fullest(wanted, {1: {"bed": 50}, 2: {"bed": 8, "sheet": 4}}) == 2
    assert rules.fullest(wanted, {1: {"bed": 3}, 2: {"sheet": 3}}) == 1
    assert rules.fullest(wanted, {1: {}}) is None
    assert rules.fullest(wanted, {}) is None
    assert rules.spread(5, {}) == [(None, 5)]


def test_a_need_counts_from_its_level_on_and_in_its_months() -> None:
    asks = [Ask(code="bed", quantity=40, from_level=3), Ask(code="quilt", quantity=9, months=(1,))]
    assert rules.needed(asks) == {"bed": 40, "quilt": 9}
    assert rules.needed(asks, month=6) == {"bed": 40}
    assert rules.needed(asks, level=4, month=1) == {"quilt": 9}
    assert rules.needed(asks, level=3, month=1) == {"bed": 40, "quilt": 9}


def test_the_red_line_is_the_largest_need_among_the_plans() -> None:
    plans = [("fire", [Ask(code="bed", quantity=40)]), ("flood", [Ask(code="bed", quantity=80)])]
    assert rules.red_lines(plans) == {"bed": rules.RedLine(quantity=80, plan="flood")}


@pytest.mark.parametrize("turned", [False, True])
def test_either_of_two_says_that_they_may_not_stand_together(turned: bool) -> None:
    bleach = Goods(code="disinfectant_84", incompatible=frozenset({"alcohol_75"}))
    two = [bleach, Goods(code="alcohol_75")]
    found = rules.clash(two[::-1] if turned else two)
    assert found is not None
    assert set(found) == {"disinfectant_84", "alcohol_75"}
    assert rules.clash([bleach, Goods(code="sheet")]) is None


def test_what_comes_back_is_outstanding_and_what_is_used_up_only_until_it_is_signed_for() -> None:
    bed = Sent(must_return=True, issued=10, returned=0, received=10)
    water = Sent(must_return=False, issued=10, returned=0, received=None)
    assert (bed.outstanding, water.outstanding) == (10, 10)
    signed = Sent(must_return=False, issued=10, returned=2, received=8)
    assert signed.outstanding == 0
    assert signed.differs
    assert rules.is_settled([signed])
    assert not rules.is_settled([signed, bed])


def test_what_may_be_done_with_an_order_follows_its_state() -> None:
    assert all(states <= set(rules.STATES) for states in rules.MAY.values())
    assert not any("returned" in states or "cancelled" in states for states in rules.MAY.values())
