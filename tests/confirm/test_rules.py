"""Who is called, whose answer counts and who is silent, judged from values alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianjun.confirm import rules
from qianjun.confirm.rules import Called, Fault, Step

AT = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)
FIRST = Step(after_s=0, people=(1, 2))
SECOND = Step(after_s=300, people=(3, 2), in_place_of={3: 1})


def answered(people: tuple[Called, ...], *who: int) -> list[Called]:
    """The same after these have been called and have answered."""
    return [replace(p, called=True, answered=p.person in who) for p in people]


def test_somebody_in_two_steps_stands_in_the_first() -> None:
    listed = rules.list_of([FIRST, SECOND])
    assert [(one.person, one.step, one.in_place_of) for one in listed] == [
        (1, 0, None),
        (2, 0, None),
        (3, 1, 1),
    ]
    assert rules.needed(listed, need=None) == 2
    assert rules.needed(listed, need=1) == 1


def test_a_deputy_is_called_only_for_a_silent_seat_and_answers_for_it() -> None:
    listed = rules.list_of([FIRST, SECOND])
    nobody = [replace(one, called=one.step == 0) for one in listed]
    assert rules.due_at_step(nobody, 1) == (3,)
    first = [replace(one, answered=one.person == 1) for one in nobody]
    assert rules.due_at_step(first, 1) == ()
    assert rules.silent(first) == (2,)
    deputy = answered(listed, 3)
    assert rules.answered_seats(deputy) == {1}
    assert rules.silent(deputy) == (2,)
    assert not rules.is_met(deputy, need=2)
    assert rules.is_met(answered(listed, 2, 3), need=2)


def test_two_answers_for_one_seat_are_one() -> None:
    both = answered(rules.list_of([FIRST, SECOND]), 1, 3)
    assert not rules.is_met(both, need=2)


@pytest.mark.parametrize(
    ("steps", "need", "wrong"),
    [
        ([FIRST, SECOND], None, []),
        ([Step(after_s=0, people=())], None, ["nobody"]),
        ([FIRST], 3, ["bad_need"]),
        ([FIRST, SECOND], 3, ["bad_need"]),
        ([FIRST], 0, ["bad_need"]),
        ([FIRST, Step(after_s=0, people=(4,))], None, ["bad_order"]),
        ([FIRST, Step(after_s=90_000, people=(4,))], None, ["bad_order"]),
        ([FIRST, Step(after_s=60, people=())], None, ["bad_deputy"]),
        ([FIRST, Step(after_s=60, people=(4,), in_place_of={4: 9})], None, ["bad_deputy"]),
        ([FIRST, Step(after_s=60, people=(4,), in_place_of={4: 4})], None, ["bad_deputy"]),
        ([FIRST, Step(after_s=60, people=(4,), in_place_of={5: 1})], None, ["bad_deputy"]),
    ],
)
def test_what_cannot_be_called_is_named(
    steps: list[Step], need: int | None, wrong: list[str]
) -> None:
    found: tuple[Fault, ...] = rules.faults(steps, need=need)
    assert [one.code for one in found] == wrong


def test_the_next_step_keeps_its_distance_when_this_one_was_late() -> None:
    in_time = rules.next_at([0, 300], step=0, started_at=AT, taken_at=AT)
    assert in_time == AT + timedelta(seconds=300)
    late = AT + timedelta(seconds=900)
    assert rules.next_at([0, 300], step=1, started_at=AT, taken_at=late) == late + timedelta(
        seconds=rules.WAIT_S
    )


def test_what_comes_in_is_a_word_a_key_or_nothing() -> None:
    assert rules.how_said("voice", "1") == "key"
    assert rules.how_said("voice", "收到") == "voice"
    assert rules.how_said("voice", "") is None
    assert rules.how_said("sms", "1") == "reply"
    assert rules.how_said("sms", "") is None


def test_the_state_is_what_the_instants_say() -> None:
    def state(**at: datetime) -> str:
        return rules.state_of(
            met_at=at.get("met"), exhausted_at=at.get("exhausted"), ended_at=at.get("ended")
        )

    assert state() == "open"
    assert state(exhausted=AT) == "failed"
    assert state(exhausted=AT, met=AT) == "met"
    assert state(exhausted=AT, met=AT, ended=AT) == "ended"
    assert rules.code_of(10_042) == "0042"


people_ = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 30), st.booleans(), st.booleans()), max_size=30
)


@given(people_, st.integers(1, 10), st.randoms(use_true_random=False))
def test_answers_only_ever_bring_a_call_nearer_to_its_end(
    drawn: list[tuple[int, int, bool, bool]], need: int, dice: Random
) -> None:
    listed: dict[int, Called] = {}
    for step, person, is_called, has_answered in sorted(drawn):
        before = [p for p, one in listed.items() if one.step < step]
        instead = dice.choice([None, *before])
        listed.setdefault(
            person,
            Called(
                person=person,
                step=step,
                in_place_of=instead,
                called=is_called or has_answered,
                answered=has_answered,
            ),
        )
    people = list(listed.values())
    silent = set(rules.silent(people))
    due = {p for step in range(4) for p in rules.due_at_step(people, step)}
    assert not silent & {one.person for one in people if one.answered}
    assert not due & {one.person for one in people if one.called}
    for chosen in people:
        more = [replace(p, answered=p.answered or p == chosen, called=True) for p in people]
        assert rules.answered_seats(people) <= rules.answered_seats(more)
        assert chosen.person not in rules.silent(more)
        assert not rules.is_met(people, need=need) or rules.is_met(more, need=need)


@given(st.lists(st.lists(st.integers(1, 9), max_size=6), min_size=1, max_size=5))
def test_nobody_stands_twice_in_a_list(groups: list[list[int]]) -> None:
    steps = [Step(after_s=n * 60, people=tuple(group)) for n, group in enumerate(groups)]
    listed = [one.person for one in rules.list_of(steps)]
    assert len(listed) == len(set(listed))
    assert set(listed) == {person for group in groups for person in group}
