"""Propose a call-out, and send what somebody has confirmed. 建议与确认召集

Nothing is sent by proposing: the officer sees how many would be disturbed and why, and presses a
second key.
"""

from datetime import timedelta

from django.db import transaction

from qianjun.force.actions.holding import held_callout, must_be_current, must_run
from qianjun.force.actions.mandates import AsAsked, ask_mandate, give_mandate
from qianjun.force.actions.waves import new_wave, send_to, taken, worked_out
from qianjun.force.callout_events import WaveProposed, WaveSent
from qianjun.force.models import CallOut, Wave
from qianjun.force.queries.mandates import invited
from qianjun.force.rules.mandates import Auto, check_auto
from qianjun.force.rules.wanting import Wanted, check, radius_for
from qianjun.force.skills import by_code
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require

STAYS: timedelta = timedelta(hours=12)  # whoever said yes is taken to be busy so long after


@transaction.atomic(savepoint=False)
def propose_callout(
    *, by: Actor, incident_id: str | int, wanted: Wanted, auto: Auto | None = None
) -> CallOut:
    """Open a call-out with its first wave proposed; nobody is told yet. 建议召集

    ``auto`` is kept until somebody confirms: it is in force from then on. 422 with the fields
    that will not do; a need that cannot be had is proposed all the same and says so.
    """
    require(by, "callout.call")
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    now = clock.now()
    check(wanted, now=now, known=frozenset(by_code()))
    row = CallOut.objects.create(
        incident=incident,
        need=wanted.need,
        skills=[{"skill": name, "count": count} for name, count in wanted.skills],
        needed_by=wanted.needed_by,
        lon=wanted.lon,
        lat=wanted.lat,
        place=wanted.place,
        what=wanted.what,
        risk=wanted.risk,
        kit=wanted.kit,
        probability=wanted.probability,
        radius_m=radius_for(wanted, now=now),
        proposed_at=now,
        by_kind=by.kind,
        by_id=by.ident,
    )
    wave = _propose(row, by=by)
    if auto is not None:
        check_auto(auto, now=now, invited=wave.count)
        ask_mandate(by, row, auto)
    return row


@transaction.atomic(savepoint=False)
def propose_wave(*, by: Actor, callout_id: str | int, version: int | None = None) -> CallOut:
    """Work out the next wave from the answers, in place of one that was not sent. 再算一批"""
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    must_be_current(row, version)
    must_run(row)
    if row.needed_by <= clock.now():
        raise Refused("by_in_the_past", _("到场时限已经过去，请另建一次召集。"), status=409)
    Wave.objects.filter(callout=row, sent_at__isnull=True).delete()
    _propose(row, by=by)
    row.version += 1
    row.save(update_fields=["version"])
    return row


def _propose(row: CallOut, *, by: Actor) -> Wave:
    wave = new_wave(row, worked_out(row, by))
    event = WaveProposed(
        callout_id=row.pk,
        rank=wave.rank,
        need=row.need,
        count=wave.count,
        permille=round(wave.probability * 1000),
    )
    emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    return wave


@transaction.atomic(savepoint=False)
def confirm_wave(
    *,
    by: Actor,
    callout_id: str | int,
    rank: int,
    version: int | None = None,
    auto: Auto | AsAsked | None = "as_asked",
) -> CallOut:
    """Call the people of a proposed wave; again changes nothing. 确认召集

    Whoever may no longer be called since it was proposed is left out. ``auto`` lets the house
    confirm further waves, None forbids it; unsaid, what was asked for with the call-out holds.
    409 when the call-out is over or has changed.
    """
    require(by, "callout.call")
    row = held_callout(by, callout_id)
    wave = Wave.objects.filter(callout=row, rank=rank).first()
    if wave is None:
        raise not_found()
    if wave.sent_at is not None:
        return row
    must_be_current(row, version)
    must_run(row)
    must_be_open(row.incident)
    if isinstance(auto, Auto):
        check_auto(auto, now=clock.now(), invited=invited(row.pk) + wave.count)
    people = taken(row, wave)
    event = WaveSent(callout_id=row.pk, rank=rank, count=len(people))
    emit(event, by=by, incident=row.incident_id, about=("callout", str(row.pk)))
    send_to(row, wave, people, sent_by=by)
    give_mandate(by, row, auto)
    return row
