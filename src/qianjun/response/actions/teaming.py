"""Put the teams that a plan names before an officer; nobody is called before his key. 预案调队"""

from collections.abc import Iterable

from django.db import transaction

from qianjun.force import actions as force_actions
from qianjun.force.models import TeamCall
from qianjun.force.rules.team_calls import Errand, TeamAsk
from qianjun.incident.models import Incident
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.plan.rules.shape import Force
from qianjun.response.actions.ordering import BY_THEN, ordering
from qianjun.response.queries.teaming import teams_meant


@transaction.atomic(savepoint=False)
def propose_teams(*, by: Actor, incident: Incident, forces: Iterable[Force]) -> list[TeamCall]:
    """For each line the nearest teams that can come, less those wanted already. 建议调队

    Without a place nobody can be chosen: the plan's line stays to be seen.
    """
    commander, made = ordering(by), []
    for one in teams_meant(seen_by=commander, incident=incident, forces=forces):
        assert incident.lon is not None
        assert incident.lat is not None
        near = one.near
        ask = TeamAsk(team=near.row.team.pk, way=one.force.way, headcount=one.wanted)
        errand = Errand(
            needed_by=clock.now() + BY_THEN,
            lon=incident.lon,
            lat=incident.lat,
            place=incident.place_name or incident.title,
            what=one.force.title.zh,
        )
        made += force_actions.propose_teams(
            by=commander, incident_id=incident.pk, asks=[ask], errand=errand
        )
    return made
