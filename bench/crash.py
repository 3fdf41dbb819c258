"""Kill it in the middle of the work, again and again: nothing acknowledged is lost. 断电试验

N kills at random moments, 0 to 800 ms into a burst of reports: worker, web, the whole group, and
once the postmaster. A kill does not wait for the recovery from the one before. A client writes each
report's id to a synced file after its 201; when all is over the file is compared with the house.
"""

import asyncio
import contextlib
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psutil
import psycopg

from bench.ground import frame
from bench.ground.house import ROOT, House, house
from bench.ground.line import Line, load, request

KILLS = 200
BURST = 40
INTO_S = 0.8
PAUSE_S = (0.5, 5.0)
SETTLE_S = 90.0
KINDS = {"worker": 5, "web": 3, "web_parent": 2, "group": 2}
PROBE = 4  # reports told right after a kill, so that its first answer can be timed
SEED = 20260601


@dataclass(frozen=True, kw_only=True)
class Kill:
    """One death: of what, and when on the real clock."""

    kind: str
    at: float


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A line that the client wrote after its 201."""

    key: str
    ident: str
    sent: float
    at: float


def run(args: list[str]) -> frame.Answer:
    """Kill so many times, settle once, compare."""
    began = time.monotonic()
    count = int(args[0]) if args else KILLS
    with house("crash") as made:
        token = made.token("duty_officer")
        file, old = made.folder / "answered", _incidents(made)
        with calling(made, token, file) as caller:
            kills = [*_kills(made, caller, count)]
            frame.told(f"crash: {count} kills in {time.monotonic() - began:.0f} s, settling")
            settled_s = _settle(made, caller)
        answered = read(file)
        found = asyncio.run(_compared(made, token, answered, old=old))
        verdict = made.command("audit", "verify", "--json")
        return frame.answer(
            "crash",
            gates=_gates(found, verdict.returncode),
            seen=found | _seen(kills, answered) | {"settled_s": round(settled_s, 1)},
            folder=made.folder,
            began=began,
        )


@contextlib.contextmanager
def calling(made: House, token: str, file: Path) -> Iterator["subprocess.Popen[str]"]:
    """The client beside the house."""
    words = [sys.executable, "-m", "bench.ground.caller", str(made.port), token, str(file)]
    caller = subprocess.Popen(words, stdin=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield caller
    finally:
        caller.kill()
        caller.wait()


def _kills(made: House, caller: "subprocess.Popen[str]", count: int) -> Iterator[Kill]:
    dice = random.Random(SEED)
    plan = dice.choices(list(KINDS), list(KINDS.values()), k=count)
    plan[dice.randrange(count // 2, count)] = "postmaster"
    for number, kind in enumerate(plan, 1):
        _ask_for(caller, BURST)
        time.sleep(dice.uniform(0, INTO_S))
        yield Kill(kind=kill(made, kind), at=time.time())
        _ask_for(caller, PROBE)
        if made.running is None or made.running.poll() is not None:
            made.start()
        frame.told(f"crash: {number}/{count} {kind}")
        time.sleep(dice.uniform(*PAUSE_S))


def _ask_for(caller: "subprocess.Popen[str]", reports: int) -> None:
    assert caller.stdin is not None
    caller.stdin.write(f"{reports}\n")
    caller.stdin.flush()


def kill(made: House, kind: str) -> str:
    """Kill -9 one part, or everything when that part is not there; say what was killed."""
    parts = made.parts()
    # the first process of the database is the postmaster, that of the web its supervisor
    first_only = kind in ("postmaster", "web_parent")
    part = parts.get({"postmaster": "database", "web_parent": "web"}.get(kind, kind), [])
    if part:
        _kill_nine(part[:1] if first_only else part)
        return kind
    assert made.running is not None
    _kill_nine([one for name, part in parts.items() if name != "database" for one in part])
    made.running.wait()
    return "group"


def _kill_nine(those: list[psutil.Process]) -> None:
    for one in those:
        with contextlib.suppress(psutil.Error):
            one.kill()


def _settle(made: House, caller: "subprocess.Popen[str]") -> float:
    """Wait until everything asked for is answered and nothing is waiting any more."""
    began = time.monotonic()
    assert caller.stdin is not None
    caller.stdin.close()
    if caller.wait(SETTLE_S):
        raise SystemExit("the client was refused")
    made.wait_until_well(at_most_s=SETTLE_S)
    with psycopg.connect(made.address(), autocommit=True) as reader:
        while (left := left_in(reader)) and time.monotonic() - began < SETTLE_S:
            time.sleep(0.2)
        if left:
            frame.told(f"crash: still waiting after {SETTLE_S} s: {left}")
    return time.monotonic() - began


def left_in(reader: psycopg.Connection[Any]) -> dict[str, int]:
    """What is still waiting, by kind; nothing when the house has settled."""
    questions: dict[str, LiteralString] = {
        "jobs": "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')",
        "unsealed": "SELECT count(*) FROM journal_entry e LEFT JOIN journal_seal s"
        " ON s.entry_id = e.id WHERE s.id IS NULL",
        "messages": "SELECT count(*) FROM message_message"
        " WHERE sent_at IS NULL AND failed_at IS NULL",
        "mailings": "SELECT count(*) FROM message_mailing WHERE spread_at IS NULL",
    }
    counted = {kind: count_of(reader, question) for kind, question in questions.items()}
    return {kind: number for kind, number in counted.items() if number}


def count_of(reader: psycopg.Connection[Any], question: LiteralString) -> int:
    """The whole number that a question answers."""
    row = reader.execute(question).fetchone()
    assert row is not None
    return int(row[0])


def read(file: Path) -> list[Answered]:
    """What the client wrote down."""
    lines = (line.split() for line in file.read_text(encoding="ascii").splitlines())
    return [Answered(key=k, ident=i, sent=float(s), at=float(a)) for k, i, s, a in lines]


def _incidents(made: House) -> set[str]:
    """The ids of all incidents; those of the demo's past were never called about."""
    with psycopg.connect(made.address()) as reader:
        return {str(row[0]) for row in reader.execute("SELECT id FROM incident_incident")}


async def _compared(
    made: House, token: str, answered: list[Answered], *, old: set[str]
) -> frame.Answer:
    """The client's file against the house, asked through the same interface."""
    asked = [request("GET", f"/api/v1/reports/{a.ident}", token=token) for a in answered]
    seen = await load(made.port, clients=8, requests=asked, good=200)
    messages = await _messages(made.port, token)
    copies = Counter(str(m["key"]) for m in messages if not m["resend"])
    called = {str(m["incident"]) for m in messages if m["purpose"] == "report"}
    opened = _incidents(made) - old
    with psycopg.connect(made.address()) as reader:
        stored = count_of(reader, "SELECT count(*) FROM incident_report")
        cards = count_of(reader, "SELECT count(*) FROM journal_card WHERE settled_at IS NULL")
    return {
        "acknowledged": len(answered),
        "lost": len(seen.bad),
        "answered_twice": len(answered) - len({a.ident for a in answered}),
        "reports": stored,
        "incidents": len(opened),
        "not_called": len(opened - called),
        "messages": len(messages),
        "unmarked_copies_most": max(copies.values(), default=0),
        "marked_copies": sum(1 for m in messages if m["resend"]),
        "cards": cards,
    }


async def _messages(port: int, token: str) -> list[dict[str, object]]:
    """Everything that phones received."""
    line, found, after = Line(port), list[dict[str, object]](), ""
    while True:
        path = f"/api/v1/simulator/messages?limit=200{after}"
        page = (await line.ask(request("GET", path, token=token))).read()
        items = page["items"]
        assert isinstance(items, list)
        found += items
        if not page["next"]:
            await line.close()
            return found
        after = f"&after={page['next']}"


def first_answers_s(kills: list[Kill], answered: list[Answered]) -> dict[str, list[float]]:
    """Seconds from each kill to the first 201 of a request sent after it, by kind of kill."""
    by_sent = sorted(answered, key=lambda a: a.sent)
    found: dict[str, list[float]] = {}
    for one in kills:
        later = [a.at for a in by_sent if a.sent >= one.at]
        if later:
            found.setdefault(one.kind, []).append(min(later) - one.at)
    return found


def _seen(kills: list[Kill], answered: list[Answered]) -> frame.Answer:
    waited = first_answers_s(kills, answered)
    return {
        "kills": dict(Counter(one.kind for one in kills)),
        "first_answer_s": {kind: frame.spread(values) for kind, values in waited.items()},
    }


def _gates(found: frame.Answer, verify_exit: int) -> list[frame.Gate]:
    limits = {
        "lost": "acknowledged reports that are lost",
        "answered_twice": "reports acknowledged under two keys",
        "not_called": "incidents of which the leader was not called",
    }
    gates = [frame.Gate(what=w, value=_number(found[k]), at_most=0) for k, w in limits.items()]
    most = _number(found["unmarked_copies_most"])
    gates.append(frame.Gate(what="unmarked copies per message key", value=most, at_most=1))
    acknowledged = _number(found["acknowledged"])
    gates.append(frame.Gate(what="reports acknowledged", value=acknowledged, at_least=1))
    gates.append(frame.Gate(what="exit of audit verify", value=verify_exit, at_most=0))
    return gates


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


if __name__ == "__main__":
    frame.main(run)
