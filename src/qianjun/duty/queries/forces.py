"""Call-outs that run and teams that are out, on the desk. 值班台上的力量"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.utils.translation import gettext

from qianjun.force.models import CallOut
from qianjun.force.queries.team_calls import calls_of
from qianjun.force.rules.team_calls import STATES, stands
from qianjun.incident.models import Incident
from qianjun.incident.queries import open_incidents

if TYPE_CHECKING:
    from qianjun.duty.queries.look import Look

CALLOUTS_MOST: Final = 50
OUT: Final = ("waiting", "read", "accepted", "en_route", "arrived")


@dataclass(frozen=True, kw_only=True)
class TeamsOut:
    """The teams of an incident that are called and not back, by how far they are. 在外队伍"""

    incident: Incident
    states: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """How many teams."""
        return sum(n for _word, n in self.states)


def callouts_running(look: "Look") -> list[CallOut]:
    """Call-outs that were sent and nobody has ended, with how many come and are there."""
    if not look.by.may("callout.read"):
        return []
    seen = open_incidents(seen_by=look.by).order_by().values("pk")
    rows = CallOut.objects.filter(incident__in=seen, ended_at__isnull=True)
    comes = Q(people__accepted_at__isnull=False, people__arrived_at__isnull=True)
    there = Q(people__arrived_at__isnull=False, people__left_at__isnull=True)
    counted = rows.filter(confirmed_at__isnull=False, stood_down_at__isnull=True).annotate(
        coming=Count("people", filter=comes & Q(people__stood_down_at__isnull=True)),
        arrived=Count("people", filter=there),
    )
    whole = counted.select_related("incident").order_by("needed_by", "pk")
    return list(whole[:CALLOUTS_MOST])


def teams_out(look: "Look") -> list[TeamsOut]:
    """Teams that are called and not back; what the incidents' cards have read already."""
    if not look.by.may("callout.read"):
        return []
    called = calls_of(tuple(row.pk for row in look.rows))
    found = []
    for one in look.rows:
        rows = called[one.pk]
        states = Counter(stands(row) for row in rows if row.asked_at and not row.ended_at)
        if out := tuple((gettext(STATES[code]), states[code]) for code in OUT if states[code]):
            found.append(TeamsOut(incident=one, states=out))
    return found
