"""What the incident room shows beside the card: grade, charts, tasks. 事件室查询"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils.translation import get_language

from qianjun.confirm.queries import Seen, confirmations_about
from qianjun.force.callout_events import CallActed
from qianjun.incident.models import Figure, Grading, Task
from qianjun.incident.queries import (
    figure_series,
    grade_history,
    open_incidents,
    said,
    state_of,
    tasks_of,
)
from qianjun.incident.queries.tasks import (
    about_charge,
    current_charge,
    from_another,
    has_no_contact,
    last_word,
    stage_of,
    supporting_of,
    waits_long,
)
from qianjun.incident.rules.figures import FIGURES
from qianjun.incident.rules.grading import Step
from qianjun.incident.rules.tasks import RULE
from qianjun.kernel import clock
from qianjun.kernel.once import asked_once
from qianjun.message.events import MessageAnswered, MessagesQueued
from qianjun.org.actor import Actor
from qianjun.org.models import Person, Post, Unit
from qianjun.org.queries import names_of, within
from qianjun.response import steps

About = tuple[str, str]
CHOICES_MOST, OTHERS_MOST = 200, 21
# what hundreds of volunteers answer stands on the page of their call-out, that an order was sent
# on its task; in the room's timeline both would bury everything else
ROUTINE = (
    Q(name=CallActed.name)
    | Q(name=MessageAnswered.name, payload__purpose="callout")
    | Q(name=MessagesQueued.name, payload__purpose="order", payload__count=1)
)
_TITLED = Concat(F("number"), Value(" "), F("title"))


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


def tasks(
    *, seen_by: Actor, incident_id: str, beside: Iterable[About] = ()
) -> tuple[list[dict[str, Any]], dict[About, list[Seen]]]:
    """The tasks of the incident, what is open first, and the calls that it asked for. 任务和叫应

    The calls are those about the incident as a whole, about its tasks, and about what is named
    ``beside``: in the same statements.
    """
    rows = list(tasks_of(seen_by=seen_by, incident_id=incident_id))
    names = names_of(("person", str(row.person_id)) for row in rows if row.person_id)
    known = dict(choices(seen_by=seen_by)["posts"]) if any(row.post for row in rows) else {}
    charges = {row.pk: about_charge(one) for row in rows if (one := current_charge(row))}
    whole = "incident", incident_id
    calls = confirmations_about(seen_by=seen_by, abouts=[whole, *charges.values(), *beside])
    last = {key: next(iter(calls[about]), None) for key, about in charges.items()}
    return [{**_task(row, names, known), "call": last.get(row.pk)} for row in rows], calls


def _task(row: Task, names: dict[tuple[str, str], str], posts: dict[str, str]) -> dict[str, Any]:
    due = None
    if row.due_at is not None and row.dropped_at is None:
        due = Due(started_at=row.opened_at, due_at=row.due_at, met_at=row.done_at)
    return {
        "row": row,
        "state": state_of(row),
        "stage": stage_of(row),
        "due": due,
        "who": names.get(("person", str(row.person_id)), ""),
        "post": posts.get(row.post, ""),
        "supporting": [name for _code, name in supporting_of(row)],
        "no_contact": has_no_contact(row),
        "waits_long": waits_long(row),
        "other_device": from_another(row),
        "last_word": last_word(row),
    }


@asked_once
def choices(*, seen_by: Actor) -> dict[str, list[tuple[str, str]]]:
    """What the forms of the room offer, each as key and name, in one statement. 可选项

    ``leads`` are units by code, ``posts`` by code (whoever holds one is told), ``people`` those of
    his tree with an account, by id; ``others`` are open incidents by id, the newest first.
    """
    named = ("leads", "posts", "people", "others")
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in named}
    units = Unit.objects.exclude(level=Unit.Level.ENTERPRISE).order_by("path")[:CHOICES_MOST]
    persons = within(Person.objects.filter(user__is_active=True), seen_by.scope, "unit__path")
    persons = persons.order_by("sort_key", "pk")[:CHOICES_MOST]
    opened = open_incidents(seen_by=seen_by)[:OTHERS_MOST]
    leads, *more = (
        _choices(units, "leads", key=F("code"), name="short_name", by=F("path")),
        _choices(Post.objects.all(), "posts", key=F("code"), name="name", by=_padded(F("pk"))),
        _choices(persons, "people", key=_text(F("pk")), name="name", by=F("sort_key")),
        _choices(opened, "others", key=_text(F("pk")), name=_TITLED, by=F("received_at")),
    )
    rows = sorted(leads.union(*more, all=True), key=lambda row: row[3])
    for what, key, name, _by in rows:
        found[what].append((key, name))
    found["others"].reverse()
    return found


def _choices(
    rows: QuerySet[Any],
    what: str,
    *,
    key: Any,  # noqa: ANN401  # an expression
    name: Any,  # noqa: ANN401  # a column or an expression
    by: Any,  # noqa: ANN401  # an expression
) -> QuerySet[Any, Any]:
    named = rows.annotate(
        what_=Value(what),
        key_=_text(key),
        name_=_text(F(name) if isinstance(name, str) else name),
        by_=_text(by),
    )
    found: QuerySet[Any, Any] = named.values_list("what_", "key_", "name_", "by_")
    return found


def _text(value: Any) -> Any:  # noqa: ANN401  # an expression
    return Cast(value, TextField())


def _padded(value: Any) -> Any:  # noqa: ANN401  # an expression
    return LPad(_text(value), 20, Value("0"))
