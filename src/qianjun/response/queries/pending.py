"""What was proposed for an incident and nobody has confirmed: before it is closed. 待确认"""

from collections.abc import Iterable
from dataclasses import dataclass

from qianjun.force.queries.team_calls import TeamLine
from qianjun.response.queries.responses import Lane
from qianjun.supply.queries.orders import Asked


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A proposal by its name, and the page on which it is confirmed or taken back. 一件待确认"""

    title: str
    page: str
    key: int


def pending_of(
    *, incident: int, lanes: Iterable[Lane], teams: Iterable[TeamLine], goods: Iterable[Asked]
) -> list[Pending]:
    """From what the room has read already: responses, teams, orders of goods. 待确认"""
    return [
        *(
            Pending(title=one.title, page="activation", key=one.row.pk)
            for one in lanes
            if one.state == "proposed"
        ),
        *(
            Pending(title=one.row.team.name, page="teams", key=incident)
            for one in teams
            if one.state == "proposed"
        ),
        *(
            Pending(title=one.row.number, page="supply_order", key=one.row.pk)
            for one in goods
            if one.state == "proposed"
        ),
    ]
