"""Routes of reports: take in, read, split, join, confirm. 接报接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident import actions as incident
from qianjun.incident.models import Incident
from qianjun.incident.rules.figures import MOST
from qianjun.incident.wire import Asked, CrsName, Instant, Lat, Lon
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response import actions, queries
from qianjun.response.rules import Told

router = Router(auth=bearer, tags=["reports"])

Json = dict[str, Any]
Count = Annotated[int, Field(ge=0)]
Channel = Literal["phone", "wechat", "sms", "link", "partner", "sensor", "walk_in", "other"]
Source = Literal[
    "public", "119", "110", "120", "122", "12345", "12350",
    "sub_district", "enterprise", "department", "above", "media", "sensor",
]  # fmt: skip


class Caller(Asked):
    """Who is on the line."""

    name: Annotated[str, Field(max_length=60)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None


class Figures(Asked):
    """Numbers that are told as such."""

    dead: Annotated[Count, Field(le=MOST["dead"])] | None = None
    missing: Annotated[Count, Field(le=MOST["missing"])] | None = None
    serious: Annotated[Count, Field(le=MOST["serious"])] | None = None
    injured: Annotated[Count, Field(le=MOST["injured"])] | None = None
    evacuated: Annotated[Count, Field(le=MOST["evacuated"])] | None = None
    loss_yuan: Annotated[Count, Field(le=MOST["loss_yuan"])] | None = None


class NewReport(Asked):
    """A report as somebody tells it."""

    text: Annotated[str, Field(min_length=1, max_length=5_000)]
    channel: Channel
    source: Source | None = None
    caller: Caller | None = None
    occurred_at: Instant | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    crs: CrsName = "wgs84"
    category: Annotated[str, Field(max_length=10)] | None = None
    title: Annotated[str, Field(max_length=200)] | None = None
    figures: Figures | None = None
    join: Annotated[str, Field(min_length=1, max_length=40)] = "auto"

    def told(self) -> Told:
        """The same as the house knows it."""
        caller = self.caller or Caller()
        figures = self.figures.model_dump(exclude_none=True) if self.figures else {}
        return Told(
            text=self.text,
            channel=self.channel,
            source=self.source or "",
            caller_name=caller.name or "",
            caller_phone=caller.phone or "",
            occurred_at=self.occurred_at,
            lon=self.lon,
            lat=self.lat,
            crs=self.crs,
            category=self.category or "",
            title=self.title or "",
            figures=figures,
            join=self.join,
        )


class Target(Asked):
    """Where a report belongs."""

    incident: Annotated[str, Field(min_length=1, max_length=40)]


@router.post("/reports")
def take_in(request: HttpRequest, told: NewReport) -> HttpResponse:
    """Take a report in."""

    def run() -> tuple[int, Json]:
        return 201, actions.take_in_report(by=actor_of(request), told=told.told()).as_json()

    return answer_once(request, run, ends=True)


@router.get("/reports/{report_id}")
def report(request: HttpRequest, report_id: str) -> Json:
    """A report as it stands now."""
    return queries.report_card(seen_by=actor_of(request), report_id=report_id).as_json()


@router.post("/reports/{report_id}/split")
def split(request: HttpRequest, report_id: str) -> HttpResponse:
    """Take a report out of its incident into a new one."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        _report, opened = incident.split_report(by=by, report_id=report_id)
        return 200, _moved(request, report_id, opened)

    return answer_once(request, run)


@router.post("/reports/{report_id}/join")
def join(request: HttpRequest, report_id: str, target: Target) -> HttpResponse:
    """Move a report to another incident."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        _report, joined = incident.join_report(
            by=by, report_id=report_id, incident_id=target.incident
        )
        return 200, _moved(request, report_id, joined)

    return answer_once(request, run)


@router.post("/reports/{report_id}/confirm")
def confirm(request: HttpRequest, report_id: str) -> HttpResponse:
    """Agree to an automatic join."""

    def run() -> tuple[int, Json]:
        row = incident.confirm_join(by=actor_of(request), report_id=report_id)
        return 200, _moved(request, report_id, row.incident)

    return answer_once(request, run)


def _moved(request: HttpRequest, report_id: str, row: Incident) -> Json:
    card = queries.report_card(seen_by=actor_of(request), report_id=report_id)
    place = {"id": str(row.pk), "number": row.number, "url": card.incident_url}
    return {"report": card.as_json(), "incident": place}
