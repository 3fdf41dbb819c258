"""Remind everybody who owes an answer, by one key. 一键催办"""

from collections import Counter
from typing import cast

from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send
from qianjun.message.models import Message
from qianjun.message.rules import Purpose
from qianjun.org.actor import Actor, require, system
from qianjun.response.chasing_events import EverybodyReminded
from qianjun.response.queries.chasing import owing_of
from qianjun.response.rules.chasing import Owing

HOUSE = system(name="response.chasing")


@transaction.atomic(savepoint=False)
def remind_everybody(*, by: Actor, incident_id: str | int | None = None) -> list[Owing]:
    """Say to each who owes an answer the same again, marked 【提醒n】; who was reminded. 一键催办

    Of one incident, or of all open ones. Whoever was written to within five minutes waits; 409
    ``nothing_to_remind`` when nobody is left.
    """
    require(by, "incident.task")
    one_at_a_time("response.remind_everybody")
    now = clock.now()
    found = owing_of(seen_by=by, incident_id=incident_id)
    reminded = [one for one in found if one.is_ready(now) and _again(one)]
    if not reminded:
        zh = _("没有可以催办的：都已答复，或五分钟内刚催过，或只能打电话。")
        raise Refused("nothing_to_remind", zh, status=409)
    for incident, count in sorted(Counter(one.incident for one in reminded).items()):
        emit(EverybodyReminded(incident_id=incident, count=count), by=by, incident=incident)
    return reminded


def _again(one: Owing) -> bool:
    """The same words with the same links, as the next reminder; whether that was new."""
    row = Message.objects.get(pk=one.message)
    made = send(
        by=HOUSE,
        person=row.person_id,
        purpose=cast("Purpose", row.purpose),
        matter=row.matter,
        text=row.text,
        rank=row.rank,
        incident=row.incident,
        channel=row.channel or None,
        links=tuple(row.links),
        expects_answer=row.expects_answer,
        reminder=row.reminder + 1,
    )
    return made is not None
