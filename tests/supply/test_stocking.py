"""The keeper takes in, counts, writes off and undoes; the ledger only grows and always adds up."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from qianjun.org.actor import Actor
from qianjun.org.tokens import actor_for_token
from qianjun.supply import actions, queries
from qianjun.supply.models import Article, Balance, Lot, Movement, Store
from qianjun.supply.queries.stock import today
from qianjun.supply.seeding import seed_articles, seed_demo_stock
from tests import cast
from tests.org.refusals import refused
from tests.supply.stores import has, issued, stock, stocked, store

pytestmark = pytest.mark.django_db


def test_goods_come_in_by_lots_and_what_expires_soon_is_told_apart() -> None:
    stocked("drinking_water", 12, days=60)
    stocked("drinking_water", 24, days=300)
    stocked("drinking_water", 5, days=-1)
    assert has("drinking_water") == (41, 0, 36)
    one = stock("drinking_water")
    assert (one.expiring, one.expired) == (12, 5)
    slips = list(Movement.objects.order_by("pk").values_list("slip", flat=True))
    assert slips == [f"RK-450202-2026-000{n}" for n in (1, 2, 3)]


def test_a_lot_that_is_known_grows_and_keeps_its_expiry(keeper: Actor) -> None:
    first = stocked("tent", 3)

    def again(expires_on: date | None) -> None:
        actions.take_in(
            by=keeper,
            store=first.store_id,
            code="tent",
            quantity=2,
            lot=first.number,
            expires_on=expires_on,
        )

    again(None)
    assert Lot.objects.get().on_hand == 5
    with refused("lot_differs", status=409):
        again(today())


def test_a_row_is_undone_by_its_opposite_once_and_stays(keeper: Actor) -> None:
    stocked("tent", 15)
    wrong = Movement.objects.get()
    undone = actions.reverse(by=keeper, movement=wrong.pk, why="记错品名")
    assert (undone.quantity, undone.reverses_id, undone.slip[:2]) == (-15, wrong.pk, "CZ")
    assert has("tent") == (0, 0, 0)
    for row in (wrong, undone):
        with refused("already_reversed", status=409):
            actions.reverse(by=keeper, movement=row.pk, why="再来")
    assert Movement.objects.count() == 2


def test_what_is_promised_or_gone_is_not_taken_away_again(keeper: Actor) -> None:
    lot = stocked("folding_bed", 10)
    issued(("folding_bed", 4))
    came = Movement.objects.get(reason="in")
    with refused("not_enough", status=409):
        actions.reverse(by=keeper, movement=came.pk, why="记错")
    with refused("not_enough", status=409):
        actions.write_off(by=keeper, lot=lot.pk, quantity=7, why="损坏")
    with refused("belongs_to_order", status=409):
        actions.reverse(by=keeper, movement=Movement.objects.get(reason="out").pk, why="记错")
    actions.write_off(by=keeper, lot=lot.pk, quantity=6, why="损坏")
    assert has("folding_bed") == (0, 0, 0)


def test_a_count_writes_its_difference_with_a_reason(keeper: Actor) -> None:
    lot = stocked("sheet", 80)
    assert actions.count_lot(by=keeper, lot=lot.pk, found=80) is None
    with refused("explanation_needed", status=422):
        actions.count_lot(by=keeper, lot=lot.pk, found=78)
    made = actions.count_lot(by=keeper, lot=lot.pk, found=78, why="两条霉变已弃")
    assert made is not None
    assert (made.quantity, made.reason) == (-2, "count")
    assert has("sheet") == (78, 0, 78)
    lot.refresh_from_db()
    assert lot.counted_at is not None


def test_bleach_does_not_stand_beside_alcohol() -> None:
    place = store()
    with refused("shelf_needed", status=422):
        stocked("disinfectant_84", 5, days=90)
    stocked("disinfectant_84", 5, days=90, shelf="D-1")
    with refused("incompatible", status=422):
        stocked("hand_gel", 5, days=90, shelf="D-1")
    stocked("hand_gel", 5, days=90, shelf="C-3")
    stocked("sheet", 5, shelf="D-1")
    assert Lot.objects.filter(store=place).count() == 3


def test_the_database_itself_refuses_less_than_nothing() -> None:
    stocked("tent", 1)
    for wrong in (
        lambda: Lot.objects.update(on_hand=F("on_hand") - 2),
        lambda: Balance.objects.update(on_hand=F("on_hand") - 2),
        lambda: Balance.objects.update(reserved=2),
        lambda: Movement.objects.create(
            lot=Lot.objects.get(), quantity=5, reason="loss", slip="x", at=today_at(), by_kind="x"
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def today_at() -> datetime:
    """Some instant."""
    return Movement.objects.get(reason="in").at


def test_nobody_keeps_what_is_not_his(officer: Actor) -> None:
    lot = stocked("tent", 3)
    with refused("not_allowed", status=403):
        actions.write_off(by=officer, lot=lot.pk, quantity=1, why="损坏")
    elsewhere = cast.actor_for("keeper")
    street = cast.unit(cast.STREET)
    scoped = actor_for_token(cast.token_for("keeper", unit=street))
    assert queries.stores_kept(elsewhere).count() == 1
    with refused("not_found", status=404):
        actions.write_off(by=scoped, lot=lot.pk, quantity=1, why="损坏")
    with refused("not_found", status=404):
        actions.take_in(by=scoped, store=lot.store_id, code="tent", quantity=1)
    own = store("450202001-WZD", keeper=cast.STREET)
    actions.take_in(by=scoped, store=own.pk, code="tent", quantity=2)
    assert {one.on_hand for one in queries.supplies(seen_by=scoped) if one.on_hand} == {2}
    assert queries.movements_of(lot.article, seen_by=scoped).count() == 1


def test_an_expired_lot_is_never_free_and_may_be_written_off(keeper: Actor) -> None:
    old = stocked("surgical_mask", 100, days=-10)
    stocked("surgical_mask", 50, days=10)
    assert has("surgical_mask") == (150, 0, 50)
    actions.write_off(by=keeper, lot=old.pk, quantity=100, why="过期")
    assert has("surgical_mask") == (50, 0, 50)
    assert stock("surgical_mask").expired == 0


def test_the_published_stock_is_there_once_and_what_is_made_up_says_so() -> None:
    from qianjun.org.seeding import seed_units

    seed_units()
    assert seed_demo_stock() == 21
    assert seed_demo_stock() == 0
    six = ("cotton_coat", "padded_trousers", "quilt", "quilt_cover", "sheet", "mosquito_net")
    published = dict.fromkeys(six, 80) | {"tent": 15, "folding_bed": 10}
    for code, quantity in published.items():
        assert has(code) == (quantity, 0, quantity)
        assert not stock(code).is_sample
    made_up = Lot.objects.exclude(article__code__in=published)
    assert made_up.exists()
    assert all(lot.is_sample for lot in made_up)
    assert Store.objects.filter(is_sample=True).count() == 1
    soon = [lot for lot in made_up if lot.expires_on and lot.expires_on < today() + timedelta(90)]
    assert len(soon) == 3


def test_the_catalogue_knows_every_article_of_every_plan() -> None:
    from qianjun.plan.queries import plans

    seed_articles()
    known = set(Article.objects.values_list("code", flat=True))
    asked = {one.code for plan in plans() for one in plan.supplies}
    assert asked <= known
    assert all(code in known for row in Article.objects.all() for code in row.incompatible)
