"""Letters that wait on the desk. 来信查询"""

from django.db.models import QuerySet

from qianjun.incident.models import Letter
from qianjun.org.actor import Actor


def waiting_letters(*, seen_by: Actor) -> QuerySet[Letter]:
    """What came in and nobody has sorted, the oldest first; nothing for who does not sort. 来信"""
    rows = Letter.objects.filter(settled_at__isnull=True)
    if not seen_by.may("report.sort") or seen_by.scope.kind == "about":
        return rows.none()
    return rows.select_related("inbound__person").order_by("arrived_at", "pk")
