"""Incidents that proved to be one with another. 并案查询"""

from collections.abc import Iterable

from qianjun.incident.models import Incident
from qianjun.incident.queries.seen import incident_seen
from qianjun.org.actor import Actor


def merged_into(*, seen_by: Actor, incident_id: str | int) -> list[Incident]:
    """What was merged into this one and still has its reports, the earliest first. 并入的事件"""
    lead = incident_seen(seen_by=seen_by, incident_id=incident_id)
    rows = Incident.objects.filter(merged_into=lead, reports__isnull=False)
    return list(rows.distinct().order_by("received_at", "pk"))


def numbers_merged_into(incident: int) -> list[str]:
    """Their numbers. 并入的编号"""
    rows = Incident.objects.filter(merged_into=incident, reports__isnull=False)
    return list(rows.distinct().order_by("number").values_list("number", flat=True))


def leads_of(rows: Iterable[Incident]) -> dict[int, str]:
    """Of those that were merged, the number of the one that leads, by their key. 牵头的编号"""
    leads = {row.pk: row.merged_into_id for row in rows if row.merged_into_id}
    known = Incident.objects.filter(pk__in=set(leads.values()))
    numbers = dict(known.values_list("pk", "number"))
    return {pk: numbers.get(lead, "") for pk, lead in leads.items() if lead is not None}
