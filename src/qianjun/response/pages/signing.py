"""The page on which a leader signs from the link on his phone. 手机签发页"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.linked import Door, by_link, link_page
from qianjun.response import actions
from qianjun.response.queries.signing import how_signed, signing
from qianjun.response.rules.signing import OPENS_FOR, TRIES
from qianjun.response.rules.upward import ELEMENT_WORDS

COOKIE: Final = "qianjun_sign"
DIGITS: Final = 10


@require_safe
@by_link("u")
def shown(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """The gate, or the draft once a right code has opened it; looking changes nothing. 看"""
    found = signing(seen_by=by, proof=_proof(request))
    draft = found.upward.draft if found.upward else None
    lines = draft.lines if draft else ()
    told: dict[str, Any] = {
        "of": found,
        "lines": [(one, gettext(ELEMENT_WORDS[one.code])) for one in lines],
        "draft": draft,
        "how": how_signed(found.row),
        "tries": TRIES,
        "opened": True,  # seeing this page is no answer to anybody
    }
    return link_page("response/upward/phone.html", told, link=link)


@require_POST
@by_link("u")
def send_code(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:  # noqa: ARG001
    """Send a code to the registered number. 发验证码"""
    actions.ask_code(by=by)
    return _back(link)


@require_POST
@by_link("u")
def open_draft(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """The digits: right ones open this draft in this browser. 验证"""
    outcome, proof = actions.open_by_code(by=by, code=request.POST.get("code", "")[:40])
    if outcome == "no_code":
        zh = _("没有可用的验证码：没有要过、已过期或已用过。请再要一个。")
        raise Refused("no_code", zh, status=409)
    if outcome == "wrong":
        zh = _("验证码不对。请核对短信再输；输错 5 次就作废，要重新要一个。")
        raise Refused("wrong_code", zh, status=403)
    answer = _back(link)
    answer.set_cookie(
        COOKIE,
        proof,
        max_age=int(OPENS_FOR.total_seconds()),
        path=link.path,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return answer


@require_POST
@by_link("u")
def sign(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """The second key: sign what was seen. 签发"""
    digest = request.POST.get("digest", "")[:64]
    actions.sign_by_code(by=by, proof=_proof(request), digest=digest)
    return _back(link)


@require_POST
@by_link("u")
def write(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """Put words in the place of what the facts say. 改写"""
    typed = request.POST.get("version", "")
    plain = typed.isascii() and typed.isdigit() and len(typed) < DIGITS
    told = {name: request.POST.get(name, "") for name in ("element", "text")}
    proof = _proof(request)
    actions.write_by_code(by=by, proof=proof, version=int(typed) if plain else -1, **told)
    return _back(link)


def _proof(request: HttpRequest) -> str:
    return str(request.COOKIES.get(COOKIE, ""))[:64]


def _back(link: Door) -> HttpResponse:
    answer = HttpResponseRedirect(link.here)
    answer.status_code = 303
    return answer
