"""Tokens of programs, and who has looked at what. 令牌页、查看记录页"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qianjun.kernel.errors import Refused
from qianjun.org.actions import revoke_token
from qianjun.org.actor import Actor
from qianjun.org.keys.actions import issue_token
from qianjun.org.keys.queries import ROWS_A_PAGE, reads_of, roles_for, tokens_of
from qianjun.org.pages import attempt, done, page, sentence
from qianjun.org.queries import names_of

DIGITS_MOST = 12


@require_http_methods(["GET", "POST"])
@page("token.make")
def tokens(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """All tokens; a new one is shown once, on the answer to the form. 令牌"""
    if request.method == "GET":
        return _page(request, by)
    form = request.POST
    try:
        plain, _token = issue_token(
            by=by,
            role=form.get("role", ""),
            name=form.get("name", ""),
            days=_number(form.get("days", "")) or 0,
            unit=form.get("unit", "").strip(),
        )
    except Refused as refused:
        return _page(request, by, said=sentence(refused), status=refused.status)
    return _page(request, by, plain=plain)


def _page(
    request: HttpRequest, by: Actor, *, plain: str = "", said: str = "", status: int = 200
) -> HttpResponse:
    told = {
        "roles": roles_for(seen_by=by),
        "tokens": tokens_of(seen_by=by),
        "plain": plain,
        "said": said,
        "typed": request.POST if said else {"days": "365"},
    }
    return render(request, "org/keys/tokens.html", told, status=status)


@require_POST
@page("token.make")
def revoke(request: HttpRequest, *, by: Actor, token: int) -> HttpResponse:
    """Let nobody act with it any more. 吊销"""
    if attempt(request, by, revoke_token, token=token):
        done(request, _("已吊销。"))
    return HttpResponseRedirect(reverse("tokens"))


@require_safe
@page("read.list")
def reads(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Who saw personal data unmasked. 查看记录"""
    rows = reads_of(seen_by=by, before=_number(request.GET.get("before", "")))
    shown = rows[:ROWS_A_PAGE]
    people = names_of((one.by_kind, one.by_id) for one in shown)
    told = {
        "rows": [(one, people[one.by_kind, one.by_id]) for one in shown],
        "more": shown[-1].pk if len(rows) > ROWS_A_PAGE else None,
    }
    return render(request, "org/keys/reads.html", told)


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < DIGITS_MOST else None
