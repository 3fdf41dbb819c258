"""The route of an incident at a past instant. 当时接口"""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from qianjun.incident.wire import Instant
from qianjun.kernel import clock
from qianjun.org.http import actor_of, bearer
from qianjun.response.queries.then import incident_then, then_json

router = Router(auth=bearer, tags=["incidents"])


@router.get("/incidents/{incident_id}/then")
def then(request: HttpRequest, incident_id: str, at: Instant | None = None) -> dict[str, Any]:
    """How an incident stood at an instant, without one now."""
    asked = at or clock.now()
    return then_json(incident_then(seen_by=actor_of(request), incident_id=incident_id, at=asked))
