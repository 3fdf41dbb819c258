"""Keep the clocks of reporting as the facts say: due, met, asked no more. 时限"""

from datetime import datetime

from django.db import transaction

from qianjun.incident.models import Incident
from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.org.models import Unit
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.clocks import Wanted, wanted_for

Key = tuple[str, str, int]
CHANGES = ("rule", "whose", "start", "started_at", "due_at", "met_at", "void_at")


@transaction.atomic(savepoint=False)
def expect_clocks(*, by: Actor, incident_id: int) -> int:
    """The facts have changed: what is due to whom is written down; how many rows. 时限"""
    require(by, "upward.write")
    return keep_clocks(Incident.objects.select_for_update().get(pk=incident_id))


def keep_clocks(incident: Incident) -> int:
    """The same within a verb that holds the incident; again changes nothing. 时限

    What was late stays late: a rule that gives more time moves nothing that has passed.
    """
    rows = ReportingClock.objects.filter(incident=incident).select_related("unit", "incident")
    known: dict[Key, ReportingClock] = {(row.unit.code, row.step, row.turn): row for row in rows}
    wanted = {(one.due.unit, one.due.rule.step, one.turn): one for one in wanted_for(incident)}
    now = clock.now()
    _add(incident, {key: one for key, one in wanted.items() if key not in known})
    changed = [row for key, row in known.items() if _follow(row, wanted.get(key), now=now)]
    ReportingClock.objects.bulk_update(changed, CHANGES)
    return len(wanted)


def _add(incident: Incident, wanted: dict[Key, Wanted]) -> None:
    units = {one.code: one for one in Unit.objects.filter(code__in={key[0] for key in wanted})}
    ReportingClock.objects.bulk_create(
        ReportingClock(
            incident=incident,
            unit=units[unit],
            step=step,
            turn=turn,
            rule=one.due.rule.code,
            whose=one.due.rule.whose,
            start=one.due.rule.start,
            started_at=one.due.started_at,
            due_at=one.due.due_at,
            met_at=one.met_at,
        )
        for (unit, step, turn), one in wanted.items()
        if unit in units
    )


def _follow(row: ReportingClock, wanted: Wanted | None, *, now: datetime) -> bool:
    """Make the row what is wanted; whether anything changed."""
    before = [getattr(row, name) for name in CHANGES]
    if wanted is None:
        stays = row.incident.merged_into_id is not None and row.due_at < now
        if row.met_at is None and row.void_at is None and not stays:
            row.void_at = now
    else:
        row.void_at = None
        if row.met_at is None and not (row.due_at < now and row.due_at <= wanted.due.due_at):
            _ask(row, wanted)
        row.met_at = wanted.met_at
    return before != [getattr(row, name) for name in CHANGES]


def _ask(row: ReportingClock, wanted: Wanted) -> None:
    rule = wanted.due.rule
    row.rule, row.whose, row.start = rule.code, rule.whose, rule.start
    row.started_at, row.due_at = wanted.due.started_at, wanted.due.due_at
