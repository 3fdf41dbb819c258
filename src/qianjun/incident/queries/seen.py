"""What an actor may see: unknown and forbidden are the same 404. 可见范围"""

import re
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from qianjun.incident.models import Incident, Report
from qianjun.incident.rules.numbering import DISTRICT
from qianjun.kernel.once import asked_once
from qianjun.kernel.search import search_questions
from qianjun.org.actor import Actor, key_of, not_found, require

# streets and communities, whose units bear the codes of their divisions
DIVISION = re.compile(r"[0-9]{9}(?:[0-9]{3})?")
NOWHERE = "-"


def area_of(by: Actor) -> str:
    """The division code that an actor's view ends at; empty for the whole district. 管辖代码

    A unit that is no division, such as a partner beside the bureau, has no area of its own.
    """
    if by.scope.kind != "unit":
        return ""
    code = by.scope.unit_path.rsplit("/", 1)[-1]
    if code == DISTRICT:
        return ""
    return code if DIVISION.fullmatch(code) else NOWHERE


def in_area(by: Actor, division: str) -> bool:
    """Whether something in this community lies where the actor may look."""
    return by.scope.kind != "about" and division.startswith(area_of(by))


def _own() -> QuerySet[Report]:
    return Report.objects.filter(incident=OuterRef("pk"))


def incidents_seen(by: Actor) -> QuerySet[Incident]:
    """Every incident the actor may read. 可见事件"""
    require(by, "incident.read")
    rows = Incident.objects.all()
    if by.scope.kind == "about":
        kind, ident = by.scope.about
        return rows.filter(pk=key_of(ident)) if kind == "incident" else rows.none()
    area = area_of(by)
    if not area:
        return rows
    taken_by_him = _own().filter(by_kind=by.kind, by_id=by.ident)
    return rows.filter(Q(division__startswith=area) | Exists(taken_by_him))


@asked_once
def incident_seen(*, seen_by: Actor, incident_id: str | int) -> Incident:
    """The incident with this id; 404 when there is none, or none that he may know of."""
    if not seen_by.may("incident.read"):
        raise not_found()
    found = incidents_seen(seen_by).filter(pk=key_of(incident_id)).first()
    if found is None:
        raise not_found()
    return found


def incidents(
    *,
    seen_by: Actor,
    state: str | None = None,
    kind: str | None = None,
    since: datetime | None = None,
    q: str = "",
) -> QuerySet[Incident]:
    """Incidents by state, kind, receipt since an instant, words of their own or of a report."""
    rows = incidents_seen(seen_by)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if since:
        rows = rows.filter(received_at__gte=since)
    for asked in search_questions(q) or ():
        # one index each: an OR over two tables would read every row
        told = Report.objects.filter(search__matches=asked).order_by().values("incident")
        named = Incident.objects.filter(search__matches=asked).order_by().values("pk")
        rows = rows.filter(pk__in=named.union(told, all=True))
    return rows


def open_incidents(*, seen_by: Actor) -> QuerySet[Incident]:
    """Incidents that are being handled, the newest first. 处置中的事件"""
    return incidents(seen_by=seen_by, state=Incident.State.OPEN).order_by("-received_at", "-pk")


def reports_seen(by: Actor) -> QuerySet[Report]:
    """Every report the actor may read: those of his incidents, or only his own. 可见接报"""
    require(by, "report.read_own")
    rows = Report.objects.select_related("incident")
    own = Q(by_kind=by.kind, by_id=by.ident)
    if not by.may("report.read") or by.scope.kind == "about":
        return rows.filter(own)
    area = area_of(by)
    return rows.filter(own | Q(division__startswith=area)) if area else rows


def report_seen(*, seen_by: Actor, report_id: str | int) -> Report:
    """The report with this id and its incident; 404 when there is none that he may know of."""
    if not seen_by.may("report.read_own"):
        raise not_found()
    found = reports_seen(seen_by).filter(pk=key_of(report_id)).first()
    if found is None:
        raise not_found()
    return found


@asked_once
def reports_of(*, seen_by: Actor, incident_id: str | int) -> QuerySet[Report]:
    """The reports of an incident, the first first. 事件的接报"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    return Report.objects.filter(incident=incident).order_by("received_at", "pk")


def unconfirmed_reports(*, seen_by: Actor) -> QuerySet[Report]:
    """Automatic joins of open incidents that nobody has confirmed, the oldest first. 待确认归并"""
    waiting = Report.objects.filter(joined=Report.Joined.AUTO, confirmed_at__isnull=True)
    open_ones = waiting.filter(incident__in=open_incidents(seen_by=seen_by).order_by())
    return open_ones.select_related("incident").order_by("received_at", "pk")
