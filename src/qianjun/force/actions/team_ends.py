"""A called team is wanted no more: it is told, and its incident waits until it is home. 解除队伍"""

from django.db import transaction

from qianjun.confirm.actions.ending import end_all_about
from qianjun.force.actions.positions import keep_position
from qianjun.force.actions.team_calls import (
    HOUSE,
    LINK,
    about,
    held_team_call,
    must_be_current,
)
from qianjun.force.models import TeamCall
from qianjun.force.queries.team_calls import OPEN
from qianjun.force.rules.team_calls import is_over, matter_of
from qianjun.force.team_call_events import TeamStoodDown, TeamWithdrawn
from qianjun.incident.actions import lift_hold
from qianjun.incident.actions.held import held_incident
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.message.actions import send_many
from qianjun.message.rules import STAND_DOWN
from qianjun.org.actor import Actor, require
from qianjun.org.links import end_links, living_links


@transaction.atomic(savepoint=False)
def stand_down_team(*, by: Actor, call_id: str | int, version: int | None = None) -> TeamCall:
    """One team need not come, or may go home; one that is only proposed is not called. 解除一队

    Again changes nothing; its link stays, so that it says when it is home.
    """
    require(by, "callout.call")
    row = held_team_call(by, call_id)
    if row.stood_down_at is None and row.ended_at is None:
        must_be_current(row, version)
        _stand_down(row, by=by)
    return row


@transaction.atomic(savepoint=False)
def stand_down_teams(*, by: Actor, incident_id: str | int) -> list[TeamCall]:
    """No team is wanted at an incident any more; which were stood down. 全部解除"""
    require(by, "callout.call")
    incident = held_incident(by, incident_id)
    rows = TeamCall.objects.select_for_update(of=("self",)).select_related("team")
    standing = list(rows.filter(OPEN, incident=incident, stood_down_at=None).order_by("pk"))
    for row in standing:
        _stand_down(row, by=by)
    return standing


def _stand_down(row: TeamCall, *, by: Actor) -> None:
    row.stood_down_at = clock.now()
    row.version += 1
    if is_over(row):
        row.ended_at = row.stood_down_at
        lift_hold(about=about(row))
    row.save(update_fields=["stood_down_at", "version", "ended_at"])
    keep_position(row, incident=row.incident_id, at=row.stood_down_at, lon=None, lat=None)
    if row.asked_at is None:
        event = TeamWithdrawn(team_call_id=row.pk)
        emit(event, by=by, incident=row.incident_id, about=about(row), body=row.team.name)
        return
    end_all_about(by=HOUSE, about=about(row), why="")
    told = send_many(
        by=HOUSE,
        people=list(living_links(LINK, about(row))) if row.home_at is None else [],
        purpose="stand_down",
        matter=matter_of(row.pk),
        text=_text(row),
        rank=STAND_DOWN,
        incident=row.incident_id,
    )
    said = TeamStoodDown(team_call_id=row.pk, count=told)
    emit(said, by=by, incident=row.incident_id, about=about(row), body=row.team.name)


def _text(row: TeamCall) -> str:
    back = "全队归队后请在链接里点“全队平安归队”。" if row.accepted_at or row.arrived_at else ""
    return f"【解除】{row.team.name}：{row.place} 不用来了；已在路上或现场的请返回。{back}谢谢！"


def end_team_links(*, incident: int) -> int:
    """The incident is over: the links of its teams say so from now on; how many. 结束链接"""
    return sum(end_links(about(row)) for row in TeamCall.objects.filter(incident=incident))
