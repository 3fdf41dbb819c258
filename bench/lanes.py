"""Lanes: a rank-0 message leaves in a second while 68,945 of rank 2 are waiting. 分级发送

The real program with its pumps. As many people as the city has registered volunteers are called by
one ``send_many``; while the bulk lane empties, urgent messages are queued one by one through the
same verbs, and the carrier's books say when each has left. The same is measured before the wave.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.ground import frame
from bench.ground.house import House, house

WAVE = 68_945
URGENT = 60
APART_S = 0.15
PROMISE_MS = 1_000
MOST_OF = 0.9
PATIENCE_S = 60.0
LOOK_S = 0.002
_PEOPLE = """
WITH p AS (
  INSERT INTO org_person (name, unit_id, sort_key, version)
  SELECT '演示志愿者' || n, (SELECT min(id) FROM org_unit), 'zz' || n, 1
  FROM generate_series(1, %s) AS n RETURNING id
)
INSERT INTO org_address (person_id, channel, value, rank, consent_at, consent_text, is_synthetic)
SELECT id, 'sms', '100' || lpad((20000000 + row_number() OVER ())::text, 8, '0'), 0,
  timestamptz '2026-01-01', '演示', true
FROM p RETURNING person_id
"""
_LEFT = "SELECT 1 FROM message_carrierrow WHERE key = %s"
_WAITING = """
SELECT count(*) FROM message_message WHERE rank = 2 AND sent_at IS NULL AND failed_at IS NULL
"""
_OUTCOME = """
SELECT count(*), count(sent_at), coalesce(max(copies), 0), count(*) - count(DISTINCT person_id)
FROM message_message WHERE matter = 'bench:wave'
"""


def run(args: list[str]) -> frame.Answer:
    """Urgent ones alone, then in front of the wave; then see the wave out."""
    began = time.monotonic()
    wave = int(args[0]) if args else WAVE
    with house("lanes") as made, psycopg.connect(made.address(), autocommit=True) as books:
        _stand_in(made.folder)
        people = [row[0] for row in books.execute(_PEOPLE, [wave])]
        books.execute("ANALYZE")
        alone = list(_urgent(books, people[0], "before"))
        queued = time.perf_counter()
        _call_out(people)
        queued_s = time.perf_counter() - queued
        waiting = _count(books)
        beside = list(_urgent(books, people[0], "beside"))
        left = _count(books)
        drained_s = _drain(books, made)
        outcome = books.execute(_OUTCOME).fetchone() or (0, 0, 0, 0)
        seen: frame.Answer = {
            "wave": wave,
            "queued_in_s": round(queued_s, 2),
            "waiting_before": waiting,
            "waiting_after": left,
            "urgent": len(beside),
            "alone_ms": frame.spread(alone),
            "beside_the_wave_ms": frame.spread(beside),
            "wave_out_in_s": round(drained_s, 1),
            "wave_per_second": round(wave / drained_s) if drained_s else 0,
        }
        gates = _gates(seen, not_sent=wave - outcome[1], twice=outcome[3])
        return frame.answer("lanes", gates=gates, seen=seen, folder=made.folder, began=began)


def _gates(seen: frame.Answer, *, not_sent: int, twice: int) -> list[frame.Gate]:
    waves, urgent, before, after, ms = (
        seen[name]
        for name in ("wave", "urgent", "waiting_before", "waiting_after", "beside_the_wave_ms")
    )
    assert isinstance(waves, int)
    assert isinstance(ms, dict)
    return [
        frame.Gate(
            what="rank 0 left, p95 ms, behind the wave", value=ms["p95"], at_most=PROMISE_MS
        ),
        frame.Gate(what="rank 0 messages sent", value=_whole(urgent), at_least=URGENT),
        frame.Gate(
            what="rank 2 waiting at the first", value=_whole(before), at_least=MOST_OF * waves
        ),
        frame.Gate(what="rank 2 waiting at the last", value=_whole(after), at_least=1),
        frame.Gate(what="of the wave not sent", value=not_sent, at_most=0),
        frame.Gate(what="people called twice", value=twice, at_most=0),
    ]


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def _stand_in(folder: Path) -> None:
    """Let this process say verbs in that house."""
    os.environ["QIANJUN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qianjun.site.settings"
    import django

    django.setup(set_prefix=False)


def _call_out(people: list[int]) -> None:
    from qianjun.message.actions import send_many
    from qianjun.org.actor import system

    send_many(
        by=system(name="bench"),
        people=people,
        purpose="callout",
        matter="bench:wave",
        text="请到文昌社区服务站集合",
        rank=2,
    )


def _urgent(
    books: "psycopg.Connection[tuple[int, ...]]", person: int, turn: str
) -> Iterator[float]:
    """Milliseconds from the commit of each urgent message until the carrier has it."""
    from qianjun.message.actions import send
    from qianjun.org.actor import system

    for number in range(URGENT):
        message = send(
            by=system(name="bench"),
            person=person,
            purpose="confirm",
            matter=f"bench:{turn}:{number}",
            text="请立即回电",
            rank=0,
        )
        assert message is not None
        committed = time.perf_counter()
        while not books.execute(_LEFT, [message.key]).fetchone():
            if time.perf_counter() - committed > PATIENCE_S:
                raise SystemExit("an urgent message has not left")
            time.sleep(LOOK_S)
        yield (time.perf_counter() - committed) * 1000
        time.sleep(APART_S)


def _count(books: "psycopg.Connection[tuple[int, ...]]") -> int:
    row = books.execute(_WAITING).fetchone()
    return int(row[0]) if row else 0


def _drain(books: "psycopg.Connection[tuple[int, ...]]", made: House) -> float:
    """Seconds until the wave has left; each look tells how far it is."""
    began = time.perf_counter()
    while left := _count(books):
        frame.told(f"lanes: {left} waiting on port {made.port}")
        time.sleep(1)
    return time.perf_counter() - began


if __name__ == "__main__":
    frame.main(run)
