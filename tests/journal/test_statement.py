"""Parts of several modules travel as one statement, and numbers are known after the commit."""

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from qianjun.journal.locks import one_at_a_time
from qianjun.journal.models import Counter
from qianjun.journal.numbers import NEXT
from qianjun.journal.statement import MARK, Ending, NotFirst, Part, ending, finish, write

pytestmark = pytest.mark.django_db
GIVES = {"number": "(SELECT max(last)::text FROM c)"}


def counted(series: str = "a") -> Part:
    return Part(queries=f"c AS ({NEXT})", values={"series": [series]})


def first(slot: str | None) -> Part:
    return Part(
        queries="f AS (SELECT %(s)s::text AS s)", selects=("(SELECT s FROM f)",), values={"s": slot}
    )


def test_what_the_parts_select_comes_back_in_their_order() -> None:
    one = Part(queries="a AS (SELECT 1 AS x)", selects=("(SELECT x FROM a)",), values={})
    two = Part(queries="", selects=("%(y)s::int",), values={"y": 2})
    assert write(one, two) == (1, 2)


def test_without_an_ending_the_numbers_are_known_at_once() -> None:
    assert finish(counted(), gives=GIVES) == {"number": "1"}
    assert finish(counted(), gives=GIVES) == {"number": "2"}


def test_within_an_ending_a_mark_stands_for_the_number_until_it_is_written() -> None:
    with ending() as last:
        mark = finish(counted(), gives=GIVES)["number"]
        assert mark.startswith(MARK)
        assert not Counter.objects.exists()
        sql, values = last.filling(f"编号 {mark} 甲")
        kept = Part(
            queries=f"k AS (SELECT {sql} AS text)", selects=("(SELECT text FROM k)",), values=values
        )
        last.write(kept)
    assert Counter.objects.get(series="a").last == 1
    assert last.filled(f"编号 {mark} 甲") == "编号 1 甲"


def test_marks_cannot_be_forged_by_words() -> None:
    with ending() as last:
        mark = finish(counted(), gives=GIVES)["number"]
        forged = MARK + "0" * (len(mark) - 1)
        last.write()
    assert last.filled(forged) == forged


def test_a_request_ends_once() -> None:
    with ending():
        finish(counted(), gives=GIVES)
        with pytest.raises(RuntimeError):
            finish(counted("b"), gives=GIVES)


def test_what_comes_first_travels_with_the_first_turn(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with ending() as last, transaction.atomic():
        last.first = first("slot")
        with django_assert_num_queries(1):
            one_at_a_time("a", "b")
        with django_assert_num_queries(0):
            last.begin()


def test_whoever_is_not_first_is_told_before_anything_is_written() -> None:
    with ending() as last:
        last.first = first(None)
        finish(counted(), gives=GIVES)
        with pytest.raises(NotFirst):
            last.write()
    assert not Counter.objects.exists()


def test_an_ending_does_not_outlive_its_request() -> None:
    with ending():
        pass
    assert finish(counted(), gives=GIVES) == {"number": "1"}
    assert Ending().filled("文") == "文"
