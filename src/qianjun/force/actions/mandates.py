"""An officer lets the house confirm further waves, and takes it back. 授权续召"""

from typing import Literal

from django.db import transaction

from qianjun.force.actions.holding import held_callout
from qianjun.force.callout_events import LookDue, MandateEnded, MandateGiven
from qianjun.force.models import CallOut, Mandate
from qianjun.force.queries.mandates import invited
from qianjun.force.rules.mandates import Auto, next_look
from qianjun.journal.bus import emit
from qianjun.journal.timers import cancel_timer, set_timer
from qianjun.kernel import clock
from qianjun.org.actor import Actor, require

AsAsked = Literal["as_asked"]


@transaction.atomic(savepoint=False)
def withdraw_mandate(*, by: Actor, callout_id: str | int) -> CallOut:
    """The house confirms nothing more; without a mandate nothing changes. 收回授权"""
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    if end_mandate(by, row, "withdrawn"):
        row.version += 1
        row.save(update_fields=["version"])
    return row


def ask_mandate(by: Actor, row: CallOut, auto: Auto) -> Mandate:
    """What is asked for with a call-out; nobody's mandate until somebody confirms. 提出授权"""
    return Mandate.objects.create(
        callout=row,
        max_people=auto.max_people,
        until=auto.until,
        asked_at=clock.now(),
        by_kind=by.kind,
        by_id=by.ident,
    )


def give_mandate(by: Actor, row: CallOut, auto: Auto | AsAsked | None) -> None:
    """Whoever has confirmed a wave of this locked call-out gives, keeps or ends the mandate. 授权

    One that is used up already is ended at once: the wave was wanted all the same.
    """
    mandate = open_mandate(row)
    if auto is None:
        end_mandate(by, row, "withdrawn")
        return
    if isinstance(auto, Auto) and not _same(mandate, auto):
        end_mandate(by, row, "replaced")
        mandate = ask_mandate(by, row, auto)
    if mandate is None:
        return
    if mandate.given_at is None:
        _give(by, row, mandate)
    if over := why_over(row, mandate):
        end_mandate(by, row, over)
    else:
        look_again(row, mandate)


def _same(mandate: Mandate | None, auto: Auto) -> bool:
    return mandate is not None and Auto(max_people=mandate.max_people, until=mandate.until) == auto


def _give(by: Actor, row: CallOut, mandate: Mandate) -> None:
    mandate.given_at = clock.now()
    mandate.by_kind, mandate.by_id = by.kind, by.ident
    # whom he may not call himself, the house does not call for him
    mandate.unit_path = by.scope.unit_path if by.scope.kind == "unit" else ""
    event = MandateGiven(
        callout_id=row.pk,
        mandate_id=mandate.pk,
        max_people=mandate.max_people,
        until=mandate.until,
    )
    mandate.entry = emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    mandate.save(update_fields=["given_at", "by_kind", "by_id", "unit_path", "entry"])


def open_mandate(row: CallOut) -> Mandate | None:
    """The one of a locked call-out that is asked for or in force. 现行授权"""
    return Mandate.objects.filter(callout=row, ended_at__isnull=True).first()


def why_over(row: CallOut, mandate: Mandate) -> str:
    """Why nothing more is confirmed within it; empty while there is something left. 为何停"""
    now = clock.now()
    if row.incident.state != "open":
        return "closed"
    if now >= mandate.until:
        return "until"
    if now >= row.needed_by:
        return "by"
    return "spent" if invited(row.pk) >= mandate.max_people else ""


def look_again(row: CallOut, mandate: Mandate) -> None:
    """Set when the house looks at the answers next. 安排再看"""
    due_at = next_look(now=clock.now(), needed_by=row.needed_by, until=mandate.until)
    event = LookDue(mandate_id=mandate.pk, look=mandate.looks)
    set_timer(key=_timer(mandate), due_at=due_at, event=event, cause=mandate.entry)


def end_mandate(by: Actor, row: CallOut, why: str) -> bool:
    """End the open mandate of a locked call-out, if there is one. 结束授权"""
    mandate = open_mandate(row)
    if mandate is None:
        return False
    mandate.ended_at, mandate.ended_why = clock.now(), why
    mandate.save(update_fields=["ended_at", "ended_why"])
    cancel_timer(_timer(mandate))
    if mandate.given_at is not None:
        event = MandateEnded(
            callout_id=row.pk, mandate_id=mandate.pk, why=why, invited=invited(row.pk)
        )
        emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    return True


def end_mandates(by: Actor, incident: int) -> int:
    """Those of an incident that is closed; how many ended. 结案时结束授权"""
    open_ones = Mandate.objects.filter(callout__incident=incident, ended_at__isnull=True)
    rows = CallOut.objects.select_for_update().filter(pk__in=open_ones.values("callout"))
    return sum(end_mandate(by, row, "closed") for row in rows.order_by("pk"))


def _timer(mandate: Mandate) -> str:
    return f"mandate:{mandate.pk}"
