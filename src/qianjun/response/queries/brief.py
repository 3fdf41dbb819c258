"""What contract 7 says of the report that a response brings forth. 首报简况"""

from typing import Any

from qianjun.incident.activation_models import Activation
from qianjun.response.rules.families import FIRST
from qianjun.response.upward_models import UpwardReport


def upward_brief(row: Activation) -> dict[str, Any] | None:
    """The first report to the upper level; none while the response only waits. 首报"""
    if row.started_at is None:
        return None
    found = UpwardReport.objects.filter(incident=row.incident_id, kind=FIRST).first()
    if found is None:
        return None
    ended = "signed" if found.signed_at else "waived" if found.waived_at else ""
    state = ended or ("asked" if found.asked_at else "draft")
    return {"id": str(found.pk), "kind": found.kind, "state": state}
