"""Take a step of sorting back, or say why not. 撤销分拣"""

from django.db import transaction
from django.utils.translation import gettext

from qianjun.incident import actions as incident
from qianjun.incident.actions.batches import GONE_ON, Moved
from qianjun.incident.models import Incident, Report, Task
from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.message.actions import drop_message
from qianjun.message.models import WAITING, Message
from qianjun.org.actor import Actor, key_of, not_found, require
from qianjun.response.actions.chosen import incidents_of
from qianjun.response.actions.following import matter_of
from qianjun.response.events import RepliesWithdrawn
from qianjun.response.models import Reply, SortingStep
from qianjun.response.queries.marks import STANDS

WHY = _("撤销分拣")


@transaction.atomic(savepoint=False)
def undo_step(*, by: Actor, step_id: str | int) -> SortingStep:
    """What he did last stands no more; 409 when others went on from there. 撤销

    The journal keeps both. A message that has left cannot be called back.
    """
    require(by, "report.sort")
    own = SortingStep.objects.select_for_update().filter(by_kind=by.kind, by_id=by.ident)
    step = own.filter(pk=key_of(step_id)).first()
    if step is None:
        raise not_found()
    if step.undone_at is not None:
        raise Refused("already_undone", _("这一步已经撤销过。"), status=409)
    now = clock.now()
    if moved := [Moved(**one) for one in step.back.get("moved", ())]:
        incident.move_back(by=by, moved=moved)
    step.aparts.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    _drop_tasks(by, [task for _incident, task in step.back.get("tasks", ())])
    if step.act == SortingStep.Act.CLOSE:
        _withdraw(by, step)
    step.undone_at = now
    step.save(update_fields=["undone_at"])
    return step


def _drop_tasks(by: Actor, tasks: list[int]) -> None:
    rows = Task.objects.filter(pk__in=tasks).order_by("incident_id")
    if any(row.done_at or row.dropped_at for row in rows):
        raise Refused("stale", GONE_ON, status=409)
    for row in rows:
        incident.drop_task(by=by, incident_id=row.incident_id, task_id=row.pk, reason=gettext(WHY))


def _withdraw(by: Actor, step: SortingStep) -> None:
    rows = Reply.objects.select_for_update().filter(STANDS, step=step)
    if any(row.told_at for row in rows):
        zh = _("已有报告人接到电话答复，不能撤销。")
        raise Refused("stale", zh, status=409)
    reports = Report.objects.filter(pk__in=[row.report_id for row in rows])
    now = clock.now()
    for pk in incidents_of(reports):
        count = sum(one.incident_id == pk for one in reports)
        gone = RepliesWithdrawn(incident_id=pk, step_id=step.pk, count=count)
        emit(gone, by=by, incident=pk)
    rows.update(withdrawn_at=now)
    closed = Incident.objects.filter(pk__in=step.back.get("closed", ()), state="closed")
    for pk in closed.order_by("pk").values_list("pk", flat=True):
        incident.reopen_incident(by=by, incident_id=pk, reason=gettext(WHY))
    waiting = Message.objects.filter(WAITING, matter=matter_of(step), purpose="report")
    for message in waiting.order_by("pk").values_list("pk", flat=True):
        drop_message(by=by, message=message, reason=gettext(WHY))
