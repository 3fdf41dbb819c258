"""How a report stands in the sorting: where it is, answered, assigned. 分拣状态"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from qianjun.incident.models import Report
from qianjun.response.models import Assignment, Reply

STANDS = Q(withdrawn_at__isnull=True)
TO_CALL = Q(way=Reply.Way.PHONE, told_at__isnull=True) & STANDS
RUNS = Q(task__done_at__isnull=True, task__dropped_at__isnull=True)
STATES = ("open", "assigned", "to_call", "closed")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One report's incident, standing answer and running task. 状态"""

    incident: int
    reply: Reply | None
    task: int

    @property
    def mark(self) -> str:
        """What differs as soon as somebody has done something with the report. 版本"""
        return f"{self.incident}.{self.reply.pk if self.reply else 0}.{self.task}"


def standings(where: Mapping[int, int]) -> dict[int, Standing]:
    """How these reports stand, given the incident of each; two statements. 状态（批量）"""
    found = Reply.objects.filter(STANDS, report__in=where)
    replies = {row.report_id: row for row in found}
    given = Assignment.objects.filter(RUNS, report__in=where).order_by("task_id")
    tasks = dict(given.values_list("report", "task"))
    return {
        pk: Standing(incident=incident, reply=replies.get(pk), task=tasks.get(pk, 0))
        for pk, incident in where.items()
    }


def in_state(rows: QuerySet[Report], state: str) -> QuerySet[Report]:
    """Of these reports those in one state; all of them for any other word. 按状态

    A report is done with when it has its answer or when its incident is over.
    """
    own = OuterRef("pk")
    done = Exists(Reply.objects.filter(STANDS, report=own)) | Q(incident__state="closed")
    match state:
        case "open":
            return rows.filter(~done)
        case "assigned":
            return rows.filter(~done, Exists(Assignment.objects.filter(RUNS, report=own)))
        case "to_call":
            return rows.filter(Exists(Reply.objects.filter(TO_CALL, report=own)))
        case "closed":
            return rows.filter(done)
    return rows
