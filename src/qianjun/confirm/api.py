"""Routes of calling: read, note an answer, send somebody, end. 叫应接口"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from qianjun.confirm import actions, queries
from qianjun.org.http import actor_of, answer_once, bearer

router = Router(auth=bearer, tags=["confirmations"])
Json = dict[str, Any]
Ident = Annotated[str, Field(min_length=1, max_length=18)]


class Asked(BaseModel):
    """A body as somebody sends it."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Answered(Asked):
    """Who has answered, in which way, with which words."""

    person: Ident
    how: Literal["by_desk", "key", "voice", "reply"] = "by_desk"
    text: Annotated[str, Field(max_length=500)] | None = None


class Knocked(Asked):
    """To whose door somebody goes, and who goes."""

    person: Ident
    goes: Annotated[str, Field(min_length=1, max_length=60)]


class Ended(Asked):
    """Why nobody need answer any more."""

    why: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("/confirmations/{confirmation_id}")
def confirmation(request: HttpRequest, confirmation_id: str) -> Json:
    """A confirmation and how far each of its people has come."""
    return _shown(request, confirmation_id)


@router.post("/confirmations/{confirmation_id}/answers")
def answers(request: HttpRequest, confirmation_id: str, told: Answered) -> HttpResponse:
    """Note that somebody has answered to the desk."""

    def run() -> tuple[int, Json]:
        outcome = actions.answer_for(
            by=actor_of(request),
            confirmation_id=confirmation_id,
            person=told.person,
            how=told.how,
            text=told.text or "",
        )
        return 200, {**_shown(request, confirmation_id), "outcome": outcome}

    return answer_once(request, run)


@router.post("/confirmations/{confirmation_id}/knocks")
def knocks(request: HttpRequest, confirmation_id: str, told: Knocked) -> HttpResponse:
    """Send somebody to the door of one who is silent."""

    def run() -> tuple[int, Json]:
        actions.send_knock(
            by=actor_of(request),
            confirmation_id=confirmation_id,
            person=told.person,
            goes=told.goes,
        )
        return 200, _shown(request, confirmation_id)

    return answer_once(request, run)


@router.post("/confirmations/{confirmation_id}/end")
def end(request: HttpRequest, confirmation_id: str, told: Ended) -> HttpResponse:
    """Nobody need answer any more."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        actions.end_confirmation(by=by, confirmation_id=confirmation_id, why=told.why)
        return 200, _shown(request, confirmation_id)

    return answer_once(request, run)


def _shown(request: HttpRequest, confirmation_id: str) -> Json:
    by = actor_of(request)
    row = queries.confirmation_seen(seen_by=by, confirmation_id=confirmation_id)
    return queries.confirmation_json(row, seen_by=by)
