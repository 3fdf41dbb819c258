"""What the incident room shows beside the card: grade, charts, tasks. 事件室查询"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from qianjun.incident.models import Figure, Grading, Task
from qianjun.incident.queries import (
    figure_series,
    grade_history,
    said,
    state_of,
    tasks_of,
)
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.grading import Step
from qianjun.incident.rules.tasks import RULE
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Person, Unit
from qianjun.org.queries import names_of, within
from qianjun.response import steps

CHOICES_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Due:
    """The deadline of a task as its chip wants it."""

    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    rule: str = RULE


@dataclass(frozen=True, kw_only=True)
class Since:
    """A confirmed grade as a step of the chart."""

    at: datetime
    grade: int


def numbers(*, seen_by: Actor, incident_id: str, since: datetime) -> dict[str, Any]:
    """The numbers: panels of the chart, and every row behind them, the latest first. 数字"""
    rows = list(figure_series(seen_by=seen_by, incident_id=incident_id))
    names = names_of((row.by_kind, row.by_id) for row in rows if row.by_kind)
    ordered = sorted(rows, key=lambda row: list(FIGURES).index(row.kind))
    return {
        "panels": steps.panels(ordered, since=since, now=clock.now()),
        "chart_from": steps.begins(rows, since=since),
        "series": [_step(row, names) for row in reversed(rows)],
    }


def _step(row: Figure, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    who = names.get((row.by_kind, row.by_id), "") if row.by_kind else ""
    return {"zh": FIGURES[row.kind], "row": row, "who": who}


def grading(*, seen_by: Actor, incident_id: str, since: datetime) -> dict[str, Any]:
    """How the grade came about: the chart, and its rows, the latest first. 分级"""
    moved, gradings = grade_history(seen_by=seen_by, incident_id=incident_id)
    confirmed = [Since(at=row.at, grade=row.value) for row in gradings]
    names = names_of((row.by_kind, row.by_id) for row in gradings)
    rows = [*_suggestions(moved), *_confirmations(gradings, names)]
    return {
        "grade_chart": steps.grade_chart(
            moved, confirmed, since=since, now=clock.now(), left=_left()
        ),
        "grade_rows": sorted(rows, key=lambda row: row["at"], reverse=True),
    }


def _left() -> float:
    """Where the plot begins: the words of grades are longer in English."""
    return steps.GRADE_LEFT_LATIN if get_language() == "en" else steps.GRADE_LEFT


def _suggestions(moved: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "grade": one.grade, "asked": True, "who": "", "why": said(one.why)}
        for one in moved
    ]


def _confirmations(
    gradings: Sequence[Grading], names: dict[tuple[str, str], str]
) -> list[dict[str, Any]]:
    return [
        {
            "at": row.at,
            "grade": row.value,
            "asked": False,
            "who": names[row.by_kind, row.by_id],
            "why": row.why,
        }
        for row in gradings
    ]


def tasks(*, seen_by: Actor, incident_id: str) -> list[dict[str, Any]]:
    """The tasks of the incident, what is open first. 任务"""
    rows = list(tasks_of(seen_by=seen_by, incident_id=incident_id))
    names = names_of(("person", str(row.person_id)) for row in rows if row.person_id)
    return [_task(row, names) for row in rows]


def _task(row: Task, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    due = None
    if row.due_at is not None and row.dropped_at is None:
        due = Due(started_at=row.opened_at, due_at=row.due_at, met_at=row.done_at)
    return {
        "row": row,
        "state": state_of(row),
        "due": due,
        "who": names.get(("person", str(row.person_id)), ""),
    }


def leads() -> list[tuple[str, str]]:
    """Units that a task can be given to: code and name. 可牵头单位"""
    rows = Unit.objects.exclude(level=Unit.Level.ENTERPRISE).order_by("path")
    return list(rows.values_list("code", "short_name")[:CHOICES_MOST])


def people(*, seen_by: Actor) -> list[tuple[int, str]]:
    """People of his tree with an account, to whom a task can be given: id, name. 可负责人员"""
    rows = within(Person.objects.filter(user__is_active=True), seen_by.scope, "unit__path")
    rows = rows.order_by("sort_key", "pk")
    return list(rows.values_list("pk", "name")[:CHOICES_MOST])
