"""Routes of sorting: the list of reports, and one act on many of them. 接报列表与批量接口"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.incident.actions.batches import REPORTS_MOST
from qianjun.incident.models import Report
from qianjun.incident.wire import Asked, Instant
from qianjun.kernel.text import mask_phones_in, masked_phone
from qianjun.org.http import actor_of, answer_once, bearer, page_of
from qianjun.org.rules import masked_name
from qianjun.response import actions
from qianjun.response.api import Channel, Source
from qianjun.response.api import router as reports_router
from qianjun.response.queries.groups import Wanted, reports_wanted
from qianjun.response.queries.marks import Standing, standings

# an address of its own, found before that of one report
router = Router(auth=bearer, tags=["reports"])

Json = dict[str, Any]
State = Literal["open", "assigned", "to_call", "closed"]
Id = Annotated[str, Field(min_length=1, max_length=40)]


class Batch(Asked):
    """One act on many reports, all or none."""

    act: Literal["join", "split", "assign", "close"]
    reports: Annotated[list[Id], Field(min_length=1, max_length=REPORTS_MOST)]
    incident: Id | None = None
    unit: Annotated[str, Field(max_length=30)] | None = None
    note: Annotated[str, Field(max_length=200)] | None = None
    answer: Annotated[str, Field(max_length=500)] | None = None
    close_incidents: bool = True


@reports_router.get("/reports")
def reports(
    request: HttpRequest,
    since: Instant | None = None,
    state: State | None = None,
    source: Source | None = None,
    channel: Channel | None = None,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """Reports, the newest first."""
    wanted = Wanted(since=since, state=state or "", source=source or "", channel=channel or "", q=q)
    chosen, more = page_of(reports_wanted(actor_of(request), wanted), limit=limit, after=after)
    stand = standings({row.pk: row.incident_id for row in chosen})
    return {"items": [_listed(row, stand[row.pk]) for row in chosen], "next": more}


def _listed(row: Report, standing: Standing) -> Json:
    reply = standing.reply
    return {
        "id": str(row.pk),
        "number": row.number,
        "received_at": row.received_at.isoformat(),
        "text": mask_phones_in(row.text),
        "channel": row.channel,
        "source": row.source or None,
        "caller": {
            "name": masked_name(row.caller_name) if row.caller_name else None,
            "phone": masked_phone(row.caller_phone) if row.caller_phone else None,
        },
        "category": row.category or None,
        "place": {"name": row.place_name, "lon": row.lon, "lat": row.lat, "radius_m": row.radius_m},
        "incident": {
            "id": str(row.incident_id),
            "number": row.incident.number,
            "url": f"/incidents/{row.incident_id}/",
        },
        "joined": row.joined,
        "join_probability": row.join_probability,
        "join_confirmed": row.joined != Report.Joined.AUTO or row.confirmed_at is not None,
        "state": "closed" if reply or row.incident.state == "closed" else "open",
        "task": str(standing.task) if standing.task else None,
        "answer": None if reply is None else _answer(reply.text, way=reply.way, told=reply.told_at),
    }


def _answer(text: str, *, way: str, told: Any) -> Json:  # noqa: ANN401  # an instant or None
    return {"text": text, "way": way, "told_at": told.isoformat() if told else None}


@router.post("/reports/batch")
def batch(request: HttpRequest, told: Batch) -> HttpResponse:
    """Join, split, assign or close many reports in one act."""

    def run() -> tuple[int, Json]:
        return 200, _acts(request, told)[told.act]().as_json()

    return answer_once(request, run)


def _acts(request: HttpRequest, told: Batch) -> dict[str, Callable[[], actions.Sorted]]:
    by, chosen = actor_of(request), actions.Chosen(reports=tuple(told.reports))
    return {
        "join": lambda: actions.join_chosen(by=by, chosen=chosen, incident_id=told.incident or ""),
        "split": lambda: actions.split_chosen(by=by, chosen=chosen),
        "assign": lambda: actions.assign_chosen(
            by=by, chosen=chosen, unit=told.unit or "", note=told.note or ""
        ),
        "close": lambda: actions.close_chosen(
            by=by,
            chosen=chosen,
            answer=told.answer or "",
            close_incidents=told.close_incidents,
        ),
    }
