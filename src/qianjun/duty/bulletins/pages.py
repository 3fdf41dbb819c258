"""Pages of the bulletins, and of what must be sent by when. 值班信息页、今日应报页"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.duty.bulletins import actions
from qianjun.duty.bulletins.dues import dues as dues_of
from qianjun.duty.bulletins.papers import take_bulletin_out
from qianjun.duty.bulletins.queries import (
    LIST_MOST,
    bulletin_seen,
    is_missing,
    issuer_of,
    seen_of,
)
from qianjun.duty.bulletins.queries import bulletins as bulletins_of
from qianjun.duty.rules.bulletin import PARTS, Line
from qianjun.duty.typed import number_in
from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import Actor
from qianjun.org.http import as_file
from qianjun.org.pages import attempt, done, page, sentence

Shown = dict[str, Any]
LINKS = {"incident": "incident", "upward": "upward_report"}


@require_GET
@page("bulletin.read")
def bulletins(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The bulletins, the newest first; what is not issued with its time. 历次值班信息"""
    rows = bulletins_of(seen_by=by)[:LIST_MOST]
    shown: Shown = {
        "rows": [(row, issuer_of(row), None if row.issued_at else seen_of(row)) for row in rows],
        "missing": is_missing(),
        "may_write": by.may("bulletin.write"),
    }
    return render(request, "duty/bulletin/list.html", shown)


@require_POST
@page("bulletin.write")
def draft(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Have the drafts that are missing made now. 现在生成"""
    if attempt(request, by, actions.draft_bulletins):
        done(request, gettext("草稿已生成。"))
    return HttpResponseRedirect(reverse("bulletins"))


@require_GET
@page("bulletin.read")
def bulletin(request: HttpRequest, *, by: Actor, bulletin_id: str) -> HttpResponse:
    """One bulletin: what the rows say, the closing words, the signature. 一期值班信息"""
    return _page(request, by, bulletin_id)


def _page(
    request: HttpRequest, by: Actor, bulletin_id: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    seen = bulletin_seen(seen_by=by, bulletin_id=bulletin_id)
    shown: Shown = {
        "seen": seen,
        "row": seen.row,
        "lines": [(gettext(PARTS[one.code]), one, _links(one)) for one in seen.lines],
        "issuer": issuer_of(seen.row),
        "may": {"write": by.may("bulletin.write"), "issue": by.may("bulletin.issue")},
        "said": said,
        "typed": request.POST.dict() if said else {"text": seen.row.closing},
    }
    return render(request, "duty/bulletin/page.html", shown, status=status)


def _links(line: Line) -> list[tuple[str, str]]:
    """The rows behind the numbers of a part: where each is, what it is called."""
    found = []
    for key in line.keys:
        kind, ident, number = key.split(":", 2)
        if kind == "reading":
            found.append((f"{reverse('river')}?gauge={number}", gettext("读数")))
            continue
        found.append((reverse(LINKS[kind], args=[ident]), number.split("#")[0]))
    return found


@require_POST
@page("bulletin.write")
def closing(request: HttpRequest, *, by: Actor, bulletin_id: str) -> HttpResponse:
    """The closing words; what was typed stays when it is refused. 写结语"""
    try:
        actions.write_closing(
            by=by,
            bulletin_id=bulletin_id,
            text=request.POST.get("text", ""),
            version=number_in(request, "version"),
        )
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(request, by, bulletin_id, said=sentence(refused), status=refused.status)
    done(request, gettext("结语已记下。"))
    return HttpResponseRedirect(reverse("bulletin", args=[bulletin_id]))


@require_POST
@page("bulletin.issue")
def issue(request: HttpRequest, *, by: Actor, bulletin_id: str) -> HttpResponse:
    """Freeze and number what was seen. 签发"""
    digest = request.POST.get("digest", "")
    try:
        seen = actions.issue_bulletin(by=by, bulletin_id=bulletin_id, digest=digest)
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(request, by, bulletin_id, said=sentence(refused), status=refused.status)
    done(request, gettext("已签发第 %(n)s 期。") % {"n": seen.row.issue})
    return HttpResponseRedirect(reverse("bulletin", args=[bulletin_id]))


@require_POST
@page("bulletin.read")
def word(request: HttpRequest, *, by: Actor, bulletin_id: str) -> HttpResponse:  # noqa: ARG001
    """The bulletin in Word; taking it out is written down. Word"""
    called, content = take_bulletin_out(by=by, bulletin_id=bulletin_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


@require_GET
@page("bulletin.read")
def dues(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Per recipient what is due today, done or not. 今日应报"""
    found = dues_of(seen_by=by)
    shown: Shown = {"recipients": found, "open": sum(one.open for one in found)}
    return render(request, "duty/bulletin/dues.html", shown)
