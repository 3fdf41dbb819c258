"""A recorded call turns out to be a report: the intake form begins with its words. 电话转接报"""

from typing import Final

from django.db import transaction

from qianjun.incident.queries.phone_records import phone_record_seen
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.http import new_key
from qianjun.response.drafts import draft_of, save_draft
from qianjun.response.models import Draft

SAID: Final = ("text", "where", "source", "caller_phone")
NAME_MOST: Final = 60


@transaction.atomic(savepoint=False)
def begin_report(*, by: Actor, record_id: str | int) -> Draft | None:
    """Fill the intake form from a call; taken in, the report is linked to it. 带入接报单

    409 ``turned_already``, or ``draft_begun`` when another form is half filled.
    """
    require(by, "report.take")
    row = phone_record_seen(seen_by=by, record_id=record_id)
    if row.instruction_id is not None or row.report_id is not None:
        zh = _("这张电话记录已经转过：看它转成的来文或接报。")
        raise Refused("turned_already", zh, status=409)
    begun = draft_of(by)
    if begun is not None and any(begun.fields.get(name) for name in SAID):
        zh = _("您有一张接报单填了一半：先把它立案或清空，再转这一张。")
        raise Refused("draft_begun", zh, status=409)
    fields = {
        "key": new_key(),
        "channel": "phone",
        "text": row.text,
        "caller_name": row.who[:NAME_MOST],
        "caller_phone": row.phone,
        "phone_record": str(row.pk),
    }
    return save_draft(by=by, fields=fields)
