"""Routes of the bulletins and of what is due, for programs. 值班信息接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qianjun.duty.bulletins import actions
from qianjun.duty.bulletins.dues import dues as dues_of
from qianjun.duty.bulletins.dues import recipient_json
from qianjun.duty.bulletins.papers import take_bulletin_out
from qianjun.duty.bulletins.queries import bulletin_json, bulletin_seen, seen_of
from qianjun.duty.bulletins.queries import bulletins as bulletins_of
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, as_file, bearer, page_of
from qianjun.org.wire import Asked

router = Router(auth=bearer, tags=["duty"])
Json = dict[str, Any]


class Closing(Asked):
    """The closing words, and which version was seen."""

    text: Annotated[str, Field(max_length=3_000)]
    version: Annotated[int, Field(ge=1, le=2**31)]


class Issue(Asked):
    """What was seen is issued."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@router.get("/dues")
def dues(request: HttpRequest) -> Json:
    """Per recipient what is due today, done or not."""
    found = dues_of(seen_by=actor_of(request))
    return {"items": [recipient_json(one) for one in found], "next": None}


@router.get("/bulletins")
def bulletins(request: HttpRequest, after: Annotated[str, Query(max_length=20)] = "") -> Json:
    """The bulletins, the newest first."""
    rows, more = page_of(bulletins_of(seen_by=actor_of(request)), limit=20, after=after)
    return {"items": [bulletin_json(seen_of(row)) for row in rows], "next": more}


@router.get("/bulletins/{bulletin_id}")
def bulletin(request: HttpRequest, bulletin_id: str) -> Json:
    """One bulletin: counted now, or as it was issued."""
    return bulletin_json(bulletin_seen(seen_by=actor_of(request), bulletin_id=bulletin_id))


@router.post("/bulletins")
def draft(request: HttpRequest) -> HttpResponse:
    """Have the drafts that are missing made now."""

    def run() -> tuple[int, Json]:
        rows = actions.draft_bulletins(by=actor_of(request))
        return 200, {"items": [bulletin_json(seen_of(row)) for row in rows], "next": None}

    return answer_once(request, run)


@router.post("/bulletins/{bulletin_id}/closing")
def closing(request: HttpRequest, bulletin_id: str, told: Closing) -> HttpResponse:
    """The closing words; 409 when somebody has written since."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        seen = actions.write_closing(by=by, bulletin_id=bulletin_id, **told.model_dump())
        return 200, bulletin_json(seen)

    return answer_once(request, run)


@router.post("/bulletins/{bulletin_id}/issue")
def issue(request: HttpRequest, bulletin_id: str, told: Issue) -> HttpResponse:
    """Freeze and number what was seen; 409 when it reads otherwise now."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        seen = actions.issue_bulletin(by=by, bulletin_id=bulletin_id, digest=told.digest)
        return 201, bulletin_json(seen)

    return answer_once(request, run)


@router.post("/bulletins/{bulletin_id}/word")
def word(request: HttpRequest, bulletin_id: str) -> HttpResponse:
    """The bulletin in Word; taking it out is written down."""
    by = actor_of(request)
    require(by, "bulletin.read")
    called, content = take_bulletin_out(by=by, bulletin_id=bulletin_id)
    return as_file(called, content, media_type=MEDIA_TYPE)
