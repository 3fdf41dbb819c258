"""What somebody with the keys of the database could do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from qianjun.journal.sealing import seal


@contextmanager
def triggers_off() -> Iterator[None]:
    """Switch off triggers and foreign keys, as a superuser may."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def sabotage(*statements: str) -> None:
    """Run these against the journal's tables, past every guard."""
    with triggers_off(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def seal_as_committed() -> None:
    """Seal what a test said in its own transaction, which is rolled back at its end."""
    sabotage(
        "UPDATE journal_entry SET transaction = 1"
        " WHERE id NOT IN (SELECT entry_id FROM journal_seal)"
    )
    seal()
    with connection.cursor() as cursor:  # foreign keys are looked at now, before the sabotage
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
