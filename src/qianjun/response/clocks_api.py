"""Routes of the clocks of reporting, and of how punctually was reported. 时限接口"""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from qianjun.org.actor import require
from qianjun.org.http import actor_of, bearer, page_of
from qianjun.response.queries.clocks import clocks_of
from qianjun.response.queries.punctuality import period_of, punctual_rows, punctuality

router = Router(auth=bearer, tags=["clocks"])
Json = dict[str, Any]


@router.get("/incidents/{incident_id}/clocks")
def clocks(request: HttpRequest, incident_id: str) -> Json:
    """What is or was due to whom for an incident, with rule, start and source."""
    found = clocks_of(seen_by=actor_of(request), incident_id=incident_id)
    return {"items": [one.as_json() for one in found], "next": None}


@router.get("/punctuality")
def sums(request: HttpRequest) -> Json:
    """Per unit and clock between ``from`` and ``to``: due, met, late, open, median of minutes."""
    by = actor_of(request)
    require(by, "incident.read")
    period = period_of(request.GET.get("from", ""), request.GET.get("to", ""))
    found = punctuality(seen_by=by, period=period)
    return {
        "from": period.since.isoformat(),
        "to": period.until.isoformat(),
        "items": [one.as_json() for one in found],
        "next": None,
    }


@router.get("/punctuality/rows")
def rows(request: HttpRequest) -> Json:
    """The rows behind one of these numbers, by ``unit``, ``step`` and ``state``."""
    by = actor_of(request)
    require(by, "incident.read")
    period = period_of(request.GET.get("from", ""), request.GET.get("to", ""))
    chosen = {name: request.GET.get(name, "") for name in ("unit", "step", "state")}
    found = punctual_rows(seen_by=by, period=period, **chosen)
    items, after = page_of(found, after=request.GET.get("after"))
    return {"items": [one.as_json() for one in items], "next": after}
