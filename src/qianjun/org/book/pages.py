"""The book of contacts, and the page of one unit in it. 通讯录页"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.book import queries
from qianjun.org.contacts import RANK_MOST, drop_contact, rank_of, set_contact
from qianjun.org.http import new_key
from qianjun.org.pages import attempt, done, failed, page, sentence
from qianjun.org.phonebook import queries as numbers
from qianjun.org.phonebook.finding import Q_MOST, Hit, find_in_book
from qianjun.org.undo.offers import offer

DIGITS_MOST = 9


@require_safe
@page("contact.read")
def contacts(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Every unit, and through whom it is reached; with words, whoever is found. 通讯录"""
    q = request.GET.get("q", "").replace("\0", "").strip()[:Q_MOST]
    may = {"reveal": by.may("person.reveal"), "check": by.may("person.contact")}
    told: dict[str, Any] = {"q": q, "may": may}
    if q:
        told["hits"] = _found(request, by, q)
        return render(request, "org/book/found.html", told)
    pages = queries.book(seen_by=by)
    duty = numbers.duty_lines([one.unit for one in pages])
    told["pages"] = [(one, duty.get(one.unit.pk, [])) for one in pages]
    told["gaps"] = sum(not one.reachable for one in pages)
    return render(request, "org/book/book.html", told)


def _found(request: HttpRequest, by: Actor, q: str) -> list[Hit]:
    """Who is found; the end of a number is asked by whoever may see numbers."""
    try:
        return find_in_book(by=by, q=q)
    except Refused as refused:
        failed(request, sentence(refused))
        return []


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
        "seats": numbers.seats_of(found.unit),
        "lines": numbers.numbers_of(found.unit),
        "kinds": numbers.KINDS,
        "may_enter": by.may("person.contact"),
        "may": {"reveal": by.may("person.reveal")},
        "key": new_key(),
    }
    return render(request, "org/book/unit.html", told)


@require_POST
@page("person.contact")
def enter(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """Somebody answers for the unit, at this place in the order. 设联系人"""
    person, rank = _whole(request, "person"), _whole(request, "rank")
    was = rank_of(unit, person=person)
    if attempt(request, by, set_contact, unit=unit, person=person, rank=rank):
        undo = offer(by, "contact_set", unit=unit, person=person, rank=was)
        done(request, _("已保存。"), undo=undo)
    return HttpResponseRedirect(reverse("contact", args=[unit]))


@require_POST
@page("person.contact")
def drop(request: HttpRequest, *, by: Actor, unit: str) -> HttpResponse:
    """He answers for it no more. 撤联系人"""
    person = _whole(request, "person")
    rank = rank_of(unit, person=person)
    if attempt(request, by, drop_contact, unit=unit, person=person):
        undo = offer(by, "contact_dropped", unit=unit, person=person, rank=rank)
        done(request, _("已撤下。"), undo=undo if rank is not None else "")
    return HttpResponseRedirect(reverse("contact", args=[unit]))


def _whole(request: HttpRequest, name: str) -> int:
    """A number that was sent; -1 is never a key or a rank."""
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= DIGITS_MOST else -1
