"""Empty the database after a test with real commits, and bring a furnished one back. 清空与还原

Django's flush truncates every table, each with its files, and makes all permissions again; a test
writes into a dozen of them. So only what has rows is emptied, with the triggers asleep.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

# made by migrations and the same for every test
LEFT_ALONE = ("django_content_type", "django_migrations", "auth_permission")
Kept = list[tuple[str, bytes]]


@cache
def _tables() -> tuple[str, ...]:
    """Every table that a test may write into, the jobs' own too."""
    return tuple(sorted(set(connection.introspection.table_names()) - set(LEFT_ALONE)))


def with_rows() -> list[str]:
    """The tables that are not empty; one statement."""
    asked = " UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in _tables())
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def _triggers_asleep() -> Iterator[Any]:
    """A cursor for which neither append-only tables nor references object."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def empty() -> None:
    """Delete every row of every test; sequences go on, as after a flush."""
    found = with_rows()
    if not found:
        return
    with _triggers_asleep() as cursor:
        cursor.execute(";".join(f'DELETE FROM "{name}"' for name in found))


def _copied() -> Kept:
    kept = []
    with connection.cursor() as cursor:
        for name in with_rows():
            with cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
                kept.append((name, b"".join(bytes(piece) for piece in copy)))
    return kept


def _brought_back(kept: Kept) -> None:
    with _triggers_asleep() as cursor:
        for name, rows in kept:
            with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                copy.write(rows)


_kept: dict[str, Kept] = {}


def once_built(name: str, build: Callable[[], None]) -> None:
    """Build into an empty database the first time, bring the same rows back after that."""
    if name in _kept:
        _brought_back(_kept[name])
        return
    was_empty = not with_rows()
    build()
    if was_empty:
        _kept[name] = _copied()


def _teardown(self: TransactionTestCase) -> None:  # noqa: ARG001
    empty()


def instead_of_flush() -> None:
    """Let tests with real commits end by ``empty``."""
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]
