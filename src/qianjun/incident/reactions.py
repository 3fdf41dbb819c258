"""What incidents answer when others ask or speak. 事件的反应"""

from qianjun.incident.actions import lay_out_letter
from qianjun.incident.actions.withholding import forget_entry
from qianjun.incident.queries import incident_seen, report_seen
from qianjun.journal.bus import Said, on
from qianjun.journal.events import BodyErased
from qianjun.media.sight import sees
from qianjun.message.events import MessageReceived
from qianjun.org.actor import Actor, system


@sees("incident")
def sees_incident(by: Actor, ident: str) -> int:
    """Files of an incident are seen by who sees the incident. 事件的文件"""
    return incident_seen(seen_by=by, incident_id=ident).pk


@sees("report")
def sees_report(by: Actor, ident: str) -> int | None:
    """Files of a report are seen by who sees the report. 接报的文件"""
    return report_seen(seen_by=by, report_id=ident).incident_id


@on(MessageReceived, "incident.lay_out_letter")
def lay_out(event: MessageReceived, said: Said) -> None:
    """A letter that belongs to no incident may be a report: an officer looks at it. 来信待分拣"""
    if said.incident is None:
        house = system(cause=said.entry, name="incident")
        lay_out_letter(by=house, inbound=event.inbound_id, arrived_at=said.at)


@on(BodyErased, "incident.forget_words", queue="bulk")
def forget_erased(event: BodyErased, _said: Said) -> None:
    """Reports, figures and tasks keep nothing of what the journal has erased. 依法删除"""
    forget_entry(entry=event.entry_id)
