"""Sort many reports: into one incident, out of one, not the same. 批量分拣"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from django.db import transaction

from qianjun.incident import actions as incident
from qianjun.incident.models import Incident, Report
from qianjun.journal.bus import emit
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.response.actions.chosen import Chosen, Sorted, begun, ended, held, incidents_of
from qianjun.response.events import IncidentKeptApart
from qianjun.response.models import Apart, SortingStep

APART_MOST = 60


@transaction.atomic(savepoint=False)
def join_chosen(*, by: Actor, chosen: Chosen, incident_id: str = "") -> Sorted:
    """Count the chosen reports to one incident: the one named, else the one that has most. 归并"""
    require(by, "report.sort")
    rows, _stand = held(by, chosen)
    target = incident_id or _target(rows)
    into, moved = incident.join_reports(by=by, reports=[row.pk for row in rows], incident_id=target)
    step = begun(by, chosen, act=SortingStep.Act.JOIN, reports=len(moved))
    ended(step, moved=[one.as_json() for one in moved])
    return Sorted(step=step, incidents=(into,))


def _target(rows: Sequence[Report]) -> str:
    """The open incident with most of the reports, the first that was opened among equals."""
    has = Counter(row.incident_id for row in rows)
    open_ones = Incident.objects.filter(pk__in=has, state=Incident.State.OPEN)
    best = min(open_ones, key=lambda one: (-has[one.pk], one.received_at, one.pk), default=None)
    if best is None:
        zh = _("所选报告的事件都已结案；请先重新打开其中一个，再归并。")
        raise Refused("incident_closed", zh, status=409)
    return str(best.pk)


@transaction.atomic(savepoint=False)
def split_chosen(*, by: Actor, chosen: Chosen) -> Sorted:
    """Take the chosen reports out, together into one new incident per old one. 分开

    The two are judged to be two: they are not suggested for a join again.
    """
    require(by, "report.sort")
    rows, _stand = held(by, chosen)
    opened, moved = incident.split_reports(by=by, reports=[row.pk for row in rows])
    step = begun(by, chosen, act=SortingStep.Act.SPLIT, reports=len(moved))
    _keep_pairs(step, [(one.old, one.new) for one in moved])
    ended(step, moved=[one.as_json() for one in moved])
    return Sorted(step=step, incidents=tuple(opened))


@transaction.atomic(savepoint=False)
def keep_apart(*, by: Actor, chosen: Chosen) -> Sorted:
    """The incidents of the chosen reports are not one: no such join is suggested again. 不是一件"""
    require(by, "report.sort")
    rows, _stand = held(by, chosen)
    keys = incidents_of(rows)
    if len(keys) < 2:
        zh = _("所选报告都在一个事件里；要拆开，请打开这组，选中要拆出的报告。")
        raise Refused("one_incident", zh, status=409)
    if len(keys) > APART_MOST:
        zh = _("一次最多分开 60 个事件，请分批。")
        fields = (FieldError(field="reports", code="too_many", zh=zh),)
        raise Refused("too_many", zh, fields=fields)
    step = begun(by, chosen, act=SortingStep.Act.APART, reports=len(rows))
    _keep_pairs(step, list(combinations(keys, 2)))
    for pk in keys:
        event = IncidentKeptApart(incident_id=pk, step_id=step.pk, others=len(keys) - 1)
        emit(event, by=by, incident=pk)
    return Sorted(step=ended(step), incidents=tuple(Incident.objects.filter(pk__in=keys)))


def _keep_pairs(step: SortingStep, pairs: Sequence[tuple[int, int]]) -> None:
    ordered = sorted({(min(pair), max(pair)) for pair in pairs})
    rows = [Apart(one_id=one, other_id=other, step=step) for one, other in ordered]
    Apart.objects.bulk_create(rows, ignore_conflicts=True)
