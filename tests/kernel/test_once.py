"""Within one look the same question is asked once."""

import pytest

from qianjun.kernel.once import asked_once, each_asked_once, one_look

asked: list[tuple[int, str]] = []


@asked_once
def question(number: int, *, word: str = "") -> int:
    """Remembers that it was asked."""
    asked.append((number, word))
    if number < 0:
        raise ValueError("negative")
    return number


def test_within_a_look_each_question_is_asked_once_and_afterwards_again() -> None:
    asked.clear()
    assert [question(1), question(1)] == [1, 1]
    assert len(asked) == 2
    with one_look():
        assert [question(1), question(1), question(1, word="b"), question(2)] == [1, 1, 1, 2]
    assert asked[2:] == [(1, ""), (1, "b"), (2, "")]
    with one_look():
        question(1)
    assert len(asked) == 6


def test_a_refusal_is_not_remembered() -> None:
    asked.clear()
    with one_look():
        for _time in range(2):
            with pytest.raises(ValueError, match="negative"):
                question(-1)
    assert len(asked) == 2


keys_asked: list[tuple[int, ...]] = []


@each_asked_once
def doubled(keys: tuple[int, ...]) -> dict[int, int]:
    """Knows the double of every key but 0."""
    keys_asked.append(keys)
    return {key: 2 * key for key in keys if key}


def test_within_a_look_only_the_new_keys_are_asked_for() -> None:
    keys_asked.clear()
    assert doubled(()) == {}
    with one_look():
        assert doubled((1, 2, 0)) == {1: 2, 2: 4}
        assert doubled((2, 3, 0)) == {2: 4, 3: 6}
        assert doubled((0, 1)) == {1: 2}
    assert doubled((1,)) == {1: 2}
    assert keys_asked == [(1, 2, 0), (3,), (1,)]
