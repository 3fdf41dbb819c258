"""The book of contacts, and the page of one unit in it. 通讯录页"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.org.actor import Actor
from qianjun.org.book import queries
from qianjun.org.contacts import RANK_MOST, drop_contact, set_contact
from qianjun.org.pages import attempt, done, page

DIGITS_MOST = 9


@require_safe
@page("contact.read")
def contacts(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Every unit, and through whom it is reached. 通讯录"""
    pages = queries.book(seen_by=by)
    gaps = sum(not one.reachable for one in pages)
    return render(request, "org/book/book.html", {"pages": pages, "gaps": gaps})


@require_safe
@page("contact.read")
def unit(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """Who is called for one unit, in which order, and who changed it. 一个单位"""
    found = queries.page_of(unit, seen_by=by)
    told = {
        "page": found,
        "changes": queries.changes_of(found.unit),
        "may_edit": by.may("person.contact") and not found.by_post,
        "may_list": by.may("person.list"),
        "people": queries.candidates(found.unit, seen_by=by) if by.may("person.contact") else [],
        "ranks": range(RANK_MOST + 1),
        "next_rank": min(len(found.people), RANK_MOST),
    }
    return render(request, "org/book/unit.html", told)


@require_POST
@page("person.contact")
def enter(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """Somebody answers for the unit, at this place in the order. 设联系人"""
    words = {"unit": unit, "person": _whole(request, "person"), "rank": _whole(request, "rank")}
    if attempt(request, by, set_contact, **words):
        done(request, _("已保存。"))
    return HttpResponseRedirect(reverse("contact", args=[unit]))


@require_POST
@page("person.contact")
def drop(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """He answers for it no more. 撤联系人"""
    if attempt(request, by, drop_contact, unit=unit, person=_whole(request, "person")):
        done(request, _("已撤下。"))
    return HttpResponseRedirect(reverse("contact", args=[unit]))


def _whole(request: HttpRequest, name: str) -> int:
    """A number that was sent; -1 is never a key or a rank."""
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= DIGITS_MOST else -1
