"""See the whole telephone of a caller; who saw it and why is kept. 查看报告人号码"""

from django.db import transaction

from qianjun.incident.queries.seen import report_seen
from qianjun.kernel.fields import words
from qianjun.org.actor import Actor, require
from qianjun.org.reads import record_read

WHY_MOST = 200


@transaction.atomic(savepoint=False)
def reveal_caller(*, by: Actor, report_id: str | int, why: str) -> str:
    """The telephone as it was told, empty when it was not; a row of reads, no entry. 回拨"""
    require(by, "person.reveal")
    reason = words("why", why, most=WHY_MOST)
    report = report_seen(seen_by=by, report_id=report_id)
    record_read(by=by, what="caller.phone", about=("report", str(report.pk)), why=reason)
    return report.caller_phone
