"""Taking reports in: how many a second, beside a view that stores one row. 接报速度

The real server, 500 different places, keep-alive clients with a key for each report. Reports and
bare rows are sent in turns, and the gate is the ratio of their medians in this one run.
"""

import asyncio
import os
import statistics
import time
import uuid
from pathlib import Path

import psycopg

from bench.ground import frame
from bench.ground.house import House, house
from bench.ground.line import Load, load, request
from bench.ground.places import spots

REPORTS, ROWS = "/api/v1/reports", "/api/v1/bench/row"
TURNS = 3
WARM = 10
RATIO_CLIENTS = 8
RATIO = 0.40
STATEMENTS = 16
COMMITS = 1
OURS = ("BEGIN", "COMMIT")
TABLE = "CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, text text NOT NULL)"


def run(args: list[str]) -> frame.Answer:
    """Warm up, count, take turns, vary the clients, then without the wait for the disk."""
    began = time.monotonic()
    turns = int(args[0]) if args else TURNS
    with house("intake") as made:
        token = made.token("duty_officer")
        with psycopg.connect(made.address(), autocommit=True) as writer:
            writer.execute(TABLE)
        sent = Sent(made, token)
        sent.go(REPORTS, RATIO_CLIENTS, count=64)
        counted = statements(made.folder, token)
        pairs = [
            (sent.go(ROWS, RATIO_CLIENTS), sent.go(REPORTS, RATIO_CLIENTS)) for _ in range(turns)
        ]
        seen: frame.Answer = {
            "reports": {n: _figures(sent.go(REPORTS, n, count=c)) for n, c in _CLIENTS.items()},
            "rows": {n: _figures(sent.go(ROWS, n, count=c)) for n, c in _CLIENTS.items()},
            "turns_per_second": [
                [round(row.per_second), round(report.per_second)] for row, report in pairs
            ],
            "statements": counted,
            "without_waiting_for_the_disk": _without_waiting(made, sent),
            "asked_for": {"per_second": 200, "p95_ms": 60, "clients": RATIO_CLIENTS},
            "refused": len(sent.bad),
        }
        gates = _gates(pairs, counted, sent)
        return frame.answer("intake", gates=gates, seen=seen, folder=made.folder, began=began)


_CLIENTS = {1: 200, 8: 500, 32: 500}


class Sent:
    """Reports and rows on their way, a new round of trouble at each place every time."""

    def __init__(self, made: House, token: str) -> None:
        self.made, self.token, self.round = made, token, 0
        self.bad: list[str] = []

    def go(self, path: str, clients: int, count: int | None = None) -> Load:
        """Send one round through so many clients."""
        chosen = spots()[:count]
        requests = [
            request("POST", path, token=self.token, body=s.report(self.round), key=uuid.uuid4().hex)
            for s in chosen
        ]
        self.round += path == REPORTS
        seen = asyncio.run(load(self.made.port, clients=clients, requests=requests))
        self.bad += [f"{reply.status} {reply.body[:200]!r}" for reply in seen.bad]
        frame.told(f"intake: {path} {clients} clients {seen.per_second:.0f}/s")
        return seen


def _figures(seen: Load) -> frame.Answer:
    return {"per_second": round(seen.per_second), "ms": frame.spread(seen.ms)}


def _without_waiting(made: House, sent: Sent) -> frame.Answer:
    """The same with commits that do not wait for the disk: how much of the time is the disk's."""
    try:
        _set(made, "ALTER SYSTEM SET synchronous_commit = off")
        return _figures(sent.go(REPORTS, RATIO_CLIENTS))
    finally:
        _set(made, "ALTER SYSTEM RESET synchronous_commit")


def _set(made: House, statement: bytes | str) -> None:
    with psycopg.connect(made.address(), autocommit=True) as writer:
        writer.execute(statement.encode() if isinstance(statement, str) else statement)
        writer.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


def statements(folder: Path, token: str) -> frame.Answer:
    """Statements and commits of each report, counted in this process on the same database."""
    os.environ["QIANJUN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qianjun.site.settings"
    import django
    from django.test import Client

    django.setup(set_prefix=False)
    client = Client(headers={"authorization": f"Bearer {token}"})
    for spot in spots()[:WARM]:  # a process reads its gazetteer once
        _counted(client, spot.report(round_=2))
    counts = [_counted(client, spot.report(round_=3)) for spot in spots()]
    numbers = [own for own, _ in counts]
    return {
        "most": max(numbers),
        "median": statistics.median(numbers),
        "least": min(numbers),
        "commits_most": max(commits for _, commits in counts),
        "commits_least": min(commits for _, commits in counts),
        "places": len(counts),
    }


def _counted(client: object, told: frame.Answer) -> tuple[int, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    assert isinstance(client, Client)
    with CaptureQueriesContext(connection) as captured:
        reply = client.post(
            REPORTS,
            told,
            content_type="application/json",
            headers={"idempotency-key": uuid.uuid4().hex},
        )
    assert reply.status_code == 201, reply.content.decode()
    said = [query["sql"] or "" for query in captured.captured_queries]
    return sum(not sql.startswith(OURS) for sql in said), sum(sql == "COMMIT" for sql in said)


def _gates(pairs: list[tuple[Load, Load]], counted: frame.Answer, sent: Sent) -> list[frame.Gate]:
    rows = statistics.median(row.per_second for row, _ in pairs)
    reports = statistics.median(report.per_second for _, report in pairs)
    most, commits = counted["most"], counted["commits_most"]
    assert isinstance(most, int)
    assert isinstance(commits, int)
    ratio = round(reports / rows, 3)
    return [
        frame.Gate(what="reports / bare rows, 8 clients", value=ratio, at_least=RATIO),
        frame.Gate(what="statements of a report, most", value=most, at_most=STATEMENTS),
        frame.Gate(what="commits of a report, most", value=commits, at_most=COMMITS),
        frame.Gate(what="requests refused", value=len(sent.bad), at_most=0),
    ]


if __name__ == "__main__":
    frame.main(run)
