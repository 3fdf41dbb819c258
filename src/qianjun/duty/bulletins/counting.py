"""What the rows say of the 24 hours of a bulletin, each number with its rows. 清点"""

from collections import Counter
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from qianjun.duty.rules.bulletin import DEAD, HURT, Found
from qianjun.duty.rules.roster import POSTS
from qianjun.incident.activation_models import Activation
from qianjun.incident.models import Figure, Incident, Report
from qianjun.incident.queries import kind_name
from qianjun.org.models import Holding
from qianjun.place.gauges.queries import told_until
from qianjun.response.upward_models import STANDS, FigureCheck, UpwardReport

MOST: Final = 2_000
UNKNOWN_KIND: Final = "类型待核"
Rows = QuerySet[Incident]


def found_in(since: datetime, until: datetime) -> Found:
    """Count what happened from then until then; a fixed number of statements. 清点一日"""
    opened = Incident.objects.filter(
        opened_at__gte=since, opened_at__lt=until, merged_into__isnull=True
    )
    new = list(opened.filter(kind=Incident.Kind.INCIDENT).order_by("opened_at", "pk")[:MOST])
    dead_unchecked, hurt, hurt_keys = _hurt(new, until=until)
    return Found(
        duty=_duty(since, until),
        reports=_reports(since, until),
        incidents=_keys(new),
        kinds=Counter(kind_name(row.category) or UNKNOWN_KIND for row in new),
        grades=Counter(row.grade for row in new),
        operations=_keys(opened.filter(kind=Incident.Kind.OPERATION).order_by("pk")[:MOST]),
        closed=_keys(_closed(since, until)[:MOST]),
        hurt=hurt,
        hurt_keys=hurt_keys,
        dead_unchecked=dead_unchecked,
        started=_activations(Q(started_at__gte=since, started_at__lt=until)),
        running=_activations(
            Q(started_at__lt=until) & (Q(ended_at__isnull=True) | Q(ended_at__gte=until))
        ),
        upward=_upward(since, until),
        gauges=tuple(told_until(until)),
        still_open=_keys(_open_at(until)[:MOST]),
    )


def _keys(rows: Any) -> tuple[str, ...]:  # noqa: ANN401  # rows of incidents, read or not
    return tuple(f"incident:{row.pk}:{row.number}" for row in rows)


def _closed(since: datetime, until: datetime) -> Rows:
    rows = Incident.objects.filter(closed_at__gte=since, closed_at__lt=until)
    return rows.filter(merged_into__isnull=True).order_by("closed_at", "pk")


def _open_at(at: datetime) -> Rows:
    rows = Incident.objects.filter(opened_at__lt=at, merged_into__isnull=True)
    return rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=at)).order_by("pk")


def _reports(since: datetime, until: datetime) -> tuple[str, ...]:
    rows: Any = Report.objects.filter(received_at__gte=since, received_at__lt=until)
    told = rows.order_by("received_at", "pk").values_list("incident", "number")[:MOST]
    return tuple(f"incident:{incident}:{number}" for incident, number in told)


def _activations(which: Q) -> tuple[str, ...]:
    rows: Any = Activation.objects.filter(which, started_at__isnull=False).order_by("pk")
    told = rows.values_list("incident", "incident__number", "pk")[:MOST]
    return tuple(f"incident:{incident}:{number}#{pk}" for incident, number, pk in told)


def _upward(since: datetime, until: datetime) -> tuple[str, ...]:
    rows: Any = UpwardReport.objects.filter(signed_at__gte=since, signed_at__lt=until)
    told = rows.order_by("pk").values_list("pk", "number")[:MOST]
    return tuple(f"upward:{pk}:{number}" for pk, number in told)


def _hurt(rows: list[Incident], *, until: datetime) -> tuple[bool, dict[str, int], tuple[str, ...]]:
    """Sums of the last numbers that stand; a number of dead counts when somebody checked it."""
    said = Figure.objects.filter(
        incident__in=[row.pk for row in rows],
        kind__in=HURT,
        stands=True,
        withdrawn_at__isnull=True,
        at__lt=until,
    )
    last: dict[tuple[int, str], Figure] = {}
    for one in said.order_by("at", "pk"):
        last[one.incident_id, one.kind] = one
    checks = FigureCheck.objects.filter(STANDS, figure__in=[one.pk for one in last.values()])
    checked = set(checks.values_list("figure", flat=True)) if last else set()
    unchecked = [one for one in last.values() if one.kind == DEAD and one.pk not in checked]
    counted = [one for one in last.values() if one not in unchecked and one.value]
    sums: Counter[str] = Counter()
    for one in counted:
        sums[one.kind] += one.value
    named = {one.incident_id for one in counted} | {one.incident_id for one in unchecked}
    return (
        any(one.value for one in unchecked),
        dict(sums),
        _keys(row for row in rows if row.pk in named),
    )


def _duty(since: datetime, until: datetime) -> dict[str, tuple[str, ...]]:
    """Who held the posts in that time, in the order in which they came."""
    held = Holding.objects.filter(post__code__in=POSTS, since__lt=until)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=since)).select_related("post", "person")
    people: dict[str, dict[str, None]] = {code: {} for code in POSTS}
    for one in held.order_by("since", "pk"):
        people[one.post.code][one.person.name] = None
    return {POSTS[code]: tuple(names) for code, names in people.items()}
