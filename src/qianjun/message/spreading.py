"""What goes to a whole city: one row says to whom, the outbox is filled part by part. 铺开

The row commits with the change that calls the people, so nobody is forgotten; each part commits
with how far it is, so nobody is queued twice; a message's key stands above both. A mailing whose
part fails waits, each time longer, and lets the others pass; after the last attempt it is put aside
and a card waits for a person.
"""

import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import repeat
from typing import Any, Final, cast

from django.db import connection, transaction
from django.db.models import QuerySet

from qianjun.journal.jobs import CAUSE_CHARACTERS, cause_of, make_card
from qianjun.journal.rules import ATTEMPTS, back_off_s
from qianjun.journal.statement import array_of
from qianjun.kernel import clock
from qianjun.message import rules
from qianjun.message.models import OPEN_MAILING, Mailing
from qianjun.message.receipts import say_unreached
from qianjun.org.links import Purpose, make_links

FIRST: Final = 500  # so many are queued together with the change: what one turn of the pump takes
PART: Final = 2_000
MAILING: Final = "mailing:"  # what its card is called by, and its number
logger = logging.getLogger("qianjun.message")


@dataclass(frozen=True, kw_only=True)
class LinkFor:
    """That everybody gets a link of his own: for which purpose, about what. 各自的链接"""

    purpose: Purpose
    about: tuple[str, str]


INTO: Final = """
INSERT INTO message_message (key, person_id, channel, address, failed_at, failure, purpose, matter,
  text, rank, incident, links, expects_answer, reminder, copies, queued_at, attempts, provider_id)
"""
# the database finds the addresses and puts the keys together: no row goes to Python and back;
# sorted by person: two waves over the same people wait for each other and never in a ring
_INSERT: Final = f"""
WITH asked AS MATERIALIZED (
  SELECT r.person, r.link FROM unnest(%(people)s::bigint[], %(own)s::text[]) AS r(person, link)
  JOIN org_person p ON p.id = r.person
), known AS (
  SELECT DISTINCT ON (a.person_id) a.person_id, a.channel, a.value
  FROM org_address a JOIN asked ON asked.person = a.person_id
  WHERE a.consent_at IS NOT NULL AND (%(channel)s::text = '' OR a.channel = %(channel)s::text)
  ORDER BY a.person_id, a.rank, a.id
), added AS (
  {INTO}
  SELECT concat(%(head)s::text, r.person, ':', way.channel, %(tail)s::text),
    r.person, way.channel, way.address, CASE WHEN way.address = '' THEN %(at)s::timestamptz END,
    CASE WHEN way.address = '' THEN 'no_address' ELSE '' END, %(purpose)s::text,
    %(matter)s::text, %(text)s::text, %(rank)s::smallint, %(incident)s::bigint,
    CASE WHEN r.link IS NULL THEN %(links)s::jsonb ELSE jsonb_build_array(r.link) END,
    %(asks)s::boolean, %(reminder)s::smallint, 1, %(at)s::timestamptz, 0, ''
  FROM asked r LEFT JOIN known k ON k.person_id = r.person, LATERAL
    (SELECT coalesce(k.channel, %(nowhere)s::text) AS channel, coalesce(k.value, '') AS address)
      AS way
  ORDER BY r.person
  ON CONFLICT (key) DO NOTHING RETURNING failed_at
) SELECT count(*), count(failed_at) FROM added
"""  # noqa: S608


def queue(people: Sequence[int], mailing: Mailing, *, own: Sequence[str] = ()) -> tuple[int, int]:
    """Put a message to each into the outbox, ``own`` is a link for each: how many, how many lost.

    Lost is who has no address with his consent: his message stands as failed.
    """
    head, tail = rules.key_around(
        purpose=mailing.purpose, matter=mailing.matter, reminder=mailing.reminder
    )
    values: dict[str, Any] = {
        "people": array_of(people),
        "own": list(own),
        "channel": mailing.channel,
        "nowhere": mailing.channel or rules.NO_CHANNEL_CHOSEN,
        "head": head,
        "tail": tail,
        "at": mailing.queued_at,
        "purpose": mailing.purpose,
        "matter": mailing.matter,
        "text": mailing.text,
        "rank": mailing.rank,
        "incident": mailing.incident,
        "links": json.dumps(mailing.links),
        "asks": mailing.expects_answer,
        "reminder": mailing.reminder,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        new, lost = cursor.fetchone() or (0, 0)
    return int(new), int(lost)


def queue_part(people: Sequence[int], mailing: Mailing) -> tuple[int, int]:
    """The same, with the links that the mailing asks for."""
    if not mailing.link_purpose:
        return queue(people, mailing)
    about = mailing.link_kind, mailing.link_id
    paths = make_links(purpose=cast(Purpose, mailing.link_purpose), about=about, people=people)
    return queue(people, mailing, own=[paths[person] for person in people])


_KEEP: Final = """
INSERT INTO message_mailing (purpose, matter, text, rank, incident, channel, links, link_purpose,
  link_kind, link_id, expects_answer, reminder, people, done, queued_at)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s::bigint[], 0, %s)
"""


def keep_rest(people: Sequence[int], mailing: Mailing) -> None:
    """Let the pump put these into the outbox, after the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                *(mailing.purpose, mailing.matter, mailing.text, mailing.rank, mailing.incident),
                *(mailing.channel, json.dumps(mailing.links), mailing.link_purpose),
                *(mailing.link_kind, mailing.link_id, mailing.expects_answer, mailing.reminder),
                *(array_of(people), mailing.queued_at),
            ],
        )


_NEXT: Final = """
SELECT id, people[done + 1 : done + %s] FROM message_mailing
WHERE spread_at IS NULL AND aside_at IS NULL AND (next_try_at IS NULL OR next_try_at <= %s)
ORDER BY rank, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def spread(part: int = PART) -> int:
    """Put the next part of the most urgent mailing into the outbox; how many people. 铺开一段

    Nobody when it fails: the mailing waits then, or is put aside, and the next one has its turn.
    """
    begun = list[int]()
    try:
        return _spread(part, begun)
    except Exception as fault:  # whatever it ran into, the other mailings must not wait for it
        if not begun:
            raise
        logger.error("mailing %s: %s", begun[0], fault, exc_info=fault)
        _put_off(begun[0], fault)
        return 0


def spread_all() -> None:
    """Put everybody of every mailing into the outbox now; one that keeps failing is put aside."""
    open_ = Mailing.objects.filter(OPEN_MAILING, aside_at=None)
    while open_.exclude(next_try_at__gt=clock.real()).exists():
        spread()


@transaction.atomic
def _put_off(ident: int, fault: Exception) -> None:
    """Let it wait; after the last attempt a person decides."""
    mailing = Mailing.objects.defer("people").select_for_update().get(pk=ident)
    wait_s = back_off_s(mailing.attempts, random.random())  # noqa: S311
    mailing.attempts += 1
    mailing.next_try_at = clock.real() + timedelta(seconds=wait_s)
    if mailing.attempts >= ATTEMPTS:
        mailing.aside_at = clock.now()
        cause = f"{mailing}: {cause_of(fault)}"[:CAUSE_CHARACTERS]
        make_card(entry=None, reaction=f"{MAILING}{ident}", cause=cause, attempts=mailing.attempts)
    mailing.save(update_fields=["attempts", "next_try_at", "aside_at"])


def spread_again(reaction: str) -> bool:
    """Let the mailing of this card be spread anew; False for the card of something else. 重试"""
    found = _aside(reaction)
    return found.update(attempts=0, next_try_at=None, aside_at=None) > 0


def spread_no_more(reaction: str) -> bool:
    """Whoever the mailing of this card has not reached is left alone. 不再铺开"""
    return _aside(reaction).update(spread_at=clock.now(), aside_at=None) > 0


def _aside(reaction: str) -> QuerySet[Mailing]:
    ident = reaction.removeprefix(MAILING)
    waiting = Mailing.objects.filter(aside_at__isnull=False, spread_at__isnull=True)
    return waiting.filter(pk=int(ident)) if ident != reaction else waiting.none()


@transaction.atomic(durable=True)
def _spread(part: int, begun: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [part, clock.real()])
        found = cursor.fetchone()
    if found is None:
        return 0
    ident, people = found
    begun.append(ident)
    mailing = Mailing.objects.defer("people").get(pk=ident)
    _new, lost = queue_part(people, mailing) if people else (0, 0)
    mailing.done += len(people)
    mailing.spread_at = clock.now() if len(people) < part else None
    mailing.attempts, mailing.next_try_at = 0, None
    mailing.save(update_fields=["done", "spread_at", "attempts", "next_try_at"])
    whom = (mailing.incident, cast(rules.Purpose, mailing.purpose))
    say_unreached(repeat(whom, lost))
    return len(people)
