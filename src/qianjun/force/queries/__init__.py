"""Questions about forces. 力量查询"""

from qianjun.force.queries.coverage import Covered, coverage, covered_json
from qianjun.force.queries.pool import Pool, pool
from qianjun.force.queries.teams import (
    readiness_json,
    rows_of,
    team_json,
    team_seen,
    teams,
    teams_seen,
    whole,
    whole_json,
)
from qianjun.force.queries.volunteers import (
    Summary,
    shown,
    summary,
    summary_json,
    volunteer_json,
    volunteer_seen,
    volunteers_named,
)

__all__ = [
    "Covered",
    "Pool",
    "Summary",
    "coverage",
    "covered_json",
    "pool",
    "readiness_json",
    "rows_of",
    "shown",
    "summary",
    "summary_json",
    "team_json",
    "team_seen",
    "teams",
    "teams_seen",
    "volunteer_json",
    "volunteer_seen",
    "volunteers_named",
    "whole",
    "whole_json",
]
