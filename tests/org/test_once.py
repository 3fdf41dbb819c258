"""Idempotency-Key: the same key is answered the same, and the work is done once."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.http import answer_once, forget_old_answers, once, page_of
from qianjun.org.models import Answered, Post, Unit
from qianjun.org.seeding import seed_units
from tests.org.refusals import refused

KEY = "key-0001"
Made = tuple[int, dict[str, object]]


def asked(
    body: bytes = b"{}", *, key: str | None = KEY, path: str = "/api/v1/x", who: str = "1"
) -> HttpRequest:
    headers = {} if key is None else {"Idempotency-Key": key}
    request = RequestFactory(headers=headers).post(path, body, content_type="application/json")
    request.actor = Actor(kind="token", ident=who)  # type: ignore[attr-defined]
    return request


def made() -> Made:
    post = Post.objects.create(code=f"post{Post.objects.count()}", name="岗")
    return 201, {"id": str(post.pk), "text": "水位 3.5 米", "none": None}


def refuse() -> Made:
    made()
    raise Refused("held", "还不能结案。", status=409)


class TestInOneTransaction:
    pytestmark = pytest.mark.django_db

    def test_a_repeated_request_gets_the_same_answer_and_is_done_once(self) -> None:
        first, second = once(asked(), made), once(asked(), made)
        assert first[:2] == second[:2]
        assert (first[2], second[2]) == (False, True)
        assert Post.objects.count() == 1

    def test_a_replay_is_equal_to_the_byte_and_says_so(self) -> None:
        first, second = answer_once(asked(), made), answer_once(asked(), made)
        assert first.content == second.content
        assert (first.status_code, second.status_code) == (201, 201)
        assert "Idempotent-Replay" not in first.headers
        assert second.headers["Idempotent-Replay"] == "true"

    def test_a_key_with_another_body_is_refused(self) -> None:
        once(asked(b'{"a":1}'), made)
        with refused("key_reused", status=409):
            once(asked(b'{"a":2}'), made)
        assert Post.objects.count() == 1

    def test_keys_are_per_caller_and_per_path(self) -> None:
        for request in (asked(), asked(who="2"), asked(path="/api/v1/y"), asked(key="key-0002")):
            assert once(request, made)[2] is False
        assert Post.objects.count() == 4

    def test_without_a_key_everything_is_done_again(self) -> None:
        assert once(asked(key=None), made)[2] is False
        assert once(asked(key=None), made)[2] is False
        assert Post.objects.count() == 2

    def test_a_refusal_undoes_everything_and_is_not_kept(self) -> None:
        with refused("held", status=409):
            once(asked(), refuse)
        assert not Post.objects.exists()
        assert not Answered.objects.exists()
        assert once(asked(), made)[2] is False

    @pytest.mark.parametrize("key", ["short", "x" * 129, "tab\there", "中文键中文键中文", ""])
    def test_a_key_of_the_wrong_form_is_refused(self, key: str) -> None:
        with refused("bad_key", status=422):
            once(asked(key=key), made)

    @pytest.mark.parametrize("key", ["12345678", "x" * 128, "with space ~!"])
    def test_a_key_of_the_right_form_is_taken(self, key: str) -> None:
        assert once(asked(key=key), made)[0] == 201

    def test_a_very_long_path_or_a_strange_one_is_no_trouble(self) -> None:
        assert once(asked(path="/api/v1/" + "x" * 5000), made)[0] == 201
        assert once(asked(path="/api/v1/%00"), made)[0] == 201

    def test_an_answer_is_kept_for_48_hours(self, held_clock: clock.Held) -> None:
        once(asked(), made)
        held_clock.forward(timedelta(hours=48))
        assert forget_old_answers() == 0
        assert once(asked(), made)[2] is True
        held_clock.forward(timedelta(seconds=1))
        assert once(asked(b"other"), made)[2] is False
        assert once(asked(b"other"), made)[2] is True
        held_clock.forward(timedelta(hours=49))
        assert forget_old_answers() == 1


@pytest.mark.django_db(transaction=True)
class TestWithRealThreads:
    def test_once_costs_two_statements_beyond_the_work(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(6):  # BEGIN, COMMIT, count and insert of the work
            once(asked(), made)

    def test_the_second_waits_for_the_first_and_gets_its_answer(self) -> None:
        go_on, begun = threading.Event(), threading.Event()

        def slowly() -> Made:
            begun.set()
            assert go_on.wait(5)
            return made()

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(in_thread, lambda: once(asked(), slowly))
            assert begun.wait(5)
            second = pool.submit(in_thread, lambda: once(asked(), made))
            until_somebody_waits()
            go_on.set()
            assert first.result()[:2] == second.result()[:2]
            assert (first.result()[2], second.result()[2]) == (False, True)
        assert Post.objects.count() == 1

    def test_the_second_is_told_to_come_again_when_the_first_takes_too_long(self) -> None:
        go_on, begun = threading.Event(), threading.Event()

        def slowly() -> Made:
            begun.set()
            assert go_on.wait(5)
            return made()

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(in_thread, lambda: once(asked(), slowly))
            assert begun.wait(5)
            second = pool.submit(in_thread, lambda: once(asked(), made), "100ms")
            with pytest.raises(Refused) as caught:
                second.result()
            assert (caught.value.code, caught.value.status) == ("key_in_progress", 409)
            go_on.set()
            assert first.result()[0] == 201
        assert once(asked(), made)[2] is True
        assert Post.objects.count() == 1

    def test_the_second_does_the_work_when_the_first_is_refused(self) -> None:
        go_on, begun = threading.Event(), threading.Event()

        def refused_slowly() -> Made:
            begun.set()
            assert go_on.wait(5)
            return refuse()

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(in_thread, lambda: once(asked(), refused_slowly))
            assert begun.wait(5)
            second = pool.submit(in_thread, lambda: once(asked(), made))
            until_somebody_waits()
            go_on.set()
            assert second.result()[2] is False
            with pytest.raises(Refused):
                first.result()
        assert Post.objects.count() == 1

    def test_twenty_at_once_are_one(self) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = [pool.submit(in_thread, lambda: once(asked(), made)) for _ in range(20)]
            told = [answer.result() for answer in answers]
        assert len({str(answer[:2]) for answer in told}) == 1
        assert [answer[2] for answer in told].count(False) == 1
        assert Post.objects.count() == 1


def in_thread(
    work: Callable[[], tuple[int, dict[str, object], bool]], lock_timeout: str = "5s"
) -> tuple[int, dict[str, object], bool]:
    """Work on a connection of its own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])
        return work()
    finally:
        connections.close_all()


def until_somebody_waits() -> None:
    """Return when a connection of this database waits for a lock."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            row = cursor.fetchone()
        assert row is not None
        if row[0]:
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.django_db
class TestPages:
    def test_a_table_is_read_newest_first_page_by_page(self) -> None:
        seed_units()
        seen: list[int] = []
        after: str | None = None
        while True:
            rows, after = page_of(Unit.objects.all(), limit=30, after=after)
            seen += [row.pk for row in rows]
            if after is None:
                break
        assert seen == sorted(Unit.objects.values_list("pk", flat=True), reverse=True)

    def test_a_list_is_read_in_its_order(self) -> None:
        assert page_of([1, 2, 3], limit=2) == ([1, 2], "2")
        assert page_of([1, 2, 3], limit=2, after="2") == ([3], None)
        assert page_of([], limit=2) == ([], None)

    @pytest.mark.parametrize("limit", [0, -1, 201])
    def test_a_page_has_1_to_200_rows(self, limit: int) -> None:
        with refused("bad_limit", status=422):
            page_of([1], limit=limit)

    @pytest.mark.parametrize("after", ["x", "-1", "٣", "9" * 19, "1 "])
    def test_a_mark_that_was_not_given_out_is_refused(self, after: str) -> None:
        with refused("bad_after", status=422):
            page_of([1], after=after)
