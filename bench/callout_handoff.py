"""A call-out leaves the house: from the second key to the first, the thousandth, the last. 召集送出

The gateway's double is the simulated carrier with its books: what stands there has left the house.
Officers press the second key over HTTP, time after time, on waves of 500 people; then once on a
wave to the whole city. The books are looked at from the moment the request leaves.
"""

import asyncio
import threading
import time
import uuid
from dataclasses import dataclass

import psycopg

from bench.ground import frame
from bench.ground.crowd import CITY, Books, Proposed, crowd, one, proposed, stand_in
from bench.ground.house import House, house
from bench.ground.line import Line, open_incident, request

KEYS, WAVE = 20, 500
FEW = 1_000
FIRST_MS, FEW_S, ALL_S = 1_000, 10, 600
PATIENCE_S = 1_200.0
LOOK_S, LOOK_OFTEN_S = 0.5, 0.004
# our name for each copy begins with the call-out; an index finds these with bound values too
_OF_IT = "ref ~>=~ %(begins)s AND ref ~<~ %(ends)s"
_LEFT = f"""
SELECT count(*) FROM (SELECT 1 FROM message_carrierrow WHERE {_OF_IT} LIMIT %(most)s) AS f
"""
_KEYS = f"SELECT count(DISTINCT key) FROM message_carrierrow WHERE {_OF_IT}"
_TWICE = f"""
SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM message_carrierrow
WHERE {_OF_IT} AND NOT resend GROUP BY key) AS f
"""


@dataclass(kw_only=True)
class Seen:
    """Seconds from a key until so many had left. 送出用时"""

    first_s: float = 0.0
    few_s: float = 0.0
    all_s: float = 0.0
    key_s: float = 0.0


def run(args: list[str]) -> frame.Answer:
    """Twenty keys on small waves, one on the city."""
    began = time.monotonic()
    count = int(args[0]) if args else CITY
    with house("handoff") as made, psycopg.connect(made.address(), autocommit=True) as books:
        token = made.token("duty_officer")
        incident = open_incident(made.port, token)
        stand_in(made.folder)
        people = crowd(books, count)
        small = list[Seen]()
        for turn in range(KEYS):
            few = people[turn * WAVE % count :][:WAVE]
            small.append(_pressed(made, token, books, _wave(books, few, incident=incident)))
            frame.told(f"callout_handoff: key {turn + 1} first {small[-1].first_s:.2f} s")
        wave = _wave(books, people, incident=incident)
        city = _pressed(made, token, books, wave)
        words = _words(wave)
        firsts = [one_.first_s * 1000 for one_ in (*small, city)]
        seen: frame.Answer = {
            "people": count,
            "first_ms": frame.spread(firsts),
            "key_answered_ms": frame.spread([one_.key_s * 1000 for one_ in small]),
            "wave_of_500_out_ms": frame.spread([one_.all_s * 1000 for one_ in small]),
            "city_first_s": round(city.first_s, 2),
            "city_first_1000_s": round(city.few_s, 2),
            "city_all_s": round(city.all_s, 1),
            "city_per_second": round(count / city.all_s),
            "double": "the simulated carrier",
        }
        left, twice = one(books, _KEYS, words), one(books, _TWICE, words)
        return frame.answer(
            "callout_handoff",
            gates=_gates(firsts, city, lost=wave.people - left, twice=twice),
            seen=seen,
            folder=made.folder,
            began=began,
        )


def _gates(firsts: list[float], city: Seen, *, lost: int, twice: int) -> list[frame.Gate]:
    p95 = round(frame.quantile(firsts, 0.95))
    few, last = round(city.few_s, 2), round(city.all_s, 1)
    return [
        frame.Gate(what="first message left, p95 ms after the key", value=p95, at_most=FIRST_MS),
        frame.Gate(what="first 1,000 of the city left, s", value=few, at_most=FEW_S),
        frame.Gate(what="the whole city left, s", value=last, at_most=ALL_S),
        frame.Gate(what="of the city not sent", value=lost, at_most=0),
        frame.Gate(what="unmarked copies per message key", value=twice, at_most=1),
    ]


def _wave(books: Books, people: list[int], *, incident: int) -> Proposed:
    from qianjun.kernel import clock

    wave = proposed(books, people, incident=incident, now=clock.now())
    books.execute("ANALYZE force_called")
    return wave


def _words(wave: Proposed) -> dict[str, object]:
    name = f"callout:callout:{wave.callout}:1"
    return {"begins": f"{name}:", "ends": f"{name};", "most": wave.people}


def _pressed(made: House, token: str, books: Books, wave: Proposed) -> Seen:
    """Press the second key, and watch the books until everybody is in them."""
    seen, began = Seen(), time.perf_counter()
    officer = threading.Thread(target=_press, args=(made.port, token, wave, seen), daemon=True)
    officer.start()
    words = _words(wave)
    for most, name, pause in (
        (1, "first_s", LOOK_OFTEN_S),
        (min(FEW, wave.people), "few_s", LOOK_OFTEN_S),
        (wave.people, "all_s", LOOK_S if wave.people > FEW else LOOK_OFTEN_S),
    ):
        while one(books, _LEFT, words | {"most": most}) < most:
            if time.perf_counter() - began > PATIENCE_S:
                raise SystemExit(f"{most} messages have not left in {PATIENCE_S} s")
            time.sleep(pause)
        setattr(seen, name, time.perf_counter() - began)
    officer.join(PATIENCE_S)
    return seen


def _press(port: int, token: str, wave: Proposed, seen: Seen) -> None:
    words = request(
        "POST",
        f"/api/v1/callouts/{wave.callout}/confirm",
        token=token,
        body={"wave": 1, "version": 1},
        key=uuid.uuid4().hex,
    )
    began = time.perf_counter()
    reply = asyncio.run(Line(port).ask(words))
    seen.key_s = time.perf_counter() - began
    if reply.status != 200:
        frame.told(f"callout_handoff: answered {reply.status} {reply.body[:300]!r}")


if __name__ == "__main__":
    frame.main(run)
