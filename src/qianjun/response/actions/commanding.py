"""Command goes to the city or comes back, with the list of everything that is open. 指挥权移交"""

from datetime import datetime

from django.db import transaction

from qianjun.incident import actions as incident_actions
from qianjun.incident.actions.held import held_incident
from qianjun.incident.command_models import CommandTransfer
from qianjun.org.actor import Actor, require
from qianjun.response.queries.commanding import open_matters


@transaction.atomic(savepoint=False)
def hand_over_command(
    *,
    by: Actor,
    incident_id: str | int,
    version: int,
    to: str,
    taken_by: str,
    why: str = "",
    at: datetime | None = None,
) -> CommandTransfer:
    """Hand command over with what is open at this moment, nothing being changed meanwhile. 移交"""
    require(by, "command.lead")
    incident = held_incident(by, incident_id)
    return incident_actions.transfer_command(
        by=by,
        incident_id=incident.pk,
        version=version,
        to=to,
        taken_by=taken_by,
        why=why,
        at=at,
        matters=open_matters(seen_by=by, incident_id=incident.pk),
    )
