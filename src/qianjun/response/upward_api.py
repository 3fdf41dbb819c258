"""Routes of the reports to the upper level: draft, words, signature, deliveries. 信息报送接口"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.incident.wire import Asked, Instant
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import Actor, require
from qianjun.org.http import actor_of, answer_once, as_file, bearer
from qianjun.response import actions
from qianjun.response.queries.upward import report_json, upward_json, upward_of
from qianjun.response.rules.families import EVENT, FAMILIES

router = Router(auth=bearer, tags=["upward_reports"])
Json = dict[str, Any]
Words = Annotated[str, Field(max_length=500)]
Family = Literal["event", "disaster", "accident"]


class Element(Asked):
    """What a person writes for one element; empty gives the facts back."""

    element: Annotated[str, Field(min_length=1, max_length=20)]
    text: Annotated[str, Field(max_length=2_000)]
    version: Annotated[int, Field(ge=0, le=2**31)]
    family: Family = "event"


class Act(Asked):
    """One of the small acts: ask for the signature, the short clocks, the kind, a check."""

    act: Literal["ask", "quicken", "kind", "check", "uncheck"]
    why: Words | None = None
    kind: Annotated[str, Field(max_length=20)] | None = None
    family: Family = "event"


class Signature(Asked):
    """What was seen is signed."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    family: Family = "event"


class Waived(Asked):
    """Why nothing is reported."""

    why: Annotated[str, Field(min_length=1, max_length=500)]
    family: Family = "event"


class Delivery(Asked):
    """A unit was given the report, or told by telephone before there was one."""

    unit: Annotated[str, Field(min_length=1, max_length=30)]
    act: Literal["told", "received", "withdrawn"] = "told"
    way: Literal["phone", "message", "paper", "fax", "system"] = "fax"
    phone_report: bool = False
    taken_by: Annotated[str, Field(max_length=60)] | None = None
    at: Instant | None = None
    family: Family = "event"


@router.get("/incidents/{incident_id}/upward_reports")
def upward(request: HttpRequest, incident_id: str) -> Json:
    """The draft that comes next, what was signed, who has it."""
    asked = request.GET.get("family", EVENT)
    family = asked if asked in FAMILIES else EVENT
    by = actor_of(request)
    return upward_json(upward_of(seen_by=by, incident_id=incident_id, family=family))


@router.post("/incidents/{incident_id}/upward_reports/elements")
def write(request: HttpRequest, incident_id: str, told: Element) -> HttpResponse:
    """Put words in the place of what the facts say."""
    return _changed(
        request,
        incident_id,
        lambda by: actions.write_element(by=by, incident_id=incident_id, **told.model_dump()),
        family=told.family,
    )


@router.post("/incidents/{incident_id}/upward_reports/acts")
def act(request: HttpRequest, incident_id: str, told: Act) -> HttpResponse:
    """Ask for the signature, start the short clocks, say which kind comes next, check a number."""
    words = {"kind": told.kind or "", "why": told.why or "", "family": told.family}
    return _changed(
        request,
        incident_id,
        lambda by: actions.act_on_report(by=by, incident_id=incident_id, act=told.act, **words),
        family=told.family,
    )


@router.post("/incidents/{incident_id}/upward_reports/sign")
def sign(request: HttpRequest, incident_id: str, told: Signature) -> HttpResponse:
    """Sign what was seen; 409 when it has changed."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        words = {"digest": told.digest, "family": told.family}
        row = actions.sign_report(by=by, incident_id=incident_id, **words)
        return 201, report_json(row)

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/upward_reports/waive")
def waive(request: HttpRequest, incident_id: str, told: Waived) -> HttpResponse:
    """Decide that this one is not sent."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        words = {"why": told.why, "family": told.family}
        return 200, report_json(actions.waive_report(by=by, incident_id=incident_id, **words))

    return answer_once(request, run)


@router.post("/incidents/{incident_id}/upward_reports/deliveries")
def deliver(request: HttpRequest, incident_id: str, told: Delivery) -> HttpResponse:
    """Note a delivery, a receipt, or take it back."""
    return _changed(
        request,
        incident_id,
        lambda by: actions.deliver(
            by=by,
            incident_id=incident_id,
            unit=told.unit,
            act=told.act,
            way=told.way,
            taken_by=told.taken_by or "",
            by_phone=told.phone_report,
            at=told.at,
            family=told.family,
        ),
        family=told.family,
    )


@router.post("/upward_reports/{upward_id}/word")
def word(request: HttpRequest, upward_id: str) -> HttpResponse:
    """A signed report as an official document in Word; taking it out is written down."""
    by = actor_of(request)
    require(by, "upward.write")
    called, content = actions.take_paper_out(by=by, upward_id=upward_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


def _changed(
    request: HttpRequest,
    incident_id: str,
    verb: Callable[[Actor], object],
    *,
    family: str = EVENT,
) -> HttpResponse:
    """Do it once, and answer with everything as it is then."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        require(by, "upward.write")
        verb(by)
        found = upward_of(seen_by=by, incident_id=incident_id, family=family)
        return 200, upward_json(found)

    return answer_once(request, run)
