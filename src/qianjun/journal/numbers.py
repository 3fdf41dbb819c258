"""Gapless numbers: they commit with what they number. 连续编号"""

from collections import Counter
from datetime import datetime

from django.db import connection

from qianjun.kernel import clock
from qianjun.kernel.ids import Register

# also the head of a larger statement, where a number and its use travel together
NEXT = """
INSERT INTO journal_counter (series, last) SELECT s, 1 FROM unnest(%(series)s::text[]) AS s
ON CONFLICT (series) DO UPDATE SET last = journal_counter.last + 1 RETURNING series, last
"""


def next_numbers(*series: str) -> tuple[int, ...]:
    """The next number of each series, from 1 on, in one statement.

    The rows stay locked until commit, so take numbers as the last thing but the writing.
    """
    ordered = sorted(set(series))
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"series": ordered})
        given = dict(cursor.fetchall())
    return tuple(int(given[name]) for name in series)


_TAKE = """
INSERT INTO journal_counter (series, last)
SELECT s, n FROM unnest(%(series)s::text[], %(counts)s::bigint[]) AS t(s, n)
ON CONFLICT (series) DO UPDATE SET last = journal_counter.last + excluded.last
RETURNING series, last
"""


def register_of(mark: str, *, unit: str, at: datetime) -> Register:
    """The register that a unit writes into at this instant: years end at midnight in Beijing."""
    return Register(mark=mark, unit=unit, year=clock.in_beijing(at).year)


def next_written(*registers: Register) -> tuple[str, ...]:
    """The next number of each register as it is written; one named twice gives two. 取登记编号

    One statement, no deadlock whatever the order. The registers stay locked until commit, so take
    numbers as the last thing but the writing; a rollback gives them back. RuntimeError outside a
    transaction: a number taken there would be a gap if the writing failed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are taken in the transaction that writes what they number")
    wanted = Counter(register.series for register in registers)
    ordered = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"series": ordered, "counts": [wanted[s] for s in ordered]})
        last = {series: int(n) for series, n in cursor.fetchall()}
    given = {series: iter(range(n - wanted[series] + 1, n + 1)) for series, n in last.items()}
    return tuple(register.written(next(given[register.series])) for register in registers)
