"""Close an incident when nothing holds it, and open it again. 结案与重开"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext

from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.events import IncidentClosed, IncidentReopened
from qianjun.incident.models import Hold, Incident
from qianjun.incident.queries.cards import holds_of
from qianjun.incident.rules.holding import HOLDS
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require

REASON_MOST = 500


@transaction.atomic(savepoint=False)
def close_incident(*, by: Actor, incident_id: str | int) -> Incident:
    """Close the incident; 409 with ``holds`` while something above is not settled. 结案

    A deadline for a written report does not hold: it stays due.
    """
    require(by, "incident.close")
    row = held_incident(by, incident_id)
    must_be_open(row)
    if holds := holds_of(row.pk):
        zh = _("还有未了结的事，不能结案：%(what)s。")
        raise Refused("held", zh, status=409, words={"what": _what(holds)}, extra={"holds": holds})
    row.state, row.closed_at = Incident.State.CLOSED, clock.now()
    row.version += 1
    row.save(update_fields=["state", "closed_at", "version"])
    emit(IncidentClosed(incident_id=row.pk), by=by, incident=row.pk)
    return row


def _named(holds: Iterable[Mapping[str, Any]]) -> str:
    return " · ".join(f"{gettext(HOLDS[one['kind']])} {one['count']}" for one in holds)


# put into words when the refusal is said, in the language in which it is said
_what = lazy(_named, str)


@transaction.atomic(savepoint=False)
def reopen_incident(*, by: Actor, incident_id: str | int, reason: str) -> Incident:
    """Open a closed incident again, with a reason. 重新打开"""
    require(by, "incident.reopen")
    why = words("reason", reason, most=REASON_MOST)
    row = held_incident(by, incident_id)
    if row.merged_into_id is not None:
        zh = _("这个事件已并入另一事件，没有报告；请在那个事件里拆分。")
        raise Refused("merged", zh, status=409)
    if row.state == Incident.State.OPEN:
        raise Refused("already_open", _("这个事件还在处置中，不用重新打开。"), status=409)
    row.state, row.closed_at = Incident.State.OPEN, None
    row.version += 1
    row.save(update_fields=["state", "closed_at", "version"])
    emit(IncidentReopened(incident_id=row.pk), by=by, incident=row.pk, body=why)
    return row


@transaction.atomic(savepoint=False)
def place_hold(*, incident: int, kind: str, about: tuple[str, str]) -> Hold:
    """A module above says that something of its own is not settled; once per thing. 挂起结案"""
    held, _made = Hold.objects.get_or_create(
        incident_id=incident,
        kind=kind,
        about_kind=about[0],
        about_id=about[1],
        lifted_at=None,
        defaults={"placed_at": clock.now()},
    )
    return held


@transaction.atomic(savepoint=False)
def lift_hold(*, about: tuple[str, str]) -> int:
    """That thing is settled; how many holds ended. 解除"""
    rows = Hold.objects.filter(about_kind=about[0], about_id=about[1], lifted_at__isnull=True)
    return rows.update(lifted_at=clock.now())
