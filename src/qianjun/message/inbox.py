"""What comes in: matched to the question that it answers, else told as news. 收件

A provider hands over each letter at least once; its name for it makes a second time harmless.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.secrecy import is_marked
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.message import rules
from qianjun.message.events import MessageAnswered, MessageReceived
from qianjun.message.models import Inbound, Message
from qianjun.message.receipts import hold
from qianjun.org.actor import system
from qianjun.org.models import Address

HOUSE = system(name="message.inbox")
NOT_KEPT = _("【来信带有密级标志，内容没有保存】")
LOOKED_AT = 20  # of the last questions to one person by one channel


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a provider hands over; ``sent_at`` is domain time, the position WGS-84. 来信

    ``file`` is the number of a file of ours that is part of nothing yet.
    """

    key: str
    channel: str
    from_value: str
    sent_at: datetime
    text: str = ""
    lon: float | None = None
    lat: float | None = None
    file: int | None = None


@transaction.atomic(savepoint=False)
def take_in(letter: Letter) -> Inbound | None:
    """Record what came in and say what it is; None when it was taken before. 收信

    The first answer to an open question settles it; what comes again or too late is recorded
    beside it and changes nothing.
    """
    # two letters of one sender never answer the same question
    one_at_a_time(f"inbound:{letter.channel}:{letter.from_value}")
    if Inbound.objects.filter(key=letter.key).exists():
        return None
    owners = _owners(letter)
    asked = _asked(letter, owners)
    matched = rules.match(
        [_question(message) for message in asked.values()],
        at=letter.sent_at,
        before=_before(letter),
    )
    message = _answered(matched, asked)
    row = _record(letter, matched, message, owners)
    if message is not None and matched.state == "answer":
        _settle(message, row)
    _say(row, message)
    return row


def _record(
    letter: Letter, matched: rules.Matched, message: Message | None, owners: list[int]
) -> Inbound:
    only = owners[0] if len(owners) == 1 else None
    return Inbound.objects.create(
        key=letter.key,
        channel=letter.channel,
        from_value=letter.from_value,
        person_id=message.person_id if message else only,
        text=_readable(letter.text),
        lon=letter.lon,
        lat=letter.lat,
        file_id=letter.file,
        sent_at=letter.sent_at,
        received_at=clock.now(),
        matched=message,
        state=matched.state,
    )


def _owners(letter: Letter) -> list[int]:
    """Whose address it came from; several people may share a telephone."""
    found = Address.objects.filter(channel=letter.channel, value=letter.from_value)
    return list(found.order_by("person_id").values_list("person_id", flat=True).distinct())


def _asked(letter: Letter, owners: list[int]) -> dict[int, Message]:
    """The last questions to this sender that have left the house, newest first, held."""
    theirs = Q(person__in=owners) | Q(address=letter.from_value)
    sent = Q(channel=letter.channel, expects_answer=True, attempts__gt=0)
    rows: QuerySet[Message] = Message.objects.filter(sent & theirs).order_by("-id")
    keys = dict(rows.values_list("id", "key")[:LOOKED_AT])
    hold(keys=keys.values())
    return {message.pk: message for message in rows.filter(pk__in=keys)}


def _question(message: Message) -> rules.Question:
    return rules.Question(
        message=message.pk,
        queued_at=message.queued_at,
        answered=message.answered_at is not None,
        dropped=message.dropped_at is not None,
    )


def _before(letter: Letter) -> rules.Before | None:
    """What the same words of the same sender have answered a moment ago."""
    same = Inbound.objects.filter(
        channel=letter.channel,
        from_value=letter.from_value,
        state="answer",
        text=_readable(letter.text),
        lon=letter.lon,
        lat=letter.lat,
        sent_at__gte=letter.sent_at - rules.SAID_TWICE,
        matched__isnull=False,
    )
    last = same.order_by("-id").first()
    if last is None or last.matched_id is None:
        return None
    return rules.Before(message=last.matched_id, is_copy=last.sent_at == letter.sent_at)


def _answered(matched: rules.Matched, asked: dict[int, Message]) -> Message | None:
    if matched.message is None:
        return None
    return asked.get(matched.message) or Message.objects.get(pk=matched.message)


def _settle(message: Message, row: Inbound) -> None:
    """Answered means read and arrived, whatever receipts are missing."""
    for field in ("sent_at", "delivered_at", "opened_at"):
        if getattr(message, field) is None:
            setattr(message, field, row.sent_at)
    message.answered_at = row.sent_at
    message.lease_until = message.next_try_at = message.unknown_at = None
    message.save()


def _say(row: Inbound, message: Message | None) -> None:
    body = f"{row.text} {place_of(row)}".strip()
    event: MessageAnswered | MessageReceived
    if message is not None and row.state == "answer":
        event = MessageAnswered(
            message_id=message.pk,
            inbound_id=row.pk,
            purpose=message.purpose,  # type: ignore[arg-type]
        )
    else:
        event = MessageReceived(inbound_id=row.pk, state=row.state)  # type: ignore[arg-type]
    incident = message.incident if message is not None else None
    row.entry = emit(event, by=HOUSE, incident=incident, body=body, happened_at=row.sent_at)
    row.save(update_fields=["entry"])


def place_of(row: Inbound) -> str:
    """The position as the entry tells it; empty without one."""
    return "" if row.lon is None else f"[{row.lon:.5f}, {row.lat:.5f}]"


def _readable(text: str) -> str:
    """A provider's text without what nobody can read or may store; no letter is refused."""
    bare = text.replace("\0", "").encode("utf-8", "replace").decode()
    return gettext(NOT_KEPT) if is_marked(bare) else clean(bare).text.strip()


def forget_words(*, entry: int) -> int:
    """Empty what the inbox keeps of an entry whose body was erased by law. 依法删除"""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message_inbound SET text = '', lon = NULL, lat = NULL WHERE entry = %s", [entry]
        )
        return int(cursor.rowcount)
