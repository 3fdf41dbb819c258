"""Put messages into the outbox, settle those that failed, play the simulated world. 发消息"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NotRequired, TypedDict, Unpack

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from qianjun.journal.bus import emit, is_history
from qianjun.kernel import clock
from qianjun.kernel.coordinates import Crs, to_wgs84
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.message import rules
from qianjun.message.channels.simulated import CHANNEL
from qianjun.message.events import (
    CarrierSwitched,
    MessageDropped,
    MessageRetried,
    MessagesQueued,
    PeopleCalled,
    PeopleSwitched,
    PeopleUnreached,
)
from qianjun.message.models import (
    Carrier,
    CarrierReply,
    CarrierRow,
    Message,
    SimulatedPeople,
)
from qianjun.message.people import people_now, wake_carrier
from qianjun.message.queries import addresses_of, messages_seen
from qianjun.message.receipts import receive
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.models import Person

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
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_MANY, _rows(wave, wanted))
        new, lost = cursor.fetchone() or (0, 0)
    _tell(wave, new=new, lost=lost, by=by)
    return int(new)


def _ready(wave: _Wave) -> _Wave:
    text = clean(wave.text).text.strip()
    if not text:
        raise Refused("empty_text", _("消息没有内容。"))
    if wave.exercise or settings.REALM in EXERCISE_REALMS:
        text = rules.for_exercise(text)
    return replace(wave, text=text)


# sorted by person: two waves over the same people wait for each other and never in a ring
_INSERT = """
INSERT INTO message_message (key, person_id, channel, address, failed_at, failure, purpose, matter,
  text, rank, incident, links, expects_answer, reminder, copies, queued_at, attempts, provider_id)
SELECT r.key, r.person, r.channel, r.address, CASE WHEN r.address = '' THEN w.at END,
  CASE WHEN r.address = '' THEN 'no_address' ELSE '' END, w.purpose, w.matter,
  w.text, w.rank, w.incident, w.links, w.expects_answer, w.reminder, 1, w.at, 0, ''
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[])
    AS r(key, person, channel, address),
  (SELECT %s::timestamptz AS at, %s::text AS purpose, %s::text AS matter, %s::text AS text,
    %s::smallint AS rank, %s::bigint AS incident, %s::jsonb AS links,
    %s::boolean AS expects_answer, %s::smallint AS reminder) AS w
ORDER BY r.person
ON CONFLICT (key) DO NOTHING
"""
_COUNTED = (
    "WITH added AS ({insert} RETURNING failed_at) SELECT count(*), count(failed_at) FROM added"
)
_INSERT_MANY = _COUNTED.format(insert=_INSERT)
_INSERT_ONE = f"{_INSERT} RETURNING *"


def _rows(wave: _Wave, people: list[int]) -> list[Any]:
    """The statement's values: what differs by person as columns, then what all share."""
    known = addresses_of(people, channel=wave.channel)
    nowhere = (wave.channel or rules.NO_CHANNEL_CHOSEN, "")
    reached = [known.get(person, nowhere) for person in people]
    keys = [wave.key(p, channel) for p, (channel, _address) in zip(people, reached, strict=True)]
    columns = [keys, people, [c for c, _address in reached], [a for _channel, a in reached]]
    said = [clock.now(), wave.purpose, wave.matter, wave.text, wave.rank, wave.incident]
    return [*columns, *said, json.dumps(wave.links), wave.expects_answer, wave.reminder]


def _tell(wave: _Wave, *, new: int, lost: int, by: Actor) -> None:
    """One entry for the wave, one for those who cannot be reached, one wake-up for the pump."""
    count = new - lost
    if count:
        _wake_pump(wave.rank)
    if count and wave.incident is not None:
        calls = wave.rank == rules.URGENT and wave.purpose in ("report", "confirm")
        kind = PeopleCalled if calls else MessagesQueued
        event = kind(count=count, purpose=wave.purpose, rank=wave.rank)
        emit(event, by=by, incident=wave.incident)
    if lost:
        emit(PeopleUnreached(count=lost, purpose=wave.purpose), by=by, incident=wave.incident)


def _wake_pump(rank: int) -> None:
    """Wake the pump of this lane when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('outbox', %s)", [str(rank)])


@transaction.atomic(savepoint=False)
def retry_message(*, by: Actor, message: int) -> Message:
    """Put a message that did not arrive back into the outbox. 重新发送

    A copy after one that may have left the house is marked 【重发】; an address given since is
    taken. Refuses with 409 what has arrived or still waits.
    """
    require(by, "message.send")
    row = _held(by, message)
    if row.delivered_at is not None or (row.failed_at is None and row.sent_at is None):
        raise Refused("not_failed", _("这条消息已送达或仍在发送中，不需要重发。"), status=409)
    may_have_left = row.sent_at is not None or row.unknown_at is not None
    fields = _address_now(row) if row.failure == "no_address" else {}
    Message.objects.filter(pk=row.pk).update(
        copies=F("copies") + (1 if may_have_left else 0),
        attempts=0,
        failure="",
        **dict.fromkeys(("failed_at", "sent_at", "unknown_at", "next_try_at", "dropped_at")),
        **fields,
    )
    emit(MessageRetried(message_id=row.pk), by=by, incident=row.incident)
    _wake_pump(row.rank)
    row.refresh_from_db()
    return row


@transaction.atomic(savepoint=False)
def drop_message(*, by: Actor, message: int, reason: str) -> None:
    """Take a message that did not arrive off the desk, saying what was done instead. 人工了结"""
    require(by, "message.send")
    row = _held(by, message)
    said = clean(reason).text.strip()
    if not said:
        raise Refused("reason_needed", _("请写明已如何处理，例如：已电话通知。"))
    if row.dropped_at is not None:
        return
    now = clock.now()
    waits = row.failed_at is None and row.sent_at is None
    stopped = {"failed_at": now, "failure": "dropped"} if waits else {}
    Message.objects.filter(pk=row.pk).update(dropped_at=now, **stopped)
    emit(MessageDropped(message_id=row.pk), by=by, incident=row.incident, body=said)


def _held(by: Actor, message: int) -> Message:
    row = messages_seen(by).select_for_update(of=("self",)).filter(pk=message).first()
    if row is None:
        raise not_found()
    return row


def _address_now(row: Message) -> dict[str, str]:
    asked = None if row.channel == rules.NO_CHANNEL_CHOSEN else row.channel
    found = addresses_of([row.person_id], channel=asked).get(row.person_id)
    if found is None:
        raise Refused("no_address", _("此人仍没有可用的联系方式，请先补录。"), status=409)
    channel, address = found
    key = rules.key_of(
        purpose=row.purpose,
        matter=row.matter,
        person=row.person_id,
        channel=channel,
        reminder=row.reminder,
    )
    if key != row.key and Message.objects.filter(key=key).exists():
        raise Refused("sent_already", _("这条消息已经由其他渠道发出。"), status=409)
    return {"channel": channel, "address": address, "key": key}


@transaction.atomic(savepoint=False)
def switch_carrier(
    *,
    by: Actor,
    channel: str,
    down: bool | None = None,
    delay_s: float | None = None,
    loss: float | None = None,
    repeat_receipts: int | None = None,
) -> Carrier:
    """Have the simulated carrier serve a channel well or badly; what is not said stays. 设通道"""
    _simulates(by)
    wanted = {"down": down, "delay_s": delay_s, "loss": loss, "repeat_receipts": repeat_receipts}
    fields = {name: value for name, value in wanted.items() if value is not None}
    row, _made = Carrier.objects.update_or_create(channel=channel, defaults=fields)
    emit(
        CarrierSwitched(
            channel=channel,
            down=row.down,
            delay_ms=round(row.delay_s * 1000),
            loss_permille=round(row.loss * 1000),
            repeat_receipts=row.repeat_receipts,
        ),
        by=by,
    )
    return row


@transaction.atomic(savepoint=False)
def switch_people(
    *,
    by: Actor,
    auto: bool | None = None,
    accept_rate: float | None = None,
    delay_s: float | None = None,
    silent: Iterable[int] | None = None,
) -> SimulatedPeople:
    """Have the simulated people answer by themselves or not; what is not said stays. 设模拟人员"""
    _simulates(by)
    row = people_now()
    row.auto = row.auto if auto is None else auto
    row.accept_rate = row.accept_rate if accept_rate is None else accept_rate
    row.delay_s = row.delay_s if delay_s is None else delay_s
    row.silent = row.silent if silent is None else _known_people(silent)
    SimulatedPeople.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["auto", "accept_rate", "delay_s", "silent"],
    )
    emit(
        PeopleSwitched(
            auto=row.auto,
            accept_permille=round(row.accept_rate * 1000),
            delay_ms=round(row.delay_s * 1000),
            silent_count=len(row.silent),
        ),
        by=by,
    )
    return row


def _known_people(wanted: Iterable[int]) -> list[int]:
    idents = sorted(set(wanted))
    if Person.objects.filter(pk__in=idents).count() != len(idents):
        raise _wrong("silent", "unknown_person", _("名单里有不存在的人员。"))
    return idents


@transaction.atomic(savepoint=False)
def reply_as(
    *,
    by: Actor,
    channel: str,
    from_value: str,
    text: str = "",
    lon: float | None = None,
    lat: float | None = None,
    crs: Crs = "wgs84",
) -> CarrierReply:
    """Send a text, a position or both from a simulated phone; the carrier hands it over. 代答"""
    _simulates(by)
    if channel not in CHANNEL.about.carries:
        raise _wrong("channel", "unknown_value", _("不在允许的取值之内。"))
    if not CHANNEL.accepts(from_value):
        raise _wrong("from", "not_simulated", _("只能用演示号码：100 加 8 位数字。"))
    if (lon is None) != (lat is None):
        raise _wrong("lon" if lon is None else "lat", "missing", _("经度和纬度要一起给出。"))
    said = clean(text).text.strip()
    if not said and lon is None:
        raise _wrong("text", "empty_reply", _("请写内容，或附上位置。"))
    if lon is not None and lat is not None:
        lon, lat = to_wgs84(lon, lat, crs=crs)
    row = CarrierReply.objects.create(
        channel=channel, from_value=from_value, text=said, lon=lon, lat=lat, sent_at=clock.now()
    )
    wake_carrier()
    return row


def open_as(*, by: Actor, row: int) -> bool:
    """Open a delivered message on a simulated phone; whether that was news. 代读"""
    _simulates(by)
    shown = CarrierRow.objects.filter(pk=row, state="delivered").first()
    if shown is None:
        raise not_found()
    return receive(shown.ref, "opened", clock.now())


def _simulates(by: Actor) -> None:
    """Refuse whoever may not use the simulator, and everybody in the realm live."""
    if settings.REALM == "live":
        raise not_found()
    require(by, "simulator.use")


def _wrong(field: str, code: str, zh: str) -> Refused:
    return Refused(code, zh, fields=(FieldError(field=field, code=code, zh=zh),))
