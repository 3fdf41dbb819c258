"""Who is away, who stands in, who comes after a post. 外出报备页面"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field
from qianjun.org.actor import Actor
from qianjun.org.away import actions, queries
from qianjun.org.http import new_key
from qianjun.org.pages import attempt, done, only_once, page, sent_before, sentence
from qianjun.org.telephone_models import Absence
from qianjun.org.undo.offers import offer

SHAPE = "%Y-%m-%dT%H:%M"
DIGITS_MOST = 9
SEATS = range(3)


@require_safe
@page("contact.read")
def absences(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Who is away now or will be. 外出报备"""
    return _page(request, by)


def _page(request: HttpRequest, by: Actor, *, refused: Refused | None = None) -> HttpResponse:
    now, rows = clock.now(), queries.absences(seen_by=by)
    may_report = by.may("absence.report")
    signers = queries.signers(
        pk for row in rows for pk in (row.person_id, row.stand_in_id) if pk is not None
    )
    local = clock.in_beijing(now)
    told = {
        "now": [one for one in rows if one.since <= now],
        "later": [one for one in rows if one.since > now],
        "past": queries.past_absences(seen_by=by),
        "unsigned": {
            row.pk
            for row in rows
            if row.person_id in signers and row.stand_in_id and row.stand_in_id not in signers
        },
        "people": queries.candidates(seen_by=by) if may_report else [],
        "posts": queries.posts_with_deputies(),
        "seats": SEATS,
        "own": by.person,
        "from": f"{local:{SHAPE}}",
        "to": f"{local.replace(hour=23, minute=59):{SHAPE}}",
        "may_report": may_report,
        "typed": request.POST if refused else {},
        "said": sentence(refused) if refused else "",
        "key": new_key(),
        "wheres": Absence.Where.values,
    }
    return render(request, "org/away/page.html", told, status=refused.status if refused else 200)


@require_POST
@page("absence.report")
def report(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Somebody will be away. 报备"""
    undo = ""

    def act() -> None:
        nonlocal undo
        row = actions.report_absence(
            by=by,
            person=_whole(request, "person") or -1,
            since=_instant(request, "since"),
            until=_instant(request, "until"),
            stand_in=_whole(request, "stand_in"),
            **{name: request.POST.get(name, "") for name in ("where", "place")},
        )
        undo = offer(by, "absence", absence=row.pk)

    try:
        again = only_once(request, act)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _page(request, by, refused=refused)
    said = sent_before() if again else _("已报备：这段时间叫他的，改叫代班人。")
    done(request, said, undo=undo)
    return HttpResponseRedirect(reverse("absences"))


@require_POST
@page("absence.report")
def end(request: HttpRequest, *, by: Actor, absence: int) -> HttpResponse:
    """He is back. 已返回"""
    if attempt(request, by, actions.end_absence, absence=absence):
        done(request, _("已结束：从现在起叫他本人。"))
    return HttpResponseRedirect(reverse("absences"))


@require_POST
@page("absence.report")
def deputies(request: HttpRequest, *, by: Actor, post: str) -> HttpResponse:
    """Who comes after a post. 岗位代理人"""
    said = [one for one in request.POST.getlist("people") if one]
    people = [int(one) if _plain(one) else -1 for one in said]
    was = queries.listed_deputies(post)
    if attempt(request, by, actions.set_post_deputies, post=post, people=people):
        undo = offer(by, "deputies", post=post, were=was, are=people)
        done(request, _("已保存。"), undo=undo)
    return HttpResponseRedirect(reverse("absences"))


def _plain(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= DIGITS_MOST


def _whole(request: HttpRequest, name: str) -> int | None:
    said = request.POST.get(name, "")
    if not said:
        return None
    return int(said) if _plain(said) else -1


def _instant(request: HttpRequest, name: str) -> datetime:
    """The time as the field gives it, Beijing time; 422 by the field's name."""
    try:
        local = datetime.strptime(request.POST.get(name, "")[:16], SHAPE)  # noqa: DTZ007
        return local.replace(tzinfo=clock.BEIJING)
    except (ValueError, OverflowError):
        raise refused_field(name, "bad_time", _("请选日期和时间。")) from None
