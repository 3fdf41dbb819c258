"""The list before an incident is closed, and the lessons after it. 结案查询"""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext

from qianjun.force.callout_models import CallOut
from qianjun.force.team_call_models import TeamCall
from qianjun.incident.activation_models import WAITS, Activation
from qianjun.incident.models import Incident, Report
from qianjun.incident.queries import incident_seen
from qianjun.incident.queries.cards import holds_of
from qianjun.incident.queries.seen import incidents_seen
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.kernel import clock
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.rules import masked_name
from qianjun.response.clock_models import ReportingClock
from qianjun.response.closing_models import STANDS, Lesson
from qianjun.response.rules.clocks import WATCH
from qianjun.response.rules.closing import PURGE, Line, PurgeRule, lines_of, purge_rule
from qianjun.supply.models import TransferOrder

TABLE: Final = resources.files("qianjun.response") / "tables" / "closing.toml"
Json = dict[str, Any]
OPEN, DONE, LATE = "open", "done", "late"


@cache
def known_purge_rule() -> PurgeRule:
    """The rule that comes with the house. 清除期限"""
    return purge_rule(tomllib.loads(TABLE.read_text(encoding="utf-8")))


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What is left before the incident is closed, and what follows. 结案清单

    ``purge`` is when its personal data is due for erasing, ``watched_until`` how long a change of
    casualties is reported again; both None while it is open.
    """

    incident: Incident
    lines: tuple[Line, ...]
    purge: Deadline | None
    watched_until: datetime | None
    lessons: tuple[Lesson, ...]

    @property
    def is_free(self) -> bool:
        """Whether nothing holds it."""
        return not any(one.holds and one.count for one in self.lines)

    @property
    def purge_said(self) -> str:
        """The rule in the reader's language."""
        rule = known_purge_rule()
        latin = (get_language() or "").startswith("en")
        return f"{rule.en} ({rule.basis_en})" if latin else rule.said


def closing_of(*, seen_by: Actor, incident_id: str | int) -> Closing:
    """The list of an incident; 404 when he does not see it. 结案清单"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    about = "incident", str(incident.pk)
    purges = [one for one in deadlines_of(about)[about] if one.kind == PURGE]
    waits = Report.objects.filter(
        incident=incident, joined=Report.Joined.AUTO, confirmed_at__isnull=True
    )
    watch = ReportingClock.objects.filter(incident=incident, step=WATCH, void_at__isnull=True)
    closed = incident.state == Incident.State.CLOSED
    return Closing(
        incident=incident,
        lines=lines_of(
            {one["kind"]: one["count"] for one in holds_of(incident.pk)},
            unsent=_unsent(incident.pk),
            unconfirmed=waits.count(),
        ),
        purge=purges[-1] if closed and purges else None,
        watched_until=watch.values_list("due_at", flat=True).first() if closed else None,
        lessons=tuple(lessons_about(incident.pk)),
    )


def _unsent(incident: int) -> int:
    """What was proposed and nobody has sent: calls, teams, goods, responses."""
    waiting: tuple[QuerySet[Any], ...] = (
        CallOut.objects.filter(incident=incident, confirmed_at__isnull=True, ended_at__isnull=True),
        TeamCall.objects.filter(incident=incident, asked_at__isnull=True, ended_at__isnull=True),
        TransferOrder.objects.filter(
            incident=incident, approved_at__isnull=True, cancelled_at__isnull=True
        ),
        Activation.objects.filter(WAITS, incident=incident),
    )
    return sum(rows.count() for rows in waiting)


# --- lessons --------------------------------------------------------------------------------------


def lessons_about(incident: int) -> QuerySet[Lesson]:
    """The lessons of one incident, the earliest due first. 整改事项"""
    rows = Lesson.objects.filter(STANDS, incident=incident).select_related("unit", "person")
    return rows.order_by("due_on", "pk")


def lessons(*, seen_by: Actor, state: str = "") -> QuerySet[Lesson]:
    """The lessons of all incidents that he sees: open, late or done ones, or all. 整改清单"""
    seen = incidents_seen(seen_by).order_by()
    rows = Lesson.objects.filter(STANDS, incident__in=seen)
    today = clock.in_beijing(clock.now()).date()
    if state == DONE:
        rows = rows.filter(done_at__isnull=False)
    elif state in (OPEN, LATE):
        rows = rows.filter(done_at__isnull=True)
        rows = rows.filter(due_on__lt=today) if state == LATE else rows
    return rows.select_related("incident", "unit", "person").order_by("due_on", "pk")


def lesson_seen(*, seen_by: Actor, lesson_id: str | int) -> Lesson:
    """A lesson of an incident that he sees; else 404. 整改事项"""
    if not seen_by.may("incident.read"):
        raise not_found()
    rows = Lesson.objects.filter(STANDS, incident__in=incidents_seen(seen_by).order_by())
    found = rows.filter(pk=key_of(lesson_id)).first()
    if found is None:
        raise not_found()
    return found


def state_of_lesson(row: Lesson) -> str:
    """open, late or done. 状态"""
    if row.done_at is not None:
        return DONE
    return LATE if row.due_on < clock.in_beijing(clock.now()).date() else OPEN


def whose_lesson(row: Lesson) -> str:
    """Unit and person who have it, the name masked. 谁负责"""
    unit = row.unit.short_name if row.unit else ""
    name = masked_name(row.person.name) if row.person else ""
    return " ".join(part for part in (unit, name) if part)


# --- as the interface answers ---------------------------------------------------------------------


def closing_json(found: Closing) -> Json:
    """The list, what is due after, the lessons. 结案清单"""
    return {
        "state": found.incident.state,
        "free": found.is_free,
        "items": [
            {
                "code": one.code,
                "title": gettext(one.title),
                "to_do": gettext(one.to_do),
                "count": one.count,
                "holds": one.holds,
            }
            for one in found.lines
        ],
        "purge": {
            "due_at": found.purge.due_at.isoformat(),
            "done_at": found.purge.met_at.isoformat() if found.purge.met_at else None,
            "rule_zh": found.purge.rule,
        }
        if found.purge
        else None,
        "watched_until": found.watched_until.isoformat() if found.watched_until else None,
        "lessons": [lesson_json(one) for one in found.lessons],
    }


def lesson_json(row: Lesson) -> Json:
    """A lesson. 整改事项"""
    return {
        "id": str(row.pk),
        "incident": str(row.incident_id),
        "text": row.text,
        "unit": row.unit.code if row.unit else None,
        "person": str(row.person_id) if row.person_id else None,
        "whose": whose_lesson(row),
        "due_on": row.due_on.isoformat(),
        "state": state_of_lesson(row),
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "done_how": row.done_how or None,
    }
