"""Tables of the incident module. 事件数据表"""

from qianjun.incident.models.incidents import (
    Figure,
    Grading,
    Hold,
    Incident,
    Letter,
    Report,
    Settling,
)
from qianjun.incident.models.tasks import Charge, Task, TaskStep

__all__ = [
    "Charge",
    "Figure",
    "Grading",
    "Hold",
    "Incident",
    "Letter",
    "Report",
    "Settling",
    "Task",
    "TaskStep",
]
