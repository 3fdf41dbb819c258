"""Put messages into the outbox. 发消息"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack

from django.conf import settings
from django.db import connection, transaction

from qianjun.journal.bus import emit, is_history
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.message import rules
from qianjun.message.events import MessagesQueued, PeopleCalled, PeopleUnreached
from qianjun.message.models import OPEN_MAILING, Mailing, Message
from qianjun.message.queries import addresses_of, ways_to
from qianjun.message.spreading import FIRST, INTO, LinkFor, keep_rest, queue, queue_part
from qianjun.org.actor import Actor, require

EXERCISE_REALMS = ("demo", "drill")


class Told(TypedDict):
    """What a message says, for what, and how urgently; ``matter`` is what it is about, once each.

    ``channel`` None takes each person's first address with consent.
    """

    purpose: rules.Purpose
    matter: str
    text: str
    rank: int
    incident: NotRequired[int | None]
    channel: NotRequired[str | None]
    links: NotRequired[tuple[str, ...]]
    expects_answer: NotRequired[bool]
    exercise: NotRequired[bool]
    reminder: NotRequired[int]


@dataclass(frozen=True, kw_only=True)
class _Wave:
    purpose: rules.Purpose
    matter: str
    text: str
    rank: int
    incident: int | None = None
    channel: str | None = None
    links: tuple[str, ...] = ()
    expects_answer: bool = False
    exercise: bool = False
    reminder: int = 0

    def mailing(self, at: datetime, *, link: LinkFor | None = None) -> Mailing:
        """The same as a row, not saved, as what goes to many is queued."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        kind, about = link.about if link else ("", "")
        said |= {"channel": self.channel or "", "links": list(self.links), "queued_at": at}
        del said["exercise"]
        purpose = link.purpose if link else ""
        return Mailing(**said, link_purpose=purpose, link_kind=kind, link_id=about)

    def key(self, person: int, channel: str) -> str:
        return rules.key_of(
            purpose=self.purpose,
            matter=self.matter,
            person=person,
            channel=channel,
            reminder=self.reminder,
        )


@transaction.atomic(savepoint=False)
def send(*, by: Actor, person: int, **told: Unpack[Told]) -> Message | None:
    """Queue one text to one person; None when a message of this key stands already. 发送

    Without any address the message stands at once as failed, on the desk. Commits with the
    caller's change or not at all.
    """
    require(by, "message.send")
    wave = _ready(_Wave(**told))
    if is_history():
        return None
    queued = list(Message.objects.raw(_INSERT_ONE, _rows(wave, [person])))
    _tell(wave, new=len(queued), lost=sum(m.failed_at is not None for m in queued), by=by)
    return queued[0] if queued else None


@transaction.atomic(savepoint=False)
def send_many(*, by: Actor, people: Iterable[int], **told: Unpack[Told]) -> int:
    """Queue one text to many people in one statement; the number of new messages. 群发"""
    require(by, "message.send")
    wave, wanted = _ready(_Wave(**told)), sorted(set(people))
    if not wanted or is_history():
        return 0
    new, lost = queue(wanted, wave.mailing(clock.now()))
    _tell(wave, new=new, lost=lost, by=by)
    return new


@transaction.atomic(savepoint=False)
def send_wave(
    *, by: Actor, people: Iterable[int], link: LinkFor | None = None, **told: Unpack[Told]
) -> int:
    """Call as many people as there are: the first are queued now, the pump spreads the rest. 分批

    All or nobody: the rest commits with the caller's change as one row. ``link`` makes a link of
    his own for each. How many are called; a purpose and matter that were sent before call nobody.
    """
    require(by, "message.send")
    wave, wanted = _ready(_Wave(**told)), sorted(set(people))
    if not wanted or is_history():
        return 0
    mailing = wave.mailing(clock.now(), link=link)
    new, lost = queue_part(wanted[:FIRST], mailing)
    rest = wanted[FIRST:]
    if rest and new:
        keep_rest(rest, mailing)
        new += len(rest)
    _tell(wave, new=new, lost=lost, by=by)
    return new


@transaction.atomic(savepoint=False)
def send_each(
    *,
    by: Actor,
    people: Mapping[int, tuple[str, ...]],
    channels: Collection[str] = (),
    **told: Unpack[Told],
) -> int:
    """Queue one text to each of these by every channel at once, with links of their own. 多路发送

    ``people`` are the links of each; of ``channels`` those that he has agreed to, of none named
    all of them. How many people are called anew; without any address it stands on the desk.
    """
    require(by, "message.send")
    wave = _ready(_Wave(**told))
    if not people or is_history():
        return 0
    known = ways_to(people, channels=channels)
    copies = [
        _Copy(person=person, channel=channel, address=address, links=links)
        for person, links in sorted(people.items())
        for channel, address in known.get(person, ((rules.NO_CHANNEL_CHOSEN, ""),))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_EACH, _values(wave, copies))
        new, lost = cursor.fetchone() or (0, 0)
    _tell(wave, new=new, lost=lost, by=by)
    return int(new)


@transaction.atomic(savepoint=False)
def stop_spreading(*, by: Actor, purpose: rules.Purpose, matters: Iterable[str]) -> list[int]:
    """Whoever does not stand in the outbox yet is left alone: the ids of these people. 停止铺开"""
    require(by, "message.send")
    open_ones = Mailing.objects.filter(OPEN_MAILING, purpose=purpose, matter__in=list(matters))
    left = list[int]()
    for mailing in open_ones.select_for_update().order_by("pk"):
        left += mailing.people[mailing.done :]
        mailing.spread_at = clock.now()
        mailing.save(update_fields=["spread_at"])
    return left


def _ready(wave: _Wave) -> _Wave:
    text = clean(wave.text).text.strip()
    if not text:
        raise Refused("empty_text", _("消息没有内容。"))
    if wave.exercise or settings.REALM in EXERCISE_REALMS:
        text = rules.for_exercise(text)
    return replace(wave, text=text)


# sorted by person: two waves over the same people wait for each other and never in a ring
_INSERT = f"""
{INTO}
SELECT r.key, r.person, r.channel, r.address, CASE WHEN r.address = '' THEN w.at END,
  CASE WHEN r.address = '' THEN 'no_address' ELSE '' END, w.purpose, w.matter,
  w.text, w.rank, w.incident, r.links::jsonb, w.expects_answer, w.reminder, 1, w.at, 0, ''
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
    AS r(key, person, channel, address, links),
  (SELECT %s::timestamptz AS at, %s::text AS purpose, %s::text AS matter, %s::text AS text,
    %s::smallint AS rank, %s::bigint AS incident,
    %s::boolean AS expects_answer, %s::smallint AS reminder) AS w
ORDER BY r.person, r.channel
ON CONFLICT (key) DO NOTHING
"""  # noqa: S608
# people, for one may get several copies
_INSERT_EACH = (
    f"WITH added AS ({_INSERT} RETURNING person_id, failed_at)"  # noqa: S608
    " SELECT count(DISTINCT person_id),"
    " count(DISTINCT person_id) FILTER (WHERE failed_at IS NOT NULL) FROM added"
)
_INSERT_ONE = f"{_INSERT} RETURNING *"


@dataclass(frozen=True, kw_only=True)
class _Copy:
    """One row of a wave: to whom, by which way, with which links."""

    person: int
    channel: str
    address: str
    links: tuple[str, ...] = ()


def _rows(wave: _Wave, people: list[int]) -> list[Any]:
    """The statement's values for people who are reached by one way each."""
    known = addresses_of(people, channel=wave.channel)
    nowhere = (wave.channel or rules.NO_CHANNEL_CHOSEN, "")
    reached = ((person, known.get(person, nowhere)) for person in people)
    copies = [
        _Copy(person=person, channel=channel, address=address, links=wave.links)
        for person, (channel, address) in reached
    ]
    return _values(wave, copies)


def _values(wave: _Wave, copies: list[_Copy]) -> list[Any]:
    """What differs by copy as columns, then what all share."""
    columns: list[list[Any]] = [
        [wave.key(one.person, one.channel) for one in copies],
        [one.person for one in copies],
        [one.channel for one in copies],
        [one.address for one in copies],
        [json.dumps(one.links) for one in copies],
    ]
    said = [clock.now(), wave.purpose, wave.matter, wave.text, wave.rank, wave.incident]
    return [*columns, *said, wave.expects_answer, wave.reminder]


def _tell(wave: _Wave, *, new: int, lost: int, by: Actor) -> None:
    """One entry for the wave, one for those who cannot be reached, one wake-up for the pump."""
    count = new - lost
    if count:
        wake_pump(wave.rank)
    if count and wave.incident is not None:
        calls = wave.rank == rules.URGENT and wave.purpose in ("report", "confirm")
        kind = PeopleCalled if calls else MessagesQueued
        event = kind(count=count, purpose=wave.purpose, rank=wave.rank)
        emit(event, by=by, incident=wave.incident)
    if lost:
        emit(PeopleUnreached(count=lost, purpose=wave.purpose), by=by, incident=wave.incident)


def wake_pump(rank: int) -> None:
    """Wake the pump of this lane when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('outbox', %s)", [str(rank)])
