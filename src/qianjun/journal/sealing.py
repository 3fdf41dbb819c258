"""Give each entry its place in the chain. 封存

Ids are not commit order, and a writer may end late. An entry is sealed once every transaction up
to its own has ended, in the order of (transaction, id): its place never changes, no place is empty.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from qianjun.journal.rules import GENESIS, chained
from qianjun.kernel import clock

CHUNK = 5_000
SEALER_LOCK = 0x71_6A_73_65_61_6C  # "qjseal"
COLUMNS = (
    *("id", "name", "version", "kind", "incident", "about_kind", "about_id", "by_kind", "by_id"),
    *("by_role", "cause", "corrects", "at", "happened_at", "recorded_at", "transaction"),
    *("payload", "digest"),
)
Row = dict[str, Any]

_TURN = """
SELECT pg_try_advisory_xact_lock(%s), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""
# entries of a database restored from elsewhere may carry numbers still to come here: they are
# visible, so their writers have ended
_SEALABLE = """
FROM journal_entry e
WHERE (e.transaction, e.id) >= (%s, %s)
  AND (e.transaction < %s
    OR e.transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
  AND NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)
ORDER BY e.transaction, e.id LIMIT %s
"""
_NEXT = "SELECT " + ", ".join(f"e.{name}" for name in COLUMNS) + _SEALABLE
# nothing can be left below the last, unless transactions are counted anew
_LAST = """
SELECT coalesce(max(e.transaction), %s), coalesce(max(e.id), %s)
FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id
WHERE s.seq = (SELECT max(seq) FROM journal_seal)
  AND e.transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""
_ADD = """
INSERT INTO journal_seal (entry_id, seq, prev, hash)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])
"""


class Sealer:
    """Remembers below which transaction everything is sealed, so that it need not look there.

    A fresh one looks everywhere once: after a restore into another cluster transactions are
    counted anew, lower than those sealed before.
    """

    def __init__(self) -> None:
        self.floor = (0, 0)

    def seal_chunk(self, limit: int = CHUNK) -> int:
        """Seal up to so many entries in one transaction; 0 too while another sealer is at it."""
        with transaction.atomic():
            turn, horizon = _one(_TURN, [SEALER_LOCK])
            if not turn:
                return 0
            if horizon < self.floor[0]:  # another cluster since the last look
                self.floor = (0, 0)
            rows = _rows(self.floor, horizon, limit)
            if rows:
                _add(rows)
        full = len(rows) == limit
        self.floor = (rows[-1]["transaction"], rows[-1]["id"]) if full else (horizon, 0)
        return len(rows)


def seal(limit: int = 1_000_000) -> int:
    """Seal what can be sealed, in chunks, up to so many entries; return how many. 封存"""
    sealer, sealed = Sealer(), 0
    while sealed < limit:
        chunk = min(CHUNK, limit - sealed)
        done = sealer.seal_chunk(chunk)
        sealed += done
        if done < chunk:
            break
    return sealed


def sealed_behind_s() -> float:
    """How long ago, in real seconds, the oldest entry without a seal was recorded; 0 if none."""
    row = _one(
        "SELECT (SELECT e.recorded_at FROM journal_entry e"
        " WHERE (e.transaction, e.id) > (%s, %s)"
        " AND NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)"
        " ORDER BY e.transaction, e.id LIMIT 1)",
        _one(_LAST, [0, 0]),
    )
    return max(0.0, (clock.real() - row[0]).total_seconds()) if row[0] else 0.0


def head() -> tuple[int, str]:
    """The last seal: its number and hash; (0, zeros) before the first. 链首"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1")
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else (0, GENESIS)


def _one(query: str, values: Sequence[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    assert row is not None
    return tuple(row)


def _rows(floor: tuple[int, int], horizon: int, limit: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [*floor, horizon, limit])
        return [as_columns(row) for row in cursor.fetchall()]


def as_columns(values: tuple[object, ...]) -> Row:
    """An entry's committed columns by name, as the hash covers them."""
    row: Row = dict(zip(COLUMNS, values, strict=True))
    if isinstance(row["payload"], str):  # Django leaves jsonb to its model fields
        row["payload"] = json.loads(row["payload"])
    return row


def _add(rows: list[Row]) -> None:
    seq, prev = head()
    algorithm = settings.JOURNAL_HASH
    hashes = [prev]
    for row in rows:
        hashes.append(chained(hashes[-1], row, algorithm=algorithm))
    numbers = list(range(seq + 1, seq + 1 + len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [[row["id"] for row in rows], numbers, hashes[:-1], hashes[1:]])
