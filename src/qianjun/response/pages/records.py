"""One record: how it may be handled, and erasing it by law with two keys. 标记与删除"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.incident.actions.erasing import ERASABLE, erase_record
from qianjun.incident.actions.marking import mark_record
from qianjun.incident.queries.records import Record, entries_alike, number_of, record_of
from qianjun.incident.rules.marking import marks_for, may_be_copied
from qianjun.journal.marking import marks_before
from qianjun.journal.rules import ARTICLES, RECORDS
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.pages import attempt, done, page, sentence
from qianjun.org.queries import names_of

NUMBER_MOST = 40


@require_GET
@page("record.mark")
def find(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Find a record by its number. 按编号找记录"""
    kind = request.GET.get("kind", "entry")
    typed = request.GET.get("number", "").replace("\0", "")[:NUMBER_MOST]
    said = ""
    if typed.strip():
        try:
            found = record_of(seen_by=by, kind=kind, ident=number_of(kind, typed))
        except Refused as refused:
            said = sentence(refused)
        else:
            return HttpResponseRedirect(_address(found))
    told = {"kinds": RECORDS, "kind": kind, "typed": typed, "said": said}
    return render(request, "response/records/find.html", told, status=404 if said else 200)


@require_GET
@page("record.mark")
def record(request: HttpRequest, *, by: Actor, kind: str, record_id: str) -> HttpResponse:
    """One record and how it stands. 记录"""
    return _page(request, by, record_of(seen_by=by, kind=kind, ident=record_id))


@require_POST
@page("record.mark")
def mark(request: HttpRequest, *, by: Actor, kind: str, record_id: str) -> HttpResponse:
    """Say how it may be handled from now on. 标记"""
    found = record_of(seen_by=by, kind=kind, ident=record_id)
    words = {"mark": request.POST.get("mark", ""), "why": request.POST.get("why", "")}
    if attempt(request, by, mark_record, kind=kind, ident=found.ident, **words):
        done(request, gettext("标记已改，时间线上有记录。"))
    return HttpResponseRedirect(_address(found))


@require_POST
@page("body.erase")
def erase(request: HttpRequest, *, by: Actor, kind: str, record_id: str) -> HttpResponse:
    """The first key shows what will be gone, the second one does it. 依法删除，两次确认"""
    found = record_of(seen_by=by, kind=kind, ident=record_id)
    reason, article = request.POST.get("reason", ""), request.POST.get("article", "")
    sure = request.POST.get("sure") == "yes"
    if not sure and reason.strip() and article in ARTICLES:
        return _page(request, by, found, asked={"reason": reason, "article": article})
    try:
        erase_record(by=by, kind=kind, ident=found.ident, reason=reason, article=article)
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(request, by, found, said=sentence(refused), status=refused.status)
    done(request, gettext("已依法删除，时间线和审计可查。"))
    return HttpResponseRedirect(_address(found))


def _address(found: Record) -> str:
    return reverse("record", args=[found.kind, found.ident])


def _page(
    request: HttpRequest,
    by: Actor,
    found: Record,
    *,
    asked: dict[str, str] | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    history = marks_before(found.key)
    people = names_of([found.by, *((row.by_kind, row.by_id) for row in history)])
    reads = by.may("incident.read")
    told: dict[str, Any] = {
        "record": found,
        "kind_word": RECORDS[found.kind],
        "who": people[found.by] if found.by[0] else "",
        "history": [(row, people[row.by_kind, row.by_id]) for row in history],
        "marks": marks_for(found.kind),
        "alike": len(entries_alike(found)),
        "articles": ARTICLES,
        "may_erase": by.may("body.erase") and found.kind in ERASABLE and not found.erased,
        "may_copy": reads and may_be_copied(found.kind, found.mark),
        "reads": reads,
        "asked": asked,
        "typed": request.POST,
        "said": said,
    }
    return render(request, "response/records/page.html", told, status=status)
