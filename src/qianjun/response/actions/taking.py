"""Taking a report in: the first verb of the house. 接报"""

from django.db import transaction

from qianjun.incident import actions as incident
from qianjun.incident.queries import Around, incident_seen, look_around
from qianjun.incident.rules.joining import automatic
from qianjun.incident.rules.told import Join
from qianjun.kernel import clock
from qianjun.org.actor import Actor, not_found, require
from qianjun.response.queries import hear, taken
from qianjun.response.rules import Taken, Told

AUTO, NEW = "auto", "new"


@transaction.atomic(savepoint=False)
def take_in_report(*, by: Actor, told: Told) -> Taken:
    """Write a report down, with the open incident it repeats or as a new one. 接报

    It joins by itself only what is at least 95 % probable and of the same kind; else the join is
    suggested. Refuses with 422 naming every wrong field; 404 and 409 for an incident to join.
    """
    require(by, "report.take")
    heard = hear(told, now=clock.now())
    report = heard.report
    chosen = _chosen(by, told.join)
    if chosen is None:
        incident.hold_turn(spot=report.spot, category=report.category)
    around = look_around(
        spot=report.spot, category=report.category, at=report.received_at, draw_ids=True
    )
    join = _join(chosen, told.join == AUTO, around)
    if join is None:
        stored = incident.open_incident(by=by, report=report, around=around)
    else:
        stored = incident.attach_report(by=by, report=report, around=around, join=join)
    others = around.shown_to(by, but=stored.incident_id)
    return taken(heard, stored, around=others, confirmed=stored.joined != AUTO)


def _chosen(by: Actor, join: str) -> int | None:
    """The incident that the report is told to join; 404 when it is none that he sees."""
    if join in (AUTO, NEW):
        return None
    if not by.may("incident.read"):
        raise not_found()
    return incident_seen(seen_by=by, incident_id=join).pk


def _join(chosen: int | None, may_join: bool, around: Around) -> Join | None:
    """Where the report goes, None for a new incident."""
    if chosen is not None:
        return Join(incident=chosen, how="chosen", probability=None)
    alike = automatic(around.judged) if may_join else None
    if alike is None:
        return None
    return Join(incident=alike.incident, how=AUTO, probability=alike.probability)
