"""Settle messages: send again, let go, ask no more. 了结消息"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.message import rules
from qianjun.message.actions.sending import wake_pump
from qianjun.message.events import MessageDropped, MessageRetried
from qianjun.message.models import WAITING, Message
from qianjun.message.queries import addresses_of, messages_seen
from qianjun.message.receipts import hold
from qianjun.org.actor import Actor, not_found, require


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
    wake_pump(row.rank)
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
def stop_asking(
    *, by: Actor, purpose: rules.Purpose, matter: str, people: Collection[int] | None = None
) -> int:
    """Nobody need answer this any more, of these people or at all; how many messages. 不再追问

    What has not left stays here; what arrived takes no answer, so that the next word of its
    receiver is news and not an answer to a settled question.
    """
    require(by, "message.send")
    rows = Message.objects.filter(purpose=purpose, matter=matter, answered_at__isnull=True)
    asking = rows.filter(expects_answer=True, dropped_at__isnull=True)
    if people is not None:
        asking = asking.filter(person__in=people)
    keys = dict(asking.values_list("pk", "key"))
    hold(keys=keys.values())
    found, now = asking.filter(pk__in=keys), clock.now()
    count = found.filter(WAITING).update(dropped_at=now, failed_at=now, failure="dropped")
    return count + found.update(dropped_at=now)
