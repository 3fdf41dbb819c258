"""Which responses run, wait or are over. 应急响应查询"""

from collections.abc import Iterable
from datetime import datetime
from math import inf
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from qianjun.incident.activation_models import WAITS, Activation
from qianjun.incident.queries.seen import incident_seen, incidents_seen
from qianjun.incident.rules.activating import SIGNS
from qianjun.kernel.once import asked_once
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.models import Unit

Json = dict[str, Any]


def activation_seen(*, seen_by: Actor, activation_id: str | int) -> Activation:
    """The response with this id and its incident; 404 when he may not know of it. 响应"""
    if not seen_by.may("incident.read"):
        raise not_found()
    rows = Activation.objects.select_related("incident")
    found = rows.filter(pk=key_of(activation_id), incident__in=incidents_seen(seen_by)).first()
    if found is None:
        raise not_found()
    return found


def activations_of(*, seen_by: Actor, incident_id: str | int) -> list[Activation]:
    """Every response to an incident, what runs first, then what waits, then the others. 响应"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    return sorted(_all_of((incident.pk,)), key=_in_order)


def _in_order(row: Activation) -> tuple[float, float, int]:
    """By its end, then by its refusal; who has neither comes last, the latest of these first."""
    ends = (row.ended_at, row.refused_at)
    ended, refused = (at.timestamp() if at is not None else inf for at in ends)
    return ended, refused, -row.pk


@asked_once
def _all_of(incidents: tuple[int, ...]) -> list[Activation]:
    named = Unit.objects.filter(code=OuterRef("authority")).order_by().values("short_name")[:1]
    rows = Activation.objects.filter(incident__in=incidents).order_by("pk") if incidents else None
    return list(rows.annotate(unit_said=Subquery(named))) if rows is not None else []


def waiting_activations(*, seen_by: Actor) -> QuerySet[Activation]:
    """Proposals that nobody has answered, the oldest first. 待批准"""
    rows = Activation.objects.filter(WAITS, incident__in=incidents_seen(seen_by).order_by())
    return rows.select_related("incident").order_by("proposed_at", "pk")


def running_of(incidents: Iterable[int]) -> dict[int, list[Json]]:
    """For contract 5: the responses of each of these that wait, run or have run; one statement."""
    wanted = list(incidents)
    found: dict[int, list[Json]] = {key: [] for key in wanted}
    for row in _all_of(tuple(wanted)):
        found[row.incident_id].append(brief_json(row))
    return found


def may_decide(by: Actor, role: str) -> bool:
    """Whether the actor is who the plan names by this role. 是否有权批准"""
    return role in SIGNS and by.may(SIGNS[role])


def state_of_activation(row: Activation) -> str:
    """proposed, active, refused or ended. 状态"""
    if row.ended_at is not None:
        return "ended"
    if row.refused_at is not None:
        return "refused"
    return "active" if row.started_at is not None else "proposed"


def brief_json(row: Activation) -> Json:
    """A response as it stands in the incident's card. 响应摘要"""
    return {
        "id": str(row.pk),
        "plan": row.plan,
        "level": row.level,
        "authority": row.authority,
        "state": state_of_activation(row),
        "started_at": _iso(row.started_at),
        "ended_at": _iso(row.ended_at),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
