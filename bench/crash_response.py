"""Kill it while a response starts and a city is called: no half, no order lost. 启动与召集断电试验

In each round a leader's yes to a response and an officer's second key on a wave of 800 people leave
together, and up to 400 ms later a part of the house is killed as in ``crash``. Both keys are
pressed again, with their Idempotency-Key, until they are answered. The first round is left alone:
every other one must end exactly as that one did.
"""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from bench.crash import KINDS, kill, left_in
from bench.ground import frame
from bench.ground.caller import PATIENCE_S
from bench.ground.crowd import Books, crowd, one, proposed, stand_in
from bench.ground.house import House, house
from bench.ground.line import Line, asked, open_incident, request

KILLS = 40
WAVE = 800  # more than are queued at once, so that the pump spreads the rest
INTO_S = 0.4
PAUSE_S = (0.5, 3.0)
AGAIN_S = 0.05
SETTLE_S = 240.0
SEED = 20260601
# what a response has done to its incident, in numbers that are the same for every incident
_RESPONSE = """
SELECT (SELECT count(*) FROM incident_activation
    WHERE id = %(activation)s AND started_at IS NOT NULL),
  (SELECT count(*) FROM response_plantask WHERE activation_id = %(activation)s),
  (SELECT count(*) FROM response_plantask p JOIN incident_charge c ON c.task_id = p.task_id
    WHERE p.activation_id = %(activation)s),
  (SELECT count(*) FROM message_message
    WHERE incident = %(incident)s AND purpose = 'order' AND reminder = 0),
  (SELECT count(*) FROM force_callout WHERE incident_id = %(incident)s),
  (SELECT count(*) FROM journal_entry
    WHERE incident = %(incident)s AND name = 'incident.activation_started')
"""
_CALLED = """
SELECT (SELECT count(*) FROM force_called WHERE callout_id = %(callout)s AND sent_at IS NOT NULL),
  (SELECT count(*) FROM message_message WHERE matter = %(matter)s),
  (SELECT count(DISTINCT key) FROM message_carrierrow WHERE ref LIKE %(begins)s),
  (SELECT count(DISTINCT person_id) FROM org_link
    WHERE about_kind = 'callout' AND about_id = %(about)s),
  (SELECT count(*) FROM journal_entry WHERE name = 'force.wave_sent' AND about_id = %(about)s)
"""
_LOST = """
SELECT count(*) FROM message_message m WHERE m.purpose IN ('order', 'callout')
  AND m.address <> '' AND NOT EXISTS (SELECT 1 FROM message_carrierrow r WHERE r.key = m.key)
"""
_COPIES = """
SELECT coalesce(max(n), 0) FROM
  (SELECT count(*) AS n FROM message_carrierrow WHERE NOT resend GROUP BY key) AS f
"""
_MARKED = "SELECT count(*) FROM message_carrierrow WHERE resend"
_MESSAGES = "SELECT count(*) FROM message_message WHERE purpose IN ('order', 'callout')"


@dataclass(frozen=True, kw_only=True)
class Round:
    """One response and one wave, each before its second key. 一轮"""

    incident: int
    activation: str
    callout: int

    def values(self) -> dict[str, object]:
        """What the questions ask about."""
        about = str(self.callout)
        return {
            "incident": self.incident,
            "activation": int(self.activation),
            "callout": self.callout,
            "about": about,
            "matter": f"callout:{about}:1",
            "begins": f"callout:callout:{about}:1:%",
        }


def run(args: list[str]) -> frame.Answer:
    """One round without a kill, then so many with one; settle; compare."""
    began = time.monotonic()
    count = int(args[0]) if args else KILLS
    with house("crash-response") as made:
        desk, leader = made.token("duty_officer"), made.token("leader_in_charge")
        stand_in(made.folder)
        rounds, killed = list[Round](), list[str]()
        for row, kind in _rounds(made, desk, leader, count=count):
            rounds.append(row)
            killed += [kind] if kind else []
        settled_s = _settle(made)
        with psycopg.connect(made.address(), autocommit=True) as books:
            found = _compared(books, rounds)
        verdict = made.command("audit", "verify", "--json")
        seen: frame.Answer = {
            **found,
            "rounds": len(rounds),
            "kills": dict(Counter(killed)),
            "settled_s": round(settled_s, 1),
        }
        gates = _gates(found, verdict.returncode)
        return frame.answer(
            "crash_response", gates=gates, seen=seen, folder=made.folder, began=began
        )


def _rounds(made: House, desk: str, leader: str, *, count: int) -> Iterator[tuple[Round, str]]:
    dice = random.Random(SEED)
    kinds = dice.choices(list(KINDS), list(KINDS.values()), k=count)
    people = list[int]()
    for number, kind in enumerate(["", *kinds]):
        with psycopg.connect(made.address(), autocommit=True) as books:
            people = people or crowd(books, WAVE)
            row = _prepared(made, books, desk, people, number=number)
        into_s = dice.uniform(0, INTO_S)
        yield row, asyncio.run(_pressed(made, row, (desk, leader), kind=kind, into_s=into_s))
        frame.told(f"crash_response: {number}/{count} {kind}")
        time.sleep(dice.uniform(*PAUSE_S))


def _prepared(made: House, books: Books, desk: str, people: list[int], *, number: int) -> Round:
    """An incident, a response that waits for the leader, a wave that waits for the officer."""
    made.wait_until_well(at_most_s=SETTLE_S)
    incident = open_incident(made.port, desk, number=number)
    words = request(
        "POST",
        f"/api/v1/incidents/{incident}/activation",
        token=desk,
        body={"plan": "fire", "level": 4, "why": "演练"},
    )
    told = asyncio.run(asked(made.port, words, good=201))
    now = datetime.fromisoformat(str(made.health()["now"]))
    wave = proposed(books, people, incident=incident, now=now)
    return Round(incident=incident, activation=str(told["id"]), callout=wave.callout)


async def _pressed(
    made: House, row: Round, tokens: tuple[str, str], *, kind: str, into_s: float
) -> str:
    """Both second keys at once, death in the middle, again until both are answered."""
    desk, leader = tokens
    keys = (
        _key(f"/api/v1/activations/{row.activation}/decision", leader, {"approve": True}),
        _key(f"/api/v1/callouts/{row.callout}/confirm", desk, {"wave": 1, "version": 1}),
    )
    pressing = [asyncio.create_task(_until_answered(made.port, words)) for words in keys]
    killed = ""
    if kind:
        await asyncio.sleep(into_s)
        killed = await asyncio.to_thread(kill, made, kind)
        if made.running is None or made.running.poll() is not None:
            made.start()
    await asyncio.gather(*pressing)
    return killed


def _key(path: str, token: str, body: dict[str, object]) -> bytes:
    return request("POST", path, token=token, body=body, key=uuid.uuid4().hex)


async def _until_answered(port: int, words: bytes) -> None:
    line = Line(port)
    while True:
        try:
            reply = await asyncio.wait_for(line.ask(words), PATIENCE_S)
        except (OSError, TimeoutError):
            await asyncio.sleep(AGAIN_S)
            continue
        if reply.status == 200:
            await line.close()
            return
        if reply.status < 500 and reply.status not in (409, 429):
            raise SystemExit(f"refused with {reply.status}: {reply.body.decode()}")
        await asyncio.sleep(AGAIN_S)


def _settle(made: House) -> float:
    """Wait until nothing is waiting any more."""
    began = time.monotonic()
    made.wait_until_well(at_most_s=SETTLE_S)
    with psycopg.connect(made.address(), autocommit=True) as reader:
        while (left := left_in(reader)) and time.monotonic() - began < SETTLE_S:
            time.sleep(0.2)
        if left:
            frame.told(f"crash_response: still waiting after {SETTLE_S} s: {left}")
    return time.monotonic() - began


def _compared(books: Books, rounds: list[Round]) -> dict[str, Any]:
    """Every round against the one that was left alone."""
    responses = [_numbers(books, _RESPONSE, row) for row in rounds]
    waves = [_numbers(books, _CALLED, row) for row in rounds]
    whole = (WAVE, WAVE, WAVE, WAVE, 1)
    return {
        "responses_half_done": sum(one_ != responses[0] for one_ in responses),
        "waves_half_done": sum(one_ != whole for one_ in waves),
        "orders_lost": one(books, _LOST),
        "unmarked_copies_most": one(books, _COPIES),
        "marked_copies": one(books, _MARKED),
        "messages": one(books, _MESSAGES),
        "a_response": dict(
            zip(
                ("started", "tasks", "charges", "orders", "callouts", "entries"),
                responses[0],
                strict=True,
            )
        ),
        "others": [list(one_) for one_ in {*responses, *waves} - {responses[0], whole}],
    }


def _numbers(books: Books, question: str, row: Round) -> tuple[int, ...]:
    found = books.execute(question.encode(), row.values()).fetchone()
    assert found is not None
    return tuple(map(int, found))


def _gates(found: dict[str, Any], verify_exit: int) -> list[frame.Gate]:
    response = found["a_response"]
    limits = {
        "responses_half_done": "responses half done, or done twice",
        "waves_half_done": "waves half done, or done twice",
        "orders_lost": "orders and invitations that never left",
    }
    gates = [frame.Gate(what=what, value=found[name], at_most=0) for name, what in limits.items()]
    most = found["unmarked_copies_most"]
    return [
        *gates,
        frame.Gate(what="unmarked copies per message key", value=most, at_most=1),
        frame.Gate(what="tasks of a response", value=response["tasks"], at_least=1),
        frame.Gate(what="orders of a response", value=response["orders"], at_least=1),
        frame.Gate(what="entries of its start", value=response["entries"], at_least=1),
        frame.Gate(what="exit of audit verify", value=verify_exit, at_most=0),
    ]


if __name__ == "__main__":
    frame.main(run)
