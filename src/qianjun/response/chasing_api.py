"""Routes of reminding everybody: who owes an answer, and one key for all. 催办接口"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from qianjun.incident.wire import Asked
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response import actions
from qianjun.response.queries.chasing import owing_json, owing_of

router = Router(auth=bearer, tags=["chasing"])
Json = dict[str, Any]


class Chase(Asked):
    """With ``preview`` nothing is sent: it is only said who would be reminded."""

    preview: bool = False


@router.post("/incidents/{incident_id}/chase")
def chase_one(request: HttpRequest, incident_id: str, told: Chase) -> HttpResponse:
    """Everybody who owes an answer about this incident is reminded once."""
    return _chased(request, incident_id, told)


@router.post("/chase")
def chase_all(request: HttpRequest, told: Chase) -> HttpResponse:
    """The same for all open incidents."""
    return _chased(request, None, told)


def _chased(request: HttpRequest, incident_id: str | None, told: Chase) -> HttpResponse:
    def run() -> tuple[int, Json]:
        by = actor_of(request)
        require(by, "incident.task")
        if told.preview:
            found = owing_of(seen_by=by, incident_id=incident_id)
        else:
            found = actions.remind_everybody(by=by, incident_id=incident_id)
        return 200, {"items": owing_json(found), "reminded": 0 if told.preview else len(found)}

    return answer_once(request, run)
