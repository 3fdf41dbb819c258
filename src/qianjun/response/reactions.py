"""What intake does when others speak. 接报的反应"""

from qianjun.incident.events import ReportTaken
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased, RecordMarked
from qianjun.journal.models import Entry
from qianjun.response.besides import forget_besides
from qianjun.response.replies import read_again


@on(BodyErased, "response.forget_besides", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """What a report told beside its words goes when they go. 依法删除"""
    row = Entry.objects.filter(pk=event.entry_id, name=ReportTaken.name).first()
    if row is not None:
        forget_besides(report_id=row.payload["report_id"])


@on(BodyErased, "response.forget_reply", queue="bulk")
def forget_reply(event: BodyErased, _said: Said) -> None:
    """An answer that was erased is said by no reply either. 依法删除"""
    read_again(entry=event.entry_id)


@on(RecordMarked, "response.hide_reply")
def hide_reply(event: RecordMarked, _said: Said) -> None:
    """An answer that must not be entered is hidden with its entry, and shows again with it. 遮住"""
    if event.record_kind == "entry" and event.record_id.isdigit():
        read_again(entry=int(event.record_id), hidden=event.mark == "barred")
