"""Where responders are, for whoever may see call-outs. 在外位置查询"""

from django.db.models import QuerySet

from qianjun.force.models import Position
from qianjun.incident.queries import open_incidents
from qianjun.org.actor import Actor, require


def positions_seen(*, seen_by: Actor) -> QuerySet[Position]:
    """The last place of each who is out for an open incident that he sees, newest first. 位置"""
    require(seen_by, "callout.read")
    rows = Position.objects.select_related("team_call__team")
    return rows.filter(incident__in=open_incidents(seen_by=seen_by).order_by()).order_by("-at")
