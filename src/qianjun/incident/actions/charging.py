"""Who has a task now. 承办"""

from qianjun.incident.models import Charge, Task
from qianjun.incident.queries.tasks import current_charge


def charge_of(row: Task) -> Charge:
    """Who has the task now; made when the task is older than charges are. 现承办"""
    found = current_charge(row)
    if found is not None:
        return found
    return Charge.objects.create(
        task=row,
        lead=row.lead,
        person=row.person,
        post=row.post,
        since=row.opened_at,
        by_kind=row.by_kind,
        by_id=row.by_id,
    )
