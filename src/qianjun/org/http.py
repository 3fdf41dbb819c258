"""Who asks over HTTP, and once only: bearer, session, Idempotency-Key, pages of lists. 接口入口"""

import json
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, TypeVar

from django.db import OperationalError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf
from psycopg.errors import LockNotAvailable

from qianjun.journal.statement import Ending, NotFirst, Part, ending, json_of
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.models import Answered
from qianjun.org.people import actor_behind
from qianjun.org.second.queries import refuse_unenrolled
from qianjun.org.tokens import LOOKS_LIKE, actor_for_token

KEY: Final = re.compile(r"[\x20-\x7e]{8,128}")
KEPT: Final = timedelta(hours=48)
MAX_ITEMS: Final = 200
USUAL_ITEMS: Final = 50
TOKEN_NAMES: Final = ("access_token", "token", "api_key")
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")

Body = dict[str, Any]
Run = Callable[[], tuple[int, Body]]
Row = TypeVar("Row")


# --- who asks -----------------------------------------------------------------------------------


class Bearer(HttpAuthBase):
    """A token in the Authorization header, and nowhere else; one statement. 令牌"""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor, also as ``request.actor``; refuses with 401."""
        _refuse_strays(request)
        plain = _bearer_of(request)
        if plain is None:
            zh = _("请求没有令牌：请在 Authorization 头中写 Bearer 和令牌。")
            raise Refused("no_token", zh, status=401)
        return _remember(request, actor_for_token(plain))


class SignedIn(HttpAuthBase):
    """A token, else the session of a page; a session that writes shows its CSRF token. 已登录"""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor, also as ``request.actor``; refuses with 401 or 403."""
        _refuse_strays(request)
        plain = _bearer_of(request)
        if plain is not None:
            return _remember(request, actor_for_token(plain))
        by = actor_of(request)  # a stranger has no page that could be out of date
        if request.method not in SAFE_METHODS and check_csrf(request) is not None:
            raise Refused("csrf", _("页面已过期，请刷新后重试。"), status=403)
        refuse_unenrolled(request, by)
        return by


bearer = Bearer()
signed_in = SignedIn()


def actor_of(request: HttpRequest) -> Actor:
    """Who asks: as authenticated already, else from the session; 401 for a stranger. 行为人"""
    known = getattr(request, "actor", None)
    if isinstance(known, Actor):
        return known
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        raise Refused("sign_in", _("请先登录。"), status=401)
    return _remember(request, actor_behind(user))


def _remember(request: HttpRequest, actor: Actor) -> Actor:
    request.actor = actor  # type: ignore[attr-defined]
    return actor


def _bearer_of(request: HttpRequest) -> str | None:
    scheme, _space, plain = request.headers.get("Authorization", "").partition(" ")
    return plain.strip() if scheme.lower() == "bearer" and plain.strip() else None


def _refuse_strays(request: HttpRequest) -> None:
    """A token in an address or a cookie ends up in logs and histories: it is refused, not used."""
    query = request.META.get("QUERY_STRING", "")
    if LOOKS_LIKE.search(query) or ("Authorization" not in request.headers and _named(request)):
        zh = _("令牌不能写在网址里：请放在 Authorization 头中，并吊销这个令牌。")
        raise Refused("token_in_query", zh, status=401)
    if LOOKS_LIKE.search(request.META.get("HTTP_COOKIE", "")):
        zh = _("令牌不能放在 Cookie 里：请放在 Authorization 头中，并吊销这个令牌。")
        raise Refused("token_in_cookie", zh, status=401)


def _named(request: HttpRequest) -> bool:
    return any(name in request.GET for name in TOKEN_NAMES)


# --- once only ----------------------------------------------------------------------------------


def once(request: HttpRequest, run: Run) -> tuple[int, Body, bool]:
    """Status, body, and whether it is a replay: run it once per Idempotency-Key. 只办一次

    The key's row is inserted first, in the transaction of ``run``: a second request with the key
    waits on it until the first has ended. A refusal rolls everything back and is not kept.
    """
    status, text, replayed = _once(request, run, key=request.headers.get("Idempotency-Key"))
    return status, json.loads(text), replayed


def new_key() -> str:
    """What tells two sendings of one form from two forms. 表单键"""
    return secrets.token_urlsafe(16)


def once_for_form(request: HttpRequest, run: Run, *, key: str) -> tuple[int, Body, bool]:
    """The same for a page's form, whose key is one of its fields. 表单只办一次"""
    status, text, replayed = _once(request, run, key=key)
    return status, json.loads(text), replayed


def answer_once(request: HttpRequest, run: Run, *, ends: bool = False) -> HttpResponse:
    """The same as a response; a replay is equal to the byte and says so in its header.

    With ``ends`` the last writes of ``run`` go to the database as one statement with the answer.
    """
    key = request.headers.get("Idempotency-Key")
    if not ends:
        status, text, replayed = _once(request, run, key=key)
    else:
        with ending() as last:
            status, text, replayed = _once(request, run, key=key, last=last)
    response = HttpResponse(text, content_type="application/json; charset=utf-8", status=status)
    if replayed:
        response.headers["Idempotent-Replay"] = "true"
    return response


def _once(
    request: HttpRequest, run: Run, *, key: str | None, last: Ending | None = None
) -> tuple[int, str, bool]:
    ends = last or Ending()
    if key is None:
        return *_ended(run, ends), False
    slot, digest = _slot(request, key), _digest(request)
    ends.first = _claim(slot=slot, digest=digest)
    try:
        return *_ended(run, ends, slot=slot, at_once=last is None), False
    except NotFirst:
        return *_given(slot=slot, digest=digest), True
    except OperationalError as fault:
        if _waited_for_key(fault):
            raise _in_progress() from fault
        raise


def _ended(
    run: Run, last: Ending, *, slot: str | None = None, at_once: bool = False
) -> tuple[int, str]:
    """Status and text of what has been done, and kept under its key."""
    with transaction.atomic():
        if at_once:
            last.begin()
        status, body = run()
        text = _text(body)
        last.write(*([_kept(last, slot=slot, status=status, text=text)] if slot else []))
        return status, last.filled(text)


def _digest(request: HttpRequest) -> str:
    """What was sent; of a form its fields, for a second sending has another CSRF mask."""
    if request.content_type in FORMS:
        fields = {k: request.POST.getlist(k) for k in request.POST if k != "csrfmiddlewaretoken"}
        return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    return sha256(request.body).hexdigest()


def _kept(last: Ending, *, slot: str, status: int, text: str) -> Part:
    filled, values = last.filling(text)
    return Part(
        queries="kept AS (UPDATE org_answered SET status = %(status)s, "  # noqa: S608
        f"body = {filled} WHERE slot = %(slot)s)",
        values={**values, "status": status, "slot": slot},
    )


def _text(body: Body) -> str:
    return json_of(body)


def _slot(request: HttpRequest, key: str) -> str:
    if not KEY.fullmatch(key):
        zh = _("Idempotency-Key 须为 8 到 128 个可见的 ASCII 字符。")
        fields = (FieldError(field="Idempotency-Key", code="bad_key", zh=zh),)
        raise Refused("bad_key", zh, fields=fields)
    return _slot_of(actor_of(request), path=request.path, key=key)


def _slot_of(who: Actor, *, path: str, key: str) -> str:
    return sha256(f"{who.kind}:{who.ident}\n{path}\n{key}".encode()).hexdigest()


def was_done(by: Actor, *, path: str, key: str) -> bool:
    """Whether what he sent to this path under this key has been done. 已办"""
    slot = _slot_of(by, path=path, key=key)
    return Answered.objects.filter(pk=slot, status__isnull=False).exists()


# a row older than what is kept is taken over, so nothing depends on the sweep
_CLAIM = """claimed AS (
  INSERT INTO org_answered AS a (slot, sha256, at, body)
  VALUES (%(slot)s, %(sha256)s, %(real)s, '')
  ON CONFLICT (slot) DO UPDATE SET sha256 = excluded.sha256, at = excluded.at, status = NULL
    WHERE a.at < %(kept_from)s
  RETURNING slot
)"""


def _claim(*, slot: str, digest: str) -> Part:
    """Take the key: selects its slot, or nothing when it has been used."""
    real = clock.real()
    values = {"slot": slot, "sha256": digest, "real": real, "kept_from": real - KEPT}
    return Part(queries=_CLAIM, selects=("(SELECT slot FROM claimed)",), values=values)


def _waited_for_key(fault: OperationalError) -> bool:
    """Whether what was waited for too long is the key and not a turn of the house."""
    cause = fault.__cause__
    return isinstance(cause, LockNotAvailable) and "org_answered" in (cause.diag.context or "")


def _given(*, slot: str, digest: str) -> tuple[int, str]:
    row = Answered.objects.filter(pk=slot).first()
    if row is None or row.status is None:
        raise _in_progress()
    if row.sha256 != digest:
        zh = _("这个 Idempotency-Key 已用于内容不同的请求，请换一个新的。")
        raise Refused("key_reused", zh, status=409)
    return row.status, row.body


def _in_progress() -> Refused:
    zh = _("同一个 Idempotency-Key 的请求还在办理，请稍后用同样的内容重试。")
    return Refused("key_in_progress", zh, status=409)


def forget_old_answers() -> int:
    """Delete the answers that are kept no longer; how many. 清理旧答复"""
    return Answered.objects.filter(at__lt=clock.real() - KEPT).delete()[0]


# --- lists --------------------------------------------------------------------------------------


def page_of(
    rows: QuerySet[Any] | Sequence[Any], *, limit: int | None = None, after: str | None = None
) -> tuple[list[Any], str | None]:
    """One page and where the next begins; a QuerySet is read newest first, by key. 分页"""
    size = USUAL_ITEMS if limit is None else limit
    if not 1 <= size <= MAX_ITEMS:
        raise _bad("limit", _("limit 须在 1 到 200 之间。"))
    mark = _mark(after)
    if isinstance(rows, QuerySet):
        return _page_of_table(rows, size=size, mark=mark)
    start = mark or 0
    chosen = list(rows[start : start + size])
    return chosen, str(start + size) if start + size < len(rows) else None


def _page_of_table(
    rows: QuerySet[Model], *, size: int, mark: int | None
) -> tuple[list[Model], str | None]:
    ordered = rows.order_by("-pk") if mark is None else rows.order_by("-pk").filter(pk__lt=mark)
    chosen = list(ordered[: size + 1])
    return chosen[:size], str(chosen[size - 1].pk) if len(chosen) > size else None


def _mark(after: str | None) -> int | None:
    if not after:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise _bad("after", _("after 须是上一页给出的值。"))
    return int(after)


def _bad(field: str, zh: str) -> Refused:
    code = f"bad_{field}"
    return Refused(code, zh, fields=(FieldError(field=field, code=code, zh=zh),))


# --- files ----------------------------------------------------------------------------------------


def as_file(name: str, content: bytes, *, media_type: str) -> HttpResponse:
    """A file made for the asker, under its name, kept by no cache. 下载"""
    response = HttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response
