"""What the tus 1.0 protocol asks of a request and puts on an answer. 断点续传协议"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.media.models import Upload
from qianjun.media.queries import durable_offset
from qianjun.media.rules import limits, names, tus
from qianjun.media.rules.tus import Checksum
from qianjun.media.sight import NOTHING, About

PATH: Final = "/api/v1/uploads"
Answer = Callable[[HttpRequest], HttpResponse]


def manners(get_response: Answer) -> Answer:
    """Every answer about uploads names the protocol, and none is kept by a cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(PATH):
            response.headers["Tus-Resumable"] = tus.VERSION
            response.headers["Cache-Control"] = "no-store"
            if response.status_code in (200, 204, 412):
                response.headers.setdefault("Tus-Version", tus.VERSION)
        return response

    return answer


def abilities() -> HttpResponse:
    """What this server can do."""
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": tus.VERSION,
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Max-Size": str(limits.CLIP_BYTES),
            "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
        },
    )


def check_version(request: HttpRequest) -> None:
    """Refuse with 412 what does not speak this version."""
    if request.headers.get("Tus-Resumable") != tus.VERSION:
        raise Refused("tus_version", _("请求头须写 Tus-Resumable: 1.0.0。"), status=412)


def length_of(request: HttpRequest) -> int:
    """The announced length in bytes; 400 without one."""
    return _number(request, "Upload-Length")


def offset_of(request: HttpRequest) -> int:
    """Where the piece begins, in bytes; 415 for another type of body, 400 without an offset."""
    if request.content_type != tus.PIECE_TYPE:
        zh = _("每段的 Content-Type 须为 application/offset+octet-stream。")
        raise Refused("unsupported_media_type", zh, status=415)
    return _number(request, "Upload-Offset")


def _number(request: HttpRequest, header: str) -> int:
    try:
        return tus.number(request.headers.get(header))
    except tus.Unreadable:
        raise _bad(header, _("请求头缺少字节数，或写得不对。")) from None


def checksum_of(request: HttpRequest) -> Checksum | None:
    """What the sender computed over the piece; 400 for an algorithm that is not offered."""
    try:
        return tus.checksum(request.headers.get("Upload-Checksum"))
    except tus.Unreadable:
        raise _bad("Upload-Checksum", _("校验和的算法或写法不支持。")) from None


def told_of(request: HttpRequest) -> tuple[str, str, About]:
    """Cleaned name, claimed type, and what the file is about, from Upload-Metadata."""
    try:
        told = tus.metadata(request.headers.get("Upload-Metadata", ""))
    except tus.Unreadable:
        raise _bad(
            "Upload-Metadata", _("文件说明的写法不对，应为“键 Base64”，用逗号隔开。")
        ) from None
    name = names.cleaned(names.written(told.get("filename") or told.get("name") or b""))
    claimed = told.get("filetype") or told.get("type") or b""
    return name, claimed.decode("ascii", errors="ignore")[:80], _about(told)


def _about(told: dict[str, bytes]) -> About:
    incident = told.get("incident", b"").decode("utf-8", errors="replace")
    if incident:
        return "incident", incident
    kind, _colon, ident = told.get("about", b"").decode("utf-8", errors="replace").partition(":")
    return (kind, ident) if kind and ident else NOTHING


def _bad(header: str, zh: str) -> Refused:
    fields = (FieldError(field=header, code="bad_header", zh=zh),)
    return Refused("bad_header", zh, status=400, fields=fields)


def standing(upload: Upload) -> dict[str, str]:
    """The headers that say how far an upload is; ``Upload-File`` when it has become a file."""
    told = {
        "Upload-Offset": str(durable_offset(upload)),
        "Upload-Length": str(upload.length),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
    }
    return told | ({"Upload-File": str(upload.file_id)} if upload.file_id else {})
