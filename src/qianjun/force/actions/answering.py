"""What people who were called do: by their link, or by a text message. 应召"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from qianjun.force.actions.calling import STAYS
from qianjun.force.actions.positions import keep_position
from qianjun.force.actions.standing_down import lift_when_back
from qianjun.force.callout_events import CallActed
from qianjun.force.models import CallAct, Called, CallOut, Volunteer
from qianjun.force.rules.answering import Verdict, comes, gone, judge
from qianjun.force.rules.wanting import DETOUR, SPEED_KMH
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.geometry import distance_m
from qianjun.org.actor import Actor, not_found

# what changes how many are there, whether they were wanted or not
MOVES: Final = ("arrived", "left", "home")


@dataclass(frozen=True, kw_only=True)
class Did:
    """One act; ``eta_min`` counts from when it happened; the place is kept while he is out. 操作"""

    act: str
    act_id: UUID
    happened_at: datetime
    claimed_at: datetime | None = None
    device: str = ""
    eta_min: float | None = None
    lon: float | None = None
    lat: float | None = None
    headcount: int | None = None


@transaction.atomic(savepoint=False)
def act_on_call(*, by: Actor, did: Did) -> tuple[Called, Verdict]:
    """The bearer of a call-out's link answers, comes, goes; the same act again is the same. 应召

    404 for anybody else; 409 for what cannot come yet.
    """
    if by.via != "link:v" or by.scope.about[0] != "callout" or by.person is None:
        raise not_found()
    return _act(by, callout=int(by.scope.about[1]), person=by.person, did=did)


@transaction.atomic(savepoint=False)
def take_words(*, by: Actor, callout: int, person: int, did: Did) -> tuple[Called, Verdict]:
    """The house has understood a text message as yes or no. 短信应召"""
    if by.kind != "system":
        raise not_found()
    return _act(by, callout=callout, person=person, did=did)


def _act(by: Actor, *, callout: int, person: int, did: Did) -> tuple[Called, Verdict]:
    # in this order everywhere: the call-out, then its people
    row = CallOut.objects.select_for_update().filter(pk=callout).first()
    rows = Called.objects.select_for_update().filter(callout=callout, sent_at__isnull=False)
    called = rows.filter(person=person).first()
    if row is None or called is None or row.ended_at is not None:
        raise not_found()
    if CallAct.objects.filter(called=called, act_id=did.act_id).exists():
        return called, Verdict(outcome="repeated")
    over = row.enough_at is not None or row.stood_down_at is not None
    verdict = judge(did.act, called, at=did.happened_at, over=over)
    _keep(called, did, verdict)
    before = comes(called)
    _change(row, called, did, verdict)
    _count(row, called, before=before)
    keep_position(called, incident=row.incident_id, at=did.happened_at, lon=did.lon, lat=did.lat)
    if verdict.changes:
        event = CallActed(callout_id=row.pk, called_id=called.pk, act=did.act)
        about = ("called", str(called.pk))
        moved = did.act in MOVES or before != comes(called)
        emit(
            event,
            by=by,
            incident=row.incident_id,
            about=about,
            happened_at=did.happened_at,
            # every desk shows how many come and are there; a break changes neither
            topics=("desk",) if moved else (),
        )
        lift_when_back(row)
    return called, verdict


def _keep(called: Called, did: Did, verdict: Verdict) -> None:
    CallAct.objects.create(
        called=called,
        act_id=did.act_id,
        act=did.act,
        outcome=verdict.outcome,
        happened_at=did.happened_at,
        received_at=clock.now(),
        claimed_at=did.claimed_at,
        device=did.device,
    )


def _change(row: CallOut, called: Called, did: Did, verdict: Verdict) -> None:
    for name, instant in verdict.changes.items():
        setattr(called, name, instant)
    if called.read_at is None:
        called.read_at = did.happened_at
    if did.device:
        called.other_device |= bool(called.device) and called.device != did.device
        called.device = called.device or did.device
    if verdict.outcome == "taken":
        _arrival(row, called, did)
    called.headcount = did.headcount or called.headcount
    if called.left_at is not None and called.arrived_at is not None:
        called.minutes = max(0, round((called.left_at - called.arrived_at).total_seconds() / 60))
    called.save()


def _arrival(row: CallOut, called: Called, did: Did) -> None:
    """When he will be there: as he said, as far as he is, or as reckoned before."""
    if did.act not in ("accept", "late", "en_route"):
        return
    if did.eta_min is not None:
        called.eta_at = did.happened_at + timedelta(minutes=did.eta_min)
    elif did.lon is not None and did.lat is not None:
        metres = distance_m(did.lon, did.lat, row.lon, row.lat)
        hours = metres * DETOUR / 1000 / SPEED_KMH
        called.eta_at = did.happened_at + timedelta(hours=hours)


def _count(row: CallOut, called: Called, *, before: bool) -> None:
    """His record, and until when nobody else asks him."""
    rows = Volunteer.objects.filter(pk=called.volunteer_id)
    if comes(called) and not before:
        until = max(row.needed_by, clock.now()) + STAYS
        rows.update(accepted=F("accepted") + 1, busy_until=until)
    elif before and called.declined_at is not None:
        rows.filter(accepted__gt=0).update(accepted=F("accepted") - 1)
    if called.declined_at is not None or gone(called):
        rows.update(busy_until=None)
    if before and gone(called) and called.minutes:
        year = clock.in_beijing(clock.now()).year
        rows.filter(counted_year=year).update(
            minutes_this_year=F("minutes_this_year") + called.minutes
        )
