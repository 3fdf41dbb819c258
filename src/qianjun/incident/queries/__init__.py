"""Questions that others may ask about reports and incidents. 事件查询"""

from qianjun.incident.categories import category_said
from qianjun.incident.queries.activating import (
    activation_seen,
    activations_of,
    brief_json,
    may_decide,
    state_of_activation,
    waiting_activations,
)
from qianjun.incident.queries.cards import cards, incident_card, said
from qianjun.incident.queries.codes import category_name, is_category, kind_name
from qianjun.incident.queries.commanding import Command, command_json, command_of, last_change
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
from qianjun.incident.queries.tasks import state_of, task_json, tasks_of, unsigned_tasks
from qianjun.incident.queries.timeline import line_json, timeline

__all__ = [
    "Around",
    "Command",
    "activation_seen",
    "activations_of",
    "brief_json",
    "cards",
    "category_name",
    "category_said",
    "command_json",
    "command_of",
    "figure_series",
    "grade_history",
    "incident_card",
    "incident_seen",
    "incidents",
    "is_category",
    "kind_name",
    "last_change",
    "latest_figures",
    "line_json",
    "look_around",
    "may_decide",
    "open_incidents",
    "report_seen",
    "reports_of",
    "said",
    "state_of",
    "state_of_activation",
    "task_json",
    "tasks_of",
    "timeline",
    "unconfirmed_reports",
    "unsigned_tasks",
    "waiting_activations",
    "waiting_letters",
]
