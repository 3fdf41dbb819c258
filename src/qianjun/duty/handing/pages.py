"""The page of the hand-over: what is open, two signatures, the sheet. 交接班页"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.duty.handing import actions
from qianjun.duty.handing.pack import take_pack_out
from qianjun.duty.handing.papers import take_hand_over_out
from qianjun.duty.handing.queries import (
    hand_over_seen,
    handing,
    notes_of,
    reasons_of,
    sections_in,
    titles_of,
)
from qianjun.duty.models import ShiftHandOver
from qianjun.duty.rules.handing import SECTIONS, Change, changes
from qianjun.duty.rules.roster import POSTS
from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import MEDIA_TYPE
from qianjun.org.actor import Actor
from qianjun.org.http import as_file
from qianjun.org.pages import attempt, done, only_once, page, sent_before, sentence
from qianjun.org.undo.offers import offer

Shown = dict[str, Any]


@require_GET
@page("shift.hand_over")
def hand_over(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """What is open, who waits for whom, the form of whoever leaves. 交接班"""
    return _page(request, by)


def _page(request: HttpRequest, by: Actor, *, said: str = "", status: int = 200) -> HttpResponse:
    found = handing(seen_by=by)
    reasons = reasons_of([one.row for one in found.waiting])
    shown: Shown = {
        "handing": found,
        "posts": [(code, gettext(POSTS[code])) for code in found.posts],
        "absent": [
            (f"{code}:{one.pk}", gettext(POSTS[code]), one.name) for code, one in found.absent
        ],
        "waiting": [
            (one, _changes(one.changes), reasons.get(one.row.pk, "")) for one in found.waiting
        ],
        "said": said,
        "typed": request.POST.dict() if said else {},
        "by_person": by.person,
    }
    return render(request, "duty/handing/page.html", shown, status=status)


def _changes(found: tuple[Change, ...] | list[Change]) -> list[tuple[str, Change]]:
    return [(gettext(SECTIONS[one.section]), one) for one in found]


@require_POST
@page("shift.hand_over")
def sign_out(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The signature of whoever leaves; what was typed stays when it is refused. 交班签字"""
    told = {name: request.POST.get(name, "") for name in ("post", "note")}
    undo = ""

    def sign() -> None:
        nonlocal undo
        undo = offer(by, "signed_out", hand_over_id=actions.sign_out(by=by, **told).pk)

    try:
        again = only_once(request, sign)
    except Refused as refused:
        return _page(request, by, said=sentence(refused), status=refused.status)
    said = gettext("已交班签字，等接班人用自己的账号签字。")
    done(request, sent_before() if again else said, undo=undo)
    return HttpResponseRedirect(reverse("hand_over"))


@require_POST
@page("shift.sign_for")
def sign_out_for(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The shift leader signs for one who cannot; what was typed stays when refused. 代为交班"""
    post, _colon, outgoing = request.POST.get("absent", "").partition(":")
    told = {name: request.POST.get(name, "") for name in ("why", "note")}

    def put() -> None:
        actions.sign_out_for(by=by, post=post, outgoing=outgoing, **told)

    try:
        again = only_once(request, put)
    except Refused as refused:
        return _page(request, by, said=sentence(refused), status=refused.status)
    done(request, sent_before() if again else gettext("已代签交班，等接班人用自己的账号签字。"))
    return HttpResponseRedirect(reverse("hand_over"))


@require_POST
@page("shift.hand_over")
def act(request: HttpRequest, *, by: Actor, hand_over_id: str) -> HttpResponse:
    """The second signature, or taking the first one back. 接班签字、撤回"""
    if request.POST.get("act") == "withdraw":
        if attempt(request, by, actions.withdraw_hand_over, hand_over_id=hand_over_id):
            done(request, gettext("已撤回，这个班还是您的。"))
        return HttpResponseRedirect(reverse("hand_over"))
    if not attempt(request, by, actions.sign_in, hand_over_id=hand_over_id):
        return HttpResponseRedirect(reverse("hand_over"))
    done(request, gettext("已接班签字，从现在起由您在岗。"))
    return HttpResponseRedirect(reverse("hand_over_sheet", args=[hand_over_id]))


@require_GET
@page("shift.hand_over")
def sheet(request: HttpRequest, *, by: Actor, hand_over_id: str) -> HttpResponse:
    """One hand-over as it was signed. 交接班单"""
    row: ShiftHandOver = hand_over_seen(seen_by=by, hand_over_id=hand_over_id)
    titles, found = titles_of(row, seen_by=by), sections_in(row.snapshot)
    sections = [
        (gettext(word), [{**one, "title": titles.get(one["number"], "")} for one in found[code]])
        for code, word in SECTIONS.items()
        if found.get(code)
    ]
    shown: Shown = {
        "row": row,
        "note": notes_of([row]).get(row.pk, ""),
        "why": reasons_of([row]).get(row.pk, ""),
        "sections": sections,
        "changes": _changes(changes(row.snapshot, row.taken) if row.taken else []),
    }
    return render(request, "duty/handing/sheet.html", shown)


@require_POST
@page("shift.hand_over")
def word(request: HttpRequest, *, by: Actor, hand_over_id: str) -> HttpResponse:  # noqa: ARG001
    """The sheet in Word; taking it out is written down. Word"""
    called, content = take_hand_over_out(by=by, hand_over_id=hand_over_id)
    return as_file(called, content, media_type=MEDIA_TYPE)


@require_POST
@page("shift.hand_over")
def pack(request: HttpRequest, *, by: Actor) -> HttpResponse:  # noqa: ARG001
    """Everything that is needed when nothing runs, in Word; taking it is written down. 纸质包"""
    called, content = take_pack_out(by=by)
    return as_file(called, content, media_type=MEDIA_TYPE)
