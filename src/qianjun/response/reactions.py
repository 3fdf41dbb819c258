"""What intake does when others speak. 接报的反应"""

from qianjun.incident.events import ReportTaken
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased
from qianjun.journal.models import Entry
from qianjun.response.besides import forget_besides


@on(BodyErased, "response.forget_besides", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """What a report told beside its words goes when they go. 依法删除"""
    row = Entry.objects.filter(pk=event.entry_id, name=ReportTaken.name).first()
    if row is not None:
        forget_besides(report_id=row.payload["report_id"])
