"""Lists of forces that are taken out: the teams. 力量清单"""

from collections.abc import Iterator
from typing import Any, Final

from qianjun.force.queries.teams import KINDS, STATES, WAYS, rows_of, teams
from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.kinds import ROWS_MOST, Asked, listing

TEAMS: Final = Table(
    name="teams",
    columns=(
        Column(field="name", zh=_("队伍")),
        Column(
            field="kind",
            zh=_("类型"),
            kind="choice",
            choices={word: code for code, word in KINDS.items()},
        ),
        Column(field="unit", zh=_("单位")),
        Column(
            field="way",
            zh=_("调动方式"),
            kind="choice",
            choices={word: code for code, word in WAYS.items()},
        ),
        Column(field="leader", zh=_("队长")),
        Column(field="full_time", zh=_("专职"), kind="int"),
        Column(field="part_time", zh=_("兼职"), kind="int"),
        Column(
            field="state",
            zh=_("备勤状态"),
            kind="choice",
            choices={word: code for code, word in STATES.items()},
        ),
        Column(field="since", zh=_("起"), kind="instant"),
        Column(field="covers", zh=_("覆盖社区"), max_chars=2_000),
    ),
)


@listing(name="teams", zh=_("队伍"), permission="force.read", table=TEAMS)
def team_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:
    """Teams of one kind or all, by name or initials, as the page lists them. 队伍"""
    kind = asked.get("kind", "")
    q = asked.get("q", "").replace("\0", "").strip()
    found = teams(seen_by=by, kind=kind if kind in KINDS else "", q=q)[: ROWS_MOST + 1]
    for row in rows_of(found):
        yield {
            "name": row.team.name,
            "kind": row.team.kind,
            "unit": row.team.unit.short_name,
            "way": row.team.way,
            "leader": row.leader,
            "full_time": row.team.full_time,
            "part_time": row.team.part_time,
            "state": row.code,
            "since": row.since,
            "covers": "、".join(row.covers),
        }
