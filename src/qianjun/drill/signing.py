"""A leader of the show signs what he sees, as a person would. 签发"""

from typing import Final

from django.db import transaction

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.response.actions import sign_report
from qianjun.response.queries.upward import upward_of

LOOKS: Final = 5


def sign_as_seen(*, by: Actor, incident: str) -> None:
    """Sign the draft; who is told that it changed meanwhile reads it again, five times at most."""
    for left in reversed(range(LOOKS)):
        draft = upward_of(seen_by=by, incident_id=incident).draft
        assert draft is not None
        try:
            with transaction.atomic():
                sign_report(by=by, incident_id=incident, digest=draft.digest)
        except Refused as refused:
            if refused.code != "changed_meanwhile" or not left:
                raise
        else:
            return
