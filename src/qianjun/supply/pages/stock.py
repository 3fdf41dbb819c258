"""Stock, its gaps, one article with its ledger, slips; and what the keeper does there. 库存页"""

import secrets
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.http import once_for_form, page_of
from qianjun.org.models import Unit
from qianjun.org.pages import attempt, done, faults, page, sentence
from qianjun.org.undo.offers import offer
from qianjun.plan.queries import plans, said
from qianjun.supply import actions, queries
from qianjun.supply.forms import day, whole
from qianjun.supply.models import Article
from qianjun.supply.queries.stock import KEPT, keeps, today
from qianjun.supply.rules import EXPIRES_SOON

Q_MOST: Final = 60
SHOWN: Final = 50


@require_safe
@page("supply.read")
def supplies(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Every article with what the stores hold, and what the plans ask for. 物资"""
    return _table(request, by)


def _table(request: HttpRequest, by: Actor, *, refused: Refused | None = None) -> HttpResponse:
    q, show = request.GET.get("q", "")[:Q_MOST], request.GET.get("show", "all")
    rows = queries.supplies(seen_by=by, q=q)
    told = {
        "rows": [one for one in rows if keeps(one, show)],
        "q": q,
        "show": show if show in KEPT else "all",
        "stores": queries.stores_seen(by),
        "titles": {plan.code: said(plan.title) for plan in plans()},
        "may_open": by.may("supply.manage"),
        "units": Unit.objects.order_by("sort_key", "pk") if by.may("supply.manage") else (),
        "typed": request.POST if refused else {},
        "said": sentence(refused) if refused else "",
        "wrong": faults(refused) if refused else {},
    }
    return render(request, "supply/stock.html", told, status=refused.status if refused else 200)


@require_POST
@page("supply.manage")
def open_store(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """A new store. 启用仓库"""
    form = request.POST
    try:
        actions.open_store(
            by=by,
            name=form.get("name", ""),
            code=form.get("code", ""),
            keeper=form.get("keeper", ""),
            owner=form.get("owner", ""),
        )
    except Refused as refused:
        return _table(request, by, refused=refused)
    done(request, _("仓库已启用，可以入库。"))
    return HttpResponseRedirect(reverse("supplies"))


@require_safe
@page("supply.read")
def gaps(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """What every plan asks for against what there is. 全灾种缺口"""
    return render(request, "supply/gaps.html", {"plans": queries.gaps(seen_by=by)})


# --- one article ----------------------------------------------------------------------------------


@require_safe
@page("supply.read")
def article(request: HttpRequest, *, by: Actor, code: str) -> HttpResponse:
    """One article: its lots, its ledger, and the keeper's forms. 品目"""
    return _article(request, by, queries.article_seen(code, seen_by=by))


def _article(
    request: HttpRequest, by: Actor, row: Article, *, refused: Refused | None = None
) -> HttpResponse:
    kept = queries.stores_kept(by) if by.may("supply.keep") else ()
    moved, more = page_of(
        queries.movements_of(row, seen_by=by), limit=SHOWN, after=request.GET.get("after", "")
    )
    named = queries.movements_json(moved)
    stock = queries.supply_of(row, seen_by=by)
    told = {
        "article": row,
        "stock": stock,
        "lots": queries.lots_of(row, seen_by=by),
        "moved": list(zip(moved, [one["by_masked"] for one in named], strict=True)),
        "more": more,
        "kept": kept,
        "kept_ids": {store.pk for store in kept},
        "hazards": [_(actions.HAZARDS[h]) for h in row.hazards if h in actions.HAZARDS],
        "beside": Article.objects.filter(code__in=row.incompatible).order_by("sort_key"),
        "today": today(),
        "soon": today() + EXPIRES_SOON,
        "key": secrets.token_urlsafe(12),
        "typed": request.POST if refused else {},
        "said": sentence(refused) if refused else "",
        "wrong": faults(refused) if refused else {},
    }
    status = refused.status if refused else 200
    return render(request, "supply/article.html", told, status=status)


@require_POST
@page("supply.keep")
def take_in(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Goods came. 入库"""
    form = request.POST
    row = queries.article_seen(form.get("code", ""), seen_by=by)

    def run() -> tuple[int, dict[str, Any]]:
        made = actions.take_in(
            by=by,
            store=form.get("store", ""),
            code=row.code,
            quantity=whole(form.get("quantity", ""), "quantity"),
            lot=form.get("lot", ""),
            expires_on=day(form.get("expires_on", ""), "expires_on"),
            shelf=form.get("shelf", ""),
            why=form.get("why", ""),
        )
        return 201, {"slip": made.slip, "id": made.pk}

    try:
        _status, answer, again = once_for_form(request, run, key=form.get("key", ""))
    except Refused as refused:
        if refused.status == 404:
            raise
        return _article(request, by, row, refused=refused)
    undo = "" if again else offer(by, "movement", movement=answer["id"])
    done(request, _("已入库，单号 %(slip)s。") % answer, undo=undo)
    return _there(row)


def _there(row: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("supply", args=[row.code]))


@require_POST
@page("supply.keep")
def count(request: HttpRequest, *, by: Actor, lot: str) -> HttpResponse:
    """A lot was counted. 盘点"""
    return _kept(request, by, lot, "found", actions.count_lot, _("盘点已记。"))


@require_POST
@page("supply.keep")
def loss(request: HttpRequest, *, by: Actor, lot: str) -> HttpResponse:
    """Goods of a lot are no more. 核销"""
    return _kept(request, by, lot, "quantity", actions.write_off, _("已核销。"))


def _kept(
    request: HttpRequest,
    by: Actor,
    lot: str,
    field: str,
    verb: Any,  # noqa: ANN401 - two verbs of one shape
    said: str,
) -> HttpResponse:
    form = request.POST
    row = queries.lot_kept(by=by, lot=lot)
    made: list[Any] = []

    def act(*, by: Actor) -> None:
        booked = verb(
            by=by,
            lot=lot,
            why=form.get("why", ""),
            **{field: whole(form.get(field, ""), field)},
        )
        made.append(getattr(booked, "pk", None))

    if attempt(request, by, act):
        done(request, said, undo=offer(by, "movement", movement=made[0]) if made[0] else "")
    return _there(row.article)


@require_POST
@page("supply.keep")
def reverse_movement(request: HttpRequest, *, by: Actor, movement: str) -> HttpResponse:
    """A row of the ledger is undone by its opposite. 冲正"""
    row = queries.movement_kept(by=by, movement=movement)
    why = request.POST.get("why", "")
    if attempt(request, by, actions.reverse, movement=row.pk, why=why):
        done(request, _("已冲正，原来的一笔仍在台账里。"))
    return _there(row.lot.article)


@require_safe
@page("supply.read")
def slip(request: HttpRequest, *, by: Actor, slip: str) -> HttpResponse:
    """One paper of the keeper, to be printed and signed. 单据"""
    rows = queries.movements_on(slip, seen_by=by)
    named = queries.movements_json(rows)
    told = {
        "rows": rows,
        "first": rows[0],
        "word": rows[0].get_reason_display(),
        "by_name": named[0]["by_masked"],
        "order": named[0]["order"],
    }
    return render(request, "supply/slip.html", told)
