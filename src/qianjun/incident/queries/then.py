"""An incident as it stood at an instant: every answer is a comparison with instants. 当时

What people, tasks and orders did counts from when it happened, figures from when they were told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Prefetch, Q

from qianjun.incident.activation_models import Activation, LevelStep
from qianjun.incident.command_models import CommandPost, CommandSeat, CommandTransfer
from qianjun.incident.events import IncidentClosed, IncidentReopened
from qianjun.incident.models import Charge, Figure, Grading, Incident, Report, Task
from qianjun.incident.rules.commanding import DISTRICT, ON_SCENE
from qianjun.journal.models import Entry

UNHEARD: Final = "none"


def state_at(at: datetime, states: Mapping[str, datetime | None], *, first: str) -> str:
    """The last of these states that had begun by an instant, in the order in which they come."""
    begun = [name for name, since in states.items() if since is not None and since <= at]
    return begun[-1] if begun else first


def incident_state_at(row: Incident, at: datetime) -> str:
    """``none`` before anybody told, else open or closed, by what was said of it. 状态"""
    if row.opened_at > at:
        return UNHEARD
    names = (IncidentClosed.name, IncidentReopened.name)
    said = Entry.objects.filter(incident=row.pk, name__in=names, at__lte=at).order_by("-pk")
    last = said.values_list("name", flat=True).first()
    return "closed" if last == IncidentClosed.name else "open"


def reports_at(row: Incident, at: datetime) -> int:
    """How many of its reports had come. 接报份数"""
    return Report.objects.filter(incident=row, received_at__lte=at).count()


def grade_at(row: Incident, at: datetime) -> int | None:
    """The grade that somebody had confirmed. 分级"""
    said = Grading.objects.filter(incident=row, at__lte=at).order_by("-pk")
    return said.values_list("value", flat=True).first()


def figures_at(row: Incident, at: datetime) -> dict[str, Figure]:
    """The numbers that stood, by kind. 数字"""
    stood = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at)
    rows = Figure.objects.filter(stood, incident=row, stands=True, recorded_at__lte=at)
    return {one.kind: one for one in rows.order_by("at", "pk")}


@dataclass(frozen=True, kw_only=True)
class ResponseThen:
    """A response with its state and its level at that time. 当时的响应"""

    row: Activation
    state: str
    level: int


def responses_at(row: Incident, at: datetime) -> list[ResponseThen]:
    """Every response that had been asked for; two statements. 响应"""
    rows = Activation.objects.filter(incident=row, proposed_at__lte=at).order_by("pk")
    steps = Prefetch("steps", LevelStep.objects.order_by("pk"))
    return [_response(one, at) for one in rows.prefetch_related(steps)]


def _response(row: Activation, at: datetime) -> ResponseThen:
    states = {"active": row.started_at, "refused": row.refused_at, "ended": row.ended_at}
    steps = list(row.steps.all())
    begun = [one.level for one in steps if one.at <= at]
    level = begun[-1] if begun else steps[0].level if steps else row.level
    return ResponseThen(row=row, state=state_at(at, states, first="proposed"), level=level)


@dataclass(frozen=True, kw_only=True)
class TaskThen:
    """A task with its stage and with who had it at that time. 当时的任务"""

    row: Task
    stage: str
    charge: Charge | None


def tasks_at(row: Incident, at: datetime) -> list[TaskThen]:
    """Every task that had been given, in the order in which they were; two statements. 任务"""
    rows = Task.objects.filter(incident=row, opened_at__lte=at).order_by("opened_at", "pk")
    charges = Charge.objects.filter(since__lte=at).select_related("lead", "person").order_by("pk")
    return [_task(one, at) for one in rows.prefetch_related(Prefetch("charges", charges))]


def _task(row: Task, at: datetime) -> TaskThen:
    charge = next(reversed(list(row.charges.all())), None)
    states = {"accepted": row.accepted_at, "done": row.done_at, "dropped": row.dropped_at}
    given = charge is not None and bool(charge.lead or charge.person or charge.post)
    stage = state_at(at, states, first="unsigned" if given else "open")
    return TaskThen(row=row, stage=stage, charge=charge)


@dataclass(frozen=True, kw_only=True)
class CommandThen:
    """The command post that stood at that time, and who commanded. 当时的指挥部"""

    row: CommandPost
    on_scene: CommandSeat | None
    commands: str


def command_at(row: Incident, at: datetime) -> CommandThen | None:
    """The command post that stood; none when there was none. 指挥部"""
    stood = Q(stood_down_at__isnull=True) | Q(stood_down_at__gt=at)
    post = CommandPost.objects.filter(stood, incident=row, set_up_at__lte=at).last()
    if post is None:
        return None
    had = Q(until__isnull=True) | Q(until__gt=at)
    seats = CommandSeat.objects.filter(had, post=post, seat=ON_SCENE, since__lte=at)
    moves = CommandTransfer.objects.filter(post=post, at__lte=at).order_by("-pk")
    to = moves.values_list("to", flat=True).first()
    return CommandThen(row=post, on_scene=seats.order_by("-pk").first(), commands=to or DISTRICT)
