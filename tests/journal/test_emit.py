"""Change, entry, body, jobs and notice commit together; nothing is edited afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from qianjun.journal.bus import digest_of, emit, recording_history
from qianjun.journal.models import Body, Entry, Seal
from qianjun.kernel import clock
from tests.journal.sabotage import seal_as_committed
from tests.journal.words import TESTER, Failed, Rang, say

committed = pytest.mark.django_db(transaction=True)


@pytest.mark.django_db
def test_an_entry_says_who_what_when_and_of_which_transaction() -> None:
    before = clock.now() - timedelta(hours=1)
    with transaction.atomic():
        first = emit(Rang(times=2), by=TESTER, incident=4, about=("unit", "7"), happened_at=before)
        second = emit(Rang(times=2), by=TESTER, corrects=first)
    entry, other = Entry.objects.order_by("id")
    assert (entry.name, entry.version, entry.kind, entry.incident) == ("tests.rang", 2, "fact", 4)
    assert (entry.about_kind, entry.about_id) == ("unit", "7")
    assert (entry.by_kind, entry.by_id) == ("system", "tester")
    assert (entry.at, entry.happened_at) == (clock.now(), before)
    assert entry.payload == {"times": 2, "tone": "low"}
    assert (other.pk, other.corrects, other.transaction) == (second, first, entry.transaction)


@pytest.mark.django_db
def test_a_body_is_committed_to_by_a_salted_digest() -> None:
    one, two = say(Rang(times=1), body="老李说"), say(Rang(times=1), body="老李说")
    for pk in (one, two):
        entry = Entry.objects.select_related("body").get(pk=pk)
        assert entry.digest == digest_of(entry.body.salt, "老李说")
    assert len({entry.digest for entry in Entry.objects.all()}) == 2


@pytest.mark.django_db
def test_saying_costs_one_statement_with_its_jobs(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        emit(Rang(times=1), by=TESTER, incident=1, body="x")


@committed
def test_nothing_is_said_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        emit(Rang(times=1), by=TESTER)


@committed
def test_what_is_rolled_back_was_never_said() -> None:
    with transaction.atomic():
        emit(Rang(times=1), by=TESTER, body="x")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    assert not Body.objects.exists()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_free_text_in_a_payload_is_refused() -> None:
    with transaction.atomic(), pytest.raises(ValueError, match="free text"):
        emit(Failed(code="文昌路 12 号"), by=TESTER)


@pytest.mark.django_db
def test_loaded_history_has_entries_and_nobody_hears_them() -> None:
    long_ago = clock.now() - timedelta(days=400)
    with recording_history():
        said = say(Rang(times=1), happened_at=long_ago)
    say(Rang(times=1))
    assert [job.args["entry_id"] for job in ProcrastinateJob.objects.all()] != [said]
    assert ProcrastinateJob.objects.count() == 1
    entry = Entry.objects.get(pk=said)
    assert (entry.at, entry.recorded_at) == (long_ago, clock.real())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET payload = '{}'",
        "DELETE FROM journal_entry",
        "UPDATE journal_seal SET seq = seq + 1",
        "DELETE FROM journal_seal",
        "DELETE FROM journal_body",
        "UPDATE journal_body SET text = 'other'",
        "UPDATE journal_body SET text = '', salt = ''",
    ],
)
def test_what_was_said_cannot_be_changed(statement: str) -> None:
    say(Rang(times=1), body="x")
    seal_as_committed()
    with pytest.raises(IntegrityError, match=r"append-only|only be erased"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Entry.objects.count() == Seal.objects.count() == Body.objects.count() == 1


@committed
def test_emptying_the_tables_is_refused_to_everybody_but_the_tests() -> None:
    say(Rang(times=1))
    params = connection.get_connection_params() | {"options": ""}
    own = {k: v for k, v in params.items() if k not in ("cursor_factory", "context")}
    for table in ("journal_entry", "journal_seal", "journal_body"):
        with psycopg.connect(**own) as conn, pytest.raises(psycopg.errors.RestrictViolation):
            conn.execute(f"TRUNCATE {table} CASCADE")
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_an_erasing_is_the_only_change_of_a_body() -> None:
    say(Rang(times=1), body="x")
    Body.objects.update(salt="", text="", erased_at=clock.now())
    with pytest.raises(IntegrityError, match="only be erased"), transaction.atomic():
        Body.objects.update(text="back again")
