"""Questions that others may ask about reports and incidents. 事件查询"""

from qianjun.incident.queries.cards import cards, incident_card, said
from qianjun.incident.queries.codes import category_name, category_said, is_category, kind_name
from qianjun.incident.queries.figures import figure_series, latest_figures
from qianjun.incident.queries.grading import grade_history
from qianjun.incident.queries.letters import waiting_letters
from qianjun.incident.queries.near import Around, look_around
from qianjun.incident.queries.seen import (
    incident_seen,
    incidents,
    open_incidents,
    report_seen,
    reports_of,
    unconfirmed_reports,
)
from qianjun.incident.queries.tasks import state_of, task_json, tasks_of
from qianjun.incident.queries.timeline import line_json, timeline

__all__ = [
    "Around",
    "cards",
    "category_name",
    "category_said",
    "figure_series",
    "grade_history",
    "incident_card",
    "incident_seen",
    "incidents",
    "is_category",
    "kind_name",
    "latest_figures",
    "line_json",
    "look_around",
    "open_incidents",
    "report_seen",
    "reports_of",
    "said",
    "state_of",
    "task_json",
    "tasks_of",
    "timeline",
    "unconfirmed_reports",
    "waiting_letters",
]
