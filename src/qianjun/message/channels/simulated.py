"""A carrier for demos and drills: another company with its own books. 模拟运营商

It stands in for every kind of address and takes only the demo's numbers, 100 and eight digits,
which nobody can dial; what it has taken shows at ``/api/v1/simulator/messages``.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction

from qianjun.kernel import clock
from qianjun.kernel.words import noop as _
from qianjun.message.channel import About, ChannelDown, Outcome, Outgoing
from qianjun.message.models import Carrier, CarrierRow

DEMO_NUMBER = re.compile(r"100\d{8}", re.ASCII)


class Simulated:
    """Takes messages at once, delivers them later, or is away. 模拟通道"""

    about = About(
        title=_("模拟运营商"),
        address_hint=_("演示号码：100 加 8 位数字"),
        example="10000000000",
        carries=("sms", "voice", "wechat", "wecom", "dingtalk", "phone", "email"),
        realms=("demo", "drill"),
        max_chars=20_000,
        batch=500,
        call_s=5.0,
    )

    def accepts(self, address: str) -> bool:
        """Only numbers of the demo."""
        return DEMO_NUMBER.fullmatch(address) is not None

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Write the copies into the carrier's books, all or none."""
        if settings.REALM not in self.about.realms:
            raise ChannelDown("the simulated carrier serves demos and drills only")
        with transaction.atomic(durable=True):
            serving = _serving(copy.channel for copy in batch)
            rows = CarrierRow.objects.bulk_create(
                _row(copy, serving=serving[copy.channel]) for copy in batch
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify('carrier', '')")
        return [Outcome(ref=row.ref, state="accepted", provider_id=str(row.pk)) for row in rows]

    def lookup(self, refs: Sequence[str]) -> dict[str, str] | None:
        """The carrier's ids of what it has taken; away, it cannot be reached for now."""
        rows = CarrierRow.objects.filter(ref__in=refs).values_list("ref", "id", "channel")
        found = list(rows)
        _serving(channel for _ref, _id, channel in found)
        return {ref: str(ident) for ref, ident, _channel in found}


def _serving(names: Iterable[str]) -> dict[str, Carrier]:
    """How each of these is served now; raises ChannelDown when one is away."""
    wanted = set(names)
    known = {row.channel: row for row in Carrier.objects.filter(channel__in=wanted)}
    if any(row.down for row in known.values()):
        raise ChannelDown
    return {name: known.get(name) or Carrier(channel=name) for name in wanted}


def _row(copy: Outgoing, *, serving: Carrier) -> CarrierRow:
    at = clock.now()
    lost = _share_of(copy.ref) < serving.loss
    return CarrierRow(
        ref=copy.ref,
        key=copy.key,
        channel=copy.channel,
        to=copy.to,
        person=copy.person,
        purpose=copy.purpose,
        incident=copy.incident,
        text=copy.text,
        resend=copy.resend,
        reminder=copy.reminder,
        links=list(copy.links),
        accepted_at=at,
        due_at=None if lost else at + timedelta(seconds=serving.delay_s),
    )


def _share_of(ref: str) -> float:
    """A number in [0, 1) that is the same for the same copy: a run can be run again."""
    return int.from_bytes(sha256(ref.encode()).digest()[:6]) / 2**48


CHANNEL = Simulated()
