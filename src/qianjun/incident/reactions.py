"""What incidents answer when others ask or speak. 事件的反应"""

from qianjun.incident.queries import incident_seen, report_seen
from qianjun.media.sight import sees
from qianjun.org.actor import Actor


@sees("incident")
def sees_incident(by: Actor, ident: str) -> int:
    """Files of an incident are seen by who sees the incident. 事件的文件"""
    return incident_seen(seen_by=by, incident_id=ident).pk


@sees("report")
def sees_report(by: Actor, ident: str) -> int | None:
    """Files of a report are seen by who sees the report. 接报的文件"""
    return report_seen(seen_by=by, report_id=ident).incident_id
