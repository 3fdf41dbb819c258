"""What an inbound message answers: a table."""

from datetime import timedelta

import pytest

from qianjun.message.habits import behaviour
from qianjun.message.rules import Before, Matched, Question, match
from tests.conftest import HELD_AT

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AT = HELD_AT


def asked(
    message: int, ago: timedelta, *, answered: bool = False, dropped: bool = False
) -> Question:
    return Question(message=message, queued_at=AT - ago, answered=answered, dropped=dropped)


@pytest.mark.parametrize(
    ("questions", "belongs"),
    [
        ([], Matched(state="news")),
        ([asked(1, MINUTE)], Matched(state="answer", message=1)),
        ([asked(2, MINUTE), asked(1, HOUR)], Matched(state="answer", message=2)),
        (
            [asked(2, MINUTE, answered=True), asked(1, HOUR)],
            Matched(state="answer", message=1),
        ),
        ([asked(1, MINUTE, answered=True)], Matched(state="again", message=1)),
        ([asked(1, MINUTE, dropped=True)], Matched(state="late", message=1)),
        ([asked(1, DAY)], Matched(state="answer", message=1)),
        ([asked(1, DAY + MINUTE)], Matched(state="late", message=1)),
        ([asked(1, DAY + MINUTE, answered=True)], Matched(state="news")),
        ([asked(1, 8 * DAY)], Matched(state="news")),
        ([asked(1, -MINUTE)], Matched(state="news")),
        (
            [asked(2, HOUR, answered=True), asked(1, 2 * DAY)],
            Matched(state="again", message=2),
        ),
        (
            [asked(2, MINUTE, dropped=True), asked(1, HOUR)],
            Matched(state="answer", message=1),
        ),
    ],
)
def test_a_message_answers_the_last_open_question(
    questions: list[Question], belongs: Matched
) -> None:
    assert match(questions, at=AT) == belongs


SAID = asked(2, MINUTE, answered=True)
AGAIN = Matched(state="again", message=2)


def test_a_carriers_copy_answers_no_second_question() -> None:
    copy = Before(message=2, is_copy=True)
    assert match([SAID, asked(1, MINUTE)], at=AT, before=copy) == AGAIN


@pytest.mark.parametrize(
    ("other", "belongs"),
    [
        (asked(1, 2 * MINUTE), Matched(state="answer", message=1)),
        (asked(1, 11 * MINUTE), Matched(state="answer", message=1)),
        (asked(1, 12 * MINUTE), AGAIN),
        (asked(1, 20 * HOUR), AGAIN),
        (asked(1, 2 * MINUTE, dropped=True), AGAIN),
    ],
)
def test_the_same_words_at_once_answer_only_what_was_asked_at_the_same_time(
    other: Question, belongs: Matched
) -> None:
    before = Before(message=2, is_copy=False)
    assert match([SAID, other], at=AT, before=before) == belongs


def test_the_same_message_finds_the_same_behaviour() -> None:
    one, again = (
        behaviour("report:1:2:sms", purpose="report", accept_rate=0.9, median_s=45)
        for _ in range(2)
    )
    assert one == again
    assert 0 < one.reads_after_s < one.answers_after_s


def test_rate_and_delay_are_those_that_were_asked_for() -> None:
    drawn = [
        behaviour(f"callout:{n}", purpose="callout", accept_rate=0.7, median_s=60)
        for n in range(2000)
    ]
    willing = sum(b.words.startswith("能到") for b in drawn)
    assert 0.66 < willing / len(drawn) < 0.74
    assert all(b.words for b in drawn)  # a call-out can be declined
    delays = sorted(b.answers_after_s for b in drawn)
    assert 55 < delays[1000] < 65
    assert delays[-1] > 150


def test_who_does_not_take_a_call_stays_silent() -> None:
    drawn = behaviour("report:1", purpose="report", accept_rate=0, median_s=60)
    assert drawn.words == ""
