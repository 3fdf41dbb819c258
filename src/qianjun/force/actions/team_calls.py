"""Propose teams, and call those that somebody has confirmed. 调队

Nobody is called by proposing. A call is an order in the engine of 叫应: the leader first, the
deputies while he is silent, at last the desk.
"""

from collections.abc import Collection, Sequence
from typing import Final

from django.db import transaction

from qianjun.confirm.actions import start_confirmation
from qianjun.confirm.rules import STEPS_MOST, Step
from qianjun.confirm.voices import Told
from qianjun.force.models import Team, TeamCall, TeamMember
from qianjun.force.queries.team_calls import OPEN, busy_with, team_call_json, team_call_seen
from qianjun.force.queries.teams import RANK, teams_seen
from qianjun.force.rules.answering import HEADCOUNT_MOST
from qianjun.force.rules.team_calls import ABOUT, Errand, TeamAsk, check, check_way
from qianjun.force.team_call_events import TeamCalled, TeamProposed
from qianjun.incident.actions import place_hold
from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.actions.telling import minutes_to_sign
from qianjun.journal.bus import emit, is_history
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require, system
from qianjun.org.links import Purpose, end_links, link_path, living_links, make_links
from qianjun.org.store import text_setting

HOUSE = system(name="force.teams")
LINK: Final[Purpose] = "v"
# sent as they stand, in Chinese, whatever language whoever calls reads
OPENINGS: Final = {
    "order": "【命令】请{team}出动 {n} 人，{at} 前到 {place}。",
    "request": "【请求】请贵单位{team}支援 {n} 人，{at} 前到 {place}。",
    "invitation": "【邀请】请{team}来 {n} 人帮忙，{at} 前到 {place}。",
}
SIGN: Final = {
    "order": "请打开链接签收并报人数，或回复“收到”；确实不能出动的回复 2 和原因。",
    "request": "能来请打开链接报人数，或回复 1；不能来回复 2。",
    "invitation": "能来请打开链接报人数，或回复 1；不能来回复 2，不用说理由。",
}
NOT_SIGNED: Final = "前一位负责人没有回音，请您签收。"
TEXT_MOST: Final = 300


@transaction.atomic(savepoint=False)
def propose_teams(
    *, by: Actor, incident_id: str | int, asks: Sequence[TeamAsk], errand: Errand
) -> list[TeamCall]:
    """Put teams before an officer; nobody is told yet. 建议调队

    422 with the fields that will not do, a way that the law does not give among them; 409
    ``team_called_already``. Who could not come and is asked once more is a new row.
    """
    require(by, "callout.call")
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    check(errand, list(asks), now=clock.now())
    teams = _teams(by, asks)
    _free(incident.pk, teams)
    made = [
        TeamCall.objects.create(
            incident=incident,
            team=teams[one.team],
            way=one.way,
            wanted=one.headcount,
            what=errand.what,
            place=errand.place,
            lon=errand.lon,
            lat=errand.lat,
            risk=errand.risk,
            needed_by=errand.needed_by,
            proposed_at=clock.now(),
            by_kind=by.kind,
            by_id=by.ident,
        )
        for one in asks
    ]
    for row in made:
        event = TeamProposed(team_call_id=row.pk, team_id=row.team_id, wanted=row.wanted)
        emit(event, by=by, incident=incident.pk, about=about(row), body=row.team.name)
    return made


def _teams(by: Actor, asks: Sequence[TeamAsk]) -> dict[int, Team]:
    """The teams that are asked for, as far as he may see them."""
    found = {one.pk: one for one in teams_seen(by).filter(pk__in=[one.team for one in asks])}
    if missing := [one for one in asks if one.team not in found]:
        del missing
        zh = _("名单里有不存在的队伍。")
        fault = FieldError(field="teams", code="unknown_team", zh=zh)
        raise Refused("unknown_team", zh, fields=(fault,))
    for one in asks:
        check_way(found[one.team].kind, one.way)
    return found


def _free(incident: int, teams: dict[int, Team]) -> None:
    """Of none a call is open; one that was answered with no gives way to a new one."""
    rows = TeamCall.objects.select_for_update().filter(OPEN, incident=incident, team__in=teams)
    for row in rows.order_by("pk"):
        if row.declined_at is None or row.left_at is not None:
            zh = _("%(team)s 已经在这件事的名单里，不用再调。")
            words = {"team": teams[row.team_id].name}
            raise Refused("team_called_already", zh, status=409, words=words)
        row.stood_down_at = row.ended_at = clock.now()
        row.save(update_fields=["stood_down_at", "ended_at"])
        end_links(about(row))


@transaction.atomic(savepoint=False)
def confirm_team(
    *,
    by: Actor,
    call_id: str | int,
    version: int | None = None,
    headcount: int | None = None,
    despite_busy: bool = False,
) -> TeamCall:
    """Call a proposed team; again changes nothing. 确认调队

    409 ``team_busy`` when it is out for another incident and nobody says that it is wanted all
    the same, ``stale`` when the row was changed meanwhile.
    """
    require(by, "callout.call")
    row = held_team_call(by, call_id)
    if row.asked_at is not None:
        return row
    must_be_current(row, version)
    if headcount is not None:
        if not 1 <= headcount <= HEADCOUNT_MOST:
            zh = _("每支队伍的人数须在 1 到 500 之间。")
            fault = FieldError(field="headcount", code="out_of_range", zh=zh)
            raise Refused("out_of_range", zh, fields=(fault,))
        row.wanted = headcount
    _call([row], by=by, despite_busy=despite_busy)
    return row


@transaction.atomic(savepoint=False)
def confirm_teams(
    *, by: Actor, incident_id: str | int, despite_busy: bool = False
) -> list[TeamCall]:
    """Call every team that is proposed for an incident; which. 全部确认"""
    require(by, "callout.call")
    incident = held_incident(by, incident_id)
    waiting = TeamCall.objects.select_for_update(of=("self",)).select_related("team", "incident")
    rows = list(waiting.filter(OPEN, incident=incident, asked_at=None).order_by("pk"))
    if rows:
        _call(rows, by=by, despite_busy=despite_busy)
    return rows


def _call(rows: Sequence[TeamCall], *, by: Actor, despite_busy: bool) -> None:
    first = rows[0]
    if first.stood_down_at is not None or first.ended_at is not None:
        raise Refused("team_call_over", _("这条建议已经撤回，要调请另建一条。"), status=409)
    must_be_open(first.incident)
    if any(row.needed_by <= clock.now() for row in rows):
        raise Refused("by_in_the_past", _("到场时限已经过去，请撤回后重新选队伍。"), status=409)
    # two incidents that want one team take turns
    keys = [row.team_id for row in rows]
    list(Team.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    _must_be_free(first.incident_id, keys, despite_busy=despite_busy)
    for row in rows:
        row.asked_at = clock.now()
        row.version += 1
        event = TeamCalled(team_call_id=row.pk, team_id=row.team_id, way=row.way, wanted=row.wanted)
        emit(event, by=by, incident=row.incident_id, about=about(row), body=row.team.name)
        place_hold(incident=row.incident_id, kind="people", about=about(row))
        row.save(update_fields=["asked_at", "version", "wanted"])
        row.told = _tell(row)
        row.save(update_fields=["told"])


def _must_be_free(incident: int, teams: Collection[int], *, despite_busy: bool) -> None:
    busy = {} if despite_busy else busy_with(teams, beside=incident)
    if not busy:
        return
    said = [{"team": str(pk), "incident": row.incident.number} for pk, row in busy.items()]
    names = [f"{row.team.name}（{row.incident.number}）" for row in busy.values()]
    zh = _("正在别的事件出动：%(teams)s。确实要调，请勾“仍要调”。")
    raise Refused(
        "team_busy", zh, status=409, words={"teams": "、".join(names)}, extra={"busy": said}
    )


def held_team_call(by: Actor, call_id: str | int) -> TeamCall:
    """The called team that the actor sees, locked after its incident; else 404."""
    seen = team_call_seen(seen_by=by, call_id=call_id)
    held_incident(by, seen.incident_id)
    rows = TeamCall.objects.select_for_update(of=("self",)).select_related("team", "incident")
    return rows.get(pk=seen.pk)


def must_be_current(row: TeamCall, version: int | None) -> None:
    """Refuse with 409 ``stale`` who judged by an older version."""
    if version is not None and row.version != version:
        zh = _("这支队伍的调动刚被别人改过，请看过最新内容再做。")
        raise Refused("stale", zh, status=409, extra={"current": team_call_json(row)})


def about(row: TeamCall) -> tuple[str, str]:
    """What links, holds and entries of a called team are about."""
    return (ABOUT, str(row.pk))


def _tell(row: TeamCall) -> int:
    """Call the leader, the deputies after him; how many at once. 通知队长"""
    people = [] if is_history() else _leading(row.team_id)
    if not people:
        return 0
    first, wait_s = people[0], minutes_to_sign() * 60
    start_confirmation(
        by=HOUSE,
        about=about(row),
        text=row.team.name,
        people=[first],
        need=1,
        steps=[
            Step(after_s=wait_s * number, people=(person,), in_place_of={person: first})
            for number, person in enumerate(people[1:STEPS_MOST], start=1)
        ],
        incident=row.incident_id,
        wait_s=wait_s,
    )
    return 1


def _leading(team: int) -> list[int]:
    """Who answers for a team: the leader, then the deputies. 队长、副队长"""
    rows = TeamMember.objects.filter(team=team, left_at=None, role__in=("leader", "deputy"))
    ranked = sorted(rows, key=lambda one: (RANK[one.role], one.pk))
    return list(dict.fromkeys(one.person_id for one in ranked))


def call_for(*, call: int, people: Collection[int], deputy: bool) -> Told:
    """What is sent to these at a step of the call, each with a link of his own. 用语"""
    row = TeamCall.objects.select_related("team").get(pk=call)
    known = living_links(LINK, about(row))
    new = [person for person in people if person not in known]
    made = make_links(purpose=LINK, about=about(row), people=new) if new else {}
    links = {
        person: (link_path(known[person]) if person in known else made[person],)
        for person in people
    }
    return Told(text=f"{NOT_SIGNED if deputy else ''}{text_of(row)}", links=links)


def text_of(row: TeamCall) -> str:
    """What the leader is sent, without names, telephones or what has happened to whom. 短信"""
    at = f"{clock.in_beijing(row.needed_by):%m月%d日%H:%M}"
    opening = OPENINGS[row.way].format(team=row.team.name, n=row.wanted, at=at, place=row.place)
    house = text_setting("org", "bureau_name") or "应急值班室"
    parts = (
        opening,
        f"做什么：{row.what}。" if row.what else "",
        f"风险：{row.risk}。" if row.risk else "",
        SIGN[row.way],
        f"（{house}）",
    )
    return "".join(parts)[:TEXT_MOST]
