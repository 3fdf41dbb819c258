"""Questions about messages. 消息查询"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from qianjun.kernel import clock
from qianjun.message import rules
from qianjun.message.models import (
    OPEN_MAILING,
    SILENT,
    UNREACHED,
    WAITING,
    CarrierRow,
    Mailing,
    Message,
)
from qianjun.org.actor import Actor, require
from qianjun.org.models import Address
from qianjun.org.queries import within


@dataclass(frozen=True, kw_only=True)
class Unreached:
    """Somebody who should have been told and, as far as is known, has not been. 未达"""

    message: int
    person: int
    person_name: str
    purpose: str
    channel: str
    incident: int | None
    reason: str
    reason_zh: str
    since: datetime
    can_retry: bool


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How far the messages of an incident have come; each message is in one of these. 消息统计"""

    waiting: int
    sent: int
    delivered: int
    opened: int
    answered: int
    failed: int


def addresses_of(people: Iterable[int], *, channel: str | None) -> dict[int, tuple[str, str]]:
    """Channel and value by which each of these people is reached first, with his consent.

    People without such an address are absent.
    """
    # one value for all of them: a statement takes no more than 65,535
    asked = RawSQL("SELECT unnest(%s::bigint[])", [list(people)])
    known = Address.objects.filter(person_id__in=asked, consent_at__isnull=False)
    if channel is not None:
        known = known.filter(channel=channel)
    rows = known.order_by("person_id", "rank", "id").distinct("person_id")
    return {p: (c, v) for p, c, v in rows.values_list("person_id", "channel", "value")}


def ways_to(
    people: Collection[int], *, channels: Collection[str] = ()
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Every channel and its first value by which each is reached, with his consent. 多路

    Of no channels all; people without such an address are absent.
    """
    known = Address.objects.filter(person_id__in=people, consent_at__isnull=False)
    if channels:
        known = known.filter(channel__in=channels)
    rows = known.order_by("person_id", "channel", "rank", "id").distinct("person_id", "channel")
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for person, channel, value in rows.values_list("person_id", "channel", "value"):
        found[person] = (*found.get(person, ()), (channel, value))
    return found


def outbox_waiting() -> int:
    """How many messages have neither left nor failed."""
    return Message.objects.filter(WAITING).count() + _to_spread(Mailing.objects.all())


def _to_spread(mailings: QuerySet[Mailing]) -> int:
    """Of these mailings, how many people do not stand in the outbox yet."""
    left = Func(F("people"), function="cardinality", output_field=IntegerField()) - F("done")
    return int(mailings.filter(OPEN_MAILING).aggregate(left=Sum(left))["left"] or 0)


def messages_of(incident: int, *, seen_by: Actor) -> QuerySet[Message]:
    """The messages of an incident in the order in which they were queued, with their people."""
    require(seen_by, "incident.read")
    return messages_seen(seen_by).filter(incident=incident).order_by("id")


def messages_seen(by: Actor) -> QuerySet[Message]:
    """Every message to people of the actor's tree, with its person. 可见消息"""
    rows = Message.objects.select_related("person")
    return within(rows, by.scope, "person__unit__path")


def counts(incident: int, *, seen_by: Actor) -> Counts:
    """How far the messages of an incident have come."""
    require(seen_by, "incident.read")
    answered = Q(answered_at__isnull=False)
    opened = Q(opened_at__isnull=False) & ~answered
    delivered = Q(delivered_at__isnull=False, opened_at__isnull=True) & ~answered
    reached = answered | opened | delivered
    failed = Q(failed_at__isnull=False) & ~reached
    sent = Q(sent_at__isnull=False) & ~reached & ~failed
    found = (
        messages_seen(seen_by)
        .filter(incident=incident)
        .aggregate(
            waiting=Count("id", filter=~(reached | failed | sent)),
            sent=Count("id", filter=sent),
            delivered=Count("id", filter=delivered),
            opened=Count("id", filter=opened),
            answered=Count("id", filter=answered),
            failed=Count("id", filter=failed),
        )
    )
    found["waiting"] += _to_spread(Mailing.objects.filter(incident=incident))
    return Counts(**found)


def unreached(*, seen_by: Actor, limit: int = 50) -> list[Unreached]:
    """Whom the house has not reached: failed for good, or urgent and silent for a minute.

    The most urgent and oldest first; a row stays until it is delivered, retried or dropped.
    """
    require(seen_by, "desk.read")
    silent = SILENT & Q(queued_at__lte=clock.now() - rules.SILENT_AFTER, dropped_at__isnull=True)
    rows = _some(UNREACHED, seen_by, limit).union(_some(silent, seen_by, limit), all=True)
    return [_row(message) for message in sorted(rows, key=lambda m: (m.rank, m.pk))[:limit]]


def _some(which: Q, by: Actor, limit: int) -> QuerySet[Message]:
    # two short walks along two partial indexes; an OR of both would read the whole table
    return messages_seen(by).filter(which).order_by("rank", "id")[:limit]


def _row(message: Message) -> Unreached:
    silent = "waiting" if message.sent_at is None else "no_receipt"
    reason = message.failure or silent
    return Unreached(
        message=message.pk,
        person=message.person_id,
        person_name=message.person.name,
        purpose=message.purpose,
        channel=message.channel,
        incident=message.incident,
        reason=reason,
        reason_zh=rules.REASONS.get(reason, rules.REASONS["refused"]),
        since=message.failed_at or message.sent_at or message.queued_at,
        can_retry=message.failed_at is not None or message.sent_at is not None,
    )


def carrier_rows(
    *,
    seen_by: Actor,
    since: datetime | None = None,
    to: str = "",
    channel: str = "",
    purpose: str = "",
    incident: int | None = None,
) -> QuerySet[CarrierRow]:
    """What the simulated carrier has accepted, in the order received."""
    wanted = {"to": to, "channel": channel, "purpose": purpose}
    rows = CarrierRow.objects.filter(**{name: value for name, value in wanted.items() if value})
    if seen_by.scope.kind != "all":
        held = Address.objects.filter(channel=OuterRef("channel"), value=OuterRef("to"))
        rows = rows.filter(Exists(within(held, seen_by.scope, "person__unit__path")))
    if since is not None:
        rows = rows.filter(accepted_at__gte=since)
    if incident is not None:
        rows = rows.filter(incident=incident)
    return rows.order_by("id")
