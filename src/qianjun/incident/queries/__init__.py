"""Questions that others may ask about reports and incidents. 事件查询"""

from qianjun.incident.queries.cards import cards, incident_card
from qianjun.incident.queries.codes import category_name, is_category, kind_name
from qianjun.incident.queries.figures import figure_series, latest_figures
from qianjun.incident.queries.near import Around, look_around
from qianjun.incident.queries.seen import (
    incident_seen,
    incidents,
    open_incidents,
    report_seen,
    reports_of,
    unconfirmed_reports,
)
from qianjun.incident.queries.timeline import line_json, timeline

__all__ = [
    "Around",
    "cards",
    "category_name",
    "figure_series",
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
    "timeline",
    "unconfirmed_reports",
]
