"""Take a row for changing: seen, locked, as it is now. 锁定"""

from qianjun.incident.models import Incident, Report
from qianjun.incident.queries.cards import cards
from qianjun.incident.queries.seen import incident_seen, report_seen
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of

CLOSED = _("这个事件已结案；请先重新打开，再做这件事。")
STALE = _("这个事件刚被别人改过，请看过最新内容再改。")


def held_incident(by: Actor, incident_id: str | int) -> Incident:
    """The incident that the actor sees, locked until the transaction ends; else 404."""
    return locked(incident_seen(seen_by=by, incident_id=incident_id).pk)[0]


def held_report(by: Actor, report_id: str | int) -> Report:
    """The report that the actor sees, locked; taken before any incident. 404 when unknown."""
    key = report_seen(seen_by=by, report_id=key_of(report_id)).pk
    return Report.objects.select_for_update().get(pk=key)


def locked(*keys: int) -> list[Incident]:
    """These incidents, locked in the order of their keys so that nobody waits in a ring."""
    rows = Incident.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys]


def must_be_open(row: Incident) -> None:
    """Refuse with 409 what is closed."""
    if row.state != Incident.State.OPEN:
        raise Refused("incident_closed", CLOSED, status=409)


def must_be_current(row: Incident, version: int) -> None:
    """Refuse with 409 ``stale``, and the incident as it is now, who judged by an older one."""
    if row.version != version:
        raise Refused("stale", STALE, status=409, extra={"current": cards([row])[0]})
