"""A call-out to the whole city: from the second key to everybody queued. 召集入队

A wave of 68,945 volunteers is confirmed by the product's own verb, in this process on the house's
database, and the time until its commit is taken. In turns with it the rows that this asks for, a
link and a message for each person, are written by Django's ``bulk_create`` in one transaction; and
once, for a thousand people, with one commit each. What the verb does beyond those rows (locks, who
is busy, the counts of each volunteer, the journal) is in its time and not in theirs. Of the rows
themselves the verb writes the first 500 and leaves the others to the pump (ADR 10), which must have
put everybody into the outbox afterwards, each once.
"""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from bench.ground import frame
from bench.ground.crowd import CITY, Books, Proposed, crowd, one, proposed, stand_in
from bench.ground.house import House, house
from bench.ground.line import open_incident

TURNS = 3
ONE_EACH = 1_000
OVER_ONE_EACH, OVER_BULK = 30, 5
ASKED_S = 1.0
SPREAD_S = 900.0
_CALLED = "SELECT count(*) FROM force_called WHERE callout_id = %(callout)s AND sent_at IS NOT NULL"
_COUNTED = "SELECT count(*) FROM force_volunteer WHERE busy_until IS NOT NULL AND asked > 0"
_MESSAGES = "SELECT count(DISTINCT person_id) FROM message_message WHERE matter = %(matter)s"
_COPIES = "SELECT count(*) FROM message_message WHERE matter = %(matter)s"
_LINKS = """
SELECT count(DISTINCT person_id) FROM org_link
WHERE about_kind = 'callout' AND about_id = %(about)s
"""
_SAID = """
SELECT count(*) FROM journal_entry WHERE name = 'force.wave_sent' AND about_id = %(about)s
"""
_OPEN = "SELECT count(*) FROM message_mailing WHERE spread_at IS NULL"
_BACK = (
    "DELETE FROM message_mailing WHERE spread_at IS NULL",
    "DELETE FROM message_message WHERE sent_at IS NULL AND failed_at IS NULL AND rank = 2",
)


def run(args: list[str]) -> frame.Answer:
    """One commit each, then bulk and ours in turns, then see the last wave spread."""
    began = time.monotonic()
    count = int(args[0]) if args else CITY
    turns = int(args[1]) if len(args) > 1 else TURNS
    with (
        house("callout-enqueue") as made,
        psycopg.connect(made.address(), autocommit=True) as books,
    ):
        incident = open_incident(made.port, made.token("duty_officer"))
        stand_in(made.folder)
        people = crowd(books, count)
        each_s = _one_each(people[:ONE_EACH], "each") / min(ONE_EACH, count) * count
        bulk, ours = [], []
        for turn in range(turns):
            bulk.append(_bulk(people, f"bulk{turn}"))
            wave = _proposed(books, people, incident=incident)
            ours.append(_confirmed(wave))
            frame.told(f"callout_enqueue: bulk {bulk[-1]:.2f} s, ours {ours[-1]:.2f} s")
            if turn + 1 < turns:
                _take_back(books)
        spread_s = _spread(books, made)
        seen: frame.Answer = {
            "people": count,
            "queued_in_s": round(statistics.median(ours), 2),
            "queued_in_s_turns": [round(s, 2) for s in ours],
            "bulk_create_s_turns": [round(s, 2) for s in bulk],
            "one_commit_each_s": round(each_s, 1),
            "spread_in_s": round(spread_s, 1),
            "asked_for": {"queued_in_s": ASKED_S},
        }
        gates = [*_ratios(ours, bulk, each_s=each_s), *_whole(books, wave)]
        return frame.answer(
            "callout_enqueue", gates=gates, seen=seen, folder=made.folder, began=began
        )


def _ratios(ours: list[float], bulk: list[float], *, each_s: float) -> list[frame.Gate]:
    mine = statistics.median(ours)
    each, whole = round(each_s / mine, 1), round(statistics.median(bulk) / mine, 1)
    return [
        frame.Gate(what="times faster than one commit each", value=each, at_least=OVER_ONE_EACH),
        frame.Gate(what="times faster than bulk_create", value=whole, at_least=OVER_BULK),
    ]


def _whole(books: Books, wave: Proposed) -> Iterator[frame.Gate]:
    """Nothing was lost for speed: everybody is called, counted, linked and queued, once."""
    about = str(wave.callout)
    values: dict[str, object] = {
        "callout": wave.callout,
        "about": about,
        "matter": f"callout:{about}:1",
    }
    for what, question, wanted in (
        ("people called", _CALLED, wave.people),
        ("people counted as asked and busy", _COUNTED, wave.people),
        ("people with a message", _MESSAGES, wave.people),
        ("people with a link", _LINKS, wave.people),
        ("entries of the wave", _SAID, 1),
    ):
        yield frame.Gate(what=what, value=one(books, question, values), at_least=wanted)
    copies = one(books, _COPIES, values)
    yield frame.Gate(what="messages", value=copies, at_most=wave.people)


def _proposed(books: Books, people: list[int], *, incident: int) -> Proposed:
    from qianjun.kernel import clock

    wave = proposed(books, people, incident=incident, now=clock.now())
    books.execute("VACUUM (ANALYZE) force_volunteer")
    books.execute("ANALYZE force_called")
    return wave


def _confirmed(wave: Proposed) -> float:
    """Seconds of the second key."""
    from qianjun.force.actions import confirm_wave
    from qianjun.org.actor import system

    began = time.perf_counter()
    confirm_wave(by=system(name="bench"), callout_id=wave.callout, rank=1)
    return time.perf_counter() - began


# --- the plain ways -------------------------------------------------------------------------------


def _rows(person: int, matter: str) -> tuple[Any, Any]:
    """A link and a message as the product writes them, the message already out of the outbox."""
    from qianjun.kernel import clock
    from qianjun.kernel.ids import short_id
    from qianjun.message import rules
    from qianjun.message.models import Message
    from qianjun.org.links import link_path
    from qianjun.org.models import Link

    at = clock.now()
    link = Link(
        ident=short_id(),
        purpose="v",
        about_kind="bench",
        about_id=matter,
        person_id=person,
        made_at=at,
    )
    key = rules.key_of(purpose="callout", matter=matter, person=person, channel="sms")
    message = Message(
        key=key,
        purpose="callout",
        matter=matter,
        person_id=person,
        channel="sms",
        address=f"100{20_000_000 + person:08d}",
        text="【演练】请到文昌社区服务站集合，登记、搬床。能到请点链接或回复 1，不能回复 2。",
        rank=2,
        incident=0,
        links=[link_path(link)],
        expects_answer=True,
        queued_at=at,
        sent_at=at,
    )
    return link, message


def _bulk(people: list[int], matter: str) -> float:
    """Seconds of both lists in one transaction."""
    from django.db import transaction

    from qianjun.message.models import Message
    from qianjun.org.models import Link

    began = time.perf_counter()
    with transaction.atomic():
        rows = [_rows(person, matter) for person in people]
        Link.objects.bulk_create(link for link, _message in rows)
        Message.objects.bulk_create(message for _link, message in rows)
    return time.perf_counter() - began


def _one_each(people: list[int], matter: str) -> float:
    """Seconds with a commit for each person."""
    from django.db import transaction

    began = time.perf_counter()
    for person in people:
        with transaction.atomic():
            for row in _rows(person, matter):
                row.save(force_insert=True)
    return time.perf_counter() - began


# --- between and after ----------------------------------------------------------------------------


def _take_back(books: Books) -> None:
    """Nothing of this turn waits any more, so that the next one finds the house at rest."""
    for question in _BACK:
        books.execute(question.encode())
    while one(books, _COPIES.replace("matter = %(matter)s", "lease_until IS NOT NULL")):
        time.sleep(0.2)


def _spread(books: Books, made: House) -> float:
    """Seconds until nobody waits to be put into the outbox."""
    began = time.perf_counter()
    while one(books, _OPEN):
        if time.perf_counter() - began > SPREAD_S:
            raise SystemExit(f"the wave was not spread by the house on port {made.port}")
        time.sleep(0.2)
    return time.perf_counter() - began


if __name__ == "__main__":
    frame.main(run)
