"""What there is, what it is short of, and what can be given. 库存查询"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import get_language

from qianjun.journal.search import matching
from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.plan.queries import plans, said
from qianjun.supply.models import Article, Balance, Lot, Store, TransferLine
from qianjun.supply.queries.ledger import sent_of_lines
from qianjun.supply.queries.seen import stores_seen
from qianjun.supply.rules import (
    EXPIRES_SOON,
    RedLine,
    Shelved,
    Wanted,
    allot,
    free_of,
    needed,
    red_lines,
)

KEPT: Final = ("all", "stock", "gap", "soon")  # the tabs above the table


@dataclass(frozen=True, kw_only=True)
class Stock:
    """One article as the asker's stores hold it; quantities in the article's own unit. 库存

    ``free`` is neither expired nor promised; ``on_the_way`` has left and nobody signed for it;
    ``out`` must still be accounted for; ``gap`` is what the red line asks for beyond on hand
    and good.
    """

    article: Article
    on_hand: int = 0
    reserved: int = 0
    free: int = 0
    on_the_way: int = 0
    out: int = 0
    expiring: int = 0
    expired: int = 0
    red_line: RedLine | None = None
    is_sample: bool = False

    @property
    def gap(self) -> int:
        """What is missing to the red line; expired goods do not count."""
        good = self.on_hand - self.expired
        return max(0, self.red_line.quantity - good) if self.red_line else 0

    def as_json(self) -> dict[str, Any]:
        """As the interface answers it."""
        one = self.article
        line = self.red_line
        return {
            "code": one.code,
            "name_zh": one.name,
            "name_en": one.name_en,
            "unit": one.unit,
            "unit_en": one.unit_en,
            "kind": one.kind,
            "on_hand": self.on_hand,
            "reserved": self.reserved,
            "free": self.free,
            "on_the_way": self.on_the_way,
            "out": self.out,
            "expiring": self.expiring,
            "expired": self.expired,
            "red_line": line.quantity if line else None,
            "red_line_plan": line.plan if line else None,
            "gap": self.gap,
            "sample": self.is_sample,
        }


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a plan asks of one article, and what the stores can give. 需求对库存

    ``lots`` are the ids of lots with the quantity each would give, first expiring first.
    """

    code: str
    title: str
    unit: str
    quantity: int
    free: int
    short: int
    lots: tuple[tuple[int, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The order that would be proposed for it, as the interface answers a preview."""
        return {
            "id": None,
            "code": self.code,
            "quantity": self.quantity,
            "unit": self.unit,
            "short": self.short,
            "state": "proposed",
        }


@dataclass(frozen=True, kw_only=True)
class PlanGap:
    """What one plan asks for, article by article, against what there is. 灾种缺口"""

    code: str
    title: str
    sample: bool
    needs: tuple[Need, ...]

    @property
    def missing(self) -> int:
        """How many articles are short."""
        return sum(need.short > 0 for need in self.needs)


def today() -> date:
    """The day by which goods expire, in Beijing."""
    return clock.in_beijing(clock.now()).date()


def shelved(lot: Lot) -> Shelved:
    """A lot as the rules see it."""
    return Shelved(lot=lot.pk, quantity=lot.on_hand, expires_on=lot.expires_on)


def word(article: Article) -> str:
    """The article in the reader's language. 品名"""
    return article.name_en if _english() else article.name


# filled in when a refusal is said, in the language in which it is said
spoken = lazy(word, str)


def unit_word(article: Article) -> str:
    """Its unit in the reader's language. 单位"""
    return article.unit_en if _english() else article.unit


def _english() -> bool:
    return (get_language() or "").startswith("en")


# --- the stock table ------------------------------------------------------------------------------


def supplies(*, seen_by: Actor, q: str = "", store: int | None = None) -> list[Stock]:
    """Every article of the catalogue with what the asker's stores hold, by name. 物资

    Articles without stock stand at 0, so that what is missing is seen. ``q`` narrows by words,
    ``store`` to one of his stores.
    """
    require(seen_by, "supply.read")
    stores = stores_seen(seen_by)
    if store is not None:
        stores = stores.filter(pk=store)
    return _stocks(matching(Article.objects.all(), q).order_by("sort_key", "pk"), stores)


def keeps(one: Stock, show: str) -> bool:
    """Whether a tab above the table keeps this article; anything that is no tab shows all."""
    if show == "stock":
        return bool(one.on_hand or one.out)
    if show == "gap":
        return one.gap > 0
    return show != "soon" or bool(one.expiring or one.expired)


def supply_of(article: Article, *, seen_by: Actor) -> Stock:
    """One article as his stores hold it."""
    (found,) = _stocks(Article.objects.filter(pk=article.pk), stores_seen(seen_by))
    return found


def _stocks(articles: QuerySet[Article], stores: QuerySet[Store]) -> list[Stock]:
    lots, promised = _lots_in(stores), _promised_in(stores)
    away, lines, day = _away_from(stores), lines_now(), today()
    return [
        _stock(
            article=article,
            lots=lots[article.pk],
            reserved=promised.get(article.pk, 0),
            away=away.get(article.pk, (0, 0)),
            line=lines.get(article.code),
            day=day,
        )
        for article in articles
    ]


def _stock(
    *,
    article: Article,
    lots: list[Lot],
    reserved: int,
    away: tuple[int, int],
    line: RedLine | None,
    day: date,
) -> Stock:
    good = [lot for lot in lots if shelved(lot).good_on(day)]
    soon = day + EXPIRES_SOON
    return Stock(
        article=article,
        on_hand=sum(lot.on_hand for lot in lots),
        reserved=reserved,
        free=free_of(map(shelved, lots), reserved=reserved, on=day),
        on_the_way=away[0],
        out=away[1],
        expiring=sum(x.on_hand for x in good if x.expires_on and x.expires_on <= soon),
        expired=sum(lot.on_hand for lot in lots) - sum(lot.on_hand for lot in good),
        red_line=line,
        is_sample=any(lot.is_sample and lot.on_hand for lot in lots),
    )


def _lots_in(stores: QuerySet[Store]) -> dict[int, list[Lot]]:
    found: dict[int, list[Lot]] = defaultdict(list)
    for lot in Lot.objects.filter(store__in=stores.order_by(), on_hand__gt=0):
        found[lot.article_id].append(lot)
    return found


def _promised_in(stores: QuerySet[Store]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for row in Balance.objects.filter(store__in=stores.order_by(), reserved__gt=0):
        found[row.article_id] += row.reserved
    return found


def _away_from(stores: QuerySet[Store]) -> dict[int, tuple[int, int]]:
    """By article: what left and nobody signed for, and what must be accounted for."""
    lines = TransferLine.objects.filter(
        order__store__in=stores.order_by(),
        order__issued_at__isnull=False,
        order__returned_at__isnull=True,
    ).select_related("order", "article")
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line, sent in sent_of_lines(list(lines)):
        way, out = found[line.article_id]
        way += sent.gone if line.order.received_at is None else 0
        found[line.article_id] = (way, out + sent.outstanding)
    return found


# --- what plans ask for ---------------------------------------------------------------------------


def lines_now() -> dict[str, RedLine]:
    """For each article the largest need among the plans in this month. 红线"""
    return red_lines(((p.code, p.supplies) for p in plans()), month=today().month)


def free_by_store(codes: Iterable[str], *, stores: QuerySet[Store]) -> dict[int, dict[str, int]]:
    """By store: what of these articles is neither expired nor promised. 各库可用"""
    wanted, day = set(codes), today()
    lots: dict[tuple[int, str], list[Shelved]] = defaultdict(list)
    rows = Lot.objects.filter(store__in=stores.order_by(), article__code__in=wanted, on_hand__gt=0)
    for lot in rows.select_related("article"):
        lots[lot.store_id, lot.article.code].append(shelved(lot))
    promised: dict[tuple[int, str], int] = {
        (row.store_id, row.article.code): row.reserved
        for row in Balance.objects.filter(
            store__in=stores.order_by(), article__code__in=wanted
        ).select_related("article")
    }
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for (store, code), there in lots.items():
        found[store][code] = free_of(there, reserved=promised.get((store, code), 0), on=day)
    return found


def needs_against_stock(
    supplies: Iterable[Wanted], *, seen_by: Actor, level: int | None = None
) -> list[Need]:
    """What a plan asks for at this level now, against what his stores can give. 需求对库存

    Reads only; articles that the catalogue or the stores do not have are short of everything.
    """
    require(seen_by, "supply.read")
    wanted = needed(supplies, month=today().month, level=level)
    return _needs(wanted, stores=stores_seen(seen_by))


def _needs(wanted: Mapping[str, int], *, stores: QuerySet[Store]) -> list[Need]:
    articles = {row.code: row for row in Article.objects.filter(code__in=wanted)}
    lots: dict[str, list[Lot]] = defaultdict(list)
    there = Q(store__in=stores.order_by(), article__code__in=wanted, on_hand__gt=0)
    for lot in Lot.objects.filter(there).select_related("article"):
        lots[lot.article.code].append(lot)
    free = free_by_store(wanted, stores=stores)
    return [
        _need(
            code=code,
            quantity=quantity,
            article=articles.get(code),
            lots=lots[code],
            free=sum(store.get(code, 0) for store in free.values()),
        )
        for code, quantity in wanted.items()
    ]


def _need(*, code: str, quantity: int, article: Article | None, lots: list[Lot], free: int) -> Need:
    given = allot(map(shelved, lots), quantity=min(quantity, free), on=today())
    return Need(
        code=code,
        title=word(article) if article else code,
        unit=unit_word(article) if article else "",
        quantity=quantity,
        free=free,
        short=quantity - given.quantity,
        lots=tuple((part.lot, part.quantity) for part in given.parts),
    )


def gaps(*, seen_by: Actor) -> list[PlanGap]:
    """Every plan of the library against what there is, in this month. 全灾种缺口"""
    require(seen_by, "supply.read")
    stores, month = stores_seen(seen_by), today().month
    return [
        PlanGap(
            code=plan.code,
            title=said(plan.title),
            sample=plan.sample,
            needs=tuple(_needs(needed(plan.supplies, month=month), stores=stores)),
        )
        for plan in plans()
    ]


def lots_of(article: Article, *, seen_by: Actor) -> list[Lot]:
    """The lots of an article that are not used up, in the order in which they are given. 批次"""
    rows = Lot.objects.filter(
        article=article, store__in=stores_seen(seen_by).order_by(), on_hand__gt=0
    ).select_related("store")
    return sorted(rows, key=lambda x: (x.expires_on is None, x.expires_on or today(), x.pk))
