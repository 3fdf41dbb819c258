"""The catalogue of goods, and in a demo what its stores held when their ledgers began. 初始物资"""

import tomllib
from datetime import timedelta
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.db import transaction

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, system
from qianjun.org.models import Unit
from qianjun.supply.booking import Booked, book, held_balances, next_slip
from qianjun.supply.events import StockOpened
from qianjun.supply.models import Article, Lot, Movement, Store
from qianjun.supply.queries.stock import today

TABLES = files("qianjun.supply") / "tables"


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / name).read_text(encoding="utf-8"))


@transaction.atomic
def seed_articles() -> int:
    """Every article of the catalogue, in every realm; again changes nothing. 物资品目"""
    rows = [
        Article(
            code=one["code"],
            name=one["name"]["zh"],
            name_en=one["name"]["en"],
            unit=one["unit"]["zh"],
            unit_en=one["unit"]["en"],
            kind=one["kind"],
            must_return=one["must_return"],
            hazards=one.get("hazards", []),
            incompatible=one.get("incompatible", []),
            sort_key=sort_key(one["name"]["zh"]),
        )
        for one in _table("articles.toml")["articles"]
    ]
    kept = ("name", "name_en", "unit", "unit_en", "kind", "must_return", "hazards")
    Article.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*kept, "incompatible", "sort_key", "search"],
    )
    return len(rows)


@transaction.atomic
def seed_demo_stock() -> int:
    """The demo's stores with their opening rows; a store that has a ledger is left alone. 期初

    Refused in the realm live: the figures are published for another year, or made up.
    """
    if settings.REALM not in ("demo", "drill"):
        raise Refused("not_a_demo", _("演示库存只能放进演示或演练环境。"), status=409)
    seed_articles()
    house, units = system(name="demo"), {unit.code: unit for unit in Unit.objects.all()}
    return sum(_open(one, units=units, by=house) for one in _table("stock.toml")["stores"])


def _open(told: dict[str, Any], *, units: dict[str, Unit], by: Actor) -> int:
    store, _made = Store.objects.get_or_create(
        code=told["code"],
        defaults={
            "name": told["name"],
            "keeper": units[told["keeper"]],
            "owner": units[told["owner"]],
            "lon": told["lon"],
            "lat": told["lat"],
            "is_sample": told.get("sample", False),
            "opened_at": clock.now(),
            "sort_key": sort_key(told["name"]),
        },
    )
    if Movement.objects.filter(lot__store=store).exists():
        return 0
    articles = {row.code: row for row in Article.objects.all()}
    held = held_balances((articles[lot["article"]].pk, store.pk) for lot in told["lots"])
    slip = next_slip("opening", store=store)
    rows = [
        Booked(
            lot=_lot(lot, number=f"{slip}-{n}", article=articles[lot["article"]], store=store).pk,
            quantity=lot["quantity"],
            reason="opening",
            slip=slip,
        )
        for n, lot in enumerate(told["lots"], 1)
    ]
    book(rows, held=held, who=by)
    emit(StockOpened(store_id=store.pk, lots=len(rows)), by=by, about=("store", str(store.pk)))
    return len(rows)


def _lot(told: dict[str, Any], *, number: str, article: Article, store: Store) -> Lot:
    days = told.get("expires_after_days")
    return Lot.objects.create(
        article=article,
        store=store,
        number=number,
        expires_on=today() + timedelta(days=days) if days else None,
        shelf=told["shelf"],
        is_sample=told.get("sample", False),
        made_at=clock.now(),
    )
