"""What goes along when command changes hands: tasks, calls, orders, deadlines. 移交清单"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.force.callout_models import CallOut
from qianjun.force.queries.team_calls import OPEN, TeamLine
from qianjun.force.rules.team_calls import STATES as TEAM_STATES
from qianjun.force.team_call_models import TeamCall
from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_seen, tasks_of
from qianjun.incident.queries.tasks import stage_of, state_of
from qianjun.incident.rules.commanding import Matter
from qianjun.incident.rules.tasks import STAGES
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.rules import DEADLINES
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.rules import masked_name
from qianjun.supply.models import TransferOrder
from qianjun.supply.queries.orders import order_cards
from qianjun.supply.rules import STATES as ORDER_STATES

KINDS: Final[dict[str, str]] = {
    "task": _("任务"),
    "callout": _("召集"),
    "team": _("队伍"),
    "order": _("调拨单"),
    "deadline": _("时限"),
}
CALLOUT_STATES: Final[dict[str, str]] = {
    "proposed": _("建议，待确认"),
    "running": _("召集中"),
    "enough": _("已停召，人员未撤离"),
    "stood_down": _("已解除，人员未撤离"),
}
OVER: Final = ("returned", "cancelled")
WORDS: Final[dict[str, dict[str, str]]] = {
    "task": STAGES,
    "callout": CALLOUT_STATES,
    "team": TEAM_STATES,
    "order": ORDER_STATES,
}


def open_matters(*, seen_by: Actor, incident_id: str | int) -> list[Matter]:
    """What is open in an incident now, for whoever takes command. 未了事项"""
    incident = incident_seen(seen_by=seen_by, incident_id=incident_id)
    return [
        *_tasks(seen_by, incident),
        *_callouts(incident),
        *_teams(incident),
        *_orders(incident),
        *_deadlines(incident),
    ]


def _tasks(by: Actor, incident: Incident) -> Iterable[Matter]:
    for row in tasks_of(seen_by=by, incident_id=incident.pk):
        if state_of(row) == "open":
            whom = [row.lead.short_name if row.lead else ""]
            whom += [masked_name(row.person.name) if row.person else ""]
            yield Matter(
                kind="task",
                ident=str(row.pk),
                title=row.title,
                state=stage_of(row),
                due_at=_iso(row.due_at),
                who=" ".join(part for part in whom if part),
            )


def _callouts(incident: Incident) -> Iterable[Matter]:
    for row in CallOut.objects.filter(incident=incident, ended_at__isnull=True).order_by("pk"):
        yield Matter(
            kind="callout",
            ident=str(row.pk),
            title=" · ".join(part for part in (row.place, row.what, str(row.need)) if part),
            state=row.state,
            due_at=_iso(row.needed_by),
        )


def _teams(incident: Incident) -> Iterable[Matter]:
    rows = TeamCall.objects.filter(OPEN, incident=incident).select_related("team")
    for row in rows.order_by("pk"):
        line = TeamLine(row=row)
        yield Matter(
            kind="team",
            ident=str(row.pk),
            title=" · ".join(part for part in (row.team.name, row.place, str(line.people)) if part),
            state=line.state,
            due_at=_iso(row.needed_by),
        )


def _orders(incident: Incident) -> Iterable[Matter]:
    rows = TransferOrder.objects.filter(incident=incident).select_related("receiver")
    for card in order_cards(list(rows.order_by("pk"))):
        if card.state not in OVER:
            goods = "、".join(
                f"{line.row.article.name}{line.row.quantity}{line.row.article.unit}"
                for line in card.lines
            )
            yield Matter(
                kind="order",
                ident=str(card.row.pk),
                title=f"{card.row.number} {goods}",
                state=card.state,
                who=card.row.receiver.short_name if card.row.receiver else "",
            )


def _deadlines(incident: Incident) -> Iterable[Matter]:
    about = "incident", str(incident.pk)
    for row in deadlines_of(about)[about]:
        if row.met_at is None:
            kind = DEADLINES.get(row.kind, row.kind)
            yield Matter(
                kind="deadline", ident=str(row.pk), title=kind, due_at=row.due_at.isoformat()
            )


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def matters_said(matters: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The list in the reader's language, as it is now or as it was handed over. 清单"""
    return [_said(one) for one in matters]


def _said(one: dict[str, Any]) -> dict[str, Any]:
    words = WORDS.get(one["kind"], {})
    state = words.get(one["state"] or "", one["state"] or "")
    title = one["title"]
    due_at = datetime.fromisoformat(one["due_at"]) if one["due_at"] else None
    return {
        **one,
        "kind_said": gettext(KINDS.get(one["kind"], one["kind"])),
        "state_said": gettext(state) if state else "",
        "title": gettext(title) if one["kind"] == "deadline" else title,
        "due_at": due_at,
    }
