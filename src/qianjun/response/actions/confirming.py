"""Call people about an incident, or to see whether they answer at all. 叫应"""

from collections.abc import Sequence

from django.db import transaction

from qianjun.confirm.actions import start_confirmation
from qianjun.confirm.models import Confirmation
from qianjun.confirm.rules import Step
from qianjun.incident.actions.held import must_be_open
from qianjun.incident.queries import incident_seen
from qianjun.org.actor import Actor, require

CHECK = ("check", "")


@transaction.atomic(savepoint=False)
def call_about(
    *,
    by: Actor,
    incident_id: str | int | None,
    text: str,
    people: Sequence[int],
    need: int | None = None,
    steps: Sequence[Step] = (),
    channels: Sequence[str] = (),
    question: str = "",
) -> Confirmation:
    """Call about an incident that he sees and that is open; about none it is a check. 叫应

    404 and 409 for the incident, 422 for what is said.
    """
    require(by, "confirm.call")
    about = CHECK
    if incident_id is not None:
        incident = incident_seen(seen_by=by, incident_id=incident_id)
        must_be_open(incident)
        about = ("incident", str(incident.pk))
    return start_confirmation(
        by=by,
        about=about,
        text=text,
        people=people,
        need=need,
        steps=steps,
        channels=channels,
        question=question,
    )
