"""What a called team does: by its leader's link, by a message, or noted by the desk. 队伍操作"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction

from qianjun.confirm.actions import settle_about
from qianjun.confirm.rules import How
from qianjun.force.actions.answering import MOVES, Did
from qianjun.force.actions.positions import keep_position
from qianjun.force.actions.team_calls import HOUSE, about, held_team_call
from qianjun.force.models import TeamAct, TeamCall
from qianjun.force.queries.team_calls import OPEN
from qianjun.force.rules.answering import HEADCOUNT_MOST, Verdict, comes, judge
from qianjun.force.rules.team_calls import (
    ABOUT,
    ACTS,
    REASON_MOST,
    check_reason,
    holds,
    is_over,
    matter_of,
)
from qianjun.force.rules.wanting import DETOUR
from qianjun.force.team_call_events import TeamActed
from qianjun.incident.actions import lift_hold, place_hold
from qianjun.incident.actions.held import locked
from qianjun.incident.actions.noting import check_time
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field
from qianjun.kernel.geometry import distance_m
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.message.answering import answered_by_link
from qianjun.org.actor import Actor, not_found, require

TRUCK_KMH = 30.0  # as fast as a team is assumed to come by road
# acts that say that somebody has heard the call
HEARD = ("accept", "decline", "late", "en_route", "arrived")


@dataclass(frozen=True, kw_only=True)
class TeamDid(Did):
    """One act of a team; ``reason`` why it cannot come. 操作"""

    reason: str = ""


@transaction.atomic(savepoint=False)
def act_on_team_call(*, by: Actor, did: TeamDid) -> tuple[TeamCall, Verdict]:
    """The bearer of a team's link signs, comes, goes; the same act again is the same. 队长操作

    404 for anybody else; 409 for what cannot come yet; 422 for an order refused without a reason.
    """
    kind, ident = by.scope.about
    if by.via != "link:v" or kind != ABOUT or by.person is None:
        raise not_found()
    row = _locked(int(ident))
    return _act(by, row, did, how="link")


@transaction.atomic(savepoint=False)
def act_for_team(*, by: Actor, call_id: str | int, did: TeamDid) -> tuple[TeamCall, Verdict]:
    """The desk notes what a team has told it by telephone, and it is marked so. 代记

    409 while the team has not been called; the time may be earlier, never before it was called.
    """
    require(by, "callout.call")
    if did.act not in ACTS or did.act == "opened":
        raise refused_field("act", "unknown_act", _("没有这种操作。"))
    check_time("happened_at", did.happened_at)
    row = held_team_call(by, call_id)
    if row.asked_at is None:
        raise Refused("not_called", _("还没有调这支队伍，请先确认。"), status=409)
    return _act(by, row, did, how="by_desk")


@transaction.atomic(savepoint=False)
def take_team_words(
    *, by: Actor, call_id: int, person: int | None, did: TeamDid, how: How = "reply"
) -> tuple[TeamCall, Verdict]:
    """The house has understood a message, or what the desk heard, as a yes or a no. 队长回信"""
    require(by, "system")
    return _act(by, _locked(call_id), did, how=how, person=person)


def _locked(call: int) -> TeamCall:
    """The called team, held after its incident as every verb of teams holds it."""
    seen = TeamCall.objects.filter(pk=call, asked_at__isnull=False).first()
    if seen is None:
        raise not_found()
    locked(seen.incident_id)
    rows = TeamCall.objects.select_for_update(of=("self",)).select_related("team", "incident")
    return rows.get(pk=call)


def _act(
    by: Actor, row: TeamCall, did: TeamDid, *, how: How, person: int | None = None
) -> tuple[TeamCall, Verdict]:
    if TeamAct.objects.filter(call=row, act_id=did.act_id).exists():
        return row, Verdict(outcome="repeated")
    did = _checked(row, did, how=how)
    verdict = _judged(row, did)
    _keep(by, row, did, verdict, how=how)
    before = comes(row)
    _change(row, did, verdict, how=how)
    _hold(row)
    row.save()
    keep_position(row, incident=row.incident_id, at=did.happened_at, lon=did.lon, lat=did.lat)
    _heard(by, row, did, how=how, person=person or by.person)
    if verdict.changes:
        moved = did.act in MOVES or before != comes(row)
        _say(by, row, did, how=how, moved=moved)
    return row, verdict


def _checked(row: TeamCall, did: TeamDid, *, how: How) -> TeamDid:
    """The act as it is kept: never before the team was called, with a reason where one is due."""
    reason = clean(did.reason).text.strip()[:REASON_MOST]
    if how != "reply":
        check_reason(row.way, did.act, reason)
    if did.headcount is not None and not 1 <= did.headcount <= HEADCOUNT_MOST:
        raise refused_field("headcount", "out_of_range", _("人数须在 1 到 500 之间。"))
    asked_at = row.asked_at or did.happened_at
    return replace(did, reason=reason, happened_at=max(did.happened_at, asked_at))


def _judged(row: TeamCall, did: TeamDid) -> Verdict:
    """As for a volunteer; what comes for a team that was called anew since is only kept."""
    if row.ended_at is not None and row.home_at is None:
        again = TeamCall.objects.filter(OPEN, incident=row.incident_id, team=row.team_id)
        if again.exists():
            return Verdict(outcome="too_late")
    over = row.stood_down_at is not None
    return judge(did.act, row, at=did.happened_at, over=over)


def _keep(by: Actor, row: TeamCall, did: TeamDid, verdict: Verdict, *, how: How) -> None:
    TeamAct.objects.create(
        call=row,
        act_id=did.act_id,
        act=did.act,
        outcome=verdict.outcome,
        headcount=did.headcount,
        reason=did.reason,
        by_desk=how == "by_desk",
        by_kind=by.kind,
        by_id=by.ident,
        happened_at=did.happened_at,
        received_at=clock.now(),
        claimed_at=did.claimed_at,
        device=did.device,
    )


def _change(row: TeamCall, did: TeamDid, verdict: Verdict, *, how: How) -> None:
    for name, instant in verdict.changes.items():
        setattr(row, name, instant)
    if row.read_at is None and how != "by_desk":
        row.read_at = did.happened_at
    if verdict.outcome != "taken":
        return
    if did.headcount is not None:
        row.headcount = did.headcount
    if did.act == "decline":
        row.reason = did.reason
    if did.act in ("accept", "late", "en_route"):
        _arrival(row, did)
        row.reason = ""


def _arrival(row: TeamCall, did: TeamDid) -> None:
    """When it will be there: as it said, or as far as its house is."""
    if did.eta_min is not None:
        row.eta_at = did.happened_at + timedelta(minutes=did.eta_min)
    elif row.eta_at is None or did.act == "en_route":
        lon = row.team.lon if did.lon is None else did.lon
        lat = row.team.lat if did.lat is None else did.lat
        hours = distance_m(lon, lat, row.lon, row.lat) * DETOUR / 1000 / TRUCK_KMH
        row.eta_at = did.happened_at + timedelta(hours=hours)


def _hold(row: TeamCall) -> None:
    """Its incident stays open while it is out and not home; then the row is over. 挂起结案"""
    if is_over(row):
        row.ended_at = row.ended_at or clock.now()
    else:
        row.ended_at = None
    if holds(row):
        place_hold(incident=row.incident_id, kind="people", about=about(row))
    else:
        lift_hold(about=about(row))


def _heard(by: Actor, row: TeamCall, did: TeamDid, *, how: How, person: int | None) -> None:
    """Whoever has answered is asked no more, and nobody else is called about it."""
    if did.act not in HEARD:
        return
    if how == "link" and by.person is not None:
        answered_by_link(purpose="order", matter=matter_of(row.pk), person=by.person)
    settle_about(
        by=HOUSE,
        about=about(row),
        person=None if how == "by_desk" and by.kind != "system" else person,
        how=how,
        happened_at=did.happened_at,
    )


def _say(by: Actor, row: TeamCall, did: TeamDid, *, how: How, moved: bool) -> None:
    heads = f"{did.headcount} 人" if did.headcount else ""
    noted = "值班室代记" if how == "by_desk" else ""
    emit(
        TeamActed(team_call_id=row.pk, act=did.act, by_desk=how == "by_desk"),
        by=by,
        incident=row.incident_id,
        about=about(row),
        body=" · ".join(part for part in (row.team.name, heads, did.reason, noted) if part),
        happened_at=did.happened_at,
        # every desk shows how many come and are there; a break changes neither
        topics=("desk",) if moved else (),
    )


def forget_reason(*, call_id: int) -> bool:
    """Empty why a team could not come, which was erased by law; again changes nothing. 依法删除"""
    TeamAct.objects.filter(call=call_id).exclude(reason="").update(reason="")
    return TeamCall.objects.filter(pk=call_id).exclude(reason="").update(reason="") > 0
