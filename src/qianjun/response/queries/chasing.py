"""Everybody who owes an answer about an incident, or about all that are open. 催办查询"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext

from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.voices import asked_in
from qianjun.incident.models import Incident, Task
from qianjun.incident.queries import incident_seen, open_incidents
from qianjun.incident.queries.tasks import OPEN as TASK_OPEN
from qianjun.incident.queries.tasks import current_charge, whole
from qianjun.incident.rules.tasks import matter_of_charge
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.org.rules import masked_name
from qianjun.response.notice_models import STANDS as NOTICE_STANDS
from qianjun.response.notice_models import AccidentNotice
from qianjun.response.rules.chasing import (
    CALL,
    KINDS,
    LATE_TASK,
    NOTICE,
    SIGNATURE,
    TASK,
    UPWARD,
    Owing,
)
from qianjun.response.rules.noticing import matter_of as notice_matter
from qianjun.response.rules.upward import matter_of as upward_matter
from qianjun.response.upward_models import OPEN, STANDS, UpwardDelivery, UpwardReport

Json = dict[str, Any]
Incidents = dict[int, Incident]
Asked = dict[str, tuple[int, str, str, datetime]]  # matter to incident, kind, what, since
MOST = 500


def owing_of(*, seen_by: Actor, incident_id: str | int | None = None) -> list[Owing]:
    """Who owes an answer, of one incident or of all open ones, the longest first. 欠答复

    Whoever can only be telephoned is not among them: nothing can be sent to him.
    """
    if incident_id is None:
        rows = list(open_incidents(seen_by=seen_by))
    else:
        rows = [incident_seen(seen_by=seen_by, incident_id=incident_id)]
    found = _owing({row.pk: row for row in rows}) if rows else []
    return sorted(found, key=lambda one: (one.since, one.message))[:MOST]


def _owing(incidents: Incidents) -> Iterator[Owing]:
    """The same number of statements for one incident and for all."""
    asked: Asked = {}
    for more in (_tasks, _notices, _upward, _signature):
        asked |= more(incidents)
    yield from _silent(incidents, asked)
    yield from _called(incidents)


def _tasks(incidents: Incidents) -> Asked:
    """Tasks that nobody has signed for, and those that are overdue."""
    rows = whole(Task.objects.filter(TASK_OPEN, incident__in=incidents))
    asked: Asked = {}
    for row in rows:
        charge = current_charge(row)
        late = row.due_at is not None and row.due_at < clock.now()
        if charge is None or (row.accepted_at is not None and not late):
            continue
        kind = LATE_TASK if row.accepted_at is not None else TASK
        since = row.due_at if row.accepted_at is not None and row.due_at else row.opened_at
        asked[matter_of_charge(charge.pk)] = (row.incident_id, kind, row.title, since)
    return asked


def _notices(incidents: Incidents) -> Asked:
    rows = AccidentNotice.objects.filter(
        NOTICE_STANDS, incident__in=incidents, way="message", received_at__isnull=True
    )
    return {
        notice_matter(row.pk): (row.incident_id, NOTICE, row.unit.short_name, row.told_at)
        for row in rows.select_related("unit")
    }


def _upward(incidents: Incidents) -> Asked:
    rows = UpwardDelivery.objects.filter(
        STANDS, incident__in=incidents, way="message", received_at__isnull=True
    )
    return {
        upward_matter(row.pk): (row.incident_id, UPWARD, row.unit.short_name, row.told_at)
        for row in rows.select_related("unit")
    }


def _signature(incidents: Incidents) -> Asked:
    rows = UpwardReport.objects.filter(OPEN, incident__in=incidents, asked_at__isnull=False)
    return {
        f"sign:{row.pk}:{row.version}": (
            row.incident_id,
            SIGNATURE,
            row.get_kind_display(),
            row.asked_at,
        )
        for row in rows
        if row.asked_at is not None
    }


def _silent(incidents: Incidents, asked: Asked) -> Iterator[Owing]:
    for row in _last(Message.objects.filter(matter__in=asked)):
        incident, kind, what, since = asked[row.matter]
        yield _one(incidents[incident], row, kind=kind, what=what, since=since)


def _called(incidents: Incidents) -> Iterator[Owing]:
    """People who were called and have not answered, while the call is open."""
    calls = Confirmation.objects.filter(
        incident__in=incidents, met_at__isnull=True, ended_at__isnull=True
    )
    by_matter: dict[tuple[str, str], list[Confirmation]] = {}
    for call in calls.order_by("pk"):
        by_matter.setdefault(asked_in(call), []).append(call)
    waiting = _waiting(call.pk for same in by_matter.values() for call in same)
    rows = Message.objects.filter(
        purpose__in={purpose for purpose, _matter in by_matter},
        matter__in={matter for _purpose, matter in by_matter},
        person__in={person for _call, person in waiting},
    )
    for row in _last(rows):
        for call in by_matter.get((row.purpose, row.matter), ()):
            since = waiting.get((call.pk, row.person_id))
            if since is not None and call.incident is not None:
                yield _one(incidents[call.incident], row, kind=CALL, what=call.text, since=since)


def _waiting(calls: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """Call and person to when he was called, of those who are silent."""
    rows = ConfirmPerson.objects.filter(
        confirmation__in=list(calls), called_at__isnull=False, answered_at__isnull=True
    )
    told = rows.values_list("confirmation", "person", "called_at")
    return {(call, person): at for call, person, at in told if at is not None}


def _last(rows: Any) -> Sequence[Message]:  # noqa: ANN401  # a QuerySet of messages
    """The last message to each person about each matter that was not given up."""
    wanted = rows.filter(dropped_at__isnull=True, failed_at__isnull=True)
    ordered = wanted.order_by("matter", "person", F("reminder").desc(), "-pk")
    return list(ordered.distinct("matter", "person").select_related("person__unit"))


def _one(incident: Incident, row: Message, *, kind: str, what: str, since: datetime) -> Owing:
    unit = row.person.unit.short_name if row.person.unit else ""
    return Owing(
        kind=kind,
        incident=incident.pk,
        incident_title=incident.title,
        what=what,
        who=" ".join(part for part in (unit, masked_name(row.person.name)) if part),
        since=since,
        message=row.pk,
        reminders=row.reminder,
        last_at=row.queued_at,
    )


def owing_json(found: Iterable[Owing]) -> list[Json]:
    """As the interface answers it. 欠答复"""
    now = clock.now()
    return [
        {
            "kind": one.kind,
            "kind_said": gettext(KINDS[one.kind]),
            "incident": str(one.incident),
            "what": one.what,
            "who": one.who,
            "since": one.since.isoformat(),
            "reminders": one.reminders,
            "ready": one.is_ready(now),
        }
        for one in found
    ]
