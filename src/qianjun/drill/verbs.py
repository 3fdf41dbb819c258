"""What the people of a show do: each verb calls the action that the screen calls. 演示的动作

A verb takes who acts, what the story has made so far (``kept``, ids by name) and its own words.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from qianjun.drill.signing import sign_as_seen
from qianjun.force import actions as force
from qianjun.force.actions.team_acts import TeamDid
from qianjun.force.models import CallOut, TeamCall
from qianjun.force.rules.team_calls import is_over, next_acts
from qianjun.force.rules.wanting import Wanted
from qianjun.incident import actions as incident
from qianjun.incident.actions import NewPost
from qianjun.incident.command_models import CommandPost
from qianjun.incident.models import Incident, Report, Task
from qianjun.incident.rules.commanding import Whom
from qianjun.kernel import clock
from qianjun.message.actions import switch_carrier, switch_people
from qianjun.org.actor import Actor, system
from qianjun.org.contacts import first_reachable
from qianjun.org.models import Person
from qianjun.response import actions as response
from qianjun.response.queries.responding import Asked
from qianjun.response.queries.upward import upward_of
from qianjun.response.rules import Told
from qianjun.supply import actions as supply
from qianjun.supply.models import TransferOrder

Kept = dict[str, str]
Verb = Callable[..., None]
HOUSE: Final = system(name="drill.show")
VERBS: Final[dict[str, Verb]] = {}
HOME_BY: Final = ("home", "left")
PLACE_AWAY: Final = (109.4735, 24.3905)  # the school, 900 m from the fire


def verb(function: Verb) -> Verb:
    """Put a verb into the table by its name."""
    VERBS[function.__name__] = function
    return function


def _fire(kept: Kept) -> int:
    return int(kept["incident"])


# --- taking in ------------------------------------------------------------------------------------


@verb
def take_in(by: Actor, kept: Kept, *, text: str, channel: str, **more: Any) -> None:  # noqa: ANN401
    """A call is taken in; the first makes the incident of the story. 接报"""
    stored = response.take_in_report(by=by, told=Told(text=text, channel=channel, **more)).stored
    kept.setdefault("incident", str(stored.incident_id))
    kept["reports"] = f"{kept.get('reports', '')} {stored.report_id}"


@verb
def join_calls(by: Actor, kept: Kept) -> None:
    """The calls of the same fire are joined to it. 归并"""
    apart = Report.objects.filter(pk__in=kept["reports"].split()).exclude(incident=_fire(kept))
    for row in apart.order_by("pk"):
        incident.join_report(by=by, report_id=row.pk, incident_id=kept["incident"])


@verb
def figure(
    by: Actor, kept: Kept, *, kind: str, value: int, source: str, explanation: str = ""
) -> None:
    """A number is told. 数据"""
    incident.add_figure(
        by=by,
        incident_id=kept["incident"],
        kind=kind,
        value=value,
        source=source,
        explanation=explanation,
    )


@verb
def note(by: Actor, kept: Kept, *, text: str, kind: str = "fact") -> None:
    """A line is put on the timeline. 记一笔"""
    incident.add_note(by=by, incident_id=kept["incident"], text=text, kind=kind)


@verb
def confirm_grade(by: Actor, kept: Kept, *, grade: int, why: str) -> None:
    """The grade is confirmed. 定级"""
    version = Incident.objects.get(pk=kept["incident"]).version
    incident.confirm_grade(
        by=by, incident_id=kept["incident"], grade=grade, version=version, why=why
    )


# --- calling and responding -----------------------------------------------------------------------


@verb
def first_measures(by: Actor, kept: Kept) -> None:
    """What the officer starts alone. 先期处置"""
    response.first_measures(by=by, incident_id=kept["incident"])


@verb
def call_units(by: Actor, kept: Kept, *, units: list[str], silent: list[str], text: str) -> None:
    """The duty rooms of these units are called; some do not pick up. 叫应"""
    rooms = {code: room.pk for code in units if (room := first_reachable(code)) is not None}
    switch_people(by=HOUSE, silent=[rooms[code] for code in silent if code in rooms])
    row = response.call_about(
        by=by, incident_id=kept["incident"], text=text, people=list(rooms.values())
    )
    kept["confirmation"] = str(row.pk)


@verb
def give_task(by: Actor, kept: Kept, *, title: str, lead: str) -> None:
    """A task is given to a unit. 下任务"""
    incident.open_task(by=by, incident_id=kept["incident"], title=title, lead=lead)


@verb
def propose_response(by: Actor, kept: Kept, **words: Any) -> None:  # noqa: ANN401
    """A level of a plan is asked for. 报请启动"""
    asked = Asked(**words)
    started = response.start_response(by=by, incident_id=kept["incident"], asked=asked)
    kept["activation"] = str(started.row.pk)


@verb
def decide(by: Actor, kept: Kept, *, note: str, decided_by: str) -> None:
    """Whoever may says yes. 批准"""
    response.decide(
        by=by, activation_id=kept["activation"], approve=True, note=note, decided_by=decided_by
    )


@verb
def end_response(by: Actor, kept: Kept, *, why: str) -> None:
    """The response ends. 终止响应"""
    response.end_response(by=by, activation_id=kept["activation"], why=why)


# --- command --------------------------------------------------------------------------------------


@verb
def command_post(
    by: Actor, kept: Kept, *, place: str, decided_by: str, name: str, title: str
) -> None:
    """A command post is set up. 成立指挥部"""
    who = Person.objects.filter(name=name).values_list("pk", flat=True).first()
    whom = Whom(person=str(who), title=title) if who else Whom(name=name, title=title)
    wanted = NewPost(place=place, decided_by=decided_by, commander=whom)
    incident.set_up_command_post(by=by, incident_id=kept["incident"], wanted=wanted)


@verb
def transfer(by: Actor, kept: Kept, *, to: str, taken_by: str, why: str) -> None:
    """Command goes to the city or comes back. 移交指挥权"""
    response.hand_over_command(
        by=by,
        incident_id=kept["incident"],
        version=_post(kept).version,
        to=to,
        taken_by=taken_by,
        why=why,
    )


@verb
def end_command(by: Actor, kept: Kept, *, why: str) -> None:
    """The command post is stood down. 撤销指挥部"""
    version = _post(kept).version
    incident.stand_down_command_post(by=by, incident_id=kept["incident"], version=version, why=why)


def _post(kept: Kept) -> CommandPost:
    return CommandPost.objects.filter(incident=_fire(kept)).latest("pk")


# --- reports to the upper level -------------------------------------------------------------------


@verb
def quicken(by: Actor, kept: Kept, *, why: str) -> None:
    """The short clocks run. 快报时限"""
    response.quicken(by=by, incident_id=kept["incident"], why=why)


@verb
def phone_report(by: Actor, kept: Kept, *, taken_by: str) -> None:
    """Every recipient is told by telephone, and who took it is noted. 电话报告"""
    for one in upward_of(seen_by=by, incident_id=kept["incident"]).recipients:
        response.deliver(
            by=by,
            incident_id=kept["incident"],
            unit=one.unit.code,
            act="told",
            way="phone",
            taken_by=taken_by,
            by_phone=True,
        )


@verb
def check(by: Actor, kept: Kept, *, kinds: list[str]) -> None:
    """Numbers are checked before they leave the house. 核实"""
    for kind in kinds:
        response.act_on_report(by=by, incident_id=kept["incident"], act="check", kind=kind)


@verb
def ask_signature(by: Actor, kept: Kept) -> None:
    """The draft is put before whoever signs. 送签"""
    response.ask_signature(by=by, incident_id=kept["incident"])


@verb
def sign(by: Actor, kept: Kept) -> None:
    """What is seen is signed. 签发"""
    sign_as_seen(by=by, incident=kept["incident"])


@verb
def received(by: Actor, kept: Kept, *, taken_by: str) -> None:
    """Each recipient says that he has it. 回执"""
    for one in upward_of(seen_by=by, incident_id=kept["incident"]).recipients:
        response.deliver(
            by=by,
            incident_id=kept["incident"],
            unit=one.unit.code,
            act="received",
            way="fax",
            taken_by=taken_by,
        )


@verb
def notify_all(by: Actor, kept: Kept) -> None:
    """The units that the law names are told. 依法通报"""
    response.notify_all(by=by, incident_id=kept["incident"])


@verb
def final_report(by: Actor, kept: Kept) -> None:
    """The next report is the final one, and is put before whoever signs. 改成终报"""
    response.act_on_report(by=by, incident_id=kept["incident"], act="kind", kind="final")
    response.ask_signature(by=by, incident_id=kept["incident"])


# --- forces ---------------------------------------------------------------------------------------


@verb
def call_teams(by: Actor, kept: Kept) -> None:
    """The teams that stand proposed are called. 调队"""
    force.confirm_teams(by=by, incident_id=kept["incident"], despite_busy=True)


@verb
def call_volunteers(
    by: Actor,
    kept: Kept,
    *,
    need: int,
    place: str,
    what: str,
    risk: str,
    skills: list[list[Any]],
    by_min: int,
) -> None:
    """Volunteers are called: proposed, seen, sent by a second key. 召集"""
    for standing in CallOut.objects.filter(incident=_fire(kept)):
        force.stand_down(by=by, callout_id=standing.pk)  # the plan's own, for which there is ours
    wanted = Wanted(
        need=need,
        needed_by=clock.now() + timedelta(minutes=by_min),
        lon=PLACE_AWAY[0],
        lat=PLACE_AWAY[1],
        place=place,
        what=what,
        risk=risk,
        skills=tuple((name, count) for name, count in skills),
    )
    row = force.propose_callout(by=by, incident_id=kept["incident"], wanted=wanted)
    force.confirm_wave(by=by, callout_id=row.pk, rank=1)
    kept["callout"] = str(row.pk)


@verb
def enough(by: Actor, kept: Kept) -> None:
    """Enough have said yes. 够了·停召"""
    force.enough(by=by, callout_id=kept["callout"])


@verb
def stand_down(by: Actor, kept: Kept) -> None:
    """Nobody is wanted any more. 全部解除"""
    for row in CallOut.objects.filter(incident=_fire(kept)):
        force.stand_down(by=by, callout_id=row.pk)
    force.stand_down_teams(by=by, incident_id=kept["incident"])


# --- goods ----------------------------------------------------------------------------------------


@verb
def order(by: Actor, kept: Kept, *, lines: list[list[Any]], receiver: str, why: str) -> None:
    """Goods are asked for. 提出调拨"""
    wanted = [supply.Line(code=code, quantity=quantity) for code, quantity in lines]
    row = supply.propose_order(
        by=by, incident_id=kept["incident"], lines=wanted, receiver=receiver, why=why
    )
    kept["order"] = str(row.pk)


@verb
def approve(by: Actor, kept: Kept) -> None:
    """The order is agreed to. 批准调拨"""
    supply.approve_order(by=by, order_id=kept["order"])


@verb
def issue(by: Actor, kept: Kept) -> None:
    """The goods go out. 出库"""
    supply.issue_order(by=by, order_id=kept["order"])


@verb
def receive(by: Actor, kept: Kept) -> None:
    """The goods are there. 签收"""
    supply.confirm_receipt(by=by, order_id=kept["order"])


@verb
def return_goods(by: Actor, kept: Kept) -> None:
    """What comes back is back. 归还"""
    supply.return_goods(by=by, order_id=kept["order"])


# --- the world ------------------------------------------------------------------------------------


@verb
def carrier(by: Actor, kept: Kept, *, channel: str, down: bool) -> None:
    """The carrier is away, or back. 通道"""
    del kept
    switch_carrier(by=by, channel=channel, down=down)


# --- the end --------------------------------------------------------------------------------------


@verb
def finish_tasks(by: Actor, kept: Kept) -> None:
    """What the units report by telephone the officer notes. 逐项办结"""
    rows = Task.objects.filter(incident=_fire(kept), done_at__isnull=True, dropped_at__isnull=True)
    for row in rows.order_by("pk"):
        incident.finish_task(
            by=by, incident_id=kept["incident"], task_id=row.pk, result="电话报来：已办"
        )


@verb
def close(by: Actor, kept: Kept) -> None:
    """Everybody is asked after, every order over: the incident is closed. 结案"""
    finish_tasks(by, kept)
    for row in CallOut.objects.filter(incident=_fire(kept), ended_at__isnull=True):
        force.end_callout(by=by, callout_id=row.pk, reason="没报平安的已电话逐个问到，都在家")
    teams = TeamCall.objects.filter(incident=_fire(kept), asked_at__isnull=False)
    for team in teams.filter(ended_at__isnull=True):
        _team_home(by, team)
    for waiting in TransferOrder.objects.filter(incident=_fire(kept)):
        if not (waiting.issued_at or waiting.returned_at or waiting.cancelled_at):
            supply.cancel_order(by=by, order_id=waiting.pk, why="用不上了")
    incident.close_incident(by=by, incident_id=kept["incident"])


def _team_home(by: Actor, row: TeamCall) -> None:
    """The desk asks a team by telephone: who came is home, who never answered need not come."""
    while not is_over(row) and (acts := [one for one in HOME_BY if one in next_acts(row)]):
        did = TeamDid(act=acts[0], act_id=uuid4(), happened_at=clock.now())
        row, _verdict = force.act_for_team(by=by, call_id=row.pk, did=did)
