"""A call-out as a document: the need, its waves, who came. 召集记录"""

from typing import Final

from qianjun.force.queries.callouts import callout_seen, counts_of, lines_of
from qianjun.force.rules.answering import STATES
from qianjun.incident.records import moment
from qianjun.kernel.paper import Facts, Heading, Text
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.paper import grid_of
from qianjun.org.listing.records import Told, recorded

PEOPLE_MOST: Final = 2_000


@recorded(name="callout", zh=_("召集记录"), permission="incident.read")
def callout_told(by: Actor, ident: str) -> Told:
    """Whom we asked for, and what each did; names are masked. 召集记录"""
    row = callout_seen(seen_by=by, callout_id=ident)
    lines = lines_of(row)
    counts = counts_of(lines)
    facts = (
        ("事件", f"{row.incident.number} {row.incident.title}"),
        ("需要", f"{row.need} 人，{moment(row.needed_by)} 前到"),
        ("地点", row.place),
        ("做什么", row.what or "—"),
        ("风险", row.risk or "—"),
        ("携带", row.kit or "—"),
        ("确认", moment(row.confirmed_at)),
        ("停召", moment(row.enough_at)),
        ("解除", moment(row.stood_down_at)),
        ("人数", "，".join(f"{zh} {counts[name]}" for name, zh in STATES.items())),
    )
    rows = tuple(
        (one.name, STATES[one.state], moment(one.answered_at), moment(one.row.arrived_at))
        for one in lines[:PEOPLE_MOST]
    )
    titles = ("姓名", "状态", "答复", "到场")
    people = grid_of(titles, rows) if rows else Text(text="还没有召集人。")
    body = (Facts(rows=facts), Heading(text="名单"), people)
    return Told(title="召集记录", number=f"{row.incident.number}-{row.pk}", body=body)
