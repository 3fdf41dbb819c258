"""The timeline tells what happened when, in both languages, a page at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from qianjun.journal.erasing import erase_body
from qianjun.journal.events import DeadlinePassed
from qianjun.journal.queries import last_lines, timeline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from tests.journal.sabotage import sabotage, seal_as_committed
from tests.journal.words import ADMIN, Failed, Rang, say

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def texts(**words: Any) -> list[str]:
    return [line.text_zh for line in timeline(incident=3, **words)[0]]


def test_a_line_says_the_sentence_and_then_what_was_said() -> None:
    say(Rang(times=2), incident=3, body="老李说先撤人", about=("unit", "9"))
    line = timeline(incident=3)[0][0]
    assert line.text_zh == "铃响 2 次：老李说先撤人"
    assert (line.body, line.kind, line.by_kind, line.by_id) == (
        *("老李说先撤人", "fact", "system", "tester"),
    )
    assert (line.about_kind, line.about_id, line.corrects, line.erased) == (
        "unit",
        "9",
        None,
        False,
    )


def test_an_event_without_a_sentence_shows_its_body() -> None:
    say(Failed(code="a"), incident=3, body="大家听好")
    assert texts() == ["大家听好"]


def test_both_languages_are_there_whatever_the_reader_reads() -> None:
    passed = DeadlinePassed(
        deadline_id=1, about_kind="x", about_id="1", deadline_kind="k", due_at=clock.now()
    )
    say(passed, incident=3)
    with translation.override("en"):
        line = timeline(incident=3)[0][0]
    assert line.text_zh == "时限已过：06-01 14:05（k）"
    assert "06-01 14:05" in line.text_en


def test_lines_stand_by_when_it_happened_and_a_later_entry_is_marked() -> None:
    say(Rang(times=1), incident=3)
    say(Rang(times=2), incident=3, happened_at=clock.now() - 5 * MINUTE)
    say(Rang(times=3), incident=3, happened_at=clock.now() - MINUTE / 2)
    say(Rang(times=4), incident=8)
    lines = timeline(incident=3)[0]
    assert [line.text_zh for line in lines] == ["铃响 2 次", "铃响 3 次", "铃响 1 次"]
    assert [line.late_entry for line in lines] == [True, False, False]


def test_the_place_in_the_chain_is_shown_once_it_is_sealed() -> None:
    say(Rang(times=1), incident=3)
    assert [line.seq for line in timeline(incident=3)[0]] == [None]
    seal_as_committed()
    assert [line.seq for line in timeline(incident=3)[0]] == [1]


def test_pages_follow_each_other_without_a_repeat_or_a_gap() -> None:
    for n in range(7):
        say(Rang(times=n), incident=3, happened_at=clock.now() - (n % 3) * MINUTE)
    seen, after = [], None
    for _ in range(4):
        lines, after = timeline(incident=3, after=after, limit=2)
        seen += [line.text_zh for line in lines]
    assert after is None
    assert seen == texts()
    assert len(set(seen)) == 7


def test_a_kind_and_a_past_moment_can_be_asked_for(held_clock: clock.Held) -> None:
    say(Rang(times=1), incident=3)
    say(Failed(code="a"), incident=3, body="系统")
    then = clock.now()
    held_clock.forward(MINUTE)
    say(Rang(times=2), incident=3, happened_at=then - MINUTE)
    assert texts(kind="fact") == ["铃响 2 次", "铃响 1 次"]
    assert texts(as_of=then) == ["铃响 1 次", "系统"]


@pytest.mark.parametrize("after", ["", "x", "%%%", "MjAyNg", "文", "MjAyNi0wNi0wMXwx"])
def test_a_cursor_that_is_none_is_refused(after: str) -> None:
    if after == "":
        assert timeline(incident=3, after=after) == ([], None)
        return
    with pytest.raises(Refused) as refused:
        timeline(incident=3, after=after)
    assert (refused.value.status, refused.value.code) == (422, "bad_cursor")


def test_a_record_nobody_knows_is_shown_and_breaks_nothing() -> None:
    say(Rang(times=1), incident=3, body="还在")
    say(Rang(times=2), incident=3)
    say(Rang(times=3), incident=3)
    sabotage(
        "UPDATE journal_entry SET name = 'tests.forgotten' WHERE payload->>'times' = '1'",
        "UPDATE journal_entry SET version = 9 WHERE payload->>'times' = '2'",
    )
    assert texts() == ["未知记录 tests.forgotten：还在", "未知记录 tests.rang", "铃响 3 次"]


def test_a_page_costs_the_same_statements_however_many_lines(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for n in range(9):
        say(Rang(times=n), incident=3, body="x")
    with django_assert_num_queries(1):
        timeline(incident=3)
    first = int(timeline(incident=3)[0][0].id)
    erase_body(by=ADMIN, entry=first, reason="x", article="erl_85")
    with django_assert_num_queries(2):
        timeline(incident=3)


def test_the_desk_gets_the_newest_line_of_each_incident(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for n in range(3):
        say(Rang(times=n), incident=3)
        say(Rang(times=n + 10), incident=4, happened_at=clock.now() - n * MINUTE)
    with django_assert_num_queries(2):
        newest = last_lines([3, 4, 5])
    assert {k: line.text_zh for k, line in newest.items()} == {3: "铃响 2 次", 4: "铃响 10 次"}
    assert last_lines([]) == {}


def test_the_newest_come_first_when_asked_page_by_page() -> None:
    for n in range(5):
        say(Rang(times=n), incident=3, happened_at=clock.now() - (n % 2) * MINUTE)
    lines, after = timeline(incident=3, limit=3, newest_first=True)
    rest, end = timeline(incident=3, limit=3, newest_first=True, after=after)
    assert [line.text_zh for line in lines + rest] == texts()[::-1]
    assert end is None
