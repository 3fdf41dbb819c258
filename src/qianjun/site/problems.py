"""One way to say no on the wire: problem+json for machines, a plain page for people. 错误应答

Programs always get both languages; ``detail_zh`` is the source sentence itself, ``detail_en`` the
catalogue's. Nothing here reads the session or the database: it also answers when those are down.
"""

import json
import logging
import secrets
import time
from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, Error, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext
from ninja.errors import HttpError, ValidationError

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.refusing import MEDIA_TYPE
from qianjun.org.refusing import document as document
from qianjun.site import faults

FOR_PROGRAMS = ("/api/", "/healthz")
JSON, HTML = "application/json", "text/html"
RETRY_AFTER_S = 1
AWAY_NOTED_S = 10.0
logger = logging.getLogger("qianjun.site")


class _Away:
    """Logs the first of many failures that have one cause."""

    def __init__(self) -> None:
        self.noted_at = -AWAY_NOTED_S

    def note(self, exc: BaseException) -> None:
        if time.monotonic() - self.noted_at >= AWAY_NOTED_S:
            self.noted_at = time.monotonic()
            logger.warning("database: %s", str(exc).split("\n", 1)[0])


_away = _Away()
PLAIN: dict[int, tuple[str, str]] = {
    400: ("bad_request", _("请求的格式不对，无法读取。")),
    401: ("not_signed_in", _("请先登录，或在请求头 Authorization 中带上有效的令牌。")),
    403: ("not_allowed", _("您没有权限做这件事，请找有权限的同事操作。")),
    404: ("not_found", _("没有这个地址或对象，或您无权查看。")),
    405: ("method_not_allowed", _("这个地址不支持这种请求方法。")),
    409: ("conflict", _("与现有记录冲突，请刷新后再试。")),
    413: ("too_large", _("内容太大，请控制在 256 KB 以内。")),
    415: (
        "unsupported_media_type",
        _("请求内容须为 JSON，请求头写 Content-Type: application/json。"),
    ),
    422: ("invalid", _("填写的内容有误，请按提示修改。")),
    429: ("too_many_requests", _("操作太频繁，请稍后再试。")),
    500: ("internal", _("系统内部出错，没有写入任何内容；请重试，仍不行请把编号告诉管理员。")),
    503: ("unavailable", _("系统正忙或正在恢复，请稍后重试。")),
}


def plain(status: int) -> Refused:
    """The usual refusal of this HTTP status."""
    code, zh = PLAIN.get(status) or PLAIN[400 if status < 500 else 503]
    return Refused(code, zh, status=status)


def refusal_of(exc: BaseException) -> Refused:
    """What an exception means to who asked; the unexpected is logged under an id. 归类"""
    match exc:
        case Refused():
            return exc
        case ValidationError():
            return faults.refusal(exc.errors)
        case HttpError():
            # ninja wraps what the parser of bodies says
            said = exc.__cause__
            return said if isinstance(said, Refused) else plain(exc.status_code)
        case Http404():
            return plain(404)
        case PermissionDenied():
            return plain(403)
        case RequestDataTooBig():
            return plain(413)
        case SuspiciousOperation():
            return plain(400)
        case OperationalError() | InterfaceError():
            _away.note(exc)
            return plain(503)
        case DataError():
            logger.warning("a value that the database does not take: %s", exc)
            return plain(422)
    return _unexpected(exc)


def _unexpected(exc: BaseException) -> Refused:
    if isinstance(exc, ValueError) and not isinstance(exc, Error) and "NUL" in str(exc):
        return plain(422)
    ident = secrets.token_hex(4)
    logger.error("%s: %s", ident, exc, exc_info=exc)
    code, zh = PLAIN[500]
    return Refused(code, zh, status=500, extra={"id": ident})


def is_for_programs(path: str) -> bool:
    """Whether answers under this path are problem+json, never HTML."""
    return path.startswith(FOR_PROGRAMS)


def answer(request: HttpRequest, exc: BaseException) -> HttpResponse:
    """The answer to a request that failed; who is not signed in is led to the log-in. 应答

    A page too answers a program that asks for JSON, as the phone pages do.
    """
    refused = refusal_of(exc)
    programs = is_for_programs(request.path) or request.get_preferred_type([HTML, JSON]) == JSON
    if refused.status == HTTPStatus.UNAUTHORIZED and not programs:
        return redirect_to_login(request.get_full_path())
    return respond(refused, for_programs=programs)


def respond(refused: Refused, *, for_programs: bool) -> HttpResponse:
    """A refusal as a response, with the headers its status asks for."""
    if for_programs:
        body = json.dumps(document(refused), ensure_ascii=False, default=str)
        response = HttpResponse(body.encode("utf-8", "replace"), content_type=MEDIA_TYPE)
    else:
        response = HttpResponse(_page(refused))
    response.status_code = refused.status
    if refused.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if refused.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response["Retry-After"] = str(refused.extra.get("retry_after_s", RETRY_AFTER_S))
    return response


def _page(refused: Refused) -> str:
    """A page that needs neither session nor database, nor its own template if that fails."""
    sentence = gettext(str(refused.zh))
    told = {
        "number": f"{refused.status} {refused.extra.get('id', '')}".strip(),
        "code": refused.code,
        "status": refused.status,
        "sentence": sentence % refused.words if refused.words else sentence,
    }
    try:
        return render_to_string("refused.html", told)
    except Exception:  # the last answer must not fail, whatever is broken
        logger.exception("refused.html")
        return (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
            f"<title>{told['number']}</title><h1>{escape(told['sentence'])}</h1></html>"
        )
