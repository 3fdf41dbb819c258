"""Incidents as the contract shows them, many at once in a fixed number of statements. 事件卡"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from qianjun.incident.models import Incident
from qianjun.incident.queries.activating import running_of
from qianjun.incident.queries.codes import category_name
from qianjun.incident.queries.figures import Figures, latest_figures
from qianjun.incident.queries.people import people_of
from qianjun.incident.queries.seen import incident_seen
from qianjun.incident.queries.sums import Sums, sums_of
from qianjun.incident.rules.facts import questions
from qianjun.incident.rules.figures import FIGURES, hurt_is_known
from qianjun.incident.rules.grading import Grade, Why, suggest_grade
from qianjun.incident.rules.people import People, together
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.kernel import clock
from qianjun.org.actor import Actor

Card = dict[str, Any]


def incident_card(*, seen_by: Actor, incident_id: str | int) -> Card:
    """One incident as in contract 5, or 404. 事件卡"""
    return cards([incident_seen(seen_by=seen_by, incident_id=incident_id)])[0]


def cards(rows: Iterable[Incident]) -> list[Card]:
    """These incidents as in contract 5; as many statements for one as for all. 事件卡（批量）"""
    wanted = list(rows)
    keys = tuple(row.pk for row in wanted)
    sums, figures, running = sums_of(keys), latest_figures(keys), running_of(keys)
    due = deadlines_of(*(("incident", str(key)) for key in keys)) if keys else {}
    people = people_of(keys)
    return [
        _card(
            row,
            sums=sums[row.pk],
            figures=figures[row.pk],
            deadlines=due["incident", str(row.pk)],
            activations=running[row.pk],
            people=together(people[row.pk]),
        )
        for row in wanted
    ]


def holds_of(incident: int) -> list[dict[str, Any]]:
    """What keeps an incident from closing: kind and count. 未了结事项"""
    return list(sums_of((incident,))[incident].holds)


def said(why: Why) -> str:
    """A reason in the reader's language."""
    terms = {place: gettext(word) for place, word in why.terms.items()}
    return gettext(why.zh) % {**why.words, **terms}


def grade_of(row: Incident, figures: Figures) -> Grade:
    """What grade the figures speak for."""
    return suggest_grade(category=row.category, figures=figures.values())


def _questions(row: Incident, sums: Sums, figures: Figures) -> tuple[str, ...]:
    if row.kind == Incident.Kind.OPERATION:  # nobody has reported it: there is nobody to ask
        return ()
    return questions(
        place_answer=row.place_answer,
        category=row.category,
        hurt_is_known=hurt_is_known(figures.values()),
        unexplained=bool(figures.waiting),
        time_is_known=row.occurred_at is not None,
        can_call_back=bool(sums.told["phones"]),
    )


def _card(
    row: Incident,
    *,
    sums: Sums,
    figures: Figures,
    deadlines: Sequence[Deadline],
    activations: list[dict[str, Any]],
    people: People,
) -> Card:
    grade = grade_of(row, figures)
    return {
        **_row(row),
        "grade": row.grade,
        "grade_suggested": grade.grade,
        "grade_why": said(grade.why),
        "reports": sums.told["count"],
        "unconfirmed": sums.told["unconfirmed"],
        "last_report_at": row.last_report_at.isoformat(),
        "figures": {kind: _figure(figures, kind) for kind in FIGURES},
        "activations": activations,
        "command_post": sums.command_post,
        "people": people.counts(),
        "tasks": sums.tasks,
        "deadlines": [deadline_json(one) for one in deadlines],
        "holds": sums.holds,
        "questions": list(_questions(row, sums, figures)),
    }


def _row(row: Incident) -> Card:
    return {
        "id": str(row.pk),
        "number": row.number,
        "kind": row.kind,
        "exercise": False,
        "title": row.title,
        "category": row.category or None,
        "category_name": category_name(row.category),
        "state": row.state,
        "version": row.version,
        "place": {
            "name": row.place_name,
            "code": row.place_code or None,
            "lon": row.lon,
            "lat": row.lat,
            "radius_m": row.radius_m,
            "confirmed": row.placed == Incident.Placed.CHOSEN,
        },
        "occurred_at": _iso(row.occurred_at),
        "received_at": _iso(row.received_at),
        "opened_at": _iso(row.opened_at),
        "closed_at": _iso(row.closed_at),
        "merged_into": None if row.merged_into_id is None else str(row.merged_into_id),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _figure(figures: Figures, kind: str) -> Card | None:
    row = figures.standing.get(kind)
    if row is None:
        return None
    return {"value": row.value, "at": row.at.isoformat(), "source": row.source}


def deadline_json(one: Deadline) -> Card:
    """A deadline as in contract 5; ``late`` is overdue or was met too late."""
    until = one.met_at or clock.now()
    return {
        "kind": one.kind,
        "due_at": one.due_at.isoformat(),
        "met_at": _iso(one.met_at),
        "late": until > one.due_at,
    }
