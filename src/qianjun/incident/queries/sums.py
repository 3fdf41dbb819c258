"""What is counted of incidents: reports, holds, tasks, and who commands; one statement. 合计"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from qianjun.incident.activation_models import RUNS, Activation
from qianjun.incident.command_models import NOW, CommandSeat
from qianjun.incident.models import Hold, Incident, Report, Task
from qianjun.incident.queries.tasks import HELP, OPEN, UNSIGNED
from qianjun.incident.rules.commanding import ON_SCENE
from qianjun.incident.rules.facts import CALLED_BY_PEOPLE
from qianjun.incident.rules.holding import RESPONSES
from qianjun.kernel import clock

Json = dict[str, Any]
NOTHING_TOLD: Final = {"count": 0, "unconfirmed": 0, "phones": 0}
NOTHING_TO_DO: Final = {"open": 0, "overdue": 0, "done": 0, "unsigned": 0, "help": 0}


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Of one incident: reports told, tasks by how they stand, holds by kind, the command post."""

    told: dict[str, int]
    tasks: dict[str, int]
    holds: list[Json]
    command_post: Json | None


def sums_of(incidents: tuple[int, ...]) -> dict[int, Sums]:
    """The same of each of these; one statement, however many. 合计"""
    if not incidents:
        return {}
    rows: Any = Incident.objects.filter(pk__in=incidents).order_by()
    counted = rows.values_list("pk", _told(), _tasks(), _holds(), _runs(), _commands())
    found = {pk: _sums(*told) for pk, *told in counted}
    return {pk: found.get(pk) or _sums(None, None, None, None, None) for pk in incidents}


def _sums(
    told: Json | None,
    tasks: Json | None,
    holds: list[str] | None,
    runs: int | None,
    post: Any,  # noqa: ANN401  # JSON
) -> Sums:
    kinds = sorted((Counter(holds or ()) + Counter({RESPONSES: runs or 0})).items())
    return Sums(
        told=told or dict(NOTHING_TOLD),
        tasks=tasks or dict(NOTHING_TO_DO),
        holds=[{"kind": kind, "count": count} for kind, count in kinds],
        command_post=post and {**post, "id": str(post["id"]), "since": _instant(post["since"])},
    )


def _instant(said: str) -> str:
    """How the database writes an instant into JSON, as Python does."""
    return datetime.fromisoformat(said).isoformat()


def _each(rows: QuerySet[Any], field: str = "incident") -> QuerySet[Any, Any]:
    return rows.filter(**{field: OuterRef("pk")}).order_by().values(field)


def _told() -> Subquery:
    waits = Q(joined=Report.Joined.AUTO, confirmed_at__isnull=True)
    by_desks = ~Q(source__in=CALLED_BY_PEOPLE)
    said = JSONObject(
        count=Count("pk"),
        unconfirmed=Count("pk", filter=waits),
        phones=Count("pk", filter=~Q(caller_phone="") | by_desks),
    )
    return Subquery(_each(Report.objects.all()).annotate(said=said).values("said"))


def _tasks() -> Subquery:
    said = JSONObject(
        open=Count("pk", filter=OPEN),
        overdue=Count("pk", filter=OPEN & Q(due_at__lt=clock.now())),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        unsigned=Count("pk", filter=UNSIGNED),
        help=Count("pk", filter=OPEN & HELP),
    )
    return Subquery(_each(Task.objects.all()).annotate(said=said).values("said"))


def _holds() -> Subquery:
    held = _each(Hold.objects.filter(lifted_at__isnull=True))
    return Subquery(held.annotate(kinds=ArrayAgg("kind")).values("kinds"))


def _runs() -> Subquery:
    """Responses of ours that nobody has ended; one of somebody else is only written down here."""
    ours = _each(Activation.objects.filter(RUNS).exclude(role=""))
    return Subquery(ours.annotate(count=Count("pk")).values("count"))


def _commands() -> Subquery:
    """Who commands on scene in the command post that stands."""
    seats = CommandSeat.objects.filter(NOW, seat=ON_SCENE, post__stood_down_at__isnull=True)
    said = JSONObject(
        id=F("post_id"),
        commander=F("name"),
        since=F("since"),
        commands=F("post__commands"),
        place=F("post__place"),
    )
    one = seats.filter(post__incident=OuterRef("pk")).order_by()
    return Subquery(one.annotate(said=said).values("said")[:1])
