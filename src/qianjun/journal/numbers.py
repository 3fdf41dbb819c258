"""Gapless numbers: they commit with what they number. 连续编号"""

from django.db import connection

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
