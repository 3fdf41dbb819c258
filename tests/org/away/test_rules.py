"""Who is called when somebody is away: chains, circles, both away, nobody twice."""

from hypothesis import given
from hypothesis import strategies as st

from qianjun.org.away.rules import called_for, called_for_all, deputies_after

PEOPLE = st.integers(min_value=1, max_value=6)


def test_the_stand_in_of_a_stand_in_is_called_when_both_are_away() -> None:
    assert called_for(1, away={}) == 1
    assert called_for(1, away={1: 2}) == 2
    assert called_for(1, away={1: 2, 2: 3}) == 3


def test_when_nobody_is_left_he_is_called_himself() -> None:
    assert called_for(1, away={1: None}) == 1
    assert called_for(1, away={1: 2, 2: 1}) == 1
    assert called_for(1, away={1: 2, 2: None}) == 1


def test_whoever_holds_the_post_too_is_called_once_and_for_himself() -> None:
    assert called_for_all([1, 2], away={1: 2}) == ((2, 2),)
    assert called_for_all([1, 3], away={1: 2, 3: 2}) == ((2, 1),)


def test_deputies_leave_out_whoever_was_called_and_send_their_own_stand_ins() -> None:
    assert deputies_after([1], [1, 2, 3], away={2: 4}) == (4, 3)
    assert deputies_after([4], [2, 3], away={2: 4}) == (3,)


@given(st.lists(PEOPLE, max_size=6, unique=True), st.dictionaries(PEOPLE, st.none() | PEOPLE))
def test_nobody_is_called_twice_and_nobody_is_lost(
    people: list[int], away: dict[int, int | None]
) -> None:
    called = called_for_all(people, away=away)
    assert len({one for one, _for in called}) == len(called)
    assert bool(called) == bool(people)
    for one in people:
        assert called_for(one, away=away) in {who for who, _for in called}
