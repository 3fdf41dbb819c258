"""Letters that wait on the desk. 来信查询"""

from django.db.models import QuerySet

from qianjun.incident.models import Letter
from qianjun.org.actor import Actor
from qianjun.org.queries import within


def waiting_letters(*, seen_by: Actor) -> QuerySet[Letter]:
    """What came in and nobody has sorted, the oldest first; nothing for who does not sort. 来信"""
    rows = letters_seen(seen_by).filter(settled_at__isnull=True)
    if not seen_by.may("report.sort"):
        return rows.none()
    return rows.select_related("inbound__person", "inbound__file").order_by("arrived_at", "pk")


def letters_seen(by: Actor) -> QuerySet[Letter]:
    """Letters of people of the actor's tree; those of nobody known are the district's. 可见来信"""
    return within(Letter.objects.all(), by.scope, "inbound__person__unit__path")
