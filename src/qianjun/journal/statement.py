"""One statement for what several modules write, and the last one before the commit. 合成语句

Whoever waits for our locks waits for every answer that we wait for, so the writes of a report go
to the database as one statement of several parts, each written by the module whose tables it is.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from pydantic_core import to_json

MARK = "\ue000"  # of the private area
MARK_BYTES = 9


@dataclass(frozen=True, kw_only=True)
class Part:
    """WITH queries, what of them is selected, and their values; names must not meet. 语句片段"""

    queries: str
    selects: tuple[str, ...] = ()
    values: Mapping[str, Any]


def write(*parts: Part) -> tuple[Any, ...]:
    """Execute the parts as one statement: the row of all that they select, from left to right."""
    queries = ", ".join(part.queries for part in parts if part.queries)
    selects = ", ".join(column for part in parts for column in part.selects) or "1"
    values: dict[str, Any] = {}
    for part in parts:
        values.update(part.values)
    with connection.cursor() as cursor:
        cursor.execute(f"{f'WITH {queries} ' if queries else ''}SELECT {selects}", values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    assert row is not None
    return row


def json_of(value: object) -> str:
    """JSON text with times as RFC 3339, at a fifth of the cost of ``json.dumps``."""
    return to_json(value).decode()


def array_of(numbers: Iterable[int]) -> str:
    """Whole numbers as the text of an array, which costs a tenth of a list's adapting."""
    return f"{{{','.join(map(str, numbers))}}}"


class NotFirst(Exception):
    """Somebody else has begun the same before, so the transaction ends without effect. 已办过"""


@dataclass(kw_only=True)
class Ending:
    """What a request writes as the first and as the last thing of its transaction. 首尾

    ``first`` is written with the first turn that is taken; when the first column it selects is
    NULL, NotFirst is raised. What the database will give out at the end (a number) is not known
    before: a mark stands for it in the answer, and is replaced where the answer is stored and
    where it is sent.
    """

    first: Part | None = None
    _parts: tuple[Part, ...] = ()
    _marks: dict[str, str] = field(default_factory=dict)
    _given: tuple[Any, ...] = ()

    def leave(self, *parts: Part, gives: Mapping[str, str]) -> dict[str, str]:
        """Leave the parts to be written last; marks for what their expressions will give."""
        if self._parts:
            raise RuntimeError("a request ends once")
        marks = {name: MARK + secrets.token_hex(MARK_BYTES) for name in gives}
        self._parts = parts
        self._marks = {marks[name]: sql for name, sql in gives.items()}
        return marks

    def filling(self, text: str) -> tuple[str, dict[str, str]]:
        """The text with what is given out, as an SQL expression and its values."""
        sql, values = "%(answer)s::text", {"answer": text}
        for n, (mark, given) in enumerate(self._marks.items()):
            sql = f"replace({sql}, %(mark_{n})s, {given})"
            values[f"mark_{n}"] = mark
        return sql, values

    def begin(self, *more: Part) -> None:
        """Write what comes first, with these parts, unless that has been done."""
        first, self.first = self.first, None
        if first and write(first, *more)[0] is None:
            raise NotFirst

    def write(self, *more: Part) -> None:
        """Write what was left, with these parts."""
        self.begin()
        if not (self._parts or more):
            return
        row = write(_wanted(self._marks.values()), *self._parts, *more)
        self._given = row[: len(self._marks)]

    def filled(self, text: str) -> str:
        """The text with what was given out."""
        for mark, given in zip(self._marks, self._given, strict=True):
            text = text.replace(mark, given)
        return text


def _wanted(selects: Iterable[str]) -> Part:
    return Part(queries="", selects=tuple(selects), values={})


_ending: ContextVar[Ending | None] = ContextVar("ending", default=None)


@contextmanager
def ending() -> Iterator[Ending]:
    """Around what may leave its last writes to the caller."""
    mine = Ending()
    token = _ending.set(mine)
    try:
        yield mine
    finally:
        _ending.reset(token)


def beginning() -> Ending | None:
    """The request that still has to write something first. 待开始"""
    last = _ending.get()
    return last if last and last.first else None


def finish(*parts: Part, gives: Mapping[str, str]) -> dict[str, str]:
    """Write the parts now, or leave them to the request that ends with them.

    ``gives`` names SQL expressions of text; the answer has their values, or marks for them.
    """
    last = _ending.get()
    if last is not None:
        return last.leave(*parts, gives=gives)
    row = write(_wanted(gives.values()), *parts)
    return dict(zip(gives, row, strict=False))
