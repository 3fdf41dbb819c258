"""Orders: what is asked for, each order with its steps, and who may take the next one. 调拨单页"""

import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.incident.queries import open_incidents
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.http import once_for_form, page_of
from qianjun.org.models import Unit
from qianjun.org.pages import attempt, done, failed, faults, page, sentence
from qianjun.org.undo.offers import offer
from qianjun.supply import actions, queries
from qianjun.supply.forms import BACK, GOT, LOST, ROWS, counts, lines
from qianjun.supply.models import Article

SHOWN = 50
CHOSEN_MOST = 100


@require_safe
@page("supply.read")
def orders(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The orders that are not settled, or all; and the form for a new one. 调拨单"""
    return _list(request, by)


def _list(request: HttpRequest, by: Actor, *, refused: Refused | None = None) -> HttpResponse:
    every = request.GET.get("show") == "all"
    rows, more = page_of(
        queries.orders(seen_by=by, open_only=not every),
        limit=SHOWN,
        after=request.GET.get("after", ""),
    )
    told = {
        "orders": queries.order_cards(rows),
        "more": more,
        "every": every,
        "may": _may(by),
        "key": secrets.token_urlsafe(12),
        "typed": request.POST if refused else {},
        "said": sentence(refused) if refused else "",
        "wrong": faults(refused) if refused else {},
    }
    if by.may("supply.propose"):
        told |= _choices(request, by, typed=bool(refused))
    return render(request, "supply/orders.html", told, status=refused.status if refused else 200)


def _choices(request: HttpRequest, by: Actor, *, typed: bool) -> dict[str, Any]:
    form = request.POST if typed else {}
    chosen = request.GET.get("incident", "") or form.get("incident", "")
    return {
        "incidents": open_incidents(seen_by=by)[:SHOWN],
        "incident": chosen,
        "units": Unit.objects.order_by("sort_key", "pk"),
        "articles": Article.objects.order_by("sort_key", "pk"),
        "stores": queries.stores_seen(by),
        "rows": [
            {"n": n, "code": form.get(f"code{n}", ""), "quantity": form.get(f"quantity{n}", "")}
            for n in range(1, ROWS + 1)
        ],
    }


def _may(by: Actor) -> dict[str, bool]:
    acts = ("propose", "approve", "keep", "receive")
    return {act: by.may(f"supply.{act}") for act in acts} | {"incident": by.may("incident.read")}


@require_POST
@page("supply.propose")
def propose(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """A new order, of up to six articles. 提出调拨"""
    form = request.POST

    def run() -> tuple[int, dict[str, Any]]:
        row = actions.propose_order(
            by=by,
            lines=lines(form),
            incident_id=form.get("incident") or None,
            store=form.get("store", ""),
            receiver=form.get("receiver", ""),
            why=form.get("why", ""),
        )
        return 201, {"id": row.pk}

    try:
        _status, answer, again = once_for_form(request, run, key=form.get("key", ""))
    except Refused as refused:
        if refused.status == 404:
            raise
        return _list(request, by, refused=refused)
    undo = "" if again else offer(by, "order", order_id=answer["id"])
    done(request, _("调拨单已提出，等批准。"), undo=undo)
    return _there(answer["id"])


def _there(ident: str | int) -> HttpResponse:
    return HttpResponseRedirect(reverse("supply_order", args=[ident]))


@require_POST
@page("supply.approve")
def approve(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The second key on one order or on several that were chosen. 批准"""
    chosen = request.POST.getlist("order")[:CHOSEN_MOST]
    agreed = [one for one in chosen if attempt(request, by, actions.approve_order, order_id=one)]
    if agreed:
        done(request, _("已批准 %(n)s 张，现有的已预留。") % {"n": len(agreed)})
    elif not chosen:
        failed(request, _("没有选中调拨单。"))
    if len(chosen) == 1:
        return _there(queries.order_seen(seen_by=by, order_id=chosen[0]).pk)
    return HttpResponseRedirect(reverse("supply_orders"))


# --- one order ------------------------------------------------------------------------------------


@require_safe
@page("supply.read")
def order(request: HttpRequest, *, by: Actor, order_id: str) -> HttpResponse:
    """One order: lines, who confirmed what, and the next step. 一张调拨单"""
    return _order(request, by, order_id)


def _order(request: HttpRequest, by: Actor, order_id: str, *, link: str = "") -> HttpResponse:
    row = queries.order_seen(seen_by=by, order_id=order_id)
    (card,) = queries.order_cards([row])
    may = _may(by)
    keeps = may["keep"] and row.store in queries.stores_kept(by)
    acts = {
        "approve": may["approve"] and card.allows("approve"),
        "cancel": may["propose"] and card.allows("cancel"),
        "issue": keeps and card.allows("issue"),
        "link": keeps and card.allows("link"),
        "receive": may["receive"] and card.allows("receive"),
        "return": keeps and card.allows("return") and any(line.sent.gone for line in card.lines),
    }
    told = {
        "card": card,
        "order": row,
        "acts": acts,
        "any_act": any(acts.values()),
        "may": may,
        "link": request.build_absolute_uri(link) if link else "",
    }
    return render(request, "supply/order.html", told)


def _step(
    request: HttpRequest, by: Actor, order_id: str, verb: Callable[..., object], said: str
) -> HttpResponse:
    if attempt(request, by, verb):
        done(request, said)
    return _there(queries.order_seen(seen_by=by, order_id=order_id).pk)


@require_POST
@page("supply.propose")
def cancel(request: HttpRequest, *, by: Actor, order_id: str) -> HttpResponse:
    """Not wanted after all. 撤销"""

    def act(*, by: Actor) -> None:
        actions.cancel_order(by=by, order_id=order_id, why=request.POST.get("why", ""))

    return _step(request, by, order_id, act, _("调拨单已撤销，预留已放开。"))


@require_POST
@page("supply.keep")
def issue(request: HttpRequest, *, by: Actor, order_id: str) -> HttpResponse:
    """The goods leave. 发出"""

    def act(*, by: Actor) -> None:
        actions.issue_order(by=by, order_id=order_id)

    return _step(request, by, order_id, act, _("已出库。请打印出库单，或请接收人扫链接签收。"))


@require_POST
@page("supply.keep")
def link(request: HttpRequest, *, by: Actor, order_id: str) -> HttpResponse:
    """A link to sign by, shown once. 签收链接"""
    path = actions.open_receipt(by=by, order_id=order_id)
    return _order(request, by, order_id, link=path)


@require_POST
@page("supply.receive")
def receive(request: HttpRequest, *, by: Actor, order_id: str) -> HttpResponse:
    """The goods are there, as somebody told the desk. 代签收"""
    form = request.POST

    def act(*, by: Actor) -> None:
        got, note = counts(form.dict(), GOT), form.get("note", "")
        actions.confirm_receipt(by=by, order_id=order_id, counts=got, note=note)

    return _step(request, by, order_id, act, _("已记签收。"))


@require_POST
@page("supply.keep")
def give_back(request: HttpRequest, *, by: Actor, order_id: str) -> HttpResponse:
    """Goods come back, or never will. 归还"""
    form = request.POST

    def act(*, by: Actor) -> None:
        back, lost = counts(form.dict(), BACK), counts(form.dict(), LOST)
        why = form.get("why", "")
        actions.return_goods(by=by, order_id=order_id, back=back, lost=lost, why=why)

    return _step(request, by, order_id, act, _("归还已记。"))
