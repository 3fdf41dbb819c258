"""How many people call-outs bring to incidents, many incidents at once. 召集人数"""

from collections.abc import Collection, Iterator

from django.db.models import F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from qianjun.force.models import CallOut
from qianjun.incident.queries.seen import open_incidents
from qianjun.incident.rules.people import People
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

VOLUNTEERS = _("召集的志愿者")
HERE = Q(people__arrived_at__isnull=False)
GONE = Q(people__left_at__isnull=False) | Q(people__home_at__isnull=False)
ANSWERED_YES = Q(people__accepted_at__isnull=False)
TURNED_BACK = Q(people__stood_down_at__isnull=False)
COMING = ANSWERED_YES & ~HERE & ~GONE & ~TURNED_BACK
# whoever brings others says how many they are, himself among them
HEADS = Coalesce(F("people__headcount"), Value(1))


def volunteers_of(incidents: Collection[int]) -> dict[int, list[People]]:
    """The call-outs of these that run or from which somebody is still there; one statement.

    A proposal is no need yet: nobody has said that these people are wanted. After a stand-down
    nobody is wanted, and who is still there is shown until he has left.
    """
    found: dict[int, list[People]] = {}
    for row, line in _lines(CallOut.objects.filter(incident__in=incidents)):
        found.setdefault(row.incident_id, []).append(line)
    return found


def meeting_places(*, seen_by: Actor) -> Iterator[tuple[CallOut, People]]:
    """The same for the map: every call-out of the open incidents that he sees. 集合地点"""
    require(seen_by, "callout.read")
    yield from _lines(CallOut.objects.filter(incident__in=open_incidents(seen_by=seen_by)))


def _lines(rows: QuerySet[CallOut]) -> Iterator[tuple[CallOut, People]]:
    counted = rows.filter(confirmed_at__isnull=False, ended_at__isnull=True).annotate(
        coming=Coalesce(Sum(HEADS, filter=COMING), Value(0)),
        on_scene=Coalesce(Sum(HEADS, filter=HERE & ~GONE), Value(0)),
        soonest=Min("people__eta_at", filter=COMING),
    )
    for row in counted.order_by("confirmed_at", "pk"):
        line = People(
            need=0 if row.stood_down_at else row.need,
            coming=row.coming,
            on_scene=row.on_scene,
            of=VOLUNTEERS,
            at=row.place,
            soonest=row.soonest,
        )
        if line.need or line.coming or line.on_scene:
            yield row, line
