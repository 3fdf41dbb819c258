"""The journal after years: a timeline, the sealer and the audit over two million entries. 封存链

``bench.chain 10000000`` takes ten million. Entries are copied straight into the tables as ``emit``
would write them, a hundred to an incident and 5,000 to one, three in four with a body; the house's
own sealer seals them and its own command verifies them.
"""

import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.ground import frame
from bench.ground.house import PROGRAM, ROOT, House, house

ENTRIES = 2_000_000
AT_ONCE = 200_000  # entries a transaction, as an import would write them
OF_ONE = 100
LONG = 5_000  # entries of the longest incident
FEW = 20_000  # the journal with which the long one is compared
LOOKS = 300
FIRST = 10_000_000  # ids of these incidents, above those of the demo
SLOWER_AT_MOST = 3.0
VERIFY_MB = 300
LOOK_S = 0.5
MB = 1 << 20
SEED = 20260601
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_ENTRIES = """
COPY journal_entry (id, name, version, kind, incident, about_kind, about_id, by_kind, by_id,
  by_role, at, happened_at, recorded_at, transaction, payload, digest) FROM STDIN
"""
_BODIES = "COPY journal_body (entry_id, salt, text) FROM STDIN"
_LEFT = """
SELECT (SELECT count(*) FROM journal_entry) - (SELECT count(*) FROM journal_seal)
"""
_IDS = "SELECT setval(pg_get_serial_sequence('journal_entry', 'id'), %s)"
Books = psycopg.Connection[tuple[Any, ...]]


def run(args: list[str]) -> frame.Answer:
    """A short journal, a long one; look, seal, verify."""
    began = time.monotonic()
    count = int(args[0]) if args else ENTRIES
    with house("chain") as made, psycopg.connect(made.address(), autocommit=True) as books:
        _stand_in(made.folder)
        few, many = min(FEW, count // 2), count
        _fill(books, 0, few)
        _rest(books)
        short = list(_looks(few))
        filled = time.monotonic()
        _fill(books, few, many)
        filled_s = time.monotonic() - filled
        sealed_s, rate = _sealed(books, filled)
        _rest(books)
        long = list(_looks(many))
        longest = list(_looks(many, incident=FIRST))
        checked = _verified(made)
        seen: frame.Answer = {
            "entries": _one(books, "SELECT count(*) FROM journal_entry"),
            "filled_in_s": round(filled_s, 1),
            "timeline_ms": frame.spread(long),
            "timeline_of_5000_ms": frame.spread(longest),
            "timeline_ms_with_20000": frame.spread(short),
            "sealed_per_s": rate,
            "sealed_s_after_the_last": round(sealed_s, 1),
            "verify": checked,
            "size_mb": _one(books, "SELECT pg_database_size(current_database())") // MB,
        }
        return frame.answer(
            "chain",
            gates=_gates(seen, short=short, long=long, count=count),
            seen=seen,
            folder=made.folder,
            began=began,
        )


def _gates(
    seen: frame.Answer, *, short: list[float], long: list[float], count: int
) -> list[frame.Gate]:
    checked, entries = seen["verify"], seen["entries"]
    assert isinstance(checked, dict)
    assert isinstance(entries, int)
    times = round(frame.quantile(long, 0.95) / frame.quantile(short, 0.95), 2)
    return [
        frame.Gate(what="entries in the chain", value=checked["sealed"], at_least=count),
        frame.Gate(what="entries without a seal", value=entries - checked["sealed"], at_most=0),
        frame.Gate(what="exit of audit verify", value=checked["exit"], at_most=0),
        frame.Gate(what="timeline p95 / p95 with 20,000", value=times, at_most=SLOWER_AT_MOST),
        frame.Gate(what="memory of audit verify, MB", value=checked["mb"], at_most=VERIFY_MB),
    ]


def _stand_in(folder: Path) -> None:
    """Let this process ask the questions of that house."""
    os.environ["QIANJUN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qianjun.site.settings"
    import django

    django.setup(set_prefix=False)


def _one(books: Books, question: str) -> int:
    row = books.execute(question.encode()).fetchone()
    assert row is not None
    return int(row[0])


# --- the entries ----------------------------------------------------------------------------------


def _fill(books: Books, first: int, last: int) -> None:
    offset = _one(books, "SELECT coalesce(max(id), 0) FROM journal_entry") + 1 - first
    for start in range(first, last, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, last))
        with books.transaction():
            books.execute(_IDS, [offset + numbers[-1]])
            transaction = _one(books, "SELECT pg_current_xact_id()::text::bigint")
            _copy(books, offset=offset, numbers=numbers, transaction=transaction)
        frame.told(f"chain: {numbers[-1] + 1} of {last}")


def _copy(books: Books, *, offset: int, numbers: range, transaction: int) -> None:
    from qianjun.journal.bus import digest_of

    bodies = []
    with books.cursor() as cursor:
        with cursor.copy(_ENTRIES) as entries:
            for number in numbers:
                text = _said(number)
                salt = f"{number:032x}" if text else ""
                digest = digest_of(salt, text) if text else ""
                entries.write_row(
                    _row(number, offset=offset, transaction=transaction, digest=digest)
                )
                if text:
                    bodies.append((offset + number, salt, text))
        with cursor.copy(_BODIES) as words:
            for row in bodies:
                words.write_row(row)


def _said(number: int) -> str:
    """What was said; one in four is an event without a body."""
    return (
        "" if number % 4 == 3 else f"{number} 号车已到文昌社区，积水 {number % 90} 厘米，正在排水"
    )


def _incident(number: int) -> int:
    """Its incident: one has 5,000, the others a hundred each, mixed as they would come in."""
    if number < 2 * LONG and number % 2 == 0:
        return FIRST
    block, place = divmod(number, 100 * OF_ONE)
    return FIRST + 1 + block * 100 + place % 100


def _row(number: int, *, offset: int, transaction: int, digest: str) -> tuple[object, ...]:
    at = BEGAN + timedelta(seconds=90 * number)
    name = ("incident.fact_noted", "incident.order_noted", "incident.feedback_noted")[number % 3]
    incident = _incident(number)
    payload = json.dumps({"incident_id": incident})
    return (
        *(offset + number, name, 1, ("fact", "order", "feedback")[number % 3], incident),
        *("", "", "person", "1", "duty_officer", at, at, at, transaction, payload, digest),
    )


# --- what is asked --------------------------------------------------------------------------------


def _looks(count: int, *, incident: int | None = None) -> Iterator[float]:
    """Milliseconds of a timeline's first page, of incidents drawn at random."""
    from qianjun.journal.queries import timeline

    dice = random.Random(SEED)
    asked = [incident or _incident(dice.randrange(count)) for _ in range(LOOKS)]
    timeline(incident=asked[0], newest_first=True)
    for one in asked:
        began = time.perf_counter()
        lines, _more = timeline(incident=one, newest_first=True)
        yield (time.perf_counter() - began) * 1000
        if not lines:
            raise SystemExit(f"incident {one} has no lines")


def _rest(books: Books) -> None:
    """Nothing to seal, statistics as the database makes them over night."""
    while _one(books, _LEFT):
        time.sleep(LOOK_S)
    books.execute("ANALYZE journal_entry, journal_body, journal_seal")


def _sealed(books: Books, filled: float) -> tuple[float, int]:
    """Seconds from now until everything is sealed, and seals a second since filling began."""
    began, before = time.monotonic(), _one(books, "SELECT count(*) FROM journal_seal")
    while left := _one(books, _LEFT):
        frame.told(f"chain: {left} to seal")
        time.sleep(LOOK_S)
    now = time.monotonic()
    sealed = _one(books, "SELECT count(*) FROM journal_seal") - before
    if sealed:
        return now - began, round(sealed / (now - began))
    return now - began, round(_one(books, "SELECT count(*) FROM journal_seal") / (now - filled))


def _verified(made: House) -> dict[str, Any]:
    """The command, its answer, the seconds and the most memory that it held."""
    words = [PROGRAM, "audit", "verify", "--json", "--data", str(made.folder)]
    began = time.monotonic()
    asked = subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env=made.environment, cwd=ROOT
    )
    most = _Most(asked.pid)
    most.start()
    said, _none = asked.communicate()
    seconds = time.monotonic() - began
    most.join()
    found = json.loads(said)
    return {
        "exit": asked.returncode,
        "sealed": found["sealed"],
        "seconds": round(seconds, 1),
        "per_s": round(found["sealed"] / seconds),
        "mb": most.mb,
    }


class _Most(threading.Thread):
    """Watches a process and remembers the most memory it held."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.watched, self.mb = psutil.Process(pid), 0

    def run(self) -> None:
        """Until it has ended."""
        while True:
            try:
                held = self.watched.memory_info().rss
                if self.watched.status() == psutil.STATUS_ZOMBIE:
                    return
            except psutil.Error:
                return
            self.mb = max(self.mb, held // MB)
            time.sleep(0.05)


if __name__ == "__main__":
    frame.main(run)
