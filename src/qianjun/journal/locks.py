"""Take turns: hold names until the transaction ends. 排队执行"""

from hashlib import sha256

from django.db import connection

from qianjun.journal.statement import Part, array_of, beginning, write

_TURNS = "(SELECT count(pg_advisory_xact_lock(k)) FROM unnest(%(turns)s::bigint[]) AS k)"


def one_at_a_time(*names: str) -> None:
    """Hold these names until the caller's transaction ends; one statement, no deadlock by order.

    A wait longer than the connection's lock_timeout raises OperationalError, answered as 503.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a turn is held by a transaction")
    numbers = sorted({int.from_bytes(sha256(n.encode()).digest()[:8], signed=True) for n in names})
    turns = Part(queries="", selects=(_TURNS,), values={"turns": array_of(numbers)})
    if begun := beginning():
        begun.begin(turns)
    else:
        write(turns)
