"""Routes of files: resumable uploads (tus 1.0), lists, one file, confirming. 媒体接口"""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.media import actions, queries, tus
from qianjun.media.models import File
from qianjun.media.sender import sender
from qianjun.media.sight import require_sender
from qianjun.org.actor import require
from qianjun.org.http import actor_of, answer_once, bearer, once, page_of, signed_in

router = Router(auth=sender, tags=["files"])
Json = dict[str, Any]


@router.api_operation(["OPTIONS"], "/uploads", auth=None)
def uploads_offer(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What uploads can do."""
    return tus.abilities()


@router.post("/uploads")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload; ``Location`` is where its pieces go."""
    by = actor_of(request)
    require_sender(by)
    tus.check_version(request)
    name, claimed_type, about = tus.told_of(request)
    length_bytes = tus.length_of(request)

    def run() -> tuple[int, Json]:
        upload = actions.create_upload(
            by=by, length_bytes=length_bytes, name=name, claimed_type=claimed_type, about=about
        )
        return 201, {"id": upload.ident, **tus.standing(upload)}

    status, made, replayed = once(request, run)
    headers = {"Location": f"{tus.PATH}/{made['id']}", "Upload-Expires": made["Upload-Expires"]}
    if replayed:
        headers["Idempotent-Replay"] = "true"
    return HttpResponse(status=status, headers=headers)


@router.get("/uploads/{upload_id}")
def standing(request: HttpRequest, upload_id: str) -> HttpResponse:
    """How far an upload is; the server turns HEAD into this."""
    by = actor_of(request)
    require_sender(by)
    tus.check_version(request)
    return HttpResponse(status=200, headers=tus.standing(queries.upload_of(by=by, ident=upload_id)))


@router.patch("/uploads/{upload_id}")
def piece(request: HttpRequest, upload_id: str) -> HttpResponse:
    """The next piece of an upload."""
    by = actor_of(request)
    require_sender(by)
    tus.check_version(request)
    queries.upload_of(by=by, ident=upload_id)
    upload = actions.add_piece(
        by=by,
        ident=upload_id,
        offset=tus.offset_of(request),
        source=request,  # type: ignore[arg-type]
        size_bytes=int(request.META.get("CONTENT_LENGTH") or 0),
        checksum=tus.checksum_of(request),
    )
    return HttpResponse(status=204, headers=tus.standing(upload))


@router.delete("/uploads/{upload_id}")
def give_up(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Give an upload up."""
    by = actor_of(request)
    require_sender(by)
    tus.check_version(request)
    actions.drop_upload(by=by, ident=upload_id)
    return HttpResponse(status=204)


@router.post("/uploads/{upload_id}")
def overridden(request: HttpRequest, upload_id: str) -> HttpResponse:
    """The same for clients that can only POST: X-HTTP-Method-Override says what is meant."""
    meant = {"PATCH": piece, "DELETE": give_up, "HEAD": standing, "GET": standing}
    verb = meant.get(request.headers.get("X-HTTP-Method-Override", "").upper())
    if verb is None:
        require_sender(actor_of(request))
        queries.upload_of(by=actor_of(request), ident=upload_id)
        zh = _("请用 PATCH，或写请求头 X-HTTP-Method-Override。")
        raise Refused("method_override", zh, status=400)
    return verb(request, upload_id)


@router.get("/files", auth=signed_in)
def files(
    request: HttpRequest,
    incident: str = "",
    state: Literal["", "quarantined"] = "",
    limit: int | None = None,
    after: str | None = None,
) -> Json:
    """The files of an incident, or everything that is kept back, the newest first."""
    by = actor_of(request)
    require(by, "media.read")
    if incident:
        rows = queries.files_of(seen_by=by, incident=incident)
        rows = rows.filter(state=state) if state else rows
    elif state:
        rows = queries.quarantined(seen_by=by)
    else:
        zh = _("请写明是哪一个事件的文件。")
        raise Refused("invalid", zh, fields=(FieldError(field="incident", code="missing", zh=zh),))
    chosen, more = page_of(rows, limit=limit, after=after)
    return {"items": [queries.file_json(row) for row in chosen], "next": more}


@router.get("/files/{file_id}")
def file(request: HttpRequest, file_id: str) -> Json:
    """One file; whoever sent it may ask how it stands."""
    by = actor_of(request)
    require_sender(by)
    return queries.file_json(queries.file_seen(by=by, file_id=file_id))


@router.post("/files/{file_id}/confirm", auth=bearer)
def confirm(request: HttpRequest, file_id: str) -> HttpResponse:
    """Confirm what a file shows."""

    def run() -> tuple[int, Json]:
        row: File = actions.confirm_file(by=actor_of(request), file=file_id)
        return 200, queries.file_json(row)

    return answer_once(request, run)
