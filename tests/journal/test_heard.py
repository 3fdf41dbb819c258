"""A reaction happens once, whatever the workers do; one that cannot succeed reaches a person."""

from collections.abc import Callable

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from qianjun.journal.actions import drop_card, retry_card
from qianjun.journal.bus import Event, House, Said, emit, on, reactions
from qianjun.journal.heard import run_reaction
from qianjun.journal.jobs import cause_of, make_card, rescue_stalled, tidy
from qianjun.journal.models import Card, Counter, Done, Entry
from qianjun.journal.queries import open_cards
from qianjun.journal.rules import ATTEMPTS
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from tests.journal.threads import at_once
from tests.journal.words import ADMIN, STRANGER, Broken, Chimed, Failed, Rang, count, rings, say
from tests.worker import run_jobs, run_jobs_shuffled_and_doubled

pytestmark = pytest.mark.django_db(transaction=True)


def react(entry: int, reaction: str = "tests.count") -> None:
    run_reaction(entry_id=entry, reaction=reaction)


def test_a_reaction_runs_soon_after_the_commit() -> None:
    say(Rang(times=3))
    run_jobs()
    assert rings() == 3
    assert not ProcrastinateJob.objects.exists()


def test_a_reaction_repeated_happens_once() -> None:
    entry = say(Rang(times=3))
    run_jobs()
    react(entry)
    assert rings() == 3


def test_a_reaction_run_by_two_workers_at_once_happens_once() -> None:
    entry = say(Rang(times=3))
    at_once(lambda: react(entry), lambda: react(entry), lambda: react(entry))
    assert rings() == 3


def test_reactions_hold_shuffled_and_doubled() -> None:
    for times in (1, 2, 4):
        say(Rang(times=times))
    assert run_jobs_shuffled_and_doubled(seed=5) == 6
    assert rings() == 7


def test_a_failing_reaction_leaves_nothing_and_is_tried_again_later() -> None:
    say(Failed(code="a"))
    run_jobs(may_fail=True)
    job = ProcrastinateJob.objects.get()
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at is not None
    assert not Done.objects.exists()
    assert not Counter.objects.exists()


def test_what_a_failing_reaction_said_was_never_said_and_nobody_hears_it() -> None:
    def say_and_fail(_: Rang, said: Said) -> None:
        emit(Chimed(), by=House(ident="tests", cause=said.entry))
        raise Broken

    on(Rang, "tests.say_and_fail")(say_and_fail)
    try:
        say(Rang(times=1))
        run_jobs(may_fail=True)
    finally:
        del reactions["tests.say_and_fail"]
    assert not Entry.objects.filter(name=Chimed.name).exists()
    assert [job.args["reaction"] for job in ProcrastinateJob.objects.all()] == [
        "tests.say_and_fail"
    ]


def test_what_a_reaction_says_is_heard_with_its_cause() -> None:
    def chime(_: Rang, said: Said) -> None:
        emit(Chimed(), by=House(ident="tests", cause=said.entry))

    on(Rang, "tests.chime")(chime)
    try:
        first = say(Rang(times=1))
        run_jobs()
    finally:
        del reactions["tests.chime"]
    assert Entry.objects.get(name=Chimed.name).cause == first
    assert Done.objects.filter(reaction="tests.listen").count() == 1


def fail_for_good(code: str = "a") -> int:
    entry = say(Failed(code=code))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [ATTEMPTS - 1])
    run_jobs(may_fail=True)
    return entry


def test_after_eight_attempts_a_card_waits_for_a_person() -> None:
    entry = fail_for_good()
    card = open_cards().get()
    assert (card.entry_id, card.reaction, card.attempts) == (entry, "tests.fail", ATTEMPTS)
    assert card.cause.startswith("Broken: … (")
    assert "(heard.py:" in card.cause
    assert ProcrastinateJob.objects.get().status == "failed"
    said = Entry.objects.get(name="journal.job_given_up")
    assert (said.payload["card_id"], said.cause) == (card.pk, entry)


def test_a_cause_names_type_and_place_and_nothing_personal() -> None:
    assert cause_of(Broken("张三 10000000000\n详情")) == "Broken: …"
    assert cause_of(Refused("held", "有人未归")).startswith("Refused: held")


def test_a_card_is_made_once_while_it_is_open() -> None:
    entry = say(Failed(code="a"))
    for _ in range(2):
        make_card(entry=entry, reaction="tests.fail", cause="x", attempts=8)
    assert Card.objects.count() == 1


def test_a_retried_card_runs_its_job_again_and_a_second_failure_is_a_second_card() -> None:
    fail_for_good()
    first = open_cards().get()
    retry_card(by=ADMIN, card=first.pk)
    assert not open_cards().exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET attempts = %s WHERE status = 'todo'", [ATTEMPTS - 1]
        )
    run_jobs(may_fail=True)
    assert open_cards().get().pk != first.pk
    assert Entry.objects.filter(name="journal.card_retried").count() == 1


def test_a_dropped_card_keeps_its_reason_and_cannot_be_settled_twice() -> None:
    fail_for_good()
    card = open_cards().get()
    drop_card(by=ADMIN, card=card.pk, reason="已电话通知")
    said = Entry.objects.select_related("body").get(name="journal.card_dropped")
    assert said.body.text == "已电话通知"
    settles: list[Callable[[], Card]] = [
        lambda: retry_card(by=ADMIN, card=card.pk),
        lambda: drop_card(by=ADMIN, card=card.pk, reason="再次"),
    ]
    for settle in settles:
        with pytest.raises(Refused) as refused:
            settle()
        assert (refused.value.status, refused.value.code) == (409, "already_settled")


def test_a_card_is_settled_with_permission_and_reason_only() -> None:
    fail_for_good()
    card = open_cards().get().pk
    settles: list[tuple[Callable[[], Card], int]] = [
        (lambda: retry_card(by=STRANGER, card=card), 403),
        (lambda: drop_card(by=STRANGER, card=card, reason="x"), 403),
        (lambda: drop_card(by=ADMIN, card=card, reason="  "), 422),
        (lambda: retry_card(by=ADMIN, card=card + 1), 404),
    ]
    for settle, status in settles:
        with pytest.raises(Refused) as refused:
            settle()
        assert refused.value.status == status
    assert open_cards().count() == 1


def start_on_a_worker(heartbeat_s_ago: int, *, attempts: int = 0) -> None:
    """A worker took the job and was last heard of so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', attempts = %s,"
            " worker_id = (SELECT id FROM w)",
            [heartbeat_s_ago, attempts],
        )


def test_the_job_of_a_dead_worker_goes_to_a_living_one() -> None:
    say(Rang(times=3))
    start_on_a_worker(60)
    assert rescue_stalled() == 1
    run_jobs(may_fail=True)
    assert rings() == 3


def test_the_job_of_a_worker_that_is_gone_altogether_is_brought_back_too() -> None:
    say(Rang(times=3))
    start_on_a_worker(60)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert rescue_stalled() == 1


def test_the_job_of_a_living_worker_is_left_alone() -> None:
    say(Rang(times=3))
    start_on_a_worker(1)
    assert rescue_stalled() == 0


def test_a_job_that_kills_its_workers_becomes_a_card() -> None:
    entry = say(Rang(times=3))
    start_on_a_worker(60, attempts=ATTEMPTS - 1)
    rescue_stalled()
    assert ProcrastinateJob.objects.get().status == "failed"
    assert (open_cards().get().entry_id, open_cards().get().cause) == (entry, "WorkerDied")


def test_a_card_of_a_job_without_an_entry_can_be_retried() -> None:
    app.configure_task("tests.unheard", queue="heavy").defer()
    start_on_a_worker(60, attempts=ATTEMPTS - 1)
    rescue_stalled()
    assert ProcrastinateJob.objects.get().status == "failed"
    retry_card(by=ADMIN, card=open_cards().get().pk)
    assert ProcrastinateJob.objects.get(task_name="tests.unheard").status == "todo"


def test_failed_jobs_are_kept_ninety_days() -> None:
    fail_for_good()
    tidy()
    assert ProcrastinateJob.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = %s - interval '91 days'", [clock.real()]
        )
    tidy()
    assert ProcrastinateJob.objects.count() == 0


def hear_nothing(_event: Event, _said: Said) -> None:
    """Hear it and do nothing."""


def test_a_reaction_goes_to_its_queue_and_its_name_is_its_own() -> None:
    on(Rang, "tests.heavy", queue="heavy")(hear_nothing)
    try:
        say(Rang(times=1))
        queues = ProcrastinateJob.objects.order_by("queue_name").values_list(
            "queue_name", flat=True
        )
        assert list(queues) == ["heavy", "urgent"]
    finally:
        del reactions["tests.heavy"]
    with pytest.raises(RuntimeError, match="two reactions"):
        on(Failed, "tests.count")(hear_nothing)
    assert reactions["tests.count"].function is count
