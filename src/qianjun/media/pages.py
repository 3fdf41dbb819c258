"""Bytes of files: copies to look at, originals to take away, none of them trusted. 媒体页面"""

from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseNotModified
from django.views.decorators.http import require_safe

from qianjun.media import actions, queries, store
from qianjun.media.models import File
from qianjun.media.rules import limits, names
from qianjun.org.actor import not_found
from qianjun.org.http import signed_in

ALONE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
# asked again each time, for the right to see may have ended; the hash spares the bytes
ASKED_AGAIN: Final = "private, no-cache"


@require_safe
def thumb(request: HttpRequest, file_id: str) -> HttpResponse:
    """The small copy. 缩略图"""
    return _copy(request, file_id, side_px=limits.THUMB_SIDE_PX)


@require_safe
def shown(request: HttpRequest, file_id: str) -> HttpResponse:
    """The copy to look at. 查看图"""
    return _copy(request, file_id, side_px=limits.SHOWN_SIDE_PX)


@require_safe
def original(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """The original, as something to keep and not to open; that it was taken is noted. 原件"""
    row = actions.open_original(by=signed_in(request), file=file_id)
    try:
        source = store.original(row.sha256).open("rb")
    except FileNotFoundError:
        raise not_found() from None
    name = names.download_name(row.name or f"{row.kind}-{row.pk}", media_type=row.media_type)
    response = FileResponse(
        source, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    for header, value in (ALONE | {"Cache-Control": "private, no-store"}).items():
        response.headers[header] = value
    return response


def _copy(request: HttpRequest, file_id: str, *, side_px: int) -> HttpResponse:
    row = queries.file_seen(by=signed_in(request), file_id=file_id)
    if row.kind != "image" or row.state != File.State.READY:
        raise not_found()
    mark = f'"{row.sha256}-{side_px}"'
    if request.headers.get("If-None-Match") == mark:
        return _with(HttpResponseNotModified(), mark)
    try:
        pixels = store.copy_of(row.sha256, side_px=side_px).read_bytes()
    except FileNotFoundError:
        raise not_found() from None
    return _with(HttpResponse(pixels, content_type="image/jpeg"), mark)


def _with(response: HttpResponse, mark: str) -> HttpResponse:
    for name, value in (ALONE | {"Cache-Control": ASKED_AGAIN, "ETag": mark}).items():
        response.headers[name] = value
    return response
