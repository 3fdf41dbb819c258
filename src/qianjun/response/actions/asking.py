"""Ask whoever signs: each gets the link of this draft alone. 送签"""

from datetime import timedelta
from typing import Final

from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.message.actions import send
from qianjun.message.rules import URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.away.actions import tell_stand_ins
from qianjun.org.links import make_link
from qianjun.org.queries import answering_or_role
from qianjun.response.actions.drafting import POST, held_draft
from qianjun.response.queries.signing import about_sign
from qianjun.response.rules.families import EVENT
from qianjun.response.rules.upward import named
from qianjun.response.upward_events import UpwardAsked
from qianjun.response.upward_models import UpwardReport

HOUSE: Final = system(name="response.upward")
LINK_LASTS: Final = timedelta(days=3)


@transaction.atomic(savepoint=False)
def ask_signature(
    *, by: Actor, incident_id: str | int, family: str = EVENT
) -> tuple[UpwardReport, int]:
    """Ask whoever signs; the row, and how many were told. Again reminds nobody. 送签"""
    require(by, "upward.write")
    incident, row = held_draft(by, incident_id, family=family)
    if row.asked_at is not None:
        return row, 0
    row.asked_at, row.asked_kind, row.asked_id = clock.now(), by.kind, by.ident
    row.version += 1
    row.save(update_fields=["asked_at", "asked_kind", "asked_id", "version"])
    event = UpwardAsked(
        incident_id=incident.pk, upward_id=row.pk, upward_kind=row.kind, ordinal=row.ordinal
    )
    emit(event, by=by, incident=incident.pk, about=("upward_report", str(row.pk)))
    who = named(row.kind, row.ordinal)
    text = (
        f"【请签发】{incident.title}（{incident.number}）{who}，请登录千钧“待批”查看并签发；"
        "不便登录的，打开链接用短信验证码签发。"
    )
    people = tell_stand_ins(answering_or_role(POST), by=HOUSE, incident=incident.pk)
    ends = clock.now() + LINK_LASTS
    told = 0
    for person in sorted(set(people)):
        path = make_link(purpose="u", about=about_sign(row.pk), person=person, ends_at=ends)
        sent = send(
            by=HOUSE,
            person=person,
            purpose="report",
            matter=f"sign:{row.pk}:{row.version}",
            text=text,
            rank=URGENT,
            incident=incident.pk,
            links=(path,),
        )
        told += sent is not None
    return row, told
